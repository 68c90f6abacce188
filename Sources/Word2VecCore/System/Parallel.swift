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
