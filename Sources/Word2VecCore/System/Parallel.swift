import Dispatch

/// The results of `body` for 0 ..< count, computed on all cores. If several calls throw, the error of the first in
/// order is thrown.
public func inParallel<Value, Failure: Error>(
    _ count: Int, _ body: @Sendable (Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
    if count == 1 { return [try body(0)] }
    let outcomes = Locked([Result<Value, Failure>?](repeating: nil, count: count))
    @Sendable func run(_ index: Int) {
        let outcome: Result<Value, Failure>
        do throws(Failure) {
            outcome = .success(try body(index))
        } catch {
            outcome = .failure(error)
        }
        outcomes.withLock { $0[index] = outcome }
    }
    withoutActuallyEscaping(body) { _ in DispatchQueue.concurrentPerform(iterations: count, execute: run) }
    var values: [Value] = []
    for outcome in outcomes.withLock({ $0 }) {
        if let outcome { values.append(try outcome.get()) }
    }
    return values
}

/// The results of `body` for ranges that cover 0 ..< count, each at least `least` long, computed on all cores. If
/// several calls throw, the error of the first in order is thrown.
public func inParallelRanges<Value, Failure: Error>(
    of count: Int, least: Int = 1024, _ body: @Sendable (Range<Int>) throws(Failure) -> Value
) throws(Failure) -> [Value] {
    let pieces = max(1, min(64, count / max(least, 1)))
    return try inParallel(pieces) { (piece) throws(Failure) in
        try body(count * piece / pieces..<count * (piece + 1) / pieces)
    }
}

/// Rows that threads take in pieces, in order.
package final class Pieces: Sendable {
    private let rows: Range<Int>
    private let length: Int
    private let start: Locked<Int>

    package init(_ rows: Range<Int>, of length: Int) {
        self.rows = rows
        self.length = length
        start = Locked(rows.lowerBound)
    }

    /// The number of rows.
    package var count: Int { (rows.count + length - 1) / length }

    /// The next piece. Nil when all are taken.
    package func next() -> Range<Int>? {
        start.withLock { start in
            guard start < rows.upperBound else { return nil }
            defer { start = min(start + length, rows.upperBound) }
            return start..<min(start + length, rows.upperBound)
        }
    }

    /// The number of threads for this many multiply-adds: one for about each half millisecond of work, up to the number
    /// of cores.
    package static func threads(for operations: Int) -> Int {
        max(1, min(Processor.cores, operations / 5_000_000))
    }
}

/// Passes `body` a check whether the calling task is cancelled, which other threads may call, too, while `body` runs.
/// Outside of a task it returns false.
package func withTaskCancellation<Value, Failure: Error>(
    _ body: (_ isCancelled: @escaping CancellationCheck) throws(Failure) -> Value
) throws(Failure) -> Value {
    let outcome = withUnsafeCurrentTask { task -> Result<Value, Failure> in
        // Valid during this call; isCancelled may be called from any thread.
        nonisolated(unsafe) let task = task
        do throws(Failure) {
            return .success(try body { task?.isCancelled ?? false })
        } catch {
            return .failure(error)
        }
    }
    return try outcome.get()
}
