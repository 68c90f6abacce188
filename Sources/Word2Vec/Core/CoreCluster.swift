internal import CWord2Vec

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
