internal import Word2VecCore

/// The loss functions of word2vec, with their gradients.
///
/// Each row is a vector: v_w is row w of `input`, and u_w is row w of `output` (V x D each). The relative error of a
/// loss is about 1e-15. A gradient is summed in double and rounded to float once. These functions are meant for
/// reading, for checks and for small models. The trainers use kernels of their own, and ``GradientReport`` compares
/// those with these functions.
///
/// All functions throw ``Word2VecError/invalidArgument(_:found:expected:)`` if a row index is out of range, if there
/// are no contexts or no samples, if a sample is the target word, or if a value is not finite. They throw
/// ``Word2VecError/wrongCount(of:found:expected:)`` if the sizes of the arguments do not match.
public enum Objective {
    /// The loss of one prediction, with its gradients with respect to the vector (D) and the output matrix (V x D).
    public struct Prediction: Equatable, Sendable {
        /// The loss.
        public var loss: Double
        /// The gradient with respect to the vector (D).
        public var vectorGradient: [Float]
        /// The gradient with respect to the output vectors (V x D).
        public var outputGradient: Matrix
    }

    /// The loss of one window, with its gradients with respect to both matrices (V x D).
    public struct Window: Equatable, Sendable {
        /// The loss.
        public var loss: Double
        /// The gradient with respect to the input vectors (V x D).
        public var inputGradient: Matrix
        /// The gradient with respect to the output vectors (V x D).
        public var outputGradient: Matrix
    }

    /// The loss of predicting one word from one vector.
    public enum WordLoss: Equatable, Sendable {
        /// Softmax over all words.
        case softmax
        /// Negative sampling, with one list of samples for each prediction of the window. Skip-gram makes one
        /// prediction per context, CBOW makes one. All lists have the same length. A list may contain a word more than
        /// once.
        case negativeSampling([[Int]])
    }

    /// How CBOW combines the vectors of the contexts.
    public enum Combination: CaseIterable, Sendable {
        /// Their sum, as in CS224n.
        case sum
        /// Their mean, as in the original program.
        case mean
    }

    /// The cross entropy -sum_i y_i log yhat_i. Terms with y_i = 0 are skipped. O(n).
    public static func crossEntropy(expected: [Float], predicted: [Float]) throws(Word2VecError) -> Double {
        try Check.notEmpty(expected.count, "expected")
        try Check.count(predicted.count, of: "predicted", expected.count)
        try Check.notNegative(expected, "expected")
        try Check.notNegative(predicted, "predicted")
        if let i = expected.indices.first(where: { expected[$0] > 0 && predicted[$0] == 0 }) {
            throw .invalidArgument("predicted[\(i)]", found: "0", expected: "above 0, as expected[\(i)] is")
        }
        guard let loss = ObjectiveKernels.crossEntropy(expected, predicted) else {
            throw Check.notFinite([("expected", expected), ("predicted", predicted)])
        }
        return loss
    }

    /// Softmax over all words: J = -u_o.v + log sum_w exp(u_w.v), where o is the target. Mikolov et al. 2013b, eq. 2.
    /// O(V x D).
    public static func softmax(vector: [Float], output: Matrix, target: Int) throws(Word2VecError) -> Prediction {
        try prediction(vector: vector, output: output, target: target, negatives: nil)
    }

    /// Negative sampling: J = -log s(u_o.v) - sum_k log s(-u_k.v), where o is the target. A sample that occurs n times
    /// receives n times the gradient. Mikolov et al. 2013b, eq. 4. O(V x D + K x D).
    public static func negativeSampling(
        vector: [Float], output: Matrix, target: Int, negatives: [Int]
    ) throws(Word2VecError) -> Prediction {
        try prediction(vector: vector, output: output, target: target, negatives: negatives)
    }

    /// Skip-gram: predicts each context from the input vector of the center. The loss is the sum over the contexts. The
    /// gradient of every other input row is zero. Mikolov et al. 2013b, eq. 1. O(V x D + n x K x D).
    public static func skipGram(
        input: Matrix, output: Matrix, center: Int, contexts: [Int], loss: WordLoss
    ) throws(Word2VecError) -> Window {
        try window(.skipGram, input, output, center: center, contexts: contexts, targets: contexts, loss)
    }

