/// Numbers that a measurement gave, again and again.
public struct Samples {
    private var values: [Double] = []

    public init(_ values: [Double] = []) {
        self.values = values
    }

    public mutating func add(_ value: Double) {
        values.append(value)
    }

    public var median: Double { quantile(0.5) }

    /// The value that so large a share lies at or below; NaN if there are none.
    public func quantile(_ share: Double) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.indices.last else { return .nan }
        let place = share * Double(last)
        let below = Int(place)
        let above = min(below + 1, last)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}
