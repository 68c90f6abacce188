/// Texts as the means of their words' vectors (n x D): what a ``TextClassifier`` sees of them. A word counts as often as
/// it stands there; words without a vector and sentence ends are left out, and so are texts in which no word is left.
struct TextAverages: Sendable {
    /// A row for each text that has one, in order, from the top; what is below is not used.
    let matrix: FloatMatrix
    /// Which text each row is of.
    let texts: [Int]
    let coverage: TextCoverage

    /// - Parameters:
    ///   - bytes: the bytes of a text.
    ///   - number: how a text is named in messages, counted from 1.
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if a vector that is needed is not finite;
    ///   ``Word2VecError/outOfMemory(bytes:purpose:)``.
    init(
        count: Int, vectors: WordVectors, bytes: (Int) -> ArraySlice<UInt8>, number: (Int) -> Int
    ) throws(Word2VecError) {
        let purpose = "the mean vectors of \(count) lines"
        let size = FloatMatrix.byteCount(rows: count, dimensions: vectors.dimensions)
        guard size <= physicalMemory else { throw .outOfMemory(bytes: size, purpose: purpose) }
        let matrix = try FloatMatrix(rows: count, dimensions: vectors.dimensions, for: purpose)
        let tokenizer = try LineTokenizer(vectors)
        var texts: [Int] = []
        var coverage = TextCoverage()
        for text in 0..<count {
            let (known, unknown) = try tokenizer.rows(of: bytes(text))
            coverage.add(known: known.count, unknown: unknown, line: number(text))
            guard !known.isEmpty else { continue }
            matrix.setRow(texts.count, toMeanOf: known, of: vectors.matrix)
            guard matrix[texts.count].allSatisfy(\.isFinite) else {
                throw Self.notFinite(known, vectors, line: number(text))
            }
            texts.append(text)
        }
        (self.matrix, self.texts, self.coverage) = (matrix, texts, coverage)
    }

    private static func notFinite(_ words: [Int32], _ vectors: WordVectors, line: Int) -> Word2VecError {
        for word in words {
            if let value = vectors.matrix[Int(word)].first(where: { !$0.isFinite }) {
                return .invalidArgument(
                    "the vector of '\(vectors.word(at: Int(word)))' (line \(line))", found: "\(value)",
                    expected: "finite numbers")
            }
        }
        return .invalidArgument("the mean vector of line \(line)", found: "inf", expected: "finite numbers")
    }
}

/// What word vectors know of a text, line by line.
public struct TextCoverage: Equatable, Sendable, Codable {
    /// Lines that were read.
    public var lines = 0
    /// Lines none of whose words has a vector. They are left out: nothing can be learned from them, nor told of them.
    public var linesWithoutKnownWords = 0
    /// The first of those, counted from 1.
    public var firstLineWithoutKnownWords: Int?
    /// Words that were read, and those of them that have no vector.
    public var words = 0
    public var unknownWords = 0

    mutating func add(known: Int, unknown: Int, line: Int) {
        lines += 1
        words += known + unknown
        unknownWords += unknown
        if known == 0 {
            linesWithoutKnownWords += 1
            firstLineWithoutKnownWords = firstLineWithoutKnownWords ?? line
        }
    }

    /// Adds what was found in the lines behind.
    mutating func add(_ next: TextCoverage) {
        firstLineWithoutKnownWords = firstLineWithoutKnownWords ?? next.firstLineWithoutKnownWords
        lines += next.lines
        linesWithoutKnownWords += next.linesWithoutKnownWords
        words += next.words
        unknownWords += next.unknownWords
    }
}
