/// How a ``TextClassifier`` is trained. The names in quotes are the flags of `w2v-c classify`.
public struct ClassifierOptions: Equatable, Sendable, Codable {
    /// `-hidden`: sigmoid units of the hidden layer (H).
    public var hidden = 128
    /// `-alpha`: starting learning rate. It falls linearly to 1/10000 of that.
    public var alpha = 0.5
    /// `-iter`: passes over the lines.
    public var epochs = 20
    /// `-batch`: lines of a mini-batch, whose mean gradient makes a step.
    public var batch = 16
    /// `-l2`: the penalty l2 / 2 (|W1|^2 + |W2|^2) that is added to the mean loss of a line. 0: none.
    public var l2 = 3e-4
    /// `-seed`: of the first parameters, the order of the lines, and the folds. The same seed gives the same bytes.
    public var seed: UInt64 = 1

    /// The defaults.
    public init() {}

    /// Checks every option.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first that no run can have.
    public func validate() throws(Word2VecError) {
        func require(
            _ option: String, _ found: some CustomStringConvertible, _ expected: String, _ holds: Bool
        ) throws(Word2VecError) {
            guard holds else { throw .invalidOption(option, found: found.description, expected: expected) }
        }
        try require("hidden", hidden, "from 1 to \(Self.most)", (1...Self.most).contains(hidden))
        try require(
            "alpha", alpha, "a finite number above 0", alpha > 0 && Float(alpha) > 0 && Float(alpha).isFinite)
        try require("iter", epochs, "from 1 to \(Self.most)", (1...Self.most).contains(epochs))
        try require("batch", batch, "from 1 to \(Self.most)", (1...Self.most).contains(batch))
        // Beyond it a step would turn the weights' signs.
        try require(
            "l2", l2, "from 0 to 1/alpha, which is \(1 / alpha)", l2 >= 0 && l2 * alpha <= 1)
    }

    /// Above this a size is taken for a mistake.
    private static let most = 1_000_000
}
