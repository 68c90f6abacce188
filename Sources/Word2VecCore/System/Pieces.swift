/// Rows that threads take piece by piece, in order.
package final class Pieces: Sendable {
    private let rows: Range<Int>
    private let length: Int
    private let start: Locked<Int>

    package init(_ rows: Range<Int>, of length: Int) {
        self.rows = rows
        self.length = length
        start = Locked(rows.lowerBound)
    }

    /// How many there are in all.
    package var count: Int { (rows.count + length - 1) / length }

    /// The next piece; nil when all are taken.
    package func next() -> Range<Int>? {
        start.withLock { start in
            guard start < rows.upperBound else { return nil }
            defer { start = min(start + length, rows.upperBound) }
            return start..<min(start + length, rows.upperBound)
        }
    }

    /// Threads for so many multiply-adds: one for each half a millisecond or so of work, up to the processor's cores.
    package static func threads(for operations: Int) -> Int {
        max(1, min(Processor.cores, operations / 5_000_000))
    }
}
