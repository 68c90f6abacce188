internal import CWord2Vec

/// The inverse lengths of a matrix's rows, 0 for a row without length; computed when first asked for.
final class InverseLengths: Sendable {
    private let matrix: FloatMatrix
    private let cache = Locked<[Float]?>(nil)

    init(_ matrix: FloatMatrix) {
        self.matrix = matrix
    }

    /// By row (V). O(V x D) the first time.
    var values: [Float] {
        cache.withLock { cache in
            if let cache { return cache }
            let matrix = self.matrix
            let values = [Float](unsafeUninitializedCapacity: matrix.rows) { buffer, count in
                if let scales = buffer.baseAddress {
                    w2v_inverse_lengths(matrix.pointer, matrix.rows, matrix.stride, scales)
                }
                count = matrix.rows
            }
            cache = values
            return values
        }
    }
}

/// `scales[r]` * (row r . `query`) for every row (V). `query` are D values. O(V x D).
func scaledProducts(of matrix: FloatMatrix, with query: [Float], scales: [Float]) -> [Float] {
    precondition(query.count == matrix.dimensions && scales.count == matrix.rows)
    if !matrix.isPadded {
        // The kernel has no tail: each row, with zeros behind it.
        let padded = (query + Array(repeating: 0, count: 15)).dropLast((query.count + 15) % 16)
        return (0..<matrix.rows).map { rank in
            let values = matrix[rank] + Array(repeating: 0, count: padded.count - query.count)
            return values.withUnsafeBufferPointer { values in
                padded.withUnsafeBufferPointer { padded in
                    guard let row = values.baseAddress, let query = padded.baseAddress else { return 0 }
                    let score = scales[rank] * w2v_kernels_best().pointee.dot(row, query, values.count)
                    return score.isNaN ? 0 : score
                }
            }
        }
    }
    let padded = query + Array(repeating: 0, count: matrix.stride - query.count)
    return [Float](unsafeUninitializedCapacity: matrix.rows) { buffer, count in
        if let scores = buffer.baseAddress {
            w2v_scaled_products(
                w2v_kernels_best(), matrix.pointer, matrix.rows, matrix.stride, scales, padded, scores)
        }
        count = matrix.rows
    }
}

/// The original's k-means: the class of each row.
func originalClasses(of matrix: FloatMatrix, count: Int) throws(Word2VecError) -> [Int] {
    let floats = MemoryLayout<Float>.stride
    let centres = try Memory(zeroed: count * matrix.dimensions * floats, for: "-classes \(count)")
    let sizes = try Memory(zeroed: count * MemoryLayout<Int32>.stride, for: "-classes \(count)")
    var assignment = [Int32](repeating: 0, count: matrix.rows)
    let matrix = try matrix.padded(for: "-classes \(count)")
    w2v_cluster_original(
        matrix.pointer, matrix.rows, matrix.dimensions, count,
        centres.bound(to: Float.self), sizes.bound(to: Int32.self), &assignment)
    return assignment.map(Int.init)
}
