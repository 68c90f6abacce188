internal import CWord2Vec

/// The C core's reproduction of the original program on one thread (`w2v_original_run`).
package struct OriginalTrainer: Sendable {
    private let tokens: TokenStore
    /// The memory that the plan points to.
    private let tree: TreeMemory
    private let tables: [Memory]
    private let workspace: Memory
    private let plan: PlanBox

    /// `@unchecked` because only the parameters are written through its pointers: see `W2V_HOGWILD`.
    private struct PlanBox: @unchecked Sendable {
        let plan: w2v_original_plan
    }

    /// The state of a run.
    package struct State: Sendable {
        /// The generator's state.
        package var random: UInt64
        /// The next token of the epoch.
        package var position: Int
        package var epochsLeft: Int
        /// The words of this epoch, as the original counts them, and the same count when the learning rate was last
        /// set.
        package var wordCount: Int
        package var lastCount: Int
        /// The words of all epochs when the learning rate was last set.
        package var done: Int
        /// The number of words left after subsampling, and of predictions.
        package var kept: Int
        package var pairs: Int
        package var alpha: Float

        package init(
            random: UInt64, position: Int, epochsLeft: Int, wordCount: Int, lastCount: Int, done: Int, kept: Int,
            pairs: Int, alpha: Float
        ) {
            (self.random, self.position, self.epochsLeft) = (random, position, epochsLeft)
            (self.wordCount, self.lastCount, self.done) = (wordCount, lastCount, done)
            (self.kept, self.pairs, self.alpha) = (kept, pairs, alpha)
        }

        fileprivate init(_ state: w2v_original_state) {
            self.init(
                random: state.random, position: Int(state.position), epochsLeft: Int(state.epochs_left),
                wordCount: Int(state.word_count), lastCount: Int(state.last_count), done: Int(state.done),
                kept: Int(state.kept), pairs: Int(state.pairs), alpha: state.alpha)
        }

        fileprivate var core: w2v_original_state {
            w2v_original_state(
                random: random, position: Int64(position), epochs_left: Int64(epochsLeft),
                word_count: Int64(wordCount), last_count: Int64(lastCount), done: Int64(done), kept: Int64(kept),
                pairs: Int64(pairs), alpha: alpha)
        }
    }

    /// - Parameters:
    ///   - trainWords: the number of words in an epoch, for the learning rate.
    package init(
        tokens: TokenStore, counts: WordCounts, trainWords: Int, settings: TrainerSettings,
        parameters: ModelParameters, tree: TreeMemory
    ) throws(CoreError) {
        (self.tokens, self.tree) = (tokens, tree)
        let unigram = UnigramTable(counts: settings.negatives > 0 ? counts.counts : [])
        let ends = try Memory(copying: unigram.ends, for: "unigram table")
        let guide = try Memory(copying: unigram.guide, for: "unigram table")
        let keep = try Subsampling.keepProbabilities(
            counts: counts.counts, totalCount: counts.total, sample: settings.sample
        ).map { (probabilities) throws(CoreError) in try Memory(copying: probabilities, for: "subsampling") }
        let sigmoid = try Memory(
            zeroed: Int(W2V_SIGMOID_ORIGINAL_SIZE) * MemoryLayout<Float>.stride, for: "sigmoid table")
        w2v_sigmoid_fill_original(sigmoid.bound(to: Float.self))
        workspace = try Memory(
            zeroed: 2 * parameters.input.dimensions * MemoryLayout<Float>.stride, for: "workspace")
        tables = [ends, guide, sigmoid] + (keep.map { [$0] } ?? [])
        plan = PlanBox(
            plan: w2v_original_plan(
                model: parameters.cModel,
                tree: tree.cTree,
                unigram: w2v_unigram(ends: ends.bound(to: UInt32.self), guide: guide.bound(to: UInt32.self)),
                keep: keep.map { UnsafePointer($0.bound(to: Float.self)) },
                sigmoid: sigmoid.bound(to: Float.self),
                train_words: Int64(trainWords),
                epochs: Int64(settings.epochs),
                window: Int64(settings.window),
                negatives: Int64(settings.negatives),
                alpha: settings.alpha,
                cbow: settings.isCBOW))
    }

    /// The state of a run that has not begun.
    package var start: State {
        var plan = plan.plan
        return State(w2v_original_start(&plan))
    }

    /// Trains up to `budget` more tokens. Returns false if a value was not finite.
    package func train(_ state: inout State, _ parameters: ModelParameters, budget: Int) -> Bool {
        var plan = plan.plan
        plan.model = parameters.cModel
        var core = state.core
        let status = w2v_original_run(
            &plan, &core, tokens.pointer, Int64(tokens.count), Int64(budget), workspace.bound(to: Float.self))
        state = State(core)
        withExtendedLifetime((parameters, tokens, tree, tables, workspace)) {}
        return status == W2V_OK
    }
}
