internal import Word2VecCore

/// A run from its start, or from a checkpoint, to its end: lets an engine train, and between two stretches evaluates, keeps
/// the state, and ends early.
struct TrainingRun {
    private let corpus: EncodedCorpus
    private let options: TrainingOptions
    private let control: TrainingControl
    private var parameters: ModelParameters
    private let engine: any TrainingEngine
    private var state: TrainingState
    private let monitor: TrainingMonitor
    /// The vectors of the best epoch, if they are wanted and there were any.
    private var best: FloatMatrix?
    private var schedule: CheckpointSchedule
    /// For checkpoints.
    private let fingerprint: CorpusFingerprint?
    private var checkpointFailure: Word2VecError?

    /// - Parameters:
    ///   - checkpoint: of a run with these options on this corpus.
    ///   - isCancelled: ends the run as `control.shouldStop` does.
    init(
        corpus: EncodedCorpus, options: TrainingOptions, control: TrainingControl, from checkpoint: Checkpoint?,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws(Word2VecError) {
        (self.corpus, self.options, self.control) = (corpus, options, control)
        try control.checkpoints?.interval.validate()
        if let plan = control.checkpoints {
            try Safetensors.checkFit(of: corpus.vocabulary.table, path: plan.path)
        }
        parameters = try ModelParameters(words: corpus.vocabulary.count, options: options)
        fingerprint = control.checkpoints == nil ? nil : try CorpusFingerprint(of: corpus)
        if let checkpoint {
            state = checkpoint.state
            best = try checkpoint.load(parameters)
            // The best so far can only be kept if its vectors were.
            if best == nil, control.patience != nil { state.firstRated = state.scores.count }
        } else {
            state = TrainingState(epochs: options.epochs)
            if let vectors = control.initialVectors { try parameters.start(from: vectors, for: corpus.vocabulary) }
        }
        let tree = try core(
            TreeMemory(HuffmanTree(counts: options.hierarchicalSoftmax ? corpus.vocabulary.counts : [])))
        engine =
            options.exact
            ? try OriginalRun(corpus: corpus, options: options, parameters: parameters, tree: tree)
            : try BlockRun(corpus: corpus, options: options, parameters: parameters, tree: tree)
        let sample = try core(
            LossSample(
                of: corpus.heldOut?.tokens ?? corpus.tokens, counts: corpus.vocabulary.wordCounts,
                settings: options.trainerSettings, dimensions: options.dimensions, epoch: corpus.tokenCount, tree: tree)
        )
        if let heldOut = corpus.heldOut, sample.predictions == 0 { throw heldOut.cannotBeMeasured }
        let totalWords = options.epochs * (options.exact ? corpus.countedWords : corpus.tokenCount)
        monitor = TrainingMonitor(
            options: options, control: control, state: state, totalWords: totalWords, sample: sample,
            isCancelled: isCancelled)
        schedule = CheckpointSchedule(control.checkpoints?.interval, totalWords: totalWords, words: state.words)
    }

    mutating func run() throws(Word2VecError) -> TrainingResult {
        while !state.hasEnded {
            let schedule = schedule
            try engine.advance(&state, parameters, monitor, pausesAtEpochEnds: control.evaluation != nil) { words in
                schedule.isDue(words: words)
            }
            if state.hasEnded { monitor.tell(state) }
            if state.position == 0, state.epoch > state.scores.count { try evaluate() }
            if monitor.wasStopped { break }
            guard !state.hasEnded, schedule.isDue(words: state.words) else { continue }
            try checkFinite()
            writeCheckpoint()
        }
        try checkFinite()
        writeCheckpoint()
        return result
    }

    private var result: TrainingResult {
        let isBest = control.patience != nil
        return TrainingResult(
            vectors: WordVectors(
                words: corpus.vocabulary.table, matrix: isBest ? best ?? parameters.input : parameters.input,
                counts: corpus.vocabulary.counts),
            ending: state.hasStoppedEarly ? .stoppedEarly : state.hasEnded ? .complete : .interrupted,
            progress: monitor.progress(state),
            bestEpoch: state.bestEpoch.map { $0 + 1 },
            checkpointFailure: checkpointFailure)
    }

    private func checkFinite() throws(Word2VecError) {
        guard parameters.isFinite else {
            let isAtEnd = state.position == 0 && state.epoch > 0
            throw .diverged(epoch: isAtEnd ? state.epoch : state.epoch + 1, alpha: monitor.alpha(of: state))
        }
    }

    /// Takes the score of the epoch that has just ended.
    private mutating func evaluate() throws(Word2VecError) {
        guard let evaluation = control.evaluation else { return }
        try checkFinite()
        // Epochs before a checkpoint that was written without an evaluation have no scores.
        while state.scores.count < state.epoch - 1 { state.scores.append(nil) }
        var loan = parameters.input.lent()
        let score = try evaluation(
            WordVectors(words: corpus.vocabulary.table, matrix: loan.matrix, counts: corpus.vocabulary.counts))
        state.scores.append(score.flatMap { $0.isFinite ? $0 : nil })
        if let patience = control.patience {
            let bestEpoch = state.bestEpoch
            if bestEpoch == state.epoch - 1 {
                if let best {
                    best.setRows(to: parameters.input)
                } else {
                    best = try core(parameters.input.copy(for: "the best vectors of -early-stop"))
                }
            }
            state.hasStoppedEarly = state.epoch < options.epochs && state.scoresSinceBest >= patience
        }
        if !state.hasEnded, !loan.isOver() { try core(parameters.moveInput()) }
        monitor.tell(state)
    }

    /// Keeps the state, with finite parameters. That it cannot be written is no reason to stop.
    private mutating func writeCheckpoint() {
        guard let plan = control.checkpoints, let fingerprint else { return }
        state.seconds = monitor.seconds
        do throws(Word2VecError) {
            try CheckpointFile.write(
                CheckpointFile.Record(
                    instructionSet: InstructionSet.chosen().rawValue, options: options, corpus: fingerprint,
                    state: state,
                    note: plan.note),
                vocabulary: corpus.vocabulary, parameters: parameters, best: best, to: plan.path)
            checkpointFailure = nil
        } catch {
            checkpointFailure = error
        }
        plan.report?(checkpointFailure)
        schedule.restart(words: state.words)
    }
}

/// When the next checkpoint is due.
private struct CheckpointSchedule: Sendable {
    private let interval: CheckpointPlan.Interval?
    private let totalWords: Int
    private let clock = ContinuousClock()
    private var time: ContinuousClock.Instant
    /// Words at the last checkpoint, and those at which the next is due.
    private var (before, words) = (0, Int.max)

    init(_ interval: CheckpointPlan.Interval?, totalWords: Int, words: Int) {
        self.interval = interval
        self.totalWords = totalWords
        time = clock.now
        restart(words: words)
    }

    /// Counts from now, when so many words are trained. Shares of the run fall at the same words however often it is resumed.
    mutating func restart(words: Int) {
        before = words
        switch interval {
        case .minutes(let minutes): time = clock.now + .seconds(60 * minutes)
        case .percent(let percent):
            let step = max(1, Double(totalWords) * percent / 100)
            self.words = Int((((Double(words) / step).rounded(.down) + 1) * step).rounded(.up))
        case nil: break
        }
    }

    func isDue(words: Int) -> Bool {
        // Without a chunk in between, rounding might have it due again at once, and for ever.
        guard words > before else { return false }
        return switch interval {
        case .minutes: clock.now >= time
        case .percent: words >= self.words
        case nil: false
        }
    }
}
