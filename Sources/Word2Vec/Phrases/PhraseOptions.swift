/// How to join words to phrases. Each property names its flag of `w2v-c phrase`; the defaults are the original's.
public struct PhraseOptions: Codable, Equatable, Sendable {
    /// `-min-count`: words and pairs that occur less often join nothing; scores are discounted by it.
    public var minimumCount = 5
    /// `-threshold`: pairs with a higher score are joined; a higher threshold makes fewer phrases.
    public var threshold = 100.0
    /// `-passes`: each reads what the one before has written, so that n passes join up to 2^n words.
    public var passes = 1
    /// `-exact`: the very bytes of the original's word2phrase.
    public var exact = false

    /// The original's defaults.
    public init() {}

    /// Checks every option.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first that no run can have.
    public func validate() throws(Word2VecError) {
        guard minimumCount >= 0 else {
            throw .invalidOption("min-count", found: "\(minimumCount)", expected: "0 or above")
        }
        guard threshold >= 0, Float(threshold).isFinite else {
            throw .invalidOption("threshold", found: "\(threshold)", expected: "a finite number, 0 or above")
        }
        guard (1...Self.mostPasses).contains(passes) else {
            throw .invalidOption("passes", found: "\(passes)", expected: "from 1 to \(Self.mostPasses)")
        }
    }

    /// More passes are taken for a mistake.
    private static let mostPasses = 100
}
