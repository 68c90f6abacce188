private import CMachine
private import Foundation

/// A matrix as the trainer has it: rows of S floats, on cache lines, in 2 MB pages if the system grants them.
public final class RowTable {
    public let rows: Int
    /// S: the dimensions rounded up to a cache line.
    public let stride: Int
    private let base: UnsafeMutablePointer<Float>

    /// Rows of small random values.
    public init(rows: Int, dimensions: Int, generator: inout SeededGenerator) {
        self.rows = rows
        stride = (dimensions + 15) / 16 * 16
        let page = 2 << 20
        let bytes = (rows * stride * MemoryLayout<Float>.stride + page - 1) / page * page
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: page)
        #if os(Linux)
            madvise(memory, bytes, Int32(MADV_HUGEPAGE))
        #endif
        base = memory.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
        base.initialize(repeating: 0, count: bytes / MemoryLayout<Float>.stride)
        for row in 0..<rows {
            for d in 0..<dimensions {
                base[row * stride + d] = Float(Int32(truncatingIfNeeded: generator.next())) * 0x1p-35
            }
        }
    }

    /// The first value of a row.
    public subscript(row: Int) -> UnsafeMutablePointer<Float> {
        precondition(row >= 0 && row < rows, "row outside of the table")
        return base + row * stride
    }

    deinit {
        base.deallocate()
    }
}

/// Rows in an order, to be updated one after the other: a little at a time, round and round.
public final class RowWalk {
    private let order: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>
    private let count: Int
    private let stride: Int
    private let tables: [RowTable]
    private var next = 0

    /// The order is one of pointers to rows of these tables, which are alike.
    public init(_ order: [UnsafeMutablePointer<Float>], in tables: [RowTable]) {
        let ahead = Int(MACHINE_AHEAD)
        precondition(!order.isEmpty, "a walk over no rows")
        count = order.count
        stride = tables[0].stride
        self.tables = tables
        self.order = .allocate(capacity: count + ahead)
        for n in 0..<count + ahead { (self.order + n).initialize(to: order[n % count]) }
    }

    /// Seconds that it takes to read and update a row which is fetched ahead.
    public func secondsPerRow(lanes: Int, rows: Int = 10_000) -> Double {
        let rows = min(rows, count)
        if next + rows > count { next = 0 }
        let seconds = Core.time { machine_update_rows(Int32(lanes), order, next, next + rows, stride) }
        next += rows
        return seconds / Double(rows)
    }

    deinit {
        order.deallocate()
    }
}
