internal import CWord2Vec

/// The C core's block trainer (`w2v_block_train`) with the memory that its plan points to, and a workspace for each
/// thread.
package struct BlockTrainer: Sendable {
    private let tokens: TokenStore
    private let seed: UInt64
    /// The memory that the plan points to.
    private let tree: TreeMemory
    private let tables: [Memory]
    /// A `w2v_block_plan`.
    private let plan: Memory
    /// The workspaces, one for each thread.
    private let workspaces: [Memory]

    /// The result of training a chunk.
    package struct Outcome: Sendable {
        /// The number of words left after subsampling.
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
        let unigram = try Memory(copying: alias.entries, for: "unigram table")
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
            drawn: 0,
            updated: 0,
            pool: 0,
            reuse: settings.reuse,
            hot_words: 0,
            hot_nodes: 0,
            merge_every: 0,
            share: settings.sharesWindow ? W2V_SHARE_WINDOW : W2V_SHARE_PAIR,
            cbow: settings.isCBOW,
            cbow_divided: settings.dividesGradient,
            softmax: settings.isSoftmax)
        w2v_block_plan_default(
            &plan, settings.threads, Int64(counts.total), Int64(counts.counts.dropFirst().max() ?? 1))
        if settings.reducesVariance { w2v_block_plan_reduce_variance(&plan) }
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

    /// Sets the parameters to train, whose memory may have moved. No thread may be training.
    package func use(_ parameters: ModelParameters) {
        plan.bound(to: w2v_block_plan.self).pointee.model = parameters.cModel
    }

    /// Trains a part of an epoch, on one of several threads. The part has its own random generator, which depends on
    /// the seed, the epoch and the part's first token.
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

    /// The minimum number of tokens of a part, which is trained at one learning rate.
    package static func partLength(of tokens: Int) -> Int { Int(w2v_block_chunk(Int64(tokens))) }
}
