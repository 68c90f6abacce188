internal import CWord2Vec

/// `-exact 1`: drives the C core's copy of the original program, at one thread.
struct OriginalRun: TrainingEngine {
    /// Tokens between two reports of progress and questions whether to stop.
    private static let budget: Int64 = 10_000

    private let corpus: EncodedCorpus
    private let options: TrainingOptions
    /// What the plan points to.
    private let tree: TreeMemory
    private let tables: [Memory]
    private let workspace: Memory
    private let plan: w2v_original_plan

    init(
        corpus: EncodedCorpus, options: TrainingOptions, parameters: ParameterStore, tree: TreeMemory
    ) throws(Word2VecError) {
        (self.corpus, self.options, self.tree) = (corpus, options, tree)
        let vocabulary = corpus.vocabulary
        let unigram = UnigramTable(counts: options.negatives > 0 ? vocabulary.counts : [])
        let ends = try Memory(copying: unigram.ends, for: "unigram table")
        let guide = try Memory(copying: unigram.guide, for: "unigram table")
        let keep = try Subsampling.keepProbabilities(
            counts: vocabulary.counts, totalCount: vocabulary.totalCount, sample: Float(options.sample)
        ).map { (probabilities) throws(Word2VecError) in try Memory(copying: probabilities, for: "subsampling") }
        let sigmoid = try Memory(
            zeroed: Int(W2V_SIGMOID_ORIGINAL_SIZE) * MemoryLayout<Float>.stride, for: "sigmoid table")
        w2v_sigmoid_fill_original(sigmoid.bound(to: Float.self))
        workspace = try Memory(zeroed: 2 * options.dimensions * MemoryLayout<Float>.stride, for: "workspace")
        tables = [ends, guide, sigmoid] + (keep.map { [$0] } ?? [])
        plan = w2v_original_plan(
            model: parameters.cModel,
            tree: tree.cTree,
            unigram: w2v_unigram(ends: ends.bound(to: UInt32.self), guide: guide.bound(to: UInt32.self)),
            keep: keep.map { UnsafePointer($0.bound(to: Float.self)) },
            sigmoid: sigmoid.bound(to: Float.self),
            train_words: Int64(corpus.countedWords),
            epochs: Int64(options.epochs),
            window: Int64(options.window),
            negatives: Int64(options.negatives),
            alpha: Float(options.effectiveAlpha),
            cbow: options.architecture == .cbow)
    }

    func advance(
        _ state: inout TrainingState, _ parameters: ParameterStore, _ monitor: TrainingMonitor,
        pausesAtEpochEnds: Bool, isPauseDue: @escaping @Sendable (_ words: Int) -> Bool
    ) throws(Word2VecError) {
        var plan = plan
        plan.model = parameters.cModel
        var original = w2v_original_state(state) ?? w2v_original_start(&plan)
        let epoch = state.epoch
        while !state.hasEnded, !pausesAtEpochEnds || state.epoch == epoch, !monitor.shouldStop(),
            !isPauseDue(state.words)
        {
            let status = w2v_original_run(
                &plan, &original, corpus.tokens.pointer, Int64(corpus.tokens.count), Self.budget,
                workspace.bound(to: Float.self))
            guard status == W2V_OK else { throw .diverged(epoch: state.epoch + 1, alpha: original.alpha) }
            let epochBefore = state.epoch
            state.take(original)
            if state.epoch > epochBefore {
                let loss = monitor.measureLoss(of: parameters)
                guard loss?.isFinite ?? true else { throw .diverged(epoch: state.epoch, alpha: original.alpha) }
                state.losses[epochBefore] = loss
            }
            monitor.update(parameters) { (state, state.epoch) }
        }
        withExtendedLifetime((parameters, corpus, tree, tables, workspace)) {}
    }
}

extension w2v_original_state {
    /// nil for a run that has not begun.
    fileprivate init?(_ state: TrainingState) {
        guard let original = state.original else { return nil }
        self.init(
            random: original.random, position: Int64(state.position),
            epochs_left: Int64(state.losses.count - state.epoch), word_count: Int64(original.wordCount),
            last_count: Int64(original.lastCount), done: Int64(original.done), kept: Int64(state.keptWords),
            pairs: Int64(state.pairs), alpha: original.alpha)
    }
}

extension TrainingState {
    /// Takes what the C core has come to.
    fileprivate mutating func take(_ state: w2v_original_state) {
        original = Original(
            random: state.random, wordCount: Int(state.word_count), lastCount: Int(state.last_count),
            done: Int(state.done), alpha: state.alpha)
        epoch = losses.count - Int(state.epochs_left)
        position = Int(state.position)
        words = Int(state.done + state.word_count - state.last_count)
        keptWords = Int(state.kept)
        pairs = Int(state.pairs)
    }
}

/// A Huffman tree in memory that the C core can borrow.
struct TreeMemory: Sendable {
    private let offsets: Memory
    private let points: Memory
    private let codes: Memory
    let longestCode: Int

    init(_ tree: HuffmanTree) throws(Word2VecError) {
        offsets = try Memory(copying: tree.offsets, for: "Huffman tree")
        points = try Memory(copying: tree.points, for: "Huffman tree")
        codes = try Memory(copying: tree.codes, for: "Huffman tree")
        longestCode = tree.longestCode
    }

    /// The C core's view; valid while this value is.
    var cTree: w2v_tree {
        w2v_tree(
            offsets: offsets.bound(to: Int64.self),
            points: points.bound(to: Int32.self),
            codes: codes.bound(to: UInt8.self))
    }
}
