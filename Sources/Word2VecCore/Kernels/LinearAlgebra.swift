internal import CWord2Vec

/// A square matrix of doubles, row by row (n x n).
package struct SquareMatrix: Equatable, Sendable {
    package let size: Int
    package var values: [Double]

    package init(size: Int, values: [Double]) {
        precondition(values.count == size * size, "a square matrix")
        self.size = size
        self.values = values
    }

    package subscript(row: Int, column: Int) -> Double {
        get { values[row * size + column] }
        set { values[row * size + column] = newValue }
    }

    package var transposed: SquareMatrix {
        SquareMatrix(size: size, values: (0..<size * size).map { values[$0 % size * size + $0 / size] })
    }

    /// The singular value decomposition A = sum_k values[k] * left[k] right[k]^T. The rows of `left` and `right` are
    /// the vectors, and the values decrease. Nil if A is not finite. O(n^3).
    package func singularValues() -> (left: SquareMatrix, values: [Double], right: SquareMatrix)? {
        var left = transposed.values
        var (right, values) = ([Double](repeating: 0, count: size * size), [Double](repeating: 0, count: size))
        guard w2v_singular_values(size, &left, &right, &values) else { return nil }
        return (SquareMatrix(size: size, values: left), values, SquareMatrix(size: size, values: right))
    }
}

extension FloatMatrix {
    /// The number of rows that a thread takes at a time.
    private static let rowsPerPiece = 4096

    /// The rows scaled to length 1. Rows that are zero or not finite become zero. O(V x D).
    package func normalized() throws(CoreError) -> FloatMatrix {
        try copied { source, count, target in
            w2v_normalize_rows(source, count, dimensions, stride, target, w2v_stride(dimensions))
        }
    }

    /// The rows with a vector added to each. O(V x D).
    package func shifted(by offset: [Float]) throws(CoreError) -> FloatMatrix {
        precondition(offset.count == dimensions, "an offset has \(dimensions) values")
        return try copied { source, count, target in
            w2v_shift_rows(source, count, dimensions, stride, offset, target, w2v_stride(dimensions))
        }
    }

    /// The rows times a matrix, summed in floats. O(V x D x D).
    package func multiplied(by matrix: SquareMatrix) throws(CoreError) -> FloatMatrix {
        precondition(matrix.size == dimensions, "a matrix of \(dimensions) rows")
        nonisolated(unsafe) let kernels = try KernelTable.chosen().pointer
        let floats = MemoryLayout<Float>.stride
        let columns = try Memory(copying: matrix.transposed.values.map { Float($0) }, for: "a transformation")
        let packed = try Memory(zeroed: w2v_search_packed(dimensions, dimensions) * floats, for: "a transformation")
        let queries = (0..<dimensions).map { column in
            let start = columns.bound(to: Float.self) + column * dimensions
            return w2v_search_query(values: start, square: 1, unit: start)
        }
        w2v_search_pack(queries, dimensions, dimensions, packed.bound(to: Float.self))
        return try copied { source, count, target throws(CoreError) in
            let workspace = try Memory(zeroed: w2v_transform_workspace(dimensions) * floats, for: "a transformation")
            w2v_transform_rows(
                kernels, source, count, dimensions, stride, packed.bound(to: Float.self),
                workspace.bound(to: Float.self), target, w2v_stride(dimensions))
        }
    }

    /// A new matrix of the same shape. `body` fills it, on all cores, a range of rows at a time.
    private func copied(
        _ body:
            @Sendable (UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>) throws(CoreError) -> Void
    ) throws(CoreError) -> FloatMatrix {
        let result = try FloatMatrix(rows: rows, dimensions: dimensions, for: "vectors")
        let pieces = (rows + Self.rowsPerPiece - 1) / Self.rowsPerPiece
        _ = try inParallel(pieces) { piece throws(CoreError) in
            let start = piece * Self.rowsPerPiece
            try body(
                pointer + start * stride, min(Self.rowsPerPiece, rows - start), result.pointer + start * result.stride)
        }
        return result
    }

    /// The sum over pairs of rows (mine, theirs) of weight * mine^T theirs, in double (D x D). It does not depend on
    /// the number of cores. O(pairs x D x D).
    package func products(
        with other: FloatMatrix, of pairs: [(mine: Int, theirs: Int, weight: Double)]
    ) throws(CoreError) -> SquareMatrix {
        precondition(other.dimensions == dimensions, "rows of \(dimensions) values")
        for pair in pairs {
            precondition(
                (0..<rows).contains(pair.mine) && (0..<other.rows).contains(pair.theirs), "row outside of the matrix")
        }
        let mine = pairs.map { Int32($0.mine) }
        let theirs = pairs.map { Int32($0.theirs) }
        let weights = pairs.map(\.weight)
        // A few parts, each with a sum of its own, which are added in their order.
        let parts = pairs.count > 10_000 ? 8 : 1
        let sums = try inParallel(parts) { part throws(CoreError) in
            let range = pairs.count * part / parts..<pairs.count * (part + 1) / parts
            var sum = [Double](repeating: 0, count: dimensions * dimensions)
            w2v_add_products(
                pointer, stride, Array(mine[range]), other.pointer, other.stride, Array(theirs[range]),
                Array(weights[range]), range.count, dimensions, &sum)
            return sum
        }
        var total = sums[0]
        for sum in sums.dropFirst() { for k in total.indices { total[k] += sum[k] } }
        return SquareMatrix(size: dimensions, values: total)
    }
}
