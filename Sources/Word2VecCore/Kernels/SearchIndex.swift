internal import CWord2Vec
import Synchronization

/// What a search reads: rows with the inverses of their lengths, and an int8 copy of them.
package final class SearchTables: Sendable {
    package let rows: Int
    package let dimensions: Int
    /// The rows themselves; nil if only the int8 copy is left.
    package let matrix: FloatMatrix?
    /// 1 / length by row, as the C core has it; nil without a matrix.
    package let inverse: Memory?
    /// The int8 copy, in the order of `w2v_search_start`.
    package let bytes: Memory
    /// What the copy's products are multiplied with, and how far they are off at the most, by row.
    package let scale: Memory
    package let slack: Memory

    /// Tables for a matrix, to be filled.
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

    /// The int8 rows of `tables` as vectors of their own. `steps` is what a row's bytes are to be multiplied with.
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

    /// The C core's view; valid while this value is.
    var cIndex: w2v_search_index {
        w2v_search_index(
            rows: matrix.map { UnsafePointer($0.pointer) }, count: rows, dimensions: dimensions,
            stride: matrix?.stride ?? dimensions, inverse: inverse?.bound(to: Float.self),
            bytes: bytes.bound(to: Int8.self), scale: scale.bound(to: Float.self), slack: slack.bound(to: Float.self))
    }
}

/// A matrix's tables, made when the first search asks for them, as far as it asks: the vectors of a file are open as soon as
/// they are mapped. They take D + 12 bytes a row. Searches over rows that are filled wait for no lock.
package final class SearchIndex: Sendable {
    private let matrix: FloatMatrix
    private let tables = AtomicLazyReference<SearchTables>()
    /// Rows that the tables tell of; it grows while `filling` is held, after they are written.
    private let filled = Atomic(0)
    private let filling = Locked(())

    /// Rows of a piece of work; a multiple of a panel.
    private static let rowsPerPiece = 4096

    package init(_ matrix: FloatMatrix) {
        self.matrix = matrix
    }

    /// The tables, filled for the first `rows` rows at the least. O(`rows` x D) the first time.
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

    /// Up to the end of a piece.
    private func roundedUp(_ rows: Int) -> Int {
        (rows + Self.rowsPerPiece - 1) / Self.rowsPerPiece * Self.rowsPerPiece
    }
}

extension SearchTables {
    /// The int8 rows of a matrix as vectors, and what each row's bytes are to be multiplied with.
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
