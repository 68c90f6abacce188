/// Turns a run's states into progress values, at most ten a second. One thread at a time may use it.
struct ProgressReporter {
    private let epochs: Int
    private let report: (@Sendable (TrainingProgress) -> Void)?
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    /// The training's time before `start`.
    private let secondsBefore: Double
    private var last: ContinuousClock.Instant?
    /// What was known at the last update, told or not.
    private(set) var latest: TrainingProgress

    /// For a run that begins or goes on at `state`.
    init(
        epochs: Int, state: TrainingState, totalWords: Int, alpha: Float,
        report: (@Sendable (TrainingProgress) -> Void)?
    ) {
        self.epochs = epochs
        self.report = report
        start = clock.now
        secondsBefore = state.seconds
        latest = TrainingProgress(
            epoch: min(state.epoch + 1, epochs), epochs: epochs, words: state.words, totalWords: totalWords,
            alpha: alpha,
            losses: state.meanLosses, scores: state.scores, seconds: state.seconds)
    }

    /// The time that training took so far.
    var seconds: Double { secondsBefore + (clock.now - start) / .seconds(1) }

    /// Reports, if there is someone to tell and the last time is a while ago or this is the end.
    ///
    /// - Parameter epochsDone: if they are fewer than the state's, since some chunk is still in hand.
    mutating func update(_ state: TrainingState, alpha: Float, epochsDone: Int? = nil, ended: Bool = false) {
        guard report != nil || ended else { return }
        let now = clock.now
        if let last, !ended, now - last < .milliseconds(100) { return }
        last = now
        latest.alpha = alpha
        tell(state, epochsDone: epochsDone)
    }

    /// Reports at once.
    mutating func tell(_ state: TrainingState, epochsDone: Int? = nil) {
        latest = progress(state)
        if let epochsDone { latest.epochsDone = epochsDone }
        report?(latest)
    }

    /// A state as progress, at the learning rate of the last report.
    func progress(_ state: TrainingState) -> TrainingProgress {
        var progress = latest
        progress.epoch = min(state.epoch + 1, epochs)
        progress.epochsDone = state.epoch
        progress.words = state.words
        progress.losses = state.meanLosses
        progress.scores = state.scores
        progress.seconds = seconds
        return progress
    }
}
