internal import CWord2Vec
import Dispatch

/// The default mode: T workers train chunks of the corpus with the C core's block trainer, Hogwild.
///
/// Chunks are cut where sentences end and handed out in order; each has a generator of its own, named by the seed, the
/// epoch and the chunk's first token, so that which worker takes it does not matter to the numbers drawn.
struct BlockRun: TrainingEngine {
    private let corpus: EncodedCorpus
    private let options: TrainingOptions
    /// What the plan points to.
    private let tree: TreeMemory
    private let tables: [Memory]
    /// A `w2v_block_plan`.
    private let plan: Memory
    /// One for each thread.
    private let workspaces: [Memory]

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
        corpus: EncodedCorpus, options: TrainingOptions, parameters: ParameterStore, tree: TreeMemory
    ) throws(Word2VecError) {
        (self.corpus, self.options, self.tree) = (corpus, options, tree)
        let kernels = try InstructionSet.chosen().kernels
        let vocabulary = corpus.vocabulary
        let alias = AliasTable(
            negativesFor: options.effectiveNegatives > 0 ? vocabulary.counts : [], exponent: options.noiseExponent)
        let unigram = try Memory(
            copying: zip(alias.thresholds, alias.aliases).map { w2v_alias(threshold: $0, alias: $1) },
            for: "unigram table")
        let keep = try Subsampling.keepThresholds(
            counts: vocabulary.counts, totalCount: vocabulary.totalCount, sample: Float(options.sample)
        ).map { (thresholds) throws(Word2VecError) in try Memory(copying: thresholds, for: "subsampling") }
        let sigmoid = try Memory(zeroed: MemoryLayout<w2v_sigmoid_table>.stride, for: "sigmoid table")
        w2v_sigmoid_fill(sigmoid.bound(to: w2v_sigmoid_table.self))
        tables = [unigram, sigmoid] + (keep.map { [$0] } ?? [])

        var plan = w2v_block_plan(
            model: parameters.cModel,
            tree: tree.cTree,
            unigram: unigram.bound(to: w2v_alias.self),
            keep: keep.map { UnsafePointer($0.bound(to: UInt32.self)) },
            sigmoid: sigmoid.bound(to: w2v_sigmoid_table.self),
            kernels: kernels,
            longest_code: tree.longestCode,
            window: options.window,
            negatives: options.effectiveNegatives,
            pool: Self.poolSize(options, parameters),
            reuse: options.effectiveReuse,
            own_words: options.effectiveThreads > 1 ? Self.ownWords : 0,
            own_nodes: options.effectiveThreads > 1 ? Self.ownNodes : 0,
            merge_every: Self.mergeInterval(options, vocabulary),
            share: options.sharing == .window ? W2V_SHARE_WINDOW : W2V_SHARE_PAIR,
            cbow: options.architecture == .cbow,
            cbow_divided: options.cbowGradient == .divided,
            softmax: options.loss == .softmax)
        precondition(w2v_block_check(&plan) == W2V_OK, "options that were not checked")
        self.plan = try Memory(copying: [plan], for: "plan")
        let workspaceSize = w2v_block_workspace(&plan)
        var workspaces: [Memory] = []
        for _ in 0..<options.effectiveThreads {
            workspaces.append(try Memory(zeroed: workspaceSize, for: "workspace of a thread"))
        }
        self.workspaces = workspaces
    }

    func advance(
        _ state: inout TrainingState, _ parameters: ParameterStore, _ monitor: TrainingMonitor,
        pausesAtEpochEnds: Bool, isPauseDue: @escaping @Sendable (_ words: Int) -> Bool
    ) throws(Word2VecError) {
        plan.bound(to: w2v_block_plan.self).pointee.model = parameters.cModel
        let none = [Int?](repeating: nil, count: workspaces.count)
        let board = Locked(
            Board(state: state, epochsInTraining: none, epochsMeasured: none, pausesAtEpochEnds: pausesAtEpochEnds))
        DispatchQueue.concurrentPerform(iterations: workspaces.count) { thread in
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
        _ thread: Int, _ board: Locked<Board>, _ parameters: ParameterStore, _ monitor: TrainingMonitor,
        _ isPauseDue: (Int) -> Bool
    ) {
        while true {
            let words = board.withLock { $0.state.words }
            if monitor.shouldStop() || isPauseDue(words) { board.withLock { $0.isPaused = true } }
            guard let chunk = board.withLock({ nextChunk(for: thread, &$0) }) else { return }
            var worker = w2v_worker(
                workspace: workspaces[thread].base,
                random: w2v_random_stream(options.seed, UInt64(chunk.epoch), UInt64(chunk.tokens.lowerBound)),
                words: 0, pairs: 0)
            let status = w2v_block_train(
                plan.bound(to: w2v_block_plan.self), &worker, corpus.tokens.pointer + chunk.tokens.lowerBound,
                Int64(chunk.tokens.count), chunk.alpha)
            let endsEpoch = board.withLock { endTraining(chunk, of: thread, status, &$0) }
            let loss = endsEpoch ? monitor.measureLoss(of: parameters) : nil
            board.withLock { finish(chunk, of: thread, worker, loss, &$0) }
            monitor.update(parameters) { board.withLock { ($0.state, $0.epochsDone) } }
        }
    }

    /// Hottest rows of which each of several threads has copies: of the words, and of the tree's nodes, eight levels.
    ///
    /// Measured with two threads, skip-gram, D = 100, over one thread: 1.73x without copies, 1.91x with 128 words;
    /// hierarchical softmax 1.01x without, 1.95x with 255 nodes.
    private static let ownWords = 128
    private static let ownNodes = 255

    /// Blocks that a thread trains from one merge of its copies to the next. All threads together train as many as make about
    /// 256 updates of the most frequent word's row; the scores do not show that copies differ by so much. With more than 8
    /// threads each merges as often as with 8: otherwise merging takes a quarter of the time of 64 threads.
    ///
    /// With the full softmax every block changes all outputs, and 16 blocks of a thread are worth the time of a merge.
    private static func mergeInterval(_ options: TrainingOptions, _ vocabulary: Vocabulary) -> Int {
        guard options.loss == .approximate else { return 16 }
        let largest = vocabulary.counts.dropFirst().max() ?? 1
        return max(1, min(4096, 256 * vocabulary.totalCount / max(largest, 1)) / min(options.effectiveThreads, 8))
    }

    /// Words of the noise pool: a power of two whose rows fill a quarter of a 1 MB cache at the most, and still hundreds
    /// of words where they can.
    private static func poolSize(_ options: TrainingOptions, _ parameters: ParameterStore) -> Int {
        guard options.effectiveNegatives > 0, options.effectiveReuse > 1 else { return 0 }
        var size = 1024
        while size > 128 && size * parameters.input.stride * MemoryLayout<Float>.stride > 1 << 18 { size /= 2 }
        return size
    }

    private var totalWords: Int { options.epochs * corpus.tokens.count }

    /// Tokens of a chunk, at the least: small enough for a learning rate that falls smoothly on a small corpus.
    private var chunkLength: Int { min(max(corpus.tokens.count / 64, 256), 10_000) }

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
        _ chunk: Chunk, of thread: Int, _ status: w2v_status, _ board: inout Board
    ) -> Bool {
        board.epochsInTraining[thread] = nil
        guard status == W2V_OK else {
            board.fail(chunk)
            return false
        }
        guard board.state.epoch > chunk.epoch, !board.epochsInTraining.contains(chunk.epoch) else { return false }
        board.epochsMeasured[thread] = chunk.epoch
        return true
    }

    private func finish(
        _ chunk: Chunk, of thread: Int, _ worker: w2v_worker, _ loss: Double?, _ board: inout Board
    ) {
        board.epochsMeasured[thread] = nil
        board.state.words += chunk.tokens.count
        board.state.keptWords += Int(worker.words)
        board.state.pairs += Int(worker.pairs)
        guard let loss else { return }
        board.state.losses[chunk.epoch] = loss
        if !loss.isFinite { board.fail(chunk) }
    }
}
