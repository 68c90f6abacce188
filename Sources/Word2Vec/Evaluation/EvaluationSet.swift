internal import Word2VecCore

/// A test that scores vectors during training: analogy questions, or word pairs with human similarity scores.
public enum EvaluationSet: Equatable, Sendable {
    /// Analogy questions. The score is the fraction of correct answers.
    case analogies(AnalogyQuestions)
    /// Word pairs. The score is Spearman's rho.
    case pairs(WordPairs)

    /// Analogies use only this many of the most frequent words, as the original's `compute-accuracy` does.
    public static let analogyLimit = 30_000

    /// Reads a file of either kind. The first line of an analogy file begins with a colon or has four words.
    ///
    /// - Throws: as ``AnalogyQuestions/init(contentsOf:)`` and ``WordPairs/init(contentsOf:)``.
    public init(contentsOf path: String) throws(Word2VecError) {
        let lines = try TextLines(path: path)
        let first = lines.lazy.map { DecimalText.fields(in: $0.bytes) }.first { !$0.isEmpty } ?? []
        if first.first?.first == UInt8(ascii: ":") || (first.count == 4 && first.allSatisfy { !Self.isNumber($0) }) {
            self = .analogies(try AnalogyQuestions(lines))
        } else {
            self = .pairs(try WordPairs(lines))
        }
    }

    private static func isNumber(_ field: ArraySlice<UInt8>) -> Bool {
        Double(String(decoding: field, as: UTF8.self)) != nil
    }

    /// The name of the score.
    public var measure: String {
        switch self {
        case .analogies: "accuracy of analogies"
        case .pairs: "Spearman's rho"
        }
    }

    /// Checks before training that the vectors of a vocabulary will have a score.
    ///
    /// - Parameters:
    ///   - vocabulary: the words that will have vectors.
    ///   - path: the file of the set, for the error.
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` unless all words of at least one analogy, or of two
    ///   pairs with different scores, are in the vocabulary.
    public func check(for vocabulary: Vocabulary, path: String) throws(Word2VecError) {
        let words = WordVectors(
            words: vocabulary.table,
            matrix: try core(FloatMatrix(rows: vocabulary.count, dimensions: 1, for: "words of the evaluation")))
        let (all, asked, isEnough, needed): (Int, Int, Bool, String)
        switch self {
        case .analogies(let questions):
            all = questions.sections.reduce(0) { $0 + $1.questions.count }
            asked = words.known(questions, limit: Self.analogyLimit).count
            (isEnough, needed) = (asked > 0, "with an analogy of four words of the vocabulary")
        case .pairs(let pairs):
            let scores = words.known(pairs).pairs.map(\.score)
            (all, asked) = (pairs.pairs.count, scores.count)
            isEnough = scores.contains { $0 != scores[0] }
            needed = "with two pairs of words of the vocabulary, and different scores"
        }
        guard !isEnough else { return }
        throw .invalidOption(
            "eval", found: "\(path), with \(asked) usable lines of \(all)", expected: "a file \(needed)")
    }

    /// The fraction of correct answers, 0 ... 1, or Spearman's rho, -1 ... 1. Nil if the vectors contain too few of the
    /// words.
    public func score(of vectors: WordVectors) throws(Word2VecError) -> Double? {
        switch self {
        case .analogies(let questions):
            try vectors.accuracy(on: questions, limit: Self.analogyLimit).total.accuracy
        case .pairs(let pairs):
            vectors.correlation(with: pairs).spearman
        }
    }
}
