internal import CWord2Vec

/// `-exact 1`: drives the C core's copy of the original program, at one thread.
struct OriginalRun {
    /// Tokens between two reports of progress.
    private static let budget: Int64 = 100_000

    let corpus: EncodedCorpus
    let options: TrainingOptions
    let parameters: ParameterStore

    func run(_ reporter: ProgressReporter) throws(Word2VecError) {
        let vocabulary = corpus.vocabulary
        let unigram = UnigramTable(counts: options.negatives > 0 ? vocabulary.counts : [])
        let ends = try Memory(copying: unigram.ends, for: "unigram table")
        let guide = try Memory(copying: unigram.guide, for: "unigram table")
        let tree = try TreeMemory(HuffmanTree(counts: options.hierarchicalSoftmax ? vocabulary.counts : []))
        let keep = try Subsampling.keepProbabilities(
            counts: vocabulary.counts, totalCount: vocabulary.totalCount, sample: Float(options.sample)
        ).map { (probabilities) throws(Word2VecError) in try Memory(copying: probabilities, for: "subsampling") }
        let sigmoid = try Memory(
            zeroed: Int(W2V_SIGMOID_ORIGINAL_SIZE) * MemoryLayout<Float>.stride, for: "sigmoid table")
        w2v_sigmoid_fill_original(sigmoid.bound(to: Float.self))
        let workspace = try Memory(zeroed: 2 * options.dimensions * MemoryLayout<Float>.stride, for: "workspace")

        var plan = w2v_original_plan(
            model: parameters.cModel,
            tree: tree.cTree,
            unigram: w2v_unigram(ends: ends.bound(to: UInt32.self), guide: guide.bound(to: UInt32.self)),
            keep: keep.map { UnsafePointer($0.bound(to: Float.self)) },
            sigmoid: sigmoid.bound(to: Float.self),
            train_words: Int64(vocabulary.totalCount),
            epochs: Int64(options.epochs),
            window: Int64(options.window),
            negatives: Int64(options.negatives),
            alpha: Float(options.effectiveAlpha),
            cbow: options.architecture == .cbow)
        var state = w2v_original_start(&plan)
        var reporter = reporter
        while state.epochs_left > 0 {
            let status = w2v_original_run(
                &plan, &state, corpus.tokens.pointer, Int64(corpus.tokens.count), Self.budget,
                workspace.bound(to: Float.self))
            let epoch = min(options.epochs, options.epochs - Int(state.epochs_left) + 1)
            guard status == W2V_OK else { throw .diverged(epoch: epoch, alpha: state.alpha) }
            reporter.update(
                epoch: epoch,
                words: Int(state.done + state.word_count - state.last_count),
                totalWords: options.epochs * vocabulary.totalCount,
                alpha: state.alpha,
                ended: state.epochs_left == 0)
        }
        withExtendedLifetime((parameters, corpus, ends, guide, tree, keep, sigmoid, workspace)) {}
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
