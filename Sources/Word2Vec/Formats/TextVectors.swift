internal import Word2VecCore

/// Vectors as text: the original's, with a first line of V and D, and GloVe's, without.
enum TextVectors {
    static func writeRows(
        of vectors: WordVectors, numbers: TextNumbers, to file: OutputFile
    ) throws(Word2VecError) {
        for rank in 0..<vectors.count {
            try core(
                file.write { buffer in
                    buffer += vectors.words.bytes(at: rank)
                    for value in vectors.vector(at: rank) {
                        buffer.append(UInt8(ascii: " "))
                        numbers.append(value, to: &buffer)
                    }
                    // The original has a space behind each value.
                    if numbers == .sixDecimals { buffer.append(UInt8(ascii: " ")) }
                    buffer.append(UInt8(ascii: "\n"))
                })
        }
    }

    static func read(
        _ file: MappedFile, _ view: ByteView, _ format: VectorFormat, _ options: VectorLoading
    ) throws(Word2VecError) -> WordVectors {
        let header = format == .word2vecText ? try Word2VecHeader(view, of: file.path, skipsMark: true) : nil
        let source: TextRow.Dimensions = header == nil ? .inferred : .told
        guard let dimensions = header?.dimensions ?? TextRow.dimensions(ofRowsIn: view, from: view.startOfText) else {
            throw .malformed(
                path: file.path, place: .line(1),
                found: view.isEmpty ? "an empty file" : Word2VecError.quoted(view.line(at: view.startOfText).bytes),
                expected: "a word and its values")
        }
        let starts = try rowStarts(in: view, of: file.path, header, dimensions: dimensions, options.maximumCount)

        // The values go to the rows of the file; those that are not kept are closed up afterwards.
        let matrix = try core(FloatMatrix(rows: starts.count, dimensions: dimensions, for: file.path))
        let firstLine = header == nil ? 1 : 2
        let words = Array(
            try inParallelRanges(of: starts.count) { (rows) throws(Word2VecError) in
                try file.withView { (view) throws(Word2VecError) in
                    var words: [Range<Int>] = []
                    words.reserveCapacity(rows.count)
                    var values = [Float](repeating: 0, count: dimensions)
                    for row in rows {
                        switch TextRow.read(view.line(at: starts[row]).bytes, into: &values, source) {
                        case .word(let word):
                            words.append(word)
                            matrix.setRow(row, to: values)
                        case .malformed(let found, let expected):
                            throw .malformed(
                                path: file.path, place: .line(firstLine + row), found: found, expected: expected)
                        }
                    }
                    return words
                }
            }.joined())
        if let header { try checkDimensions(header, words, in: view, of: file.path) }
        var collector = WordCollector(
            path: file.path, policy: options.invalidUTF8, rows: starts.count,
            bytes: words.reduce(0) { $0 + $1.count })
        try collector.add(words.count, word: { view[words[$0]] }, at: { .line(firstLine + $0) })
        for (rank, row) in (collector.kept ?? []).enumerated() where rank != row {
            matrix.setRow(rank, toRow: row, of: matrix)
        }
        return WordVectors(
            words: collector.words, matrix: matrix.firstRows(collector.words.count),
            loading: collector.report(format, .copied))
    }

    /// A first line that tells too few dimensions leaves a value at the end of each word. A few rows do not show that.
    private static func checkDimensions(
        _ header: Word2VecHeader, _ words: [Range<Int>], in view: ByteView, of path: String
    ) throws(Word2VecError) {
        guard words.count >= min(header.rows, leastRowsToTell), areLikeValues(words.count, { view[words[$0]] }) else {
            return
        }
        throw .malformed(
            path: path, place: .line(1), found: "\(header.dimensions) dimensions, and a further value in every row",
            expected: "as many dimensions as the rows have values")
    }

    /// Whether each of several words ends as if a value were left of its row.
    static func areLikeValues(_ count: Int, _ word: (Int) -> some BidirectionalCollection<UInt8>) -> Bool {
        count > 1 && (0..<count).allSatisfy { TextRow.endsLikeAValue(word($0)) }
    }

    /// Rows of which all must have a further value, if not all rows are read.
    private static let leastRowsToTell = 16

    /// Where the rows begin: as many as the header says, else all; at most `limit`. Each is long enough for its values.
    private static func rowStarts(
        in view: ByteView, of path: String, _ header: Word2VecHeader?, dimensions: Int, _ limit: Int
    ) throws(Word2VecError) -> [Int] {
        let firstLine = header == nil ? 1 : 2
        let wanted = min(limit, header?.rows ?? Int(Int32.max))
        var starts: [Int] = []
        var offset = header?.end ?? view.startOfText
        while starts.count < wanted {
            let place = Word2VecError.Place.line(firstLine + starts.count)
            guard offset < view.endIndex else {
                guard let header else { break }
                throw .malformed(
                    path: path, place: place, found: "the end of the file",
                    expected: "row \(starts.count + 1) of \(header.rows): a word and \(dimensions) values")
            }
            let (line, next) = view.line(at: offset)
            if line.count < 2 * dimensions {
                if header == nil, view[offset...].allSatisfy(TextRow.isBlankOrLineEnd) { break }
                var values = [Float](repeating: 0, count: dimensions)
                if case .malformed(let found, let expected) = TextRow.read(line, into: &values, .inferred) {
                    throw .malformed(path: path, place: place, found: found, expected: expected)
                }
            }
            starts.append(offset)
            offset = next
        }
        guard starts.count == limit || offset >= view.endIndex || view[offset...].allSatisfy(TextRow.isBlankOrLineEnd)
        else {
            throw .malformed(
                path: path, place: .line(firstLine + starts.count), found: "more text",
                expected: "the end of the file after \(starts.count) rows")
        }
        return starts
    }
}
