/// Plain gradient descent with step halving, as in CS224n: x -= step * gradient, and the step is halved after every
/// `halvingInterval` iterations. Stochastic if the gradient is.
public struct GradientDescent: Equatable, Sendable {
    public let step: Double
    public let iterations: Int
    /// Nil: the step stays.
    public let halvingInterval: Int?

    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if the step is not above 0 and finite, the iterations
    ///   are below 0, or the interval is below 1.
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

    /// Where the descent from `start` ends. O(iterations) calls of `gradient`.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if a gradient has another length than its point,
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if a coordinate is no finite number after an iteration, and
    ///   what `gradient` throws.
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
