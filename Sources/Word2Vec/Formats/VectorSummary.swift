internal import Word2VecCore

/// A summary of vectors: their number, their lengths, and their defects.
public struct VectorSummary: Sendable, Equatable {
    /// Words (V).
    public var words: Int
    /// Values of a vector (D).
    public var dimensions: Int
    /// The least, mean and greatest length of a vector, among finite lengths; nil if there are none.
    public var lengths: Lengths?
    /// Vectors whose values are all zero.
    public var zeroRows: Int
    /// Vectors with a value that is NaN.
    public var nanRows: Int
    /// Vectors with an infinite value, and none that is NaN.
    public var infiniteRows: Int
    /// Rows whose word an earlier row has, including rows that were left out when the vectors were read.
    public var duplicateWords: Int
    /// Words that are not valid UTF-8, or were not before they were read.
    public var invalidWords: Int

    /// Euclidean lengths.
    public struct Lengths: Sendable, Equatable {
        /// The shortest vector's.
        public var least: Double
        /// Their mean.
        public var mean: Double
        /// The longest vector's.
        public var greatest: Double
    }
}

extension WordVectors {
    /// A summary of the vectors. O(V x D).
    public func summary() throws(Word2VecError) -> VectorSummary {
        struct Part {
            var (zero, nan, infinite, finite) = (0, 0, 0, 0)
            var (least, sum, greatest) = (Double.infinity, 0.0, 0.0)
        }
        let parts = inParallelRanges(of: count) { rows in
            var part = Part()
            for row in rows {
                let square = matrix.squaredLength(ofRow: row)
                switch square {
                case 0: part.zero += 1
                case _ where square.isNaN: part.nan += 1
                case .infinity: part.infinite += 1
                default: break
                }
                guard square.isFinite else { continue }
                let length = square.squareRoot()
                part.finite += 1
                part.sum += length
                part.least = Swift.min(part.least, length)
                part.greatest = Swift.max(part.greatest, length)
            }
            return part
        }
        let finite = parts.reduce(0) { $0 + $1.finite }
        return VectorSummary(
            words: count, dimensions: dimensions,
            lengths: finite == 0
                ? nil
                : .init(
                    least: parts.map(\.least).min() ?? 0, mean: parts.reduce(0) { $0 + $1.sum } / Double(finite),
                    greatest: parts.map(\.greatest).max() ?? 0),
            zeroRows: parts.reduce(0) { $0 + $1.zero }, nanRows: parts.reduce(0) { $0 + $1.nan },
            infiniteRows: parts.reduce(0) { $0 + $1.infinite },
            duplicateWords: (loading?.duplicateWords ?? 0) + words.duplicates,
            invalidWords: loading?.invalidWords ?? (0..<count).count { !words.bytes(at: $0).isValidUTF8 })
    }
}
