import Dispatch
internal import Word2VecCore

/// The default mode: T workers train chunks of the corpus with the C core's block trainer, Hogwild.
///
/// Chunks are cut where sentences end and handed out in order; each has a generator of its own, named by the seed, the
/// epoch and the chunk's first token, so that which worker takes it does not matter to the numbers drawn.
struct BlockRun: TrainingEngine {
    private let corpus: EncodedCorpus
    private let options: TrainingOptions
    private let trainer: BlockTrainer

    /// A part of one epoch.
    private struct Chunk {
        var epoch: Int
        var tokens: Range<Int>
        var alpha: Float
    }

    /// What the workers share, under a lock.
    private struct Board {
        /// Up to the next chunk to be taken, but for `words`: those are trained.
        var state: TrainingState
        var isPaused = false
        /// The epoch of the chunk that each worker trains.
        var epochsInTraining: [Int?]
        /// The epoch whose loss each worker measures.
        var epochsMeasured: [Int?]
        var failure: Word2VecError?
        let pausesAtEpochEnds: Bool

        /// Epochs that are trained to their end and measured.
        var epochsDone: Int {
            zip(epochsInTraining, epochsMeasured).reduce(state.epoch) { min($0, $1.0 ?? .max, $1.1 ?? .max) }
        }

        mutating func fail(_ chunk: Chunk) {
            if failure == nil { failure = .diverged(epoch: chunk.epoch + 1, alpha: chunk.alpha) }
        }
    }

    init(
        corpus: EncodedCorpus, options: TrainingOptions, parameters: ModelParameters, tree: TreeMemory
    ) throws(Word2VecError) {
        (self.corpus, self.options) = (corpus, options)
        trainer = try core(
            BlockTrainer(
                tokens: corpus.tokens, counts: corpus.vocabulary.wordCounts, settings: options.trainerSettings,
                parameters: parameters, tree: tree))
    }

    func advance(
        _ state: inout TrainingState, _ parameters: ModelParameters, _ monitor: TrainingMonitor,
        pausesAtEpochEnds: Bool, isPauseDue: @escaping @Sendable (_ words: Int) -> Bool
    ) throws(Word2VecError) {
        trainer.use(parameters)
        let none = [Int?](repeating: nil, count: trainer.threads)
        let board = Locked(
            Board(state: state, epochsInTraining: none, epochsMeasured: none, pausesAtEpochEnds: pausesAtEpochEnds))
        DispatchQueue.concurrentPerform(iterations: trainer.threads) { thread in
            work(thread, board, parameters, monitor, isPauseDue)
        }
        let failure = board.withLock { board in
            state = board.state
            return board.failure
        }
        if let failure { throw failure }
    }

    /// One worker: chunk after chunk until there is none. Nothing that takes time is done with the board.
    private func work(
        _ thread: Int, _ board: Locked<Board>, _ parameters: ModelParameters, _ monitor: TrainingMonitor,
        _ isPauseDue: (Int) -> Bool
    ) {
        while true {
            let words = board.withLock { $0.state.words }
            if monitor.shouldStop() || isPauseDue(words) { board.withLock { $0.isPaused = true } }
            guard let chunk = board.withLock({ nextChunk(for: thread, &$0) }) else { return }
            let outcome = trainer.train(
                chunk.tokens, ofEpoch: chunk.epoch, alpha: chunk.alpha, thread: thread)
            let endsEpoch = board.withLock { endTraining(chunk, of: thread, outcome, &$0) }
            let loss = endsEpoch ? monitor.measureLoss(of: parameters) : nil
            board.withLock { finish(chunk, of: thread, outcome, loss, &$0) }
            monitor.update(parameters) { board.withLock { ($0.state, $0.epochsDone) } }
        }
    }

    private var totalWords: Int { options.epochs * corpus.tokens.count }

    private var chunkLength: Int { BlockTrainer.partLength(of: corpus.tokens.count) }

    private func nextChunk(for thread: Int, _ board: inout Board) -> Chunk? {
        guard board.failure == nil, !board.isPaused, !board.state.hasEnded, corpus.tokens.count > 0 else {
            board.isPaused = true
            return nil
        }
        let (epoch, start) = (board.state.epoch, board.state.position)
        board.epochsInTraining[thread] = epoch
        let end = corpus.tokens.endOfChunk(from: start, length: chunkLength)
        board.state.position = end
        if end == corpus.tokens.count {
            board.state.epoch += 1
            board.state.position = 0
            board.isPaused = board.pausesAtEpochEnds
        }
        let rate = LearningRate(start: Float(options.effectiveAlpha), totalWords: totalWords)
        return Chunk(
            epoch: epoch, tokens: start..<end, alpha: rate.rate(after: epoch * corpus.tokens.count + start))
    }

    /// Returns whether the chunk was the last of its epoch to be trained. Then the worker measures the loss.
    private func endTraining(
        _ chunk: Chunk, of thread: Int, _ outcome: BlockTrainer.Outcome, _ board: inout Board
    ) -> Bool {
        board.epochsInTraining[thread] = nil
        guard outcome.isFinite else {
            board.fail(chunk)
            return false
        }
        guard board.state.epoch > chunk.epoch, !board.epochsInTraining.contains(chunk.epoch) else { return false }
        board.epochsMeasured[thread] = chunk.epoch
        return true
    }

    private func finish(
        _ chunk: Chunk, of thread: Int, _ outcome: BlockTrainer.Outcome, _ loss: Double?, _ board: inout Board
    ) {
        board.epochsMeasured[thread] = nil
        board.state.words += chunk.tokens.count
        board.state.keptWords += outcome.words
        board.state.pairs += outcome.pairs
        guard let loss else { return }
        board.state.losses[chunk.epoch] = loss
        if !loss.isFinite { board.fail(chunk) }
    }
}
