import CReference
import CWord2Vec
import Foundation
import TestSupport
import Testing

/// A model with all outputs, and a sample of windows.
private struct LossModel {
    let words = 23
    let dimensions = 19
    let negatives = 4
    /// (V, D) of the input rows, the output rows and the nodes.
    var rows: [[Float]]
    var centers: [Int32] = []
    var ends: [Int64] = []
    var contexts: [Int32] = []
    /// Now and then there is no word.
    var noise: [Int32] = []
    /// A path of 1 ... 5 nodes for each word.
    let offsets: [Int64]
    let points: [Int32]
    let codes: [UInt8]

    private var stride: Int { w2v_stride(dimensions) }

    init(scale: Float = 1) {
        var random = SeededGenerator(seed: 8)
        let (words, count) = (words, words * dimensions)
        rows = (0..<3).map { _ in (0..<count).map { _ in scale * Float.random(in: -0.7...0.7, using: &random) } }
        for _ in 0..<60 {
            centers.append(Int32.random(in: 1..<Int32(words), using: &random))
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                contexts.append(Int32.random(in: 1..<Int32(words), using: &random))
            }
            ends.append(Int64(contexts.count))
            for _ in 0..<negatives {
                let word = Int32.random(in: 1..<Int32(words), using: &random)
                noise.append(word == centers.last ? -1 : word)
            }
        }
        offsets = (0..<words).reduce(into: [0]) { $0.append($0[$0.count - 1] + 1 + Int64($1 % 5)) }
        points = (0..<Int(offsets[words])).map { _ in Int32.random(in: 0..<Int32(words), using: &random) }
        codes = points.map { UInt8($0 % 2) }
    }

    struct Objective: Sendable {
        var cbow = false
        var sampling = true
        var tree = false
        var softmax = false
    }

    func loss(_ objective: Objective, by kernels: UnsafePointer<w2v_kernels>) -> (status: w2v_status, loss: Double) {
        var padded = rows.map { matrix in
            (0..<words).flatMap { row in
                (0..<stride).map { $0 < dimensions ? matrix[row * dimensions + $0] : 0 }
            }
        }
        var (input, output, nodes) = (padded[0], padded[1], padded[2])
        padded = []
        // Exactly as much as is asked for, and nothing that adds up by chance.
        var workspace = [Float](repeating: .nan, count: stride)
        var loss = 0.0
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                nodes.withUnsafeMutableBufferPointer { nodes in
                    centers.withUnsafeBufferPointer { centers in
                        ends.withUnsafeBufferPointer { ends in
                            contexts.withUnsafeBufferPointer { contexts in
                                noise.withUnsafeBufferPointer { noise in
                                    offsets.withUnsafeBufferPointer { offsets in
                                        points.withUnsafeBufferPointer { points in
                                            codes.withUnsafeBufferPointer { codes in
                                                let hasOutput = objective.sampling || objective.softmax
                                                var model = w2v_model(
                                                    input: input.baseAddress!,
                                                    output: hasOutput ? output.baseAddress : nil,
                                                    nodes: objective.tree ? nodes.baseAddress : nil, words: words,
                                                    dimensions: dimensions)
                                                var tree = w2v_tree(
                                                    offsets: offsets.baseAddress!, points: points.baseAddress!,
                                                    codes: codes.baseAddress!)
                                                var sample = w2v_loss_sample(
                                                    windows: centers.count, centers: centers.baseAddress!,
                                                    ends: ends.baseAddress!, contexts: contexts.baseAddress!,
                                                    negatives: objective.sampling ? negatives : 0,
                                                    noise: objective.sampling ? noise.baseAddress : nil)
                                                return w2v_sample_loss(
                                                    &model, &tree, kernels, &sample, objective.cbow,
                                                    objective.softmax, &workspace, &loss)
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return (status, loss)
    }

    /// The same in double, window by window.
    func expected(_ objective: Objective) -> Double {
        var (input, output, nodes) = (rows[0].map(Double.init), rows[1].map(Double.init), rows[2].map(Double.init))
        var loss = 0.0
        for (i, center) in centers.enumerated() {
            var inputs = Array(contexts[(i > 0 ? Int(ends[i - 1]) : 0)..<Int(ends[i])])
            if objective.cbow {
                let mean = (0..<dimensions).map { d in
                    inputs.reduce(0) { $0 + input[Int($1) * dimensions + d] } / Double(inputs.count)
                }
                input.replaceSubrange(0..<dimensions, with: mean)  // row 0 is no word
                inputs = [0]
            }
            if objective.softmax {
                let classes = (1..<Int32(words)).map { $0 }
                loss += reference_softmax_step(
                    &input, &output, dimensions, inputs, inputs.count, classes, classes.count, Int(center) - 1, 0, nil)
            }
            if objective.sampling {
                let drawn = noise[i * negatives..<(i + 1) * negatives].filter { $0 >= 0 }
                loss += reference_block_loss(
                    &input, &output, dimensions, inputs, inputs.count, [center] + drawn,
                    [1] + drawn.map { _ in 0 }, 1 + drawn.count)
            }
            if objective.tree {
                let path = Int(offsets[Int(center)])..<Int(offsets[Int(center) + 1])
                loss += reference_block_loss(
                    &input, &nodes, dimensions, inputs, inputs.count, Array(points[path]),
                    codes[path].map { 1 - Double($0) }, path.count)
            }
        }
        return loss
    }
}

/// The loss of a fixed sample.
@Suite struct LossTests {
    private static let objectives: [LossModel.Objective] = [false, true].flatMap { cbow in
        [(true, false, false), (false, true, false), (true, true, false), (false, false, true)].map {
            LossModel.Objective(cbow: cbow, sampling: $0, tree: $1, softmax: $2)
        }
    }

    /// A product of 19 terms below 0.5 is some 1e-6 off in float, a loss by as much at most, and there are some thousand.
    @Test(arguments: objectives)
    fileprivate func itIsThatOfTheDoubleReference(objective: LossModel.Objective) {
        let model = LossModel()
        let expected = model.expected(objective)
        for kernels in BlockTests.isas.compactMap({ w2v_kernels_for($0) }) {
            let (status, loss) = model.loss(objective, by: kernels)
            #expect(status == W2V_OK)
            #expect(abs(loss - expected) < 1e-6 * expected, "\(String(cString: kernels.pointee.name))")
        }
    }

    /// Products of thousands: the exponentials would overflow, and the loss is the product itself.
    @Test(arguments: objectives)
    fileprivate func largeProductsDoNotOverflow(objective: LossModel.Objective) {
        let model = LossModel(scale: 1e3)
        let (status, loss) = model.loss(objective, by: w2v_kernels_best())
        let expected = model.expected(objective)
        #expect(status == W2V_OK && expected > 1e6 && abs(loss - expected) < 1e-6 * expected)
    }

    @Test(arguments: objectives)
    fileprivate func zeroOutputsGiveTheLossOfNoKnowledge(objective: LossModel.Objective) {
        var model = LossModel()
        for matrix in 1...2 { model.rows[matrix] = model.rows[matrix].map { _ in 0 } }
        let predictions = objective.cbow ? model.centers.count : model.contexts.count
        let (_, loss) = model.loss(objective, by: w2v_kernels_best())
        if objective.softmax { #expect(abs(loss / Double(predictions) - log(22)) < 1e-12) }
        #expect(abs(loss - model.expected(objective)) < 1e-9 * loss)
    }

    @Test(arguments: objectives, [Float.nan, .infinity])
    fileprivate func aValueThatIsNotFiniteIsTold(objective: LossModel.Objective, value: Float) {
        var model = LossModel()
        let word = Int(model.contexts[0])
        model.rows[0][word * model.dimensions] = value
        #expect(model.loss(objective, by: w2v_kernels_best()).status == W2V_NOT_FINITE)
    }

    @Test func anEmptySampleHasNoLoss() {
        var model = LossModel()
        (model.centers, model.ends, model.contexts, model.noise) = ([], [], [], [])
        let (status, loss) = model.loss(.init(), by: w2v_kernels_best())
        #expect(status == W2V_OK && loss == 0)
    }
}

/// Lines that are held out.
@Suite struct HoldOutTests {
    /// Lines of 0 ... 30 words, and some of thousands, without their 0; the last one may have none.
    private func text(_ random: inout SeededGenerator) -> [[Int32]] {
        (0..<200).map { line in
            let length =
                line % 50 == 3 ? Int.random(in: 900...3100, using: &random) : Int.random(in: 0...30, using: &random)
            return (0..<length).map { _ in Int32.random(in: 1..<100, using: &random) }
        }
    }

    private func holdOut(
        _ tokens: [Int32], _ share: Double, seed: UInt64
    ) -> (counts: w2v_holdout, kept: [Int32], held: [Int32]) {
        var kept = tokens
        let threshold = UInt64(share * 0x1p64)
        let counts = w2v_hold_out(&kept, Int64(kept.count), seed, threshold, nil)
        #expect(kept == tokens, "counting changes nothing")
        var held = [Int32](repeating: -1, count: Int(counts.held_tokens))
        let again = held.withUnsafeMutableBufferPointer { held in
            // An array without elements may have no address.
            w2v_hold_out(&kept, Int64(tokens.count), seed, threshold, held.baseAddress)
        }
        if counts.held_tokens > 0 {
            #expect(again.kept_tokens == counts.kept_tokens && again.held_lines == counts.held_lines)
        }
        return (counts, Array(kept[..<Int(counts.kept_tokens)]), held)
    }

    /// The parts of lines that go one way, each at most W2V_SENTENCE_MAX words; a line of exactly as many has a part with the
    /// end alone.
    private func expected(_ lines: [[Int32]], _ share: Double, seed: UInt64) -> (kept: [Int32], held: [Int32]) {
        var (kept, held): ([Int32], [Int32]) = ([], [])
        var number: UInt64 = 0
        for line in lines {
            let tokens = line + [0]
            var isOpen = false
            for start in stride(from: 0, to: tokens.count, by: Int(W2V_SENTENCE_MAX)) {
                let part = tokens[start..<min(start + Int(W2V_SENTENCE_MAX), tokens.count)]
                defer { number += 1 }
                if w2v_random_stream(seed, .max, number) < UInt64(share * 0x1p64) {
                    held += part.last == 0 ? part : part + [0]
                    if isOpen { kept.append(0) }
                    isOpen = false
                } else {
                    kept += part
                    isOpen = part.last != 0
                }
            }
        }
        return (kept, held)
    }

    @Test(arguments: [0.01, 0.3, 0.9], [1, 2] as [UInt64])
    func everyLineGoesOneWayByItsNumber(share: Double, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let lines = text(&random)
        let (counts, kept, held) = holdOut(Array(lines.map { $0 + [0] }.joined()), share, seed: seed)
        let expected = expected(lines, share, seed: seed)
        #expect(kept == expected.kept && held == expected.held)
        #expect(counts.lines >= 200 && abs(Double(counts.held_lines) / Double(counts.lines) - share) < 0.1)
    }

    @Test func theShareIsMet() {
        let tokens = (0..<100_000).map { Int32(($0 + 1) % 2) }
        let (counts, kept, held) = holdOut(tokens, 0.05, seed: 7)
        #expect(counts.lines == 50_000 && kept.count + held.count == tokens.count)
        #expect(abs(counts.held_lines - 2500) < 250)
    }

    @Test func aLastLineWithoutItsEndIsALine() {
        for seed in 0..<20 as Range<UInt64> {
            let (counts, kept, held) = holdOut([1, 2, 0, 3, 4], 0.5, seed: seed)
            #expect(counts.lines == 2)
            let isLastKept = kept.suffix(2) == [3, 4]
            #expect(isLastKept || held.suffix(3) == [3, 4, 0])
            #expect(kept.count + held.count == (isLastKept ? 5 : 6))
        }
    }

    @Test func nothingAndNoneAtAll() {
        #expect(holdOut([], 0.5, seed: 1).counts.lines == 0)
        let (counts, kept, held) = holdOut([1, 0, 2, 0], 0, seed: 1)
        #expect(counts.held_lines == 0 && kept == [1, 0, 2, 0] && held.isEmpty)
    }
}
