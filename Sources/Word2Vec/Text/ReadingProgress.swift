internal import Word2VecCore

/// The progress of reading a text, before training.
public struct ReadingProgress: Sendable, Equatable {
    /// Bytes read so far, of all files. For a compressed file they are bytes of the file, not of its text. The count starts
    /// again at 0 if the text is read a second time, as with `exact` and more than 21 million distinct words.
    public var bytes: Int
    /// Bytes of all files; nil if one of them is a stream.
    public var totalBytes: Int?
    /// Tokens read so far, sentence ends included; with a given vocabulary, only its words.
    public var words: Int
    /// Seconds since the reading began.
    public var seconds: Double

    /// 0 ... 1; nil if the total is unknown.
    public var fraction: Double? { totalBytes.map { $0 > 0 ? min(1, Double(bytes) / Double($0)) : 1 } }

    /// Bytes of the files a second.
    public var bytesPerSecond: Double { seconds > 0 ? Double(bytes) / seconds : 0 }
}

/// What accompanies the reading of a text.
struct ReadingWatch: Sendable {
    var meter: ReadingMeter?
    /// Ends it with ``Word2VecError/interrupted(checkpoint:)``.
    var isCancelled: CancellationCheck?
}

/// Adds up what the threads have read, and tells of it at most ten times a second. No thread waits for the one that tells.
final class ReadingMeter: Sendable {
    private struct Amount {
        var bytes = 0
        var words = 0
    }

    private let totalBytes: Int?
    private let report: @Sendable (ReadingProgress) -> Void
    private let now: @Sendable () -> ContinuousClock.Instant
    private let start: ContinuousClock.Instant
    private let amount = Locked(Amount())
    /// When it was told last; held while it is told.
    private let lastReport: Locked<ContinuousClock.Instant>

    init(
        totalBytes: Int?, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        report: @escaping @Sendable (ReadingProgress) -> Void
    ) {
        self.totalBytes = totalBytes
        self.now = now
        self.report = report
        start = now()
        lastReport = Locked(start)
    }

    /// The text is read from the front.
    func begin() {
        amount.withLock { $0 = Amount() }
    }

    func add(_ bytes: Int, _ words: Int) {
        amount.withLock { amount in
            amount.bytes += bytes
            amount.words += words
        }
        lastReport.withLockIfAvailable { last in
            guard now() - last >= .milliseconds(100) else { return }
            tell(&last)
        }
    }

    /// All is read, which is told in any case.
    func end() {
        lastReport.withLock { tell(&$0) }
    }

    private func tell(_ last: inout ContinuousClock.Instant) {
        last = now()
        let amount = amount.withLock { $0 }
        report(
            ReadingProgress(
                bytes: amount.bytes, totalBytes: totalBytes, words: amount.words,
                seconds: (last - start) / .seconds(1)))
    }
}
