internal import Word2VecCore

extension ModelParameters {
    /// The parameters of a run before its first step.
    init(words: Int, options: TrainingOptions) throws(Word2VecError) {
        self = try core(
            ModelParameters(
                words: words, dimensions: options.dimensions,
                hasOutputs: options.effectiveNegatives > 0 || options.loss == .softmax,
                hasNodes: options.hierarchicalSoftmax))
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
}

extension TrainingOptions {
    /// What the trainers need to know of them.
    var trainerSettings: TrainerSettings {
        TrainerSettings(
            window: window, negatives: effectiveNegatives, reuse: effectiveReuse, sharesWindow: sharing == .window,
            reducesVariance: variance == .reduced, isCBOW: architecture == .cbow,
            dividesGradient: cbowGradient == .divided, isSoftmax: loss == .softmax,
            sample: Float(sample), noiseExponent: noiseExponent, seed: seed, threads: effectiveThreads,
            alpha: Float(effectiveAlpha), epochs: epochs)
    }
}

extension Vocabulary {
    var wordCounts: WordCounts { WordCounts(counts, total: totalCount) }
}
