import CWord2Vec
import Testing

/// Plans that no run can have are refused by status, before anything is read. The memory that they name holds nothing.
@Suite struct PlanTests {
    private let floats = UnsafeMutablePointer<Float>.allocate(capacity: 64)
    private let numbers = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
    private let sigmoid = UnsafeMutablePointer<w2v_sigmoid_table>.allocate(capacity: 1)

    private func tree() -> w2v_tree {
        w2v_tree(
            offsets: numbers.assumingMemoryBound(to: Int64.self), points: numbers.assumingMemoryBound(to: Int32.self),
            codes: numbers.assumingMemoryBound(to: UInt8.self))
    }

    /// Negative sampling with a pool and copies of rows, over two words.
    private func blockPlan() -> w2v_block_plan {
        w2v_block_plan(
            model: w2v_model(input: floats, output: floats, nodes: nil, words: 2, dimensions: 1), tree: tree(),
            unigram: numbers.assumingMemoryBound(to: w2v_alias.self), keep: nil, sigmoid: sigmoid,
            kernels: w2v_kernels_best(), longest_code: 0, window: 1, negatives: 5, drawn: 0, updated: 0,
            pool: 8, reuse: 1, hot_words: 1,
            hot_nodes: 1, merge_every: 1, share: W2V_SHARE_WINDOW, cbow: false, cbow_divided: false, softmax: false)
    }

    private typealias Change = (inout w2v_block_plan) -> Void

    @Test func blockPlansThatCannotRunAreRefused() {
        let floats = floats
        let cases: [(name: String, expected: w2v_status, change: Change)] = [
            ("negative sampling", W2V_OK, { _ in }),
            ("full softmax", W2V_OK, { ($0.softmax, $0.negatives) = (true, 0) }),
            ("a tree and negatives", W2V_OK, { $0.model.nodes = floats }),
            ("a tree of one word", W2V_OK, { ($0.model.nodes, $0.negatives, $0.model.words) = (floats, 0, 1) }),
            ("no pool", W2V_OK, { ($0.pool, $0.reuse) = (0, 0) }),
            ("the largest pool", W2V_OK, { $0.pool = 1 << 16 }),
            ("no copies", W2V_OK, { ($0.hot_words, $0.hot_nodes, $0.merge_every) = (0, 0, 0) }),
            ("no word", W2V_EMPTY, { $0.model.words = 0 }),
            ("no dimension", W2V_EMPTY, { $0.model.dimensions = 0 }),
            ("no window", W2V_EMPTY, { $0.window = 0 }),
            ("no noise word", W2V_EMPTY, { $0.model.words = 1 }),
            ("no word, softmax", W2V_EMPTY, { ($0.softmax, $0.negatives, $0.model.words) = (true, 0, 0) }),
            ("no class", W2V_EMPTY, { ($0.softmax, $0.negatives, $0.model.words) = (true, 0, 1) }),
            ("negatives without outputs", W2V_INVALID, { $0.model.output = nil }),
            ("softmax without outputs", W2V_INVALID, { ($0.softmax, $0.negatives, $0.model.output) = (true, 0, nil) }),
            ("negatives without a table", W2V_INVALID, { $0.unigram = nil }),
            ("softmax and negatives", W2V_INVALID, { $0.softmax = true }),
            ("softmax and a tree", W2V_INVALID, { ($0.softmax, $0.negatives, $0.model.nodes) = (true, 0, floats) }),
            ("a pool of 3", W2V_INVALID, { $0.pool = 3 }),
            ("a pool too large", W2V_INVALID, { $0.pool = 1 << 17 }),
            ("a pool without reuse", W2V_INVALID, { $0.reuse = 0 }),
            ("copies never merged", W2V_INVALID, { $0.merge_every = 0 }),
            ("fewer negatives drawn", W2V_OK, { w2v_block_plan_reduce_variance(&$0) }),
            ("all negatives drawn", W2V_OK, { $0.drawn = 5 }),
            ("more negatives drawn", W2V_INVALID, { ($0.drawn, $0.updated) = (6, 6) }),
            ("fewer drawn, none updated", W2V_INVALID, { ($0.drawn, $0.updated) = (3, 0) }),
            ("fewer drawn, more updated", W2V_INVALID, { ($0.drawn, $0.updated) = (3, 4) }),
            ("fewer drawn and a tree", W2V_INVALID, { ($0.drawn, $0.updated, $0.model.nodes) = (3, 2, floats) }),
            ("fewer drawn without a pool", W2V_INVALID, { ($0.drawn, $0.updated, $0.pool) = (3, 2, 0) }),
            ("fewer drawn for pairs", W2V_INVALID, { ($0.drawn, $0.updated, $0.share) = (3, 2, W2V_SHARE_PAIR) }),
        ]
        for (name, expected, change) in cases {
            var plan = blockPlan()
            change(&plan)
            #expect(w2v_block_check(&plan) == expected, "\(name)")
            #expect((w2v_block_workspace(&plan) > 0) == (expected == W2V_OK), "\(name)")
            guard expected != W2V_OK else { continue }
            // Neither the workspace nor the tokens are touched.
            var worker = w2v_worker(workspace: numbers, random: 7, words: 0, pairs: 0)
            #expect(w2v_block_train(&plan, &worker, [1, 1, 0], 3, 0.1) == expected, "\(name)")
            #expect(worker.random == 7 && worker.words == 0 && worker.pairs == 0)
        }
    }

