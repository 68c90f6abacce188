/// Trains word vectors.
///
/// ```swift
/// var options = TrainingOptions()
/// options.architecture = .skipGram
/// let vectors = try Trainer(options: options).train(Corpus(contentsOf: "corpus.txt"))
/// ```
public struct Trainer: Sendable {
    /// The options, found valid.
    public let options: TrainingOptions

    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)``.
    public init(options: TrainingOptions = TrainingOptions()) throws(Word2VecError) {
        try options.validate()
        self.options = options
    }

    /// Reads a corpus and trains on it.
    ///
    /// - Parameter progress: called about ten times a second, from any of the run's threads but never from two at once.
    /// - Throws: what reading the corpus throws; ``Word2VecError/diverged(epoch:alpha:)``;
    ///   ``Word2VecError/outOfMemory(bytes:purpose:)``.
    public func train(
        _ corpus: Corpus, progress: (@Sendable (TrainingProgress) -> Void)? = nil
    ) throws(Word2VecError) -> WordVectors {
        try train(corpus.encoded(options: options), progress: progress)
    }

    /// Trains on a corpus that was read.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` if it was not read with these options' `exact`, or has
    ///   too many words for the full softmax;
    ///   ``Word2VecError/noKnownWords(path:)``.
    public func train(
        _ corpus: EncodedCorpus, progress: (@Sendable (TrainingProgress) -> Void)? = nil
    ) throws(Word2VecError) -> WordVectors {
        guard corpus.rules == TokenRules(options) else {
            throw .invalidOption(
                "exact", found: options.exact ? "1" : "0", expected: "what it was when \(corpus.name) was read")
        }
        guard options.exact || corpus.tokens.hasWords else { throw .noKnownWords(path: corpus.name) }
        guard options.loss == .approximate || corpus.vocabulary.count <= TrainingOptions.largestSoftmax else {
            throw .invalidOption(
                "loss", found: "softmax",
                expected: """
                    approximate for \(corpus.vocabulary.count) words: with the full softmax every window takes all of them, \
                    which is for \(TrainingOptions.largestSoftmax) at the most; use -negative or -hs 1, or -max-vocab
                    """)
        }
        let parameters = try ParameterStore(words: corpus.vocabulary.count, options: options)
        let reporter = ProgressReporter(epochs: options.epochs, report: progress)
        if options.exact {
            try OriginalRun(corpus: corpus, options: options, parameters: parameters).run(reporter)
        } else {
            try BlockRun(corpus: corpus, options: options, parameters: parameters).run(reporter)
        }
        guard parameters.isFinite else {
            throw .diverged(epoch: options.epochs, alpha: Float(options.effectiveAlpha))
        }
        return WordVectors(words: corpus.vocabulary.table, matrix: parameters.input, counts: corpus.vocabulary.counts)
    }
}
