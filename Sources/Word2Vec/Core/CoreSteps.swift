internal import CWord2Vec

/// Single steps of the trainers over small matrices, for comparison with the objectives.
enum CoreSteps {
    /// Both matrices of a model.
    struct Model {
        var input: Matrix
        var output: Matrix
    }

    /// The ways of a block update: each input row for itself, or their mean, whose gain the inputs get whole or divided by
    /// their number.
    enum Update: String, CaseIterable {
        case rows = "update"
        case mean = "update_mean"
        case dividedMean = "update_mean, divided"
    }

    /// The model after one block update by the kernels of an instruction set: the `inputs` against the center (label 1) and
    /// the negatives (0), or, without negatives, in a softmax over all words.
    static func blockUpdate(
        _ model: Model, by set: InstructionSet, inputs: [Int], center: Int, negatives: [Int]?, alpha: Float,
        update: Update
    ) throws(Word2VecError) -> Model {
        let (input, output) = (try FloatMatrix(model.input), try FloatMatrix(model.output))
        let stride = input.stride
        let floats = MemoryLayout<Float>.stride
        let outputs = negatives.map { [center] + $0 } ?? Array(0..<model.output.rows)
        let ni = inputs.count
        let no = w2v_block_even(outputs.count)
        let filling = try FloatMatrix(rows: 1, dimensions: input.dimensions, for: "filling row")
        let inputRows = try Memory(copying: inputs.map { Optional(input.pointer + $0 * stride) }, for: "rows")
        var rows = outputs.map { Optional(output.pointer + $0 * stride) }
        var labels = [1] + outputs.dropFirst().map { _ in Float(0) }
        if rows.count < no {
            rows.append(filling.pointer)
            labels.append(Float(W2V_BLOCK_PAD))
        }
        labels += Array(repeating: 0, count: w2v_block_labels(no) - no)
        let outputRows = try Memory(copying: rows, for: "rows")
        let labelMemory = try Memory(copying: labels, for: "labels")
        let gradients = try Memory(zeroed: w2v_block_gradients(ni, no) * floats, for: "workspace")
        let shares = try Memory(zeroed: w2v_block_shares(ni, no, stride) * floats, for: "workspace")
        let means = try Memory(zeroed: 2 * stride * floats, for: "workspace")
        let sigmoid = try Memory(zeroed: MemoryLayout<w2v_sigmoid_table>.stride, for: "sigmoid table")
        w2v_sigmoid_fill(sigmoid.bound(to: w2v_sigmoid_table.self))
        var block = w2v_block(
            inputs: inputRows.bound(to: UnsafeMutablePointer<Float>?.self),
            outputs: outputRows.bound(to: UnsafeMutablePointer<Float>?.self),
            labels: labelMemory.bound(to: Float.self), gradients: gradients.bound(to: Float.self), dots: nil,
            shares: shares.bound(to: Float.self), mean: means.bound(to: Float.self), next: nil,
            sigmoid: sigmoid.bound(to: w2v_sigmoid_table.self), ni: ni, no: no, next_count: 0, stride: stride,
            alpha: alpha, classes: outputs.count, target: center, losses: nil, softmax: negatives == nil,
            divided: update == .dividedMean, distinct_inputs: false, distinct_outputs: false)
        let kernels = set.kernels.pointee
        let status = update == .rows ? kernels.update(&block) : kernels.update_mean(&block)
        withExtendedLifetime((input, output, filling, inputRows, outputRows, labelMemory)) {}
        withExtendedLifetime((gradients, shares, means, sigmoid)) {}
        guard status == W2V_OK else { throw .diverged(epoch: 1, alpha: alpha) }
        return Model(input: input.dense, output: output.dense)
    }

    /// The model after a run of the exact mode over one sentence, from a state of its generator. `counts` make its unigram
    /// table; there is no subsampling.
    static func originalRun(
        _ model: Model, sentence: [Int], counts: [Int], random: UInt64, window: Int, negatives: Int, alpha: Float,
        cbow: Bool
    ) throws(Word2VecError) -> Model {
        let (input, output) = (try FloatMatrix(model.input), try FloatMatrix(model.output))
        let table = UnigramTable(counts: counts)
        let ends = try Memory(copying: table.ends, for: "unigram table")
        let guide = try Memory(copying: table.guide, for: "unigram table")
        let tree = try TreeMemory(HuffmanTree(counts: []))
        let floats = MemoryLayout<Float>.stride
        let sigmoid = try Memory(zeroed: Int(W2V_SIGMOID_ORIGINAL_SIZE) * floats, for: "sigmoid table")
        w2v_sigmoid_fill_original(sigmoid.bound(to: Float.self))
        let workspace = try Memory(zeroed: 2 * input.dimensions * floats, for: "workspace")
        let tokens = sentence.map(Int32.init) + [0]
        var plan = w2v_original_plan(
            model: w2v_model(
                input: input.pointer, output: output.pointer, nodes: nil, words: input.rows,
                dimensions: input.dimensions),
            tree: tree.cTree,
            unigram: w2v_unigram(ends: ends.bound(to: UInt32.self), guide: guide.bound(to: UInt32.self)),
            keep: nil, sigmoid: sigmoid.bound(to: Float.self), train_words: Int64(tokens.count), epochs: 1,
            window: Int64(window), negatives: Int64(negatives), alpha: alpha, cbow: cbow)
        var state = w2v_original_start(&plan)
        state.random = random
        let status = w2v_original_run(
            &plan, &state, tokens, Int64(tokens.count), Int64.max, workspace.bound(to: Float.self))
        withExtendedLifetime((input, output, ends, guide, tree, sigmoid, workspace)) {}
        guard status == W2V_OK else { throw .diverged(epoch: 1, alpha: alpha) }
        return Model(input: input.dense, output: output.dense)
    }
}

/// The original's generator, which the C core has.
struct OriginalGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = w2v_lcg_next(state)
        return state
    }
}

/// The default trainer's generator: the same numbers for the same seed, everywhere.
struct CoreGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// What numbers are for: streams of one seed have nothing to do with each other.
    enum Stream: UInt64 {
        case values = 0
        case parameters
        case order
        case folds
        case classes
    }

    init(seed: UInt64, stream: Stream = .values) {
        state = w2v_random_stream(seed, 0, stream.rawValue)
    }

    mutating func next() -> UInt64 {
        w2v_random_next(&state)
    }

    /// A number from 0 to n - 1, n below 2^32.
    mutating func below(_ n: Int) -> Int {
        Int(w2v_random_below(UInt32(truncatingIfNeeded: next() >> 32), UInt32(n)))
    }

    /// A number from 0 up to 1, of 24 bits.
    mutating func nextUnit() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// The same of 53 bits.
    mutating func nextDouble() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}

extension FloatMatrix {
    init(_ matrix: Matrix) throws(Word2VecError) {
        try self.init(rows: matrix.rows, dimensions: matrix.columns, for: "a small matrix")
        for row in 0..<matrix.rows { setRow(row, to: Array(matrix[row])) }
    }

    fileprivate var dense: Matrix {
        Matrix(checkedRows: rows, columns: dimensions, (0..<rows).flatMap { self[$0] })
    }
}
