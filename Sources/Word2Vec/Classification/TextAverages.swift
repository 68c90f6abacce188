internal import Word2VecCore

/// The mean word vector of each text (n x D), which is the input of a ``TextClassifier``. A word that occurs twice
/// counts twice. Words without a vector and sentence ends are skipped. Texts without any other word get no row.
struct TextAverages: Sendable {
    /// The first `texts.count` rows are the mean vectors, in order of the texts. The rows below are unused.
    let matrix: FloatMatrix
    /// The index of the text of each row.
    let texts: [Int]
    let coverage: TextCoverage

    /// - Parameters:
    ///   - bytes: Returns the bytes of a text.
    ///   - number: Returns the line number of a text for messages, counted from 1.
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if the vector of one of the words is not finite;
    ///   ``Word2VecError/outOfMemory(bytes:purpose:)``.
    init(
        count: Int, vectors: WordVectors, bytes: (Int) -> ArraySlice<UInt8>, number: (Int) -> Int
    ) throws(Word2VecError) {
        let purpose = "the mean vectors of \(count) lines"
        let size = FloatMatrix.byteCount(rows: count, dimensions: vectors.dimensions)
        guard size <= usableMemory else { throw .outOfMemory(bytes: size, purpose: purpose) }
        let matrix = try core(FloatMatrix(rows: count, dimensions: vectors.dimensions, for: purpose))
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

/// How many words and lines of a text are covered by word vectors.
public struct TextCoverage: Equatable, Sendable, Codable {
    /// The number of lines that were read.
    public var lines = 0
    /// The number of lines in which no word has a vector. Such lines are skipped in training and in evaluation, and get
    /// no prediction.
    public var linesWithoutKnownWords = 0
    /// The line number of the first such line, counted from 1. Nil if there is none.
    public var firstLineWithoutKnownWords: Int?
    /// The number of words that were read.
    public var words = 0
    /// The number of those words that have no vector.
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

    /// Adds the coverage of the lines that follow.
    mutating func add(_ next: TextCoverage) {
        firstLineWithoutKnownWords = firstLineWithoutKnownWords ?? next.firstLineWithoutKnownWords
        lines += next.lines
        linesWithoutKnownWords += next.linesWithoutKnownWords
        words += next.words
        unknownWords += next.unknownWords
    }
}

/// Splits lines into words and finds the row of each word in the vectors. The token rules are those of a corpus. Each
/// distinct word is looked up once, and the result is cached.
final class LineTokenizer {
    private let vectors: WordVectors
    private let encoder: TextEncoder
    /// The row of each distinct word so far, or one of the two values below.
    private var ranks: [Int32] = []

    private static let unknown: Int32 = -1
    private static let sentenceEnd: Int32 = -2

    init(_ vectors: WordVectors) throws(Word2VecError) {
        self.vectors = vectors
        encoder = try core(TextEncoder(rules: .standard, words: WordTable(), grows: true))
    }

    /// Returns the rows of the known words of a line, in order, and the number of unknown words. Sentence ends are
    /// skipped.
    func rows(of line: ArraySlice<UInt8>) throws(Word2VecError) -> (known: [Int32], unknown: Int) {
        let entries = try core(encoder.entries(ofLine: line))
        for entry in ranks.count..<max(ranks.count, encoder.wordCount) {
            let word = encoder.dictionary.word(at: entry)
            let isEnd = word.elementsEqual(TokenRules.sentenceEnd.utf8)
            ranks.append(isEnd ? Self.sentenceEnd : vectors.words.rank(of: word).map(Int32.init) ?? Self.unknown)
        }
        var (known, unknown): ([Int32], Int) = ([], 0)
        for entry in entries {
            let rank = ranks[Int(entry)]
            if rank >= 0 { known.append(rank) }
            if rank == Self.unknown { unknown += 1 }
        }
        return (known, unknown)
    }
}
