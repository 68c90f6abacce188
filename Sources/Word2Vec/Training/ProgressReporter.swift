/// Turns a run's counts into progress values, at most ten a second. One thread at a time may use it.
struct ProgressReporter {
    private let epochs: Int
    private let report: (@Sendable (TrainingProgress) -> Void)?
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var last: ContinuousClock.Instant?

    init(epochs: Int, report: (@Sendable (TrainingProgress) -> Void)?) {
        self.epochs = epochs
        self.report = report
        start = clock.now
    }

    /// Reports, if there is someone to tell and the last time is a while ago or this is the end.
    mutating func update(
        epoch: Int, words: Int, totalWords: Int, alpha: Float, losses: @autoclosure () -> [Double] = [],
        ended: Bool = false
    ) {
        guard let report else { return }
        let now = clock.now
        if let last, !ended, now - last < .milliseconds(100) { return }
        last = now
        report(
            TrainingProgress(
                epoch: epoch, epochs: epochs, words: words, totalWords: totalWords, alpha: alpha, losses: losses(),
                seconds: (now - start) / .seconds(1)))
    }
}
