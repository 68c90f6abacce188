internal import CWord2Vec

/// The parameters of a model in training: input rows (the word vectors) and the outputs that its objective needs.
///
/// All matrices are V x S, 64-byte aligned, zeroed and advised to huge pages. While a run goes on its threads update
/// them without locks: see `W2V_HOGWILD`.
struct ParameterStore: Sendable {
    /// The word vectors.
    private(set) var input: FloatMatrix
    /// Output rows of negative sampling, or of the full softmax.
    let output: FloatMatrix?
    /// Inner nodes of the Huffman tree, for hierarchical softmax.
    let nodes: FloatMatrix?

    /// Input rows as the original initialises them, outputs zero.
    init(words: Int, options: TrainingOptions) throws(Word2VecError) {
        let purpose = "-size \(options.dimensions) for \(words) words"
        // The system may promise more than there is and end the run when it is used.
        let hasOutputs = options.effectiveNegatives > 0 || options.loss == .softmax
        let matrices = 1 + (hasOutputs ? 1 : 0) + (options.hierarchicalSoftmax ? 1 : 0)
        let (bytes, tooLarge) = FloatMatrix.byteCount(rows: words, dimensions: options.dimensions)
            .multipliedReportingOverflow(by: matrices)
        guard !tooLarge, bytes <= usableMemory else {
            throw .outOfMemory(bytes: tooLarge ? .max : bytes, purpose: purpose)
        }
        input = try FloatMatrix(rows: words, dimensions: options.dimensions, for: purpose)
        output =
            hasOutputs
            ? try FloatMatrix(rows: words, dimensions: options.dimensions, for: purpose) : nil
        nodes =
            options.hierarchicalSoftmax
            ? try FloatMatrix(rows: words, dimensions: options.dimensions, for: purpose) : nil
        var model = cModel
        w2v_initialize_input(&model)
    }

    /// Takes the vectors of the words that others of as many dimensions hold, too. O(V x D).
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` for a vector with a value that is not finite.
    func start(from vectors: WordVectors, for vocabulary: Vocabulary) throws(Word2VecError) {
        for rank in 0..<vocabulary.count {
            guard let row = vectors.words.rank(of: vocabulary.table.bytes(at: rank)) else { continue }
            guard vectors.matrix.squaredLength(ofRow: row).isFinite else {
                throw .invalidArgument(
                    "initialVectors", found: "the vector of '\(vocabulary.word(at: rank))'",
                    expected: "vectors whose values are all finite")
            }
            input.setRow(rank, toRow: row, of: vectors.matrix)
        }
    }

    /// Moves the word vectors to other memory. Who has the memory that they were in keeps their values. O(V x D).
    mutating func moveInput() throws(Word2VecError) {
        input = try input.copy(for: "word vectors, which the evaluation has kept")
    }

    /// The C core's view; valid while this value is.
    var cModel: w2v_model {
        w2v_model(
            input: input.pointer,
            output: output?.pointer,
            nodes: nodes?.pointer,
            words: input.rows,
            dimensions: input.dimensions)
    }

    /// Whether every word vector is finite. O(V x D).
    var isFinite: Bool {
        var model = cModel
        return w2v_input_is_finite(&model)
    }
}
