/// The functions that the objectives are made of.
public enum Activation {
    /// 1 / (1 + exp(-x)). Nothing overflows: -1000 gives 0, 1000 gives 1. NaN gives NaN.
    public static func sigmoid(_ x: Double) -> Double {
        ObjectiveKernels.sigmoid(x)
    }

    /// The same for each value; computed in double, rounded once. O(n).
    public static func sigmoid(_ x: [Float]) -> [Float] {
        ObjectiveKernels.sigmoid(x)
    }

    /// The sigmoid's derivative s (1 - s), from its value s. O(n).
    public static func sigmoidDerivative(fromValues values: [Float]) -> [Float] {
        ObjectiveKernels.sigmoidDerivative(values)
    }

    /// exp(x_i) / sum_j exp(x_j), the same for x + c at any c. O(n).
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if there is no x, or one is not finite.
    public static func softmax(_ x: [Float]) throws(Word2VecError) -> [Float] {
        try Check.notEmpty(x.count, "x")
        guard let probabilities = ObjectiveKernels.softmax(x) else { throw Check.notFinite([("x", x)]) }
        return probabilities
    }
}
