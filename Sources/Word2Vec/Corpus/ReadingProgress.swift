/// Where the reading of a text stands, before the training.
public struct ReadingProgress: Sendable, Equatable {
    /// Bytes read so far, of all files. From 0 again if the text is read a second time, as `exact` may have to with more than
    /// 21 million distinct words.
    public var bytes: Int
    /// Bytes of the whole text; nil if a stream is part of it, whose end nobody knows.
    public var totalBytes: Int?
    /// Tokens met so far, sentence ends included; with a vocabulary that was given, those inside it.
    public var words: Int
    /// Seconds since the reading began.
    public var seconds: Double

    /// 0 ... 1; nil if nobody knows.
    public var fraction: Double? { totalBytes.map { $0 > 0 ? min(1, Double(bytes) / Double($0)) : 1 } }

    /// Bytes of the text a second.
    public var bytesPerSecond: Double { seconds > 0 ? Double(bytes) / seconds : 0 }
}

/// Adds up what the threads have read, and tells of it at most ten times a second.
final class ReadingMeter: Sendable {
    private struct State {
        var bytes = 0
        var words = 0
        var last: ContinuousClock.Instant
    }

    private let totalBytes: Int?
    private let report: @Sendable (ReadingProgress) -> Void
    private let now: @Sendable () -> ContinuousClock.Instant
    private let start: ContinuousClock.Instant
    private let state: Locked<State>

    init(
        totalBytes: Int?, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        report: @escaping @Sendable (ReadingProgress) -> Void
    ) {
        self.totalBytes = totalBytes
        self.now = now
        self.report = report
        start = now()
        state = Locked(State(last: start))
    }

    /// The text is read from the front.
    func begin() {
        state.withLock { ($0.bytes, $0.words) = (0, 0) }
    }

    func add(bytes: Int, words: Int) {
        let now = now()
        state.withLock { state in
            state.bytes += bytes
            state.words += words
            guard now - state.last >= .milliseconds(100) else { return }
            state.last = now
            tell(state, now)
        }
    }

    /// All is read, which is told in any case.
    func end() {
        state.withLock { state in
            state.last = now()
            tell(state, state.last)
        }
    }

    /// Called with the lock, so that no two threads tell at once.
    private func tell(_ state: State, _ now: ContinuousClock.Instant) {
        report(
            ReadingProgress(
                bytes: state.bytes, totalBytes: totalBytes, words: state.words, seconds: (now - start) / .seconds(1)))
    }
}
