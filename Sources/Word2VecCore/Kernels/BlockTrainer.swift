internal import CWord2Vec

/// The C core's block trainer (`w2v_block_train`) with all that its plan points to, and a workspace for each thread.
package struct BlockTrainer: Sendable {
    private let tokens: TokenStore
    private let seed: UInt64
    /// What the plan points to.
    private let tree: TreeMemory
    private let tables: [Memory]
    /// A `w2v_block_plan`.
    private let plan: Memory
    /// One for each thread.
    private let workspaces: [Memory]

    /// What the training of a chunk came to.
    package struct Outcome: Sendable {
        /// Words left after subsampling.
        package let words: Int
        package let pairs: Int
        /// Whether all values stayed finite.
        package let isFinite: Bool
    }

    package init(
        tokens: TokenStore, counts: WordCounts, settings: TrainerSettings, parameters: ModelParameters,
        tree: TreeMemory
    ) throws(CoreError) {
        (self.tokens, self.seed, self.tree) = (tokens, settings.seed, tree)
        let alias = AliasTable(
            negativesFor: settings.negatives > 0 ? counts.counts : [], exponent: settings.noiseExponent)
        let unigram = try Memory(
            copying: zip(alias.thresholds, alias.aliases).map { w2v_alias(threshold: $0, alias: $1) },
            for: "unigram table")
        let keep = try Subsampling.keepThresholds(
            counts: counts.counts, totalCount: counts.total, sample: settings.sample
        ).map { (thresholds) throws(CoreError) in try Memory(copying: thresholds, for: "subsampling") }
        let sigmoid = try Memory(zeroed: MemoryLayout<w2v_sigmoid_table>.stride, for: "sigmoid table")
        w2v_sigmoid_fill(sigmoid.bound(to: w2v_sigmoid_table.self))
        tables = [unigram, sigmoid] + (keep.map { [$0] } ?? [])

        var plan = w2v_block_plan(
            model: parameters.cModel,
            tree: tree.cTree,
            unigram: unigram.bound(to: w2v_alias.self),
            keep: keep.map { UnsafePointer($0.bound(to: UInt32.self)) },
            sigmoid: sigmoid.bound(to: w2v_sigmoid_table.self),
            kernels: try KernelTable.chosen().pointer,
            longest_code: tree.longestCode,
            window: settings.window,
            negatives: settings.negatives,
            pool: Self.poolSize(settings, parameters),
            reuse: settings.reuse,
            own_words: settings.threads > 1 ? Self.ownWords : 0,
            own_nodes: settings.threads > 1 ? Self.ownNodes : 0,
            merge_every: Self.mergeInterval(settings, counts),
            share: settings.sharesWindow ? W2V_SHARE_WINDOW : W2V_SHARE_PAIR,
            cbow: settings.isCBOW,
            cbow_divided: settings.dividesGradient,
            softmax: settings.isSoftmax)
        precondition(w2v_block_check(&plan) == W2V_OK, "options that were not checked")
        self.plan = try Memory(copying: [plan], for: "plan")
        let workspaceSize = w2v_block_workspace(&plan)
        var workspaces: [Memory] = []
        for _ in 0..<settings.threads {
            workspaces.append(try Memory(zeroed: workspaceSize, for: "workspace of a thread"))
        }
        self.workspaces = workspaces
    }

    package var threads: Int { workspaces.count }

    /// Trains these parameters from now on: their memory may have moved. No thread may be training.
    package func use(_ parameters: ModelParameters) {
        plan.bound(to: w2v_block_plan.self).pointee.model = parameters.cModel
    }

    /// Trains a part of an epoch, on one thread of several at once. The part has a generator of its own, named by the seed, the
    /// epoch and its first token.
    package func train(_ part: Range<Int>, ofEpoch epoch: Int, alpha: Float, thread: Int) -> Outcome {
        precondition(part.lowerBound >= 0 && part.upperBound <= tokens.count, "outside of the tokens")
        var worker = w2v_worker(
            workspace: workspaces[thread].base,
            random: w2v_random_stream(seed, UInt64(epoch), UInt64(part.lowerBound)),
            words: 0, pairs: 0)
        let status = w2v_block_train(
            plan.bound(to: w2v_block_plan.self), &worker, tokens.pointer + part.lowerBound, Int64(part.count), alpha)
        return Outcome(words: Int(worker.words), pairs: Int(worker.pairs), isFinite: status == W2V_OK)
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
    private static func mergeInterval(_ settings: TrainerSettings, _ words: WordCounts) -> Int {
        guard !settings.isSoftmax else { return 16 }
        let largest = words.counts.dropFirst().max() ?? 1
        return max(1, min(4096, 256 * words.total / max(largest, 1)) / min(settings.threads, 8))
    }

    /// Words of the noise pool: a power of two whose rows fill a quarter of a 1 MB cache at the most, and still hundreds
    /// of words where they can.
    private static func poolSize(_ settings: TrainerSettings, _ parameters: ModelParameters) -> Int {
        guard settings.negatives > 0, settings.reuse > 1 else { return 0 }
        var size = 1024
        while size > 128 && size * parameters.input.stride * MemoryLayout<Float>.stride > 1 << 18 { size /= 2 }
        return size
    }
}
