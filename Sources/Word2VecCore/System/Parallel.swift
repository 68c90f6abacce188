import Dispatch

/// The results of `body` for 0 ..< count, computed on the machine's cores. Of several errors the first in order is thrown.
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

/// The results of `body` for ranges that make up 0 ..< count, each of at least `least`, computed on the machine's cores. Of
/// several errors the first in order is thrown.
public func inParallelRanges<Value, Failure: Error>(
    of count: Int, least: Int = 1024, _ body: @Sendable (Range<Int>) throws(Failure) -> Value
) throws(Failure) -> [Value] {
    let pieces = max(1, min(64, count / max(least, 1)))
    return try inParallel(pieces) { (piece) throws(Failure) in
        try body(count * piece / pieces..<count * (piece + 1) / pieces)
    }
}

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

/// Whether the task that calls is cancelled, as a question that its helpers on other threads may ask, too, while `body` runs.
/// Outside of a task it never is.
package func withTaskCancellation<Value, Failure: Error>(
    _ body: (_ isCancelled: @escaping CancellationCheck) throws(Failure) -> Value
) throws(Failure) -> Value {
    let outcome = withUnsafeCurrentTask { task -> Result<Value, Failure> in
        // Good for the time of this call; isCancelled may be asked from any thread.
        nonisolated(unsafe) let task = task
        do throws(Failure) {
            return .success(try body { task?.isCancelled ?? false })
        } catch {
            return .failure(error)
        }
    }
    return try outcome.get()
}
