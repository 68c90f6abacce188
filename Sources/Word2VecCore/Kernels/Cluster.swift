internal import CWord2Vec

/// The number of rounds of the original's k-means.
package let originalClassRounds = Int(W2V_CLUSTER_ROUNDS)

/// The original's k-means: the class of each row.
package func originalClasses(of matrix: FloatMatrix, count: Int) throws(CoreError) -> [Int] {
    let floats = MemoryLayout<Float>.stride
    let centers = try Memory(zeroed: count * matrix.dimensions * floats, for: "-classes \(count)")
    let sizes = try Memory(zeroed: count * MemoryLayout<Int32>.stride, for: "-classes \(count)")
    var assignment = [Int32](repeating: 0, count: matrix.rows)
    let matrix = try matrix.padded(for: "-classes \(count)")
    w2v_cluster_original(
        matrix.pointer, matrix.rows, matrix.dimensions, count,
        centers.bound(to: Float.self), sizes.bound(to: Int32.self), &assignment)
    return assignment.map(Int.init)
}

/// The two steps of k-means over rows of length 1 or 0. The results depend neither on the instruction set nor on the
/// number of threads; see `w2v_cluster.h`.
package final class ClusterRows {
    package let matrix: FloatMatrix
    private let kernels: KernelTable?
    /// The class of each row, and its dot product with the center of the class.
    private let assignment: Memory
    private let products: Memory

    /// The number of rows that a thread takes at a time, a multiple of a panel.
    private static let rowsPerPiece = 2048

    /// - Parameter matrix: padded.
    package init(_ matrix: FloatMatrix, on kernels: KernelTable? = nil) throws(CoreError) {
        precondition(matrix.isPadded, "rows without padding")
        self.matrix = matrix
        self.kernels = kernels
        assignment = try Memory(zeroed: matrix.rows * MemoryLayout<Int32>.stride, for: "classes")
        products = try Memory(zeroed: matrix.rows * MemoryLayout<Double>.stride, for: "classes")
        for row in 0..<matrix.rows {
            assignment.bound(to: Int32.self)[row] = -1
            products.bound(to: Double.self)[row] = -.infinity
        }
    }

    /// The class of a row.
    package subscript(row: Int) -> Int {
        get { Int(assignment.bound(to: Int32.self)[checked(row)]) }
        set { assignment.bound(to: Int32.self)[checked(row)] = Int32(newValue) }
    }

    /// The dot product of a row with the center of its class. While seeds are chosen, its largest dot product with a
    /// seed.
    package func product(_ row: Int) -> Double { products.bound(to: Double.self)[checked(row)] }

    private func checked(_ row: Int) -> Int {
        precondition(row >= 0 && row < matrix.rows, "row outside of the matrix")
        return row
    }

    /// Adds a row as a seed. O(V x D).
    package func seed(_ seed: Int) throws(CoreError) {
        nonisolated(unsafe) let kernels = try KernelTable.pointer(kernels)
        let (matrix, products, seed) = (matrix, products, checked(seed))
        _ = inParallelRanges(of: matrix.rows, least: Self.rowsPerPiece) { rows in
            w2v_cluster_seed(
                kernels, matrix.pointer, matrix.dimensions, rows.lowerBound, rows.upperBound, seed,
                products.bound(to: Double.self))
        }
    }

    /// Moves each row to the nearest center. If several are nearest, the row keeps its own, or else moves to the first
    /// of them. Centers may have any length. Returns the number of rows that moved. O(V x `centers` x D).
    package func assign(to centers: [[Float]]) throws(CoreError) -> Int {
        nonisolated(unsafe) let kernels = try KernelTable.pointer(kernels)
        let (matrix, assignment, products, count) = (matrix, assignment, products, centers.count)
        let queries = try QueryMemory(
            centers.map { SearchQuery(vector: $0) }, dimensions: matrix.dimensions, accepts: nil)
        let packed = try queries.packed(dimensions: matrix.dimensions)
        let work = Pieces(0..<matrix.rows, of: Self.rowsPerPiece)
        let (operations, tooMany) = (matrix.rows * count).multipliedReportingOverflow(by: matrix.dimensions)
        let threads = min(work.count, Pieces.threads(for: tooMany ? .max : operations))
        let moved = try inParallel(max(1, threads)) { _ throws(CoreError) in
            let workspace = try Memory(
                zeroed: w2v_cluster_workspace(count, matrix.dimensions) * MemoryLayout<Float>.stride, for: "classes")
            var moved = 0
            while let rows = work.next() {
                moved += w2v_cluster_assign(
                    kernels, matrix.pointer, matrix.dimensions, rows.lowerBound, rows.upperBound,
                    queries.queries, count, packed.bound(to: Float.self),
                    workspace.bound(to: Float.self), assignment.bound(to: Int32.self),
                    products.bound(to: Double.self))
            }
            return moved
        }
        withExtendedLifetime((queries, packed)) {}
        return moved.reduce(0, +)
    }
}
