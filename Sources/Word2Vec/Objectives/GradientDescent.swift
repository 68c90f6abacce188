/// Gradient descent with step halving, as in CS224n: x -= step * gradient, and the step is halved after every
/// `halvingInterval` iterations. It is stochastic gradient descent if the gradient is stochastic.
public struct GradientDescent: Equatable, Sendable {
    /// The step size of the first iterations.
    public let step: Double
    /// The number of iterations.
    public let iterations: Int
    /// The number of iterations after which the step is halved. Nil: the step is constant.
    public let halvingInterval: Int?

    /// Creates a descent.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` unless the step is finite and above 0, the number
    ///   of iterations is 0 or above, and the interval is 1 or above.
    public init(step: Double, iterations: Int, halvingInterval: Int? = nil) throws(Word2VecError) {
        guard step > 0 && step.isFinite else {
            throw .invalidArgument("step", found: "\(step)", expected: "a finite number above 0")
        }
        guard iterations >= 0 else {
            throw .invalidArgument("iterations", found: "\(iterations)", expected: "0 or above")
        }
        if let halvingInterval { try Check.size(halvingInterval, "halvingInterval") }
        self.step = step
        self.iterations = iterations
        self.halvingInterval = halvingInterval
    }

    /// Runs all iterations from `start` and returns the last point.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if a gradient and its point differ in length,
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if a coordinate is not finite after an iteration, and any
    ///   error that `gradient` throws.
    /// - Complexity: one call of `gradient` and O(n) operations per iteration.
    public func descend(
        from start: [Double], gradient: ([Double]) throws(Word2VecError) -> [Double]
    ) throws(Word2VecError) -> [Double] {
        var (x, step) = (start, step)
        for iteration in 0..<iterations {
            let slopes = try gradient(x)
            try Check.count(slopes.count, of: "gradient", x.count)
            for i in x.indices {
                x[i] -= step * slopes[i]
                guard x[i].isFinite else {
                    throw .invalidArgument(
                        "x[\(i)] after iteration \(iteration + 1)", found: "\(x[i])", expected: "a finite number")
                }
            }
            if let halvingInterval, (iteration + 1) % halvingInterval == 0 { step /= 2 }
        }
        return x
    }
}
