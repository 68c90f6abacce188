internal import CWord2Vec
import Dispatch

/// The default mode: T workers train chunks of the corpus with the C core's block trainer, Hogwild.
///
/// Chunks are cut where sentences end and handed out in order; each has a generator of its own, named by the seed, the
/// epoch and the chunk's first token, so that which worker takes it does not matter to the numbers drawn.
struct BlockRun {
    let corpus: EncodedCorpus
    let options: TrainingOptions
    let parameters: ParameterStore

    /// A part of one epoch.
    private struct Chunk {
        var epoch: Int
        var tokens: Range<Int>
        var alpha: Float
    }

    /// The sampled loss of one epoch.
    private struct Loss {
        var sum = 0.0
        var pairs = 0
    }

    /// What the workers share, under a lock.
    private struct Board {
        var epoch = 0
        var next = 0
        var wordsDone = 0
        var losses: [Loss]
        var failure: Word2VecError?
        var reporter: ProgressReporter
    }

    func run(_ reporter: ProgressReporter) throws(Word2VecError) {
        let kernels = try InstructionSet.chosen().kernels
        let vocabulary = corpus.vocabulary
        let tree = try TreeMemory(HuffmanTree(counts: options.hierarchicalSoftmax ? vocabulary.counts : []))
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

        nonisolated(unsafe) var plan = w2v_block_plan(
            model: parameters.cModel,
            tree: tree.cTree,
            unigram: unigram.bound(to: w2v_alias.self),
            keep: keep.map { UnsafePointer($0.bound(to: UInt32.self)) },
            sigmoid: sigmoid.bound(to: w2v_sigmoid_table.self),
            kernels: kernels,
            longest_code: tree.longestCode,
            window: options.window,
            negatives: options.effectiveNegatives,
            pool: poolSize,
            reuse: options.effectiveReuse,
            loss_every: options.loss == .softmax ? 1 : Self.lossEvery,
            own_words: options.effectiveThreads > 1 ? Self.ownWords : 0,
            own_nodes: options.effectiveThreads > 1 ? Self.ownNodes : 0,
            merge_every: max(1, blocksBetweenMergers / options.effectiveThreads),
            share: options.sharing == .window ? W2V_SHARE_WINDOW : W2V_SHARE_PAIR,
            cbow: options.architecture == .cbow,
            cbow_divided: options.cbowGradient == .divided,
            softmax: options.loss == .softmax)
        let workspaceSize = w2v_block_workspace(&plan)
        var workspaces: [Memory] = []
        for _ in 0..<options.effectiveThreads {
            workspaces.append(try Memory(zeroed: workspaceSize, for: "workspace of a thread"))
        }

        let board = Locked(Board(losses: Array(repeating: Loss(), count: options.epochs), reporter: reporter))
        let shared = workspaces
        withUnsafePointer(to: plan) { plan in
            nonisolated(unsafe) let plan = plan
            DispatchQueue.concurrentPerform(iterations: shared.count) { thread in
                work(plan, workspace: shared[thread], board: board)
            }
        }
        withExtendedLifetime((parameters, corpus, tree, unigram, keep, sigmoid)) {}
        if let failure = board.withLock({ $0.failure }) { throw failure }
    }

    /// One worker: chunk after chunk until there is none.
    private func work(_ plan: UnsafePointer<w2v_block_plan>, workspace: Memory, board: Locked<Board>) {
        while let chunk = board.withLock({ nextChunk(&$0) }) {
            var worker = w2v_worker(
                workspace: workspace.base,
                random: w2v_random_stream(options.seed, UInt64(chunk.epoch), UInt64(chunk.tokens.lowerBound)),
                loss: 0, pairs: 0)
            let status = w2v_block_train(
                plan, &worker, corpus.tokens.pointer + chunk.tokens.lowerBound, Int64(chunk.tokens.count), chunk.alpha)
            let loss = Loss(sum: worker.loss, pairs: Int(worker.pairs))
            board.withLock { finish(chunk, status, loss, &$0) }
        }
    }

    /// Blocks to one whose loss is taken. A loss costs about three updates.
    private static let lossEvery = 256

    /// Hottest rows of which each of several threads has copies: of the words, and of the tree's nodes, eight levels.
    ///
    /// Measured with two threads, skip-gram, D = 100, over one thread: 1.73x without copies, 1.91x with 128 words;
    /// hierarchical softmax 1.01x without, 1.95x with 255 nodes.
    private static let ownWords = 128
    private static let ownNodes = 255

    /// Blocks that all threads together train from one merger of the copies to the next: as many as make some 256 updates
    /// of the most frequent word's row. That is what the copies may be out of step; the scores do not show it.
    ///
    /// With the full softmax every block changes all outputs; 16 blocks of each thread are worth a merger's time.
    private var blocksBetweenMergers: Int {
        guard options.loss == .approximate else { return 16 * options.effectiveThreads }
        let most = corpus.vocabulary.counts.dropFirst().max() ?? 1
        return min(4096, 256 * corpus.vocabulary.totalCount / max(most, 1))
    }

    /// Words of the noise pool: a power of two whose rows fill a quarter of a 1 MB cache at the most, and still hundreds
    /// of words where they can.
    private var poolSize: Int {
        guard options.effectiveNegatives > 0, options.effectiveReuse > 1 else { return 0 }
        var size = 1024
        while size > 128 && size * parameters.input.stride * MemoryLayout<Float>.stride > 1 << 18 { size /= 2 }
        return size
    }

    private var totalWords: Int { options.epochs * corpus.tokens.count }

    /// Tokens of a chunk, at the least: small enough for a learning rate that falls smoothly on a small corpus.
    private var chunkLength: Int { min(max(corpus.tokens.count / 64, 256), 10_000) }

    private func nextChunk(_ board: inout Board) -> Chunk? {
        if board.next == corpus.tokens.count {
            board.next = 0
            board.epoch += 1
        }
        guard board.failure == nil, board.epoch < options.epochs, corpus.tokens.count > 0 else { return nil }
        let start = board.next
        let rate = LearningRate(start: Float(options.effectiveAlpha), totalWords: totalWords)
        board.next = corpus.tokens.endOfChunk(from: start, length: chunkLength)
        return Chunk(
            epoch: board.epoch,
            tokens: start..<board.next,
            alpha: rate.rate(after: board.epoch * corpus.tokens.count + start))
    }

    private func finish(_ chunk: Chunk, _ status: w2v_status, _ loss: Loss, _ board: inout Board) {
        if status != W2V_OK && board.failure == nil {
            board.failure = .diverged(epoch: chunk.epoch + 1, alpha: chunk.alpha)
        }
        board.wordsDone += chunk.tokens.count
        board.losses[chunk.epoch].sum += loss.sum
        board.losses[chunk.epoch].pairs += loss.pairs
        // A slow worker may finish a chunk of the epoch before.
        board.reporter.update(
            epoch: min(board.epoch + 1, options.epochs), words: board.wordsDone, totalWords: totalWords,
            alpha: chunk.alpha,
            losses: board.losses.prefix { $0.pairs > 0 }.map { $0.sum / Double($0.pairs) },
            ended: board.wordsDone == totalWords)
    }
}
