/// The losses that word vectors are trained by, with their gradients.
///
/// Rows are vectors: row w of `input` is v_w, row w of `output` is u_w (V x D each). Losses are exact to some 1e-15 of
/// themselves; a gradient is summed in double and rounded to float once. For reading, checking and small models: a trainer
/// uses its own kernels, which ``GradientReport`` compares with these.
///
/// All functions throw ``Word2VecError/invalidArgument(_:found:expected:)`` for a row that is not there, no contexts, no
/// samples, a sample that is the word to be predicted, or a value that is not finite, and
/// ``Word2VecError/wrongCount(of:found:expected:)`` for sizes that do not fit each other.
public enum Objective {
    /// A loss, with its gradients for the vector (D) and the output matrix (V x D).
    public struct Prediction: Equatable, Sendable {
        public var loss: Double
        public var vectorGradient: [Float]
        public var outputGradient: Matrix
    }

    /// A loss, with its gradients for both matrices (V x D).
    public struct Window: Equatable, Sendable {
        public var loss: Double
        public var inputGradient: Matrix
        public var outputGradient: Matrix
    }

    /// How a word is predicted from a vector.
    public enum WordLoss: Equatable, Sendable {
        /// Against all words.
        case softmax
        /// Against samples, one list for each prediction of the window: each context of skip-gram, the center of CBOW.
        /// All have the same length; a word may repeat.
        case negativeSampling([[Int]])
    }

    /// What CBOW predicts from.
    public enum Combination: CaseIterable, Sendable {
        /// The sum of the contexts' vectors, as in CS224n.
        case sum
        /// Their mean, as in the original program.
        case mean
    }

    /// -sum_i y_i log yhat_i, the terms with y_i = 0 left out. O(n).
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

    /// Naive softmax: J = -u_o.v + log sum_w exp(u_w.v), o the target. Mikolov et al. 2013b, eq. 2. O(V x D).
    public static func softmax(vector: [Float], output: Matrix, target: Int) throws(Word2VecError) -> Prediction {
        try prediction(vector: vector, output: output, target: target, negatives: nil)
    }

    /// Negative sampling: J = -log s(u_o.v) - sum_k log s(-u_k.v). Mikolov et al. 2013b, eq. 4. A sample that was drawn n
    /// times has n times the gradient. O(V x D + K x D).
    public static func negativeSampling(
        vector: [Float], output: Matrix, target: Int, negatives: [Int]
    ) throws(Word2VecError) -> Prediction {
        try prediction(vector: vector, output: output, target: target, negatives: negatives)
    }

    /// Skip-gram: the sum of the losses of all contexts, predicted from the center's input vector. All other rows of the
    /// input's gradient are zero. Mikolov et al. 2013b, eq. 1. O(V x D + n x K x D).
    public static func skipGram(
        input: Matrix, output: Matrix, center: Int, contexts: [Int], loss: WordLoss
    ) throws(Word2VecError) -> Window {
        try window(.skipGram, input, output, center: center, contexts: contexts, targets: contexts, loss)
    }

    /// CBOW: the loss of the center, predicted from the contexts' input vectors, put together. Each context receives the
    /// gradient of what they were put together to, for the mean over their number; a repeated one receives it again.
    /// Mikolov et al. 2013a, section 3.1. O(V x D + n x D + K x D).
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
                    "\(name)[\(k)]", found: "\(negative)", expected: "another word than the one to be predicted")
            }
        }
    }
}

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