    /// CBOW: predicts the center from the sum or the mean of the contexts' input vectors. Each context receives the
    /// gradient of the combined vector, divided by the number of contexts in the case of the mean. A context that
    /// occurs twice receives it twice. Mikolov et al. 2013a, section 3.1. O(V x D + n x D + K x D).
    public static func cbow(
        input: Matrix, output: Matrix, center: Int, contexts: [Int], combination: Combination, loss: WordLoss
    ) throws(Word2VecError) -> Window {
        try window(
            .cbow(mean: combination == .mean), input, output, center: center, contexts: contexts, targets: [center],
            loss)
    }

    private static func prediction(
        vector: [Float], output: Matrix, target: Int, negatives: [Int]?
    ) throws(Word2VecError) -> Prediction {
        try Check.count(vector.count, of: "vector", output.columns)
        try Check.word(target, "target", of: output.rows)
        if let negatives { try check(negatives, "negatives", against: target, of: output.rows) }
        guard
            let result = ObjectiveKernels.prediction(
                vector: vector, output: output.values, words: output.rows, target: target, negatives: negatives)
        else { throw Check.notFinite([("vector", vector), ("output", output.values)]) }
        return Prediction(
            loss: result.loss, vectorGradient: result.input,
            outputGradient: Matrix(checkedRows: output.rows, columns: output.columns, result.output))
    }

    private static func window(
        _ architecture: ObjectiveKernels.Architecture, _ input: Matrix, _ output: Matrix, center: Int, contexts: [Int],
        targets: [Int], _ loss: WordLoss
    ) throws(Word2VecError) -> Window {
        try Check.count(output.rows, of: "rows of output", input.rows)
        try Check.count(output.columns, of: "columns of output", input.columns)
        try Check.word(center, "center", of: input.rows)
        try Check.notEmpty(contexts.count, "contexts")
        for (j, context) in contexts.enumerated() { try Check.word(context, "contexts[\(j)]", of: input.rows) }
        var negatives: [[Int]]?
        if case .negativeSampling(let lists) = loss {
            negatives = lists
            try Check.count(lists.count, of: "lists of negatives", targets.count)
            for (j, list) in lists.enumerated() {
                try check(list, "negatives[\(j)]", against: targets[j], of: input.rows)
                try Check.count(list.count, of: "negatives[\(j)]", lists[0].count)
            }
        }
        guard
            let result = ObjectiveKernels.window(
                architecture, input: input.values, output: output.values, words: input.rows, center: center,
                contexts: contexts, negatives: negatives)
        else { throw Check.notFinite([("input", input.values), ("output", output.values)]) }
        return Window(
            loss: result.loss,
            inputGradient: Matrix(checkedRows: input.rows, columns: input.columns, result.input),
            outputGradient: Matrix(checkedRows: input.rows, columns: input.columns, result.output))
    }

    private static func check(
        _ negatives: [Int], _ name: String, against target: Int, of words: Int
    ) throws(Word2VecError) {
        try Check.notEmpty(negatives.count, name)
        for (k, negative) in negatives.enumerated() {
            try Check.word(negative, "\(name)[\(k)]", of: words)
            guard negative != target else {
                throw .invalidArgument(
                    "\(name)[\(k)]", found: "\(negative)", expected: "a word other than the target")
            }
        }
    }
}

/// Sigmoid and softmax, which the objectives are built from.
public enum Activation {
    /// 1 / (1 + exp(-x)). It does not overflow: -1000 gives 0, 1000 gives 1. NaN gives NaN.
    public static func sigmoid(_ x: Double) -> Double {
        ObjectiveKernels.sigmoid(x)
    }

    /// The sigmoid of each value, computed in double and rounded once. O(n).
    public static func sigmoid(_ x: [Float]) -> [Float] {
        ObjectiveKernels.sigmoid(x)
    }

    /// The derivative of the sigmoid, s (1 - s), computed from its value s. O(n).
    public static func sigmoidDerivative(fromValues values: [Float]) -> [Float] {
        ObjectiveKernels.sigmoidDerivative(values)
    }

    /// exp(x_i) / sum_j exp(x_j). Adding a constant to every x does not change the result. O(n).
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if x is empty or a value is not finite.
    public static func softmax(_ x: [Float]) throws(Word2VecError) -> [Float] {
        try Check.notEmpty(x.count, "x")
        guard let probabilities = ObjectiveKernels.softmax(x) else { throw Check.notFinite([("x", x)]) }
        return probabilities
    }
}
