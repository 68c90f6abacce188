internal import CWord2Vec
import Synchronization

/// The tables that a search reads: the rows, the inverses of their lengths, and an int8 copy.
package final class SearchTables: Sendable {
    package let rows: Int
    package let dimensions: Int
    /// The rows. Nil if only the int8 copy exists.
    package let matrix: FloatMatrix?
    /// 1 / length by row. Nil without a matrix.
    package let inverse: Memory?
    /// The int8 copy, in the order of `w2v_search_start`.
    package let bytes: Memory
    /// By row: the factor for products with the int8 copy, and the bound on their error.
    package let scale: Memory
    package let slack: Memory

    /// Creates tables for a matrix, which are filled later.
    package init(for matrix: FloatMatrix) throws(CoreError) {
        rows = matrix.rows
        dimensions = matrix.dimensions
        self.matrix = matrix
        inverse = try Self.floats(rows)
        let (byteCount, tooMany) = w2v_search_room(rows).multipliedReportingOverflow(by: w2v_search_width(dimensions))
        guard !tooMany else { throw .outOfMemory(bytes: .max, purpose: Self.purpose) }
        bytes = try Memory(zeroed: byteCount, for: Self.purpose, use: .table)
        scale = try Self.floats(rows)
        slack = try Self.floats(rows)
    }

    /// Creates tables from the int8 rows of `tables` alone. `steps` are the factors of the rows.
    package init(quantized tables: SearchTables) throws(CoreError) {
        rows = tables.rows
        dimensions = tables.dimensions
        matrix = nil
        inverse = nil
        bytes = tables.bytes
        scale = try Self.floats(rows)
        slack = try Self.floats(rows)
    }

    /// Room for a float of each row.
    package static func floats(_ rows: Int) throws(CoreError) -> Memory {
        try Memory(
            zeroed: w2v_search_room(rows) * MemoryLayout<Float>.stride, for: purpose, use: .table)
    }

    private static let purpose = "the search"

    /// The view for the C core, valid as long as this value.
    var cIndex: w2v_search_index {
        w2v_search_index(
            rows: matrix.map { UnsafePointer($0.pointer) }, count: rows, dimensions: dimensions,
            stride: matrix?.stride ?? dimensions, inverse: inverse?.bound(to: Float.self),
            bytes: bytes.bound(to: Int8.self), scale: scale.bound(to: Float.self), slack: slack.bound(to: Float.self))
    }
}

/// The tables of a matrix, filled by the first search for the rows that it reads, so that opening a file does not wait
/// for them. They take D + 12 bytes per row. Searches over filled rows take no lock.
package final class SearchIndex: Sendable {
    private let matrix: FloatMatrix
    private let tables = AtomicLazyReference<SearchTables>()
    /// The number of filled rows. It grows while `filling` is held, after the rows are written.
    private let filled = Atomic(0)
    private let filling = Locked(())

    /// The number of rows that a thread takes at a time, a multiple of a panel.
    private static let rowsPerPiece = 4096

    package init(_ matrix: FloatMatrix) {
        self.matrix = matrix
    }

    /// The tables, filled for at least the first `rows` rows. O(`rows` x D) the first time.
    package func tables(
        for rows: Int, threads: Int, on kernels: KernelTable? = nil
    ) throws(CoreError) -> SearchTables {
        let rows = min(rows, matrix.rows)
        if rows <= filled.load(ordering: .acquiring), let tables = tables.load() { return tables }
        nonisolated(unsafe) let kernels = try KernelTable.pointer(kernels)
        let result: Result<SearchTables, CoreError> = filling.withLock { _ in
            do throws(CoreError) {
                let tables: SearchTables
                if let made = self.tables.load() {
                    tables = made
                } else {
                    tables = self.tables.storeIfNil(try SearchTables(for: matrix))
                }
                let done = filled.load(ordering: .relaxed)
                try fill(tables, kernels, from: done, to: rows, threads: threads)
                filled.store(max(done, roundedUp(rows)), ordering: .releasing)
                return .success(tables)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func fill(
        _ tables: SearchTables, _ kernels: UnsafePointer<w2v_kernels>, from: Int, to: Int, threads: Int
    ) throws(CoreError) {
        guard from < to else { return }
        nonisolated(unsafe) let kernels = kernels
        let work = Pieces(from..<min(roundedUp(to), tables.rows), of: Self.rowsPerPiece)
        _ = try inParallel(min(threads, work.count)) { _ throws(CoreError) in
            var index = tables.cIndex
            while let piece = work.next() { w2v_search_fill(kernels, &index, piece.lowerBound, piece.upperBound) }
        }
        withExtendedLifetime(tables) {}
    }

    /// Rounds up to the end of a piece.
    private func roundedUp(_ rows: Int) -> Int {
        (rows + Self.rowsPerPiece - 1) / Self.rowsPerPiece * Self.rowsPerPiece
    }
}

extension SearchTables {
    /// The int8 rows of a matrix as vectors, and their factors.
    package static func quantized(_ index: SearchIndex, rows: Int, threads: Int) throws(CoreError) -> (
        SearchTables, [Float]
    ) {
        let exact = try index.tables(for: rows, threads: threads)
        let tables = try SearchTables(quantized: exact)
        var view = exact.cIndex
        view.scale = tables.scale.bound(to: Float.self)
        view.slack = tables.slack.bound(to: Float.self)
        let steps = [Float](unsafeUninitializedCapacity: rows) { buffer, count in
            if let steps = buffer.baseAddress { w2v_search_quantize(&view, 0, rows, steps) }
            count = rows
        }
        withExtendedLifetime(exact) {}
        return (tables, steps)
    }

    /// The int8 values of a row (D).
    package func bytes(of row: Int) -> [Int8] {
        precondition(row >= 0 && row < rows, "row outside of the matrix")
        let start = bytes.bound(to: Int8.self) + w2v_search_start(row, dimensions)
        let piece = Int(W2V_SEARCH_PIECE)
        return (0..<dimensions).map { start[$0 / piece * Int(W2V_SEARCH_STEP) + $0 % piece] }
    }
}
