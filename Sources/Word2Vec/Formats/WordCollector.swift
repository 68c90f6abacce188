internal import Word2VecCore

/// The words of a file's rows, in order: leaves out those that were there before, and does what is wanted about words that
/// are not valid UTF-8.
struct WordCollector {
    private let path: String
    private let policy: InvalidUTF8
    private(set) var words = WordTable()
    /// The rows that were not left out; nil if that are all.
    private(set) var kept: [Int]?
    private var rows = 0
    /// Of the words whose slots are fetched together.
    private var hashes: [UInt64] = []
    private var duplicates = 0
    private var invalid = 0
    private var skipped = 0

    /// Takes the words of `rows` rows, of about so many bytes in all.
    init(path: String, policy: InvalidUTF8, rows: Int, bytes: Int) {
        self.path = path
        self.policy = policy
        words.reserveCapacity(words: rows, bytes: bytes)
    }

    /// Takes the words of the next rows, which stand at these places of a file. Each has a place for messages.
    mutating func add(
        _ ranges: [Range<Int>], of view: ByteView, at place: (Range<Int>) -> Word2VecError.Place
    ) throws(Word2VecError) {
        try add(ranges.count, word: { view[ranges[$0]] }, at: { place(ranges[$0]) })
    }

    /// Takes the words of the next `count` rows.
    mutating func add(
        _ count: Int, word: (Int) -> some Collection<UInt8>, at place: (Int) -> Word2VecError.Place
    ) throws(Word2VecError) {
        for start in stride(from: 0, to: count, by: WordTable.blockSize) {
            let block = start..<min(start + WordTable.blockSize, count)
            hashes.removeAll(keepingCapacity: true)
            for row in block {
                let hash = WordIndex.hash(word(row))
                hashes.append(hash)
                words.prefetch(hash)
            }
            for row in block { try add(word(row), hash: hashes[row - start], at: place(row)) }
        }
    }

    private mutating func add(
        _ word: some Collection<UInt8>, hash: UInt64, at place: @autoclosure () -> Word2VecError.Place
    ) throws(Word2VecError) {
        let isKept: Bool
        if word.isValidUTF8 {
            isKept = words.insert(word, hash: hash).isNew
            if !isKept { duplicates += 1 }
        } else {
            isKept = try addInvalid(word, at: place())
        }
        if isKept {
            kept?.append(rows)
        } else if kept == nil {
            kept = Array(0..<rows)
        }
        rows += 1
    }

    private mutating func addInvalid(
        _ word: some Collection<UInt8>, at place: Word2VecError.Place
    ) throws(Word2VecError) -> Bool {
        invalid += 1
        let isNew: Bool
        switch policy {
        case .keep: isNew = words.insert(word).isNew
        case .replace: isNew = words.insert(String(decoding: word, as: UTF8.self).utf8).isNew
        case .skip:
            skipped += 1
            return false
        case .fail:
            throw .malformed(path: path, place: place, found: Word2VecError.quoted(word), expected: "a word in UTF-8")
        }
        if !isNew { duplicates += 1 }
        return isNew
    }

    func report(_ format: VectorFormat, _ storage: VectorStorage) -> LoadingReport {
        LoadingReport(
            format: format, storage: storage, rows: rows, duplicateWords: duplicates, invalidWords: invalid,
            skippedWords: skipped)
    }

    /// The vectors. `setRows(matrix, ranks, kept, view)` fills these rows of the matrix from the file: row n of the matrix from
    /// row `kept[n]`, or from row n if `kept` is nil. `counts` are those of the file's rows.
    func vectors(
        dimensions: Int, counts: [Int]? = nil, _ format: VectorFormat, of file: MappedFile,
        setRows: @Sendable (FloatMatrix, Range<Int>, [Int]?, ByteView) throws(Word2VecError) -> Void
    ) throws(Word2VecError) -> WordVectors {
        let matrix = try core(FloatMatrix(rows: words.count, dimensions: dimensions, for: path))
        let kept = kept
        _ = try inParallelRanges(of: words.count) { (ranks) throws(Word2VecError) in
            try file.withView { (view) throws(Word2VecError) in try setRows(matrix, ranks, kept, view) }
        }
        let counts = counts.map { counts in kept?.map { counts[$0] } ?? Array(counts.prefix(words.count)) }
        return WordVectors(words: words, matrix: matrix, counts: counts, loading: report(format, .copied))
    }
}

extension WordVectors {
    /// The same vectors with something in place of each space, tab and line end in a word, for formats that have no place for
    /// those. Of words that become equal the first counts, and the others are left out
    /// (``LoadingReport/duplicateWords``).
    public func replacingSpaces(with replacement: String) throws(Word2VecError) -> WordVectors {
        let replacement = Array(replacement.utf8)
        var collector = WordCollector(path: "words", policy: .keep, rows: count, bytes: words.byteCount)
        try collector.add(
            count,
            word: { rank in
                words.bytes(at: rank).flatMap { TextRow.isBlankOrLineEnd($0) ? replacement : [$0] }
            }, at: { _ in .byte(0) })
        var loading = self.loading
        loading?.duplicateWords += count - collector.words.count
        guard let kept = collector.kept else {
            return WordVectors(words: collector.words, matrix: matrix, counts: counts, loading: loading)
        }
        let matrix = try core(FloatMatrix(rows: kept.count, dimensions: dimensions, for: "vectors"))
        for (rank, row) in kept.enumerated() { matrix.setRow(rank, toRow: row, of: self.matrix) }
        loading?.storage = .copied
        return WordVectors(
            words: collector.words, matrix: matrix, counts: counts.map { counts in kept.map { counts[$0] } },
            loading: loading)
    }
}
