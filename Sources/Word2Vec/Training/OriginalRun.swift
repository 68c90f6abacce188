internal import Word2VecCore

/// `-exact 1`: drives the copy of the original program, at one thread.
struct OriginalRun: TrainingEngine {
    /// Tokens between two reports of progress and questions whether to stop.
    private static let budget = 10_000

    private let trainer: OriginalTrainer

    init(
        corpus: EncodedCorpus, options: TrainingOptions, parameters: ModelParameters, tree: TreeMemory
    ) throws(Word2VecError) {
        trainer = try core(
            OriginalTrainer(
                tokens: corpus.tokens, counts: corpus.vocabulary.wordCounts, trainWords: corpus.countedWords,
                settings: options.trainerSettings, parameters: parameters, tree: tree))
    }

    func advance(
        _ state: inout TrainingState, _ parameters: ModelParameters, _ monitor: TrainingMonitor,
        pausesAtEpochEnds: Bool, isPauseDue: @escaping @Sendable (_ words: Int) -> Bool
    ) throws(Word2VecError) {
        var original = OriginalTrainer.State(state) ?? trainer.start
        let epoch = state.epoch
        while !state.hasEnded, !pausesAtEpochEnds || state.epoch == epoch, !monitor.shouldStop(),
            !isPauseDue(state.words)
        {
            guard trainer.train(&original, parameters, budget: Self.budget) else {
                throw .diverged(epoch: state.epoch + 1, alpha: original.alpha)
            }
            let epochBefore = state.epoch
            state.take(original)
            if state.epoch > epochBefore {
                let loss = monitor.measureLoss(of: parameters)
                guard loss?.isFinite ?? true else { throw .diverged(epoch: state.epoch, alpha: original.alpha) }
                state.losses[epochBefore] = loss
            }
            monitor.update(parameters) { (state, state.epoch) }
        }
    }
}

extension OriginalTrainer.State {
    /// nil for a run that has not begun.
    fileprivate init?(_ state: TrainingState) {
        guard let original = state.original else { return nil }
        self.init(
            random: original.random, position: state.position, epochsLeft: state.losses.count - state.epoch,
            wordCount: original.wordCount, lastCount: original.lastCount, done: original.done, kept: state.keptWords,
            pairs: state.pairs, alpha: original.alpha)
    }
}

extension TrainingState {
    /// Takes what the trainer has come to.
    fileprivate mutating func take(_ state: OriginalTrainer.State) {
        original = Original(
            random: state.random, wordCount: state.wordCount, lastCount: state.lastCount, done: state.done,
            alpha: state.alpha)
        epoch = losses.count - state.epochsLeft
        position = state.position
        words = state.done + state.wordCount - state.lastCount
        keptWords = state.kept
        pairs = state.pairs
    }
}
