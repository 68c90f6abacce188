/// Compares an analytic gradient with central differences of its function.
public enum GradientCheck {
    /// The bound on the relative difference of a correct gradient, as in CS224n.
    public static let bound = 1e-5

    /// The partial derivative with the largest difference.
    public struct Result: Equatable, Sendable {
        /// |numeric - analytic| / max(1, |numeric|, |analytic|). Infinite if one of the two is not finite.
        public var difference: Double
        /// The coordinate of that derivative.
        public var index: Int
        /// The derivative in the gradient that was given.
        public var analytic: Double
        /// The derivative found by finite differences.
        public var numeric: Double
    }

    /// Compares a gradient at a point with central differences, coordinate by coordinate.
    ///
    /// The numeric derivative is (4 c(h / 2) - c(h)) / 3, where c(h) = (f(x + h) - f(x - h)) / 2h (Richardson
    /// extrapolation). Its error is of fourth order in h. The step h is 2^-14, or 16 units in the last place of the
    /// coordinate as a float if that is larger.
    ///
    /// If a coordinate is exactly a float, x + h and x - h are rounded to floats, and the divisor is the difference of
    /// the rounded values. So `f` may convert its point to floats without loss, provided that it computes in double.
    /// Rounding in `f` contributes an error of about 3e-12 |f|.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if the point is empty,
    ///   ``Word2VecError/wrongCount(of:found:expected:)`` if the gradient and the point differ in length, and any error
    ///   that `f` throws.
    /// - Complexity: four calls of `f` per coordinate.
    public static func compare(
        gradient: [Double], at point: [Double], _ f: ([Double]) throws(Word2VecError) -> Double
    ) throws(Word2VecError) -> Result {
        try Check.notEmpty(point.count, "point")
        try Check.count(gradient.count, of: "gradient", point.count)
        var worst: Result?
        for (i, x) in point.enumerated() {
            let h = max(0x1p-14, 16 * Double(Float(x).ulp))
            let full = try centralDifference(f, at: point, i, h)
            let half = try centralDifference(f, at: point, i, h / 2)
            let numeric = (4 * half - full) / 3
            let difference = relativeDifference(numeric, gradient[i])
            if worst.map({ difference > $0.difference }) ?? true {
                worst = Result(difference: difference, index: i, analytic: gradient[i], numeric: numeric)
            }
        }
        return worst ?? Result(difference: .infinity, index: 0, analytic: .nan, numeric: .nan)
    }

    /// (f(x + h) - f(x - h)) / 2h for coordinate i.
    private static func centralDifference(
        _ f: ([Double]) throws(Word2VecError) -> Double, at point: [Double], _ i: Int, _ h: Double
    ) throws(Word2VecError) -> Double {
        let x = point[i]
        let isFloat = Double(Float(x)) == x
        let up = isFloat ? Double(Float(x + h)) : x + h
        let down = isFloat ? Double(Float(x - h)) : x - h
        var shifted = point
        shifted[i] = up
        let above = try f(shifted)
        shifted[i] = down
        return (above - (try f(shifted))) / (up - down)
    }

    /// |x - y| / max(1, |x|, |y|), or infinity if one of the two is not finite.
    public static func relativeDifference(_ x: Double, _ y: Double) -> Double {
        guard x.isFinite && y.isFinite else { return .infinity }
        return abs(x - y) / max(1, abs(x), abs(y))
    }
}
