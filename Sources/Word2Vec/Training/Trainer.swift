internal import Word2VecCore

/// Trains word vectors.
///
/// ```swift
/// var options = TrainingOptions()
/// options.architecture = .skipGram
/// let vectors = try Trainer(options: options).train(Corpus(contentsOf: "corpus.txt"))
/// ```
public struct Trainer: Sendable {
    /// The options, which are valid.
    public let options: TrainingOptions

    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)``.
    public init(options: TrainingOptions = TrainingOptions()) throws(Word2VecError) {
        try options.validate()
        self.options = options
    }

    /// Continues a run (``run(_:from:control:)``).
    ///
    /// - Parameters:
    ///   - checkpoint: the state of the run.
    ///   - threads: the number of threads; nil: that of the run.
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)``.
    public init(resuming checkpoint: Checkpoint, threads: Int? = nil) throws(Word2VecError) {
        var options = checkpoint.options
        options.threads = threads ?? options.threads
        try self.init(options: options)
    }

    /// Reads a corpus and trains on it. If its task is cancelled, training stops.
    ///
    /// - Parameters:
    ///   - corpus: the text.
    ///   - progress: called about ten times a second, from any of the run's threads but never from two at once.
    /// - Throws: what reading the corpus throws; ``Word2VecError/diverged(epoch:alpha:)``;
    ///   ``Word2VecError/outOfMemory(bytes:purpose:)``; ``Word2VecError/interrupted(checkpoint:)``.
    public func train(
        _ corpus: Corpus, progress: (@Sendable (TrainingProgress) -> Void)? = nil
    ) throws(Word2VecError) -> WordVectors {
        try train(corpus.encoded(options: options), progress: progress)
    }

    /// Trains on a corpus that was read.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` if it was not read by these options' rules, or has
    ///   too many words for the full softmax;
    ///   ``Word2VecError/noKnownWords(path:)``.
    public func train(
        _ corpus: EncodedCorpus, progress: (@Sendable (TrainingProgress) -> Void)? = nil
    ) throws(Word2VecError) -> WordVectors {
        var control = TrainingControl()
        control.progress = progress
        let result = try run(corpus, control: control)
        guard result.ending != .interrupted else { throw .interrupted(checkpoint: nil) }
        return result.vectors
    }

    /// Trains on a corpus that was read, with checkpoints, evaluation and a way to stop.
    ///
    /// - Parameters:
    ///   - corpus: the text.
    ///   - checkpoint: the state to continue from, with its own options and corpus; only the number of threads and the memory
    ///     for tokens may differ.
    ///   - control: callbacks, checkpoints and conditions to stop.
    /// - Throws: as ``train(_:progress:)-(EncodedCorpus,_)``, but a run that is stopped is no error: its result says so. An error
    ///   of `control.evaluation`. Checkpoints that cannot be written are none: see
    ///   ``TrainingResult/checkpointFailure``.
    public func run(
        _ corpus: EncodedCorpus, from checkpoint: Checkpoint? = nil, control: TrainingControl = TrainingControl()
    ) throws(Word2VecError) -> TrainingResult {
        try corpus.rules.require(options, toRead: corpus.name)
        try corpus.requireHoldout(of: options)
        guard corpus.hasWords else { throw .noKnownWords(path: corpus.name) }
        guard options.loss == .approximate || corpus.vocabulary.count <= TrainingOptions.largestSoftmax else {
            throw .invalidOption(
                "loss", found: "softmax",
                expected: """
                    approximate for \(corpus.vocabulary.count) words: with the full softmax every window takes all of them, \
                    which is for \(TrainingOptions.largestSoftmax) at the most; use -negative or -hs 1, or -limit
                    """)
        }
        if let checkpoint {
            try checkpoint.check(options)
            try checkpoint.fingerprint.check(corpus)
            guard corpus.vocabulary == checkpoint.vocabulary else {
                throw .corpusChanged(
                    path: corpus.name, found: "another vocabulary", expected: "that of \(checkpoint.path)")
            }
        }
        guard control.patience.map({ $0 > 0 && control.evaluation != nil }) ?? true else {
            throw .invalidOption(
                "early-stop", found: "\(control.patience ?? 0)", expected: "1 or above, and used with -eval")
        }
        if let vectors = control.initialVectors { try checkDimensions(of: vectors) }
        guard control.initialVectors == nil || !options.exact else {
            throw .invalidOption("init", found: "vectors", expected: "absent with -exact 1")
        }
        return try withTaskCancellation { (isCancelled) throws(Word2VecError) in
            var run = try TrainingRun(
                corpus: corpus, options: options, control: control, from: checkpoint, isCancelled: isCancelled)
            return try run.run()
        }
    }

    /// Finds out whether training can start from vectors (``TrainingControl/initialVectors``).
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` unless they have as many dimensions.
    public func checkDimensions(of vectors: WordVectors) throws(Word2VecError) {
        guard vectors.dimensions == options.dimensions else {
            throw .invalidOption(
                "size", found: "\(options.dimensions)",
                expected: "\(vectors.dimensions), as that of the vectors that training starts from")
        }
    }
}
