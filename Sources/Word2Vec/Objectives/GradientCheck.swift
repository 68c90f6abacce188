/// Compares a gradient with central differences of its function.
public enum GradientCheck {
    /// What the relative difference of a right gradient stays below, by the course's measure.
    public static let bound = 1e-5

    /// The derivative that is off most.
    public struct Result: Equatable, Sendable {
        /// |numeric - analytic| / max(1, |numeric|, |analytic|); infinite if one of them is not finite.
        public var difference: Double
        /// Which derivative it is.
        public var index: Int
        public var analytic: Double
        public var numeric: Double
    }

    /// Compares a gradient at a point with central differences, one coordinate after the other.
    ///
    /// c(h) = (f(x + h) - f(x - h)) / 2h at two steps, extrapolated (Richardson): (4 c(h / 2) - c(h)) / 3, whose error is of
    /// the fourth order of h. h is 2^-14, or 16 units in the last place of a float where that is more. A coordinate that is
    /// a float stays one: x + h and x - h are rounded to floats, and the divisor is the difference of what they have become.
    /// So `f` may round its point to floats, if what it computes from them is exact to double's precision. Rounding of f
    /// comes to some 3e-12 of |f|. Calls `f` four times for each coordinate.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if the gradient has another length than the point, and
    ///   what `f` throws.
    public static func compare(
        gradient: [Double], at point: [Double], _ f: ([Double]) throws(Word2VecError) -> Double
    ) throws(Word2VecError) -> Result {
        try Check.notEmpty(point.count, "point")
        try Check.count(gradient.count, of: "gradient", point.count)
        var worst: Result?
        for (i, x) in point.enumerated() {
            let h = max(0x1p-14, 16 * Double(Float(x).ulp))
            let wide = try centralDifference(f, at: point, i, h)
            let narrow = try centralDifference(f, at: point, i, h / 2)
            let numeric = (4 * narrow - wide) / 3
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
        var moved = point
        moved[i] = up
        let above = try f(moved)
        moved[i] = down
        return (above - (try f(moved))) / (up - down)
    }

    /// |x - y| / max(1, |x|, |y|), or infinity if one of them is not finite.
    public static func relativeDifference(_ x: Double, _ y: Double) -> Double {
        guard x.isFinite && y.isFinite else { return .infinity }
        return abs(x - y) / max(1, abs(x), abs(y))
    }
}
