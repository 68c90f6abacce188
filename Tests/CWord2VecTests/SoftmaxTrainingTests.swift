import CReference
import CWord2Vec
import TestSupport
import Testing

/// A tiny model and its training with the full softmax, by the block trainer and in double precision.
private struct SoftmaxModel {
    let words: Int
    let dimensions = 7
    let window: Int
    let cbow: Bool
    let divided: Bool
    let alpha: Float = 0.05
    let seed: UInt64 = 9
    /// Evenly drawn from -0.5 ..< 0.5: (V, D) of the input, then of the output rows.
    let start: [Float]

    private var stride: Int { w2v_stride(dimensions) }

    init(words: Int, window: Int, cbow: Bool, divided: Bool) {
        (self.words, self.window, self.cbow, self.divided) = (words, window, cbow, divided)
        var random = SeededGenerator(seed: 4)
        start = (0..<2 * words * dimensions).map { _ in Float.random(in: -0.5..<0.5, using: &random) }
    }

    struct Result {
        var parameters: [Double]
        var pairs: Int
    }

    /// The parameters after w2v_block_train has seen `tokens`.
    func trained(on tokens: [Int32], by kernels: UnsafePointer<w2v_kernels>) -> Result {
        var rows = [Float](repeating: 0, count: 2 * words * stride)
        for row in 0..<2 * words {
            for d in 0..<dimensions { rows[row * stride + d] = start[row * dimensions + d] }
        }
        var pairs = 0
        var table = w2v_sigmoid_table()
        w2v_sigmoid_fill(&table)
        let offsets: [Int64] = [0]
        let points: [Int32] = [0]
        let codes: [UInt8] = [0]
        let status = rows.withUnsafeMutableBufferPointer { rows in
            offsets.withUnsafeBufferPointer { offsets in
                points.withUnsafeBufferPointer { points in
                    codes.withUnsafeBufferPointer { codes in
                        withUnsafePointer(to: table) { table in
                            var plan = w2v_block_plan(
                                model: w2v_model(
                                    input: rows.baseAddress!, output: rows.baseAddress! + words * stride, nodes: nil,
                                    words: words, dimensions: dimensions),
                                tree: w2v_tree(
                                    offsets: offsets.baseAddress!, points: points.baseAddress!,
                                    codes: codes.baseAddress!),
                                unigram: nil, keep: nil, sigmoid: table, kernels: kernels, longest_code: 0,
                                window: window, negatives: 0, drawn: 0, updated: 0, pool: 0, reuse: 1,
                                hot_words: 0,
                                hot_nodes: 0, merge_every: 1, share: W2V_SHARE_WINDOW, cbow: cbow,
                                cbow_divided: divided, softmax: true)
                            let workspace = UnsafeMutableRawPointer.allocate(
                                byteCount: w2v_block_workspace(&plan), alignment: 64)
                            defer { workspace.deallocate() }
                            var worker = w2v_worker(
                                workspace: workspace, random: w2v_random_stream(seed, 0, 0), words: 0, pairs: 0)
                            defer { pairs = Int(worker.pairs) }
                            return w2v_block_train(&plan, &worker, tokens, Int64(tokens.count), alpha)
                        }
                    }
                }
            }
        }
        #expect(status == W2V_OK)
        let parameters = (0..<2 * words).flatMap { row in
            (0..<dimensions).map { Double(rows[row * stride + $0]) }
        }
        return Result(parameters: parameters, pairs: pairs)
    }

    /// The radii that the trainer draws, one for each center in turn; its first number is not used.
    private struct Radii {
        var state: UInt64
        let window: UInt32

        init(seed: UInt64, window: Int) {
            state = w2v_random_stream(seed, 0, 0)
            self.window = UInt32(window)
            _ = w2v_random_next(&state)
        }

        mutating func next() -> Int {
            Int(window - w2v_random_below(UInt32(truncatingIfNeeded: w2v_random_next(&state) >> 32), window))
        }
    }

    /// The model after each of the sentences, by the double reference, window by window.
    func followed(_ sentences: [[Int32]]) -> [Result] {
        var radii = Radii(seed: seed, window: window)
        var model = Result(parameters: start.map(Double.init), pairs: 0)
        return sentences.map { sentence in
            for (at, center) in sentence.enumerated() {
                let radius = radii.next()
                let contexts = (max(0, at - radius)...min(sentence.count - 1, at + radius)).filter { $0 != at }
                if !contexts.isEmpty { step(&model, contexts: contexts.map { sentence[$0] }, center: center) }
            }
            return model
        }
    }

    /// One window. The classes are the words but the sentence end, so class c is word c + 1.
    private func step(_ model: inout Result, contexts: [Int32], center: Int32) {
        let classes = (1..<Int32(words)).map { $0 }
        let target = Int(center) - 1
        model.parameters.withUnsafeMutableBufferPointer { all in
            let (input, output) = (all.baseAddress!, all.baseAddress! + words * dimensions)
            guard cbow else {
                _ = reference_softmax_step(
                    input, output, dimensions, contexts, contexts.count, classes, classes.count, target, Double(alpha),
                    nil)
                model.pairs += contexts.count
                return
            }
            var mean = [Double](repeating: 0, count: dimensions)
            var gain = mean
            let share = 1 / Double(contexts.count)
            for context in contexts {
                for d in 0..<dimensions { mean[d] += input[Int(context) * dimensions + d] * share }
            }
            _ = reference_softmax_step(
                &mean, output, dimensions, [0], 1, classes, classes.count, target, Double(alpha), &gain)
            model.pairs += 1
            for context in contexts {
                for d in 0..<dimensions { input[Int(context) * dimensions + d] += gain[d] * (divided ? share : 1) }
            }
        }
    }
}

@Suite struct SoftmaxTrainingTests {
    /// Sentence by sentence: what the trainer has made of the first n is what the double model has.
    ///
    /// A step's error of one parameter, as Tests/Agreement derives it, is below 1e-6 here (alpha 0.05, up to 6 inputs,
    /// values below 1); steps add up, and none makes an error of the steps before it larger by more than alpha.
    @Test(arguments: [(false, false), (true, false), (true, true)], [(12, 3), (31, 1), (50, 5)])
    func everySentenceLeavesWhatTheDoubleModelHas(mode: (cbow: Bool, divided: Bool), size: (words: Int, window: Int)) {
        let model = SoftmaxModel(words: size.words, window: size.window, cbow: mode.cbow, divided: mode.divided)
        var random = SeededGenerator(seed: 11)
        let sentences = (0..<25).map { n in
            (0..<1 + n % 7).map { _ in Int32.random(in: 1..<Int32(size.words), using: &random) }
        }
        let followed = model.followed(sentences)
        #expect(zip(followed[0].parameters, model.start).allSatisfy { $0 == Double($1) }, "one word has no context")
        for kernels in BlockTests.isas.compactMap({ w2v_kernels_for($0) }) {
            for n in sentences.indices {
                let expected = followed[n]
                let found = model.trained(on: Array(sentences[...n].joined(separator: [0])), by: kernels)
                let furthest = zip(found.parameters, expected.parameters).map { abs($0 - $1) }.max() ?? .infinity
                let steps = Double(sentences[...n].joined().count)
                #expect(furthest < 1e-6 * (1 + steps), "\(String(cString: kernels.pointee.name)), \(n + 1) sentences")
                #expect(found.pairs == expected.pairs)
            }
        }
        let moved = zip(followed.last!.parameters, model.start).map { abs($0 - Double($1)) }.max()!
        #expect(moved > 0.05, "far more than the bound")
    }
}
