internal import CWord2Vec

extension FloatMatrix {
    /// 1 / the length of a row. 0 if the row is zero or not finite. O(D).
    public func inverseLength(of row: Int) -> Double {
        let square = product(row, row)
        return square > 0 && square.isFinite ? 1 / square.squareRoot() : 0
    }

    /// The dot product of two rows, in double. O(D).
    public func product(_ a: Int, _ b: Int) -> Double {
        precondition(a >= 0 && a < rows && b >= 0 && b < rows, "row outside of the matrix")
        return w2v_search_product(pointer + a * stride, pointer + b * stride, dimensions)
    }

    /// The cosine of two rows. 0 if one of them is zero or not finite. O(D).
    public func similarity(_ a: Int, _ b: Int) -> Float {
        precondition(a >= 0 && a < rows && b >= 0 && b < rows, "row outside of the matrix")
        return w2v_similarity(pointer + a * stride, pointer + b * stride, dimensions)
    }

    /// The direction of the weighted sum of rows, each scaled to length 1 (D). The weights are multiplied by a power of
    /// two that brings the largest to 1 ..< 2, so that the sum fits floats. Computed in double and rounded once. A row
    /// that is zero or not finite is skipped. O(`terms` x D).
    public func unitSum(_ terms: [(row: Int, weight: Double)]) -> [Float] {
        let largest = terms.reduce(0) { max($0, $1.weight.magnitude) }
        let unit = largest > 0 && largest.isFinite ? largest.binade : 1
        return sum(terms.map { ($0.row, $0.weight / unit * inverseLength(of: $0.row)) }.filter { $0.1 != 0 })
    }

    /// The weighted sum of rows, computed in double and rounded once (D). O(`terms` x D).
    public func sum(_ terms: [(row: Int, weight: Double)]) -> [Float] {
        for term in terms { precondition(term.row >= 0 && term.row < rows, "row outside of the matrix") }
        let vectors: [UnsafePointer<Float>?] = terms.map { UnsafePointer(pointer + $0.row * stride) }
        let weights = terms.map(\.weight)
        return [Float](unsafeUninitializedCapacity: dimensions) { buffer, count in
            if let sum = buffer.baseAddress { w2v_search_combine(vectors, weights, terms.count, dimensions, sum) }
            count = dimensions
        }
    }
}

extension FloatMatrix {
    /// Sets a row to the mean of `rows` of a matrix with the same number of columns. A row that is listed n times counts n
    /// times. O(n x S).
    public func setRow(_ row: Int, toMeanOf rows: [Int32], of matrix: FloatMatrix) {
        precondition(row >= 0 && row < self.rows && dimensions == matrix.dimensions && !rows.isEmpty)
        precondition(rows.allSatisfy { $0 >= 0 && $0 < matrix.rows })
        w2v_mean_of_rows(matrix.pointer, matrix.stride, dimensions, rows, rows.count, pointer + row * stride)
    }

    /// A hash of the values rounded to six decimals, so that text and binary files of the same vectors have the same hash.
    /// O(V x D).
    public var fingerprint: UInt64 {
        var hash = FNV1a()
        for row in 0..<rows {
            let values = pointer + row * stride
            for d in 0..<dimensions {
                // -0 becomes 0, as which it may be written and read.
                let millionths = (Double(values[d]) * 1e6).rounded(.toNearestOrEven) + 0
                hash.combine(millionths.isNaN ? UInt64.max : millionths.bitPattern)
            }
        }
        return hash.value
    }
}

/// The cosine of two vectors of equal length. 0 if one of them is zero or not finite. O(n).
public func cosine(_ a: [Float], _ b: [Float]) -> Float {
    precondition(a.count == b.count, "vectors of different lengths")
    return w2v_similarity(a, b, a.count)
}
