internal import Word2VecCore

/// A two-layer classifier, as in CS224n: h = s(x W1 + b1), yhat = softmax(h W2 + b2).
///
/// Dx is the number of inputs, H of hidden units, Dy of classes, and N of rows in a batch.
public struct TwoLayerNetwork: Equatable, Sendable {
    /// The parameters of a network, or the gradient with respect to them.
    public struct Parameters: Equatable, Sendable {
        /// W1 (Dx x H).
        public let weights1: Objective.Matrix
        /// b1 (H).
        public let biases1: [Float]
        /// W2 (H x Dy).
        public let weights2: Objective.Matrix
        /// b2 (Dy).
        public let biases2: [Float]

        /// Creates parameters from their parts.
        ///
        /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if the sizes do not match.
        public init(
            weights1: Objective.Matrix, biases1: [Float], weights2: Objective.Matrix, biases2: [Float]
        ) throws(Word2VecError) {
            try Check.count(biases1.count, of: "biases1", weights1.columns)
            try Check.count(weights2.rows, of: "rows of weights2", weights1.columns)
            try Check.count(biases2.count, of: "biases2", weights2.columns)
            self.weights1 = weights1
            self.biases1 = biases1
            self.weights2 = weights2
            self.biases2 = biases2
        }

        /// Creates parameters from one array: W1, b1, W2, b2, in row-major order.
        ///
        /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if a size is below 1 or above 2^30,
        ///   ``Word2VecError/wrongCount(of:found:expected:)`` if the number of values is not the number of parameters.
        public init(inputs: Int, hidden: Int, classes: Int, values: [Float]) throws(Word2VecError) {
            try Check.count(
                values.count, of: "values",
                try TwoLayerNetwork.parameterCount(inputs: inputs, hidden: hidden, classes: classes))
            let b1 = inputs * hidden
            let w2 = b1 + hidden
            let b2 = w2 + hidden * classes
            weights1 = Objective.Matrix(checkedRows: inputs, columns: hidden, Array(values[..<b1]))
            biases1 = Array(values[b1..<w2])
            weights2 = Objective.Matrix(checkedRows: hidden, columns: classes, Array(values[w2..<b2]))
            biases2 = Array(values[b2...])
        }

        /// All parameters in one array: W1, b1, W2, b2, in row-major order.
        public var values: [Float] {
            weights1.values + biases1 + weights2.values + biases2
        }
    }

    /// A loss, with its gradients with respect to the parameters and to x (N x Dx).
    public struct Loss: Equatable, Sendable {
        /// The loss.
        public var loss: Double
        /// The gradient with respect to the parameters.
        public var gradient: Parameters
        /// The gradient with respect to the input (N x Dx).
        public var xGradient: Objective.Matrix
    }

    /// The parameters. Their sizes define the network.
    public var parameters: Parameters

    /// Creates a network with these parameters.
    public init(_ parameters: Parameters) {
        self.parameters = parameters
    }

    /// Dx.
    public var inputs: Int { parameters.weights1.rows }
    /// H.
    public var hidden: Int { parameters.weights1.columns }
    /// Dy.
    public var classes: Int { parameters.weights2.columns }

    /// The number of parameters: (Dx + 1) H + (H + 1) Dy.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if a size is below 1 or above 2^30.
    public static func parameterCount(inputs: Int, hidden: Int, classes: Int) throws(Word2VecError) -> Int {
        for (size, name) in [(inputs, "inputs"), (hidden, "hidden"), (classes, "classes")] {
            try Check.size(size, name)
            guard size <= 1 << 30 else { throw .invalidArgument(name, found: "\(size)", expected: "2^30 or below") }
        }
        return ObjectiveKernels.networkParameterCount(inputs: inputs, hidden: hidden, classes: classes)
    }

    /// The class probabilities yhat, one row for each row of x (N x Dy). O(N x (Dx + Dy) x H).
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` unless x has Dx columns,
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if a value is not finite.
    public func probabilities(of x: Objective.Matrix) throws(Word2VecError) -> Objective.Matrix {
        try Check.count(x.columns, of: "columns of x", inputs)
        guard
            let values = ObjectiveKernels.networkForward(
                inputs: inputs, hidden: hidden, classes: classes, parameters: parameters.values, x: x.values)
        else { throw Check.notFinite([("x", x.values), ("parameters", parameters.values)]) }
        return Objective.Matrix(checkedRows: x.rows, columns: classes, values)
    }

    /// The loss J = -sum y log yhat + l2 / 2 (|W1|^2 + |W2|^2), with its gradients. The first sum is over all rows and
    /// classes. Each row of y is a probability distribution over the classes, usually one-hot. O(N x (Dx + Dy) x H).
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` unless x is N x Dx and y is N x Dy,
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if a value is not finite, or if a label or `l2` is below
    ///   0.
    public func loss(of x: Objective.Matrix, labels y: Objective.Matrix, l2: Double = 0) throws(Word2VecError) -> Loss {
        try Check.count(x.columns, of: "columns of x", inputs)
        try Check.count(y.rows, of: "rows of labels", x.rows)
        try Check.count(y.columns, of: "columns of labels", classes)
        try Check.notNegative(y.values, "labels")
        guard l2 >= 0 && l2.isFinite else {
            throw .invalidArgument("l2", found: "\(l2)", expected: "a finite number, 0 or above")
        }
        guard
            let result = ObjectiveKernels.networkLoss(
                inputs: inputs, hidden: hidden, classes: classes, parameters: parameters.values, x: x.values,
                labels: y.values, l2: l2)
        else {
            throw Check.notFinite([("x", x.values), ("labels", y.values), ("parameters", parameters.values)])
        }
        return Loss(
            loss: result.loss,
            gradient: try Parameters(inputs: inputs, hidden: hidden, classes: classes, values: result.gradient),
            xGradient: Objective.Matrix(checkedRows: x.rows, columns: inputs, result.x))
    }
}
