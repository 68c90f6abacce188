internal import Word2VecCore

/// Vocabulary files, in the format of the original's -save-vocab and -read-vocab: one `word count` per line.
extension Vocabulary {
    /// Writes the vocabulary in order of rank. The file is written completely or not at all; `-` is standard output.
    public func write(to path: String) throws(Word2VecError) {
        let file = try core(OutputFile(path: path))
        for rank in 0..<count {
            try core(file.write(table.bytes(at: rank)))
            try core(file.write(" \(counts[rank])\n".utf8))
        }
        try file.commitText(path, as: .text)
    }

    /// Reads a vocabulary file for a run with these options. Words with a count below `options.minimumCount` are
    /// dropped, the others are sorted, and at most `options.maximumVocabulary` are kept. `</s>` becomes row 0. Its
    /// count is 0 if the file does not contain it. With `options.exact` the first line becomes row 0, whatever it is,
    /// as in the original.
    ///
    /// - Throws: ``Word2VecError/malformed(path:place:found:expected:)`` for the first malformed line.
    public init(contentsOf path: String, options: TrainingOptions) throws(Word2VecError) {
        try self.init(
            contentsOf: path, minimumCount: options.minimumCount, maximum: options.maximumVocabulary,
            rules: TokenRules(options))
    }

    init(
        contentsOf path: String, minimumCount: Int, maximum: Int? = nil, rules: TokenRules
    ) throws(Word2VecError) {
        try self.init(MappedFile(path: path, as: .text), minimumCount: minimumCount, maximum: maximum, rules: rules)
    }

    init(_ file: MappedFile, minimumCount: Int, maximum: Int?, rules: TokenRules) throws(Word2VecError) {
        self = try file.withView { (view) throws(Word2VecError) in
            try Self.read(view, of: file.path, minimumCount: minimumCount, maximum: maximum, rules: rules)
        }
    }

    private static func read(
        _ file: ByteView, of path: String, minimumCount: Int, maximum: Int?, rules: TokenRules
    ) throws(Word2VecError) -> Vocabulary {
        var table = WordTable()
        var counts: [Int] = []
        var total = 0
        var (offset, number) = (file.startOfText, 0)
        while offset < file.count {
            number += 1
            let (bytes, next) = file.line(at: offset)
            offset = next
            func malformed(_ found: String, _ expected: String) -> Word2VecError {
                .malformed(path: path, place: .line(number), found: found, expected: expected)
            }
            guard let entry = Self.parse(bytes) else {
                throw malformed(Word2VecError.quoted(bytes), "a word, a space and a count from 0 to \(Int.max)")
            }
            let (sum, overflow) = total.addingReportingOverflow(entry.count)
            guard !overflow, sum <= Self.largestTotal else {
                throw malformed("\(entry.count)", "counts whose sum is at most \(Self.largestTotal)")
            }
            total = sum
            let word = entry.word.prefix(rules.longestWord)
            guard table.insert(word).isNew else {
                throw malformed(Word2VecError.quoted(bytes), "a word that no line before has")
            }
            counts.append(entry.count)
        }
        guard number > 0 else {
            throw .malformed(
                path: path, place: .byte(0), found: "an empty file", expected: "lines of a word and a count")
        }

        var order = Array(counts.indices)
        if rules != .original {
            // The original takes the first line for the sentence end, whatever it is; the default looks for it.
            let end = table.insert(TokenRules.sentenceEnd.utf8)
            if end.isNew {
                counts.append(0)
                order.append(end.rank)
            }
            order.insert(order.remove(at: end.rank), at: 0)
        }
        let vocabulary =
            Self.sorted(
                counts: order.map { counts[$0] }, minimumCount: minimumCount, maximum: maximum,
                bytesOf: { Array(table.bytes(at: order[$0])) }
            ).vocabulary
        guard vocabulary.count > 1 else {
            throw .noWords(path: path, minimumCount: minimumCount, counts: order.dropFirst().map { counts[$0] })
        }
        return vocabulary
    }

    /// A line `word count`: spaces or tabs between the two, and none at the end.
    private static func parse(_ line: ByteView) -> (word: ByteView, count: Int)? {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard let blank = line.firstIndex(where: isBlank) else { return nil }
        let digits = line[blank...].drop(while: isBlank)
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int(String(decoding: digits, as: UTF8.self))
        else { return nil }
        return (line[..<blank], count)
    }
}