    /// What `w2v_block_plan_default` sets can run for any shape, and keeps the bounds that its comments name.
    @Test func theDefaultsOfAPlanCanRun() {
        for (dimensions, threads, tokens, largest, reuse) in [
            (1, 0, 0, 0, 8), (20, 1, 1000, 100, 8), (100, 2, 17_000_000, 1_000_000, 8), (100, 8, 1 << 40, 1, 8),
            (300, 64, 17_000_000, 1_000_000, 8), (20_000, 1000, 1000, 1000, 8), (100, 2, 1000, 100, 1),
        ] {
            for softmax in [false, true] {
                var plan = blockPlan()
                (plan.model.dimensions, plan.reuse, plan.softmax) = (dimensions, reuse, softmax)
                if softmax { plan.negatives = 0 }
                w2v_block_plan_default(&plan, threads, Int64(tokens), Int64(largest))
                #expect(w2v_block_check(&plan) == W2V_OK)
                #expect((plan.pool == 0) == (softmax || reuse < 2))
                #expect(plan.pool <= 128 || plan.pool * w2v_stride(dimensions) * 4 <= 1 << 18)
                #expect((plan.hot_words == 0) == (threads < 2))
                #expect((plan.hot_nodes == 0) == (threads < 2))
                #expect(plan.merge_every >= 1 && plan.merge_every <= 4096)
                if !softmax && plan.merge_every > 1 {
                    let updates = plan.merge_every * min(max(threads, 1), 8) * largest
                    #expect(updates <= 256 * tokens)
                }
            }
        }
        // Merging takes the same share of the time with more threads than 8.
        let intervals = [1, 2, 4, 8, 16, 64].map { threads in
            var plan = blockPlan()
            w2v_block_plan_default(&plan, threads, 17_000_000, 1_000_000)
            return plan.merge_every
        }
        #expect(intervals == [4096, 2048, 1024, 512, 512, 512])
        for tokens: Int64 in [0, 1, 1000, 100_000, 17_000_000, .max] {
            let chunk = w2v_block_chunk(tokens)
            #expect(chunk >= 256 && chunk <= 10_000 && (chunk == 256 || chunk == 10_000 || chunk == tokens / 64))
        }
    }

    @Test func originalPlansThatCannotRunAreRefused() {
        let cases: [(name: String, expected: w2v_status, change: (inout w2v_original_plan) -> Void)] = [
            ("negative sampling", W2V_OK, { _ in }),
            ("no objective", W2V_OK, { ($0.negatives, $0.model.words, $0.model.output) = (0, 1, nil) }),
            ("no word", W2V_EMPTY, { $0.model.words = 0 }),
            ("no dimension", W2V_EMPTY, { $0.model.dimensions = 0 }),
            ("no window", W2V_EMPTY, { $0.window = 0 }),
            ("no noise word", W2V_EMPTY, { $0.model.words = 1 }),
            ("negatives without outputs", W2V_INVALID, { $0.model.output = nil }),
        ]
        for (name, expected, change) in cases {
            var plan = w2v_original_plan(
                model: w2v_model(input: floats, output: floats, nodes: nil, words: 2, dimensions: 1), tree: tree(),
                unigram: w2v_unigram(
                    ends: numbers.assumingMemoryBound(to: UInt32.self),
                    guide: numbers.assumingMemoryBound(to: UInt32.self)),
                keep: nil, sigmoid: floats, train_words: 3, epochs: 1, window: 1, negatives: 5, alpha: 0.1, cbow: false)
            change(&plan)
            #expect(w2v_original_check(&plan) == expected, "\(name)")
            guard expected != W2V_OK else { continue }
            var state = w2v_original_start(&plan)
            #expect(w2v_original_run(&plan, &state, [1, 1, 0], 3, 3, floats) == expected, "\(name)")
            #expect(state.position == 0 && state.random == 0 && state.epochs_left == 1)
        }
    }

    @Test func aSoftmaxNeedsItsTargetAmongItsClasses() {
        for set in 0..<W2V_ISA_COUNT {
            guard let kernels = w2v_kernels_for(w2v_isa(UInt32(set)))?.pointee else { continue }
            for (classes, target) in [(0, 0), (1, 1), (2, 5)] {
                var block = w2v_block()
                (block.softmax, block.ni, block.no, block.stride) = (true, 1, 2, 16)
                (block.classes, block.target) = (classes, target)
                // There are no rows: none may be read.
                #expect(kernels.update(&block) == W2V_OUT_OF_RANGE)
                #expect(kernels.update_mean(&block) == W2V_OUT_OF_RANGE)
            }
        }
    }

    @Test func noClassesAreNothingToDo() {
        var assignment: [Int32] = [3, 4]
        var products = [1.5, 2.5]
        var sizes: [Int32] = []
        w2v_cluster_original(floats, 2, 1, 0, floats, &sizes, &assignment)
        let moved = withUnsafePointer(to: w2v_search_query(values: floats, square: 0, unit: floats)) { centers in
            w2v_cluster_assign(w2v_kernels_best(), floats, 1, 0, 2, centers, 0, floats, floats, &assignment, &products)
        }
        #expect(moved == 0 && assignment == [3, 4] && products == [1.5, 2.5])
    }
}
