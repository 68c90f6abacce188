internal import CWord2Vec

/// The parameters of a model in training: input rows (the word vectors) and the outputs that its objective needs.
///
/// All matrices are V x S and 64-byte aligned, with zero padding, on huge pages where the system has them. During a run
/// its threads update them without locks: see `W2V_HOGWILD`.
package struct ModelParameters: Sendable {
    /// The word vectors.
    package private(set) var input: FloatMatrix
    /// Output rows of negative sampling, or of the full softmax.
    package let output: FloatMatrix?
    /// Inner nodes of the Huffman tree, for hierarchical softmax.
    package let nodes: FloatMatrix?

    /// Initializes the input rows as the original does, and the outputs to zero.
    package init(words: Int, dimensions: Int, hasOutputs: Bool, hasNodes: Bool) throws(CoreError) {
        let purpose = "-size \(dimensions) for \(words) words"
        // The system may promise more than there is and end the run when it is used.
        let matrices = 1 + (hasOutputs ? 1 : 0) + (hasNodes ? 1 : 0)
        let (bytes, tooLarge) = FloatMatrix.byteCount(rows: words, dimensions: dimensions)
            .multipliedReportingOverflow(by: matrices)
        guard !tooLarge, bytes <= usableMemory else {
            throw .outOfMemory(bytes: tooLarge ? .max : bytes, purpose: purpose)
        }
        input = try FloatMatrix(rows: words, dimensions: dimensions, for: purpose)
        output = hasOutputs ? try FloatMatrix(rows: words, dimensions: dimensions, for: purpose) : nil
        nodes = hasNodes ? try FloatMatrix(rows: words, dimensions: dimensions, for: purpose) : nil
        var model = cModel
        w2v_initialize_input(&model)
    }

    /// Moves the word vectors to new memory. Owners of the old memory keep the old values. O(V x D).
    package mutating func moveInput() throws(CoreError) {
        input = try input.copy(for: "word vectors, which the evaluation has kept")
    }

    /// The view for the C core, valid as long as this value.
    var cModel: w2v_model {
        w2v_model(
            input: input.pointer,
            output: output?.pointer,
            nodes: nodes?.pointer,
            words: input.rows,
            dimensions: input.dimensions)
    }

    /// Whether every word vector is finite. O(V x D).
    package var isFinite: Bool {
        var model = cModel
        return w2v_input_is_finite(&model)
    }
}
