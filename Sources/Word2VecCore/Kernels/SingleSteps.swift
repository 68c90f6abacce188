internal import CWord2Vec

/// Single steps of the trainers on small matrices, for comparison with the objectives. The matrices are changed in place.
package enum SingleSteps {
    /// How a block uses its input rows: each separately, or their mean. The gradient of the mean is added to each input
    /// in full, or divided by their number.
    package enum Update: String, CaseIterable {
        case rows = "update"
        case mean = "update_mean"
        case dividedMean = "update_mean, divided"
    }

    /// One block update by the kernels of an instruction set: the `inputs` against the center (label 1) and the negatives
    /// (label 0); without negatives, a softmax over all words. False if a dot product was not finite.
    package static func blockUpdate(
        _ input: FloatMatrix, _ output: FloatMatrix, by kernels: KernelTable, inputs: [Int], center: Int,
        negatives: [Int]?, alpha: Float, update: Update
    ) throws(CoreError) -> Bool {
        let stride = input.stride
        let floats = MemoryLayout<Float>.stride
        let outputs = negatives.map { [center] + $0 } ?? Array(0..<output.rows)
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
            alpha: alpha, classes: outputs.count, target: center, weights: nil,
            losses: nil, softmax: negatives == nil,
            divided: update == .dividedMean, distinct_inputs: false, distinct_outputs: false)
        let kernels = kernels.pointer.pointee
        let status = update == .rows ? kernels.update(&block) : kernels.update_mean(&block)
        withExtendedLifetime((input, output, filling, inputRows, outputRows, labelMemory)) {}
        withExtendedLifetime((gradients, shares, means, sigmoid)) {}
        return status == W2V_OK
    }

    /// Runs the exact mode over one sentence, starting from a state of its generator. `counts` determine its unigram
    /// table. There is no subsampling. Returns false if a value was not finite.
    package static func originalRun(
        _ input: FloatMatrix, _ output: FloatMatrix, sentence: [Int], counts: [Int], random: UInt64, window: Int,
        negatives: Int, alpha: Float, cbow: Bool
    ) throws(CoreError) -> Bool {
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
        return status == W2V_OK
    }
}
