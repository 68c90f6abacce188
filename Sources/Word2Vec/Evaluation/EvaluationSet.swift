internal import Word2VecCore

/// What vectors are measured by while they are trained: analogies, or pairs of words with people's scores.
public enum EvaluationSet: Equatable, Sendable {
    /// The score is the share of right answers.
    case analogies(AnalogyQuestions)
    /// The score is Spearman's rho.
    case pairs(WordPairs)

    /// Of the words of analogies only the most frequent ones are used, as by the original's `compute-accuracy`.
    public static let analogyLimit = 30_000

    /// Reads a file of either kind: analogies have a colon or four words in their first line.
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

    /// What the score is called.
    public var measure: String {
        switch self {
        case .analogies: "accuracy of analogies"
        case .pairs: "Spearman's rho"
        }
    }

    /// Finds out before training whether vectors of a vocabulary will have a score.
    ///
    /// - Parameters:
    ///   - vocabulary: the words that will have vectors.
    ///   - path: where the set was read, for the error.
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` unless the words of one analogy are known, or those of two
    ///   pairs with different scores.
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
            "eval", found: "\(path), of whose \(all) lines \(asked) can be asked", expected: "a file \(needed)")
    }

    /// The share of right answers, 0 ... 1, or Spearman's rho, -1 ... 1; nil if the vectors know too few of the words.
    public func score(of vectors: WordVectors) throws(Word2VecError) -> Double? {
        switch self {
        case .analogies(let questions):
            try vectors.accuracy(on: questions, limit: Self.analogyLimit).total.accuracy
        case .pairs(let pairs):
            vectors.correlation(with: pairs).spearman
        }
    }
}
