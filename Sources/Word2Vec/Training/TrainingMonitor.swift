internal import Word2VecCore

/// Measures a run's loss, and calls those who watch the run and may stop it.
///
/// Each callback is called by one thread at a time, in the order of what it is told, and no thread waits for another's: one
/// that finds a callback under way goes on training.
final class TrainingMonitor: Sendable {
    private struct Measurements {
        /// The last figure.
        var loss: Double?
        /// What one takes.
        var cost: Double
        /// What those for progress alone took so far.
        var seconds = 0.0
    }

    private let epochs: Int
    private let totalWords: Int
    private let rate: LearningRate
    private let sample: LossSample
    private let report: (@Sendable (TrainingProgress) -> Void)?
    private let isStopWanted: @Sendable () -> Bool
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    /// The training's time before `start`.
    private let secondsBefore: Double
    private let measurements: Locked<Measurements>
    /// When progress was told last; held while it is told.
    private let lastReport: Locked<ContinuousClock.Instant?>
    /// Whether the run is to stop; held while somebody is asked.
    private let stop = Locked(false)

    /// The part of a run's time that the loss may take for progress alone.
    private static let shareOfTime = 0.005

    /// For a run that begins or goes on at `state`.
    init(
        options: TrainingOptions, control: TrainingControl, state: TrainingState, totalWords: Int, sample: LossSample,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        epochs = options.epochs
        self.totalWords = totalWords
        self.sample = sample
        rate = LearningRate(start: Float(options.effectiveAlpha), totalWords: totalWords)
        report = control.progress
        let shouldStop = control.shouldStop
        isStopWanted = { isCancelled() || shouldStop?() ?? false }
        start = clock.now
        secondsBefore = state.seconds
        measurements = Locked(Measurements(loss: state.knownLosses.last, cost: sample.estimatedSeconds))
        lastReport = Locked(nil)
    }

    /// The time that training took so far.
    var seconds: Double { secondsBefore + (clock.now - start) / .seconds(1) }

    // MARK: Stopping

    /// Asks whether the run is to stop. Once it is, nobody is asked again.
    func shouldStop() -> Bool {
        stop.withLockIfAvailable { stop in
            if !stop { stop = isStopWanted() }
            return stop
        } ?? false
    }

    /// Whether somebody wanted the run to stop. Waits for one who is being asked.
    var wasStopped: Bool { stop.withLock { $0 } }

    // MARK: The loss

    /// The loss of the parameters as they stand; nil if there is no window to measure it on.
    func measureLoss(of parameters: ModelParameters) -> Double? {
        let start = clock.now
        let loss = sample.loss(of: parameters)
        let seconds = (clock.now - start) / .seconds(1)
        measurements.withLock { ($0.loss, $0.cost) = (loss, seconds) }
        return loss
    }

    /// Measures it for progress alone, if the run is long enough by now.
    private func measureLossIfCheap(_ parameters: ModelParameters) {
        let isCheap = measurements.withLock { measurements in
            let seconds = (clock.now - start) / .seconds(1)
            guard measurements.seconds + measurements.cost <= Self.shareOfTime * seconds else { return false }
            measurements.seconds += measurements.cost
            return true
        }
        if isCheap { _ = measureLoss(of: parameters) }
    }

    // MARK: Progress

    /// Reports progress, if somebody listens and the last time is a while ago.
    ///
    /// - Parameter snapshot: the state, and the epochs that are trained and measured.
    func update(_ parameters: ModelParameters, _ snapshot: () -> (state: TrainingState, epochsDone: Int)) {
        guard let report else { return }
        lastReport.withLockIfAvailable { last in
            let now = clock.now
            if let last, now - last < .milliseconds(100) { return }
            last = now
            measureLossIfCheap(parameters)
            let (state, epochsDone) = snapshot()
            var progress = progress(state)
            progress.epochsDone = epochsDone
            report(progress)
        }
    }

    /// Reports progress at once, while no thread trains.
    func tell(_ state: TrainingState) {
        guard let report else { return }
        lastReport.withLock { last in
            last = clock.now
            report(progress(state))
        }
    }

    /// The learning rate that a state has come to.
    func alpha(of state: TrainingState) -> Float { state.original?.alpha ?? rate.rate(after: state.words) }

    /// A state as progress.
    func progress(_ state: TrainingState) -> TrainingProgress {
        var loss = measurements.withLock { $0.loss }
        // A measurement for progress may end after that of the last epoch, and is of earlier parameters.
        if state.hasEnded { loss = state.knownLosses.last ?? loss }
        return TrainingProgress(
            epoch: min(state.epoch + 1, epochs), epochsDone: state.epoch, epochs: epochs, words: state.words,
            totalWords: totalWords, keptWords: state.keptWords, pairs: state.pairs, alpha: alpha(of: state),
            loss: loss.flatMap { $0.isFinite ? $0 : nil }, losses: state.knownLosses,
            scores: state.scores, seconds: seconds)
    }
}
