internal import Word2VecCore

/// The state of a run, read from its file: the options, the vocabulary, the parameters, and the progress.
///
/// ```swift
/// let checkpoint = try Checkpoint(contentsOf: "run.checkpoint")
/// let vectors = try Trainer(resuming: checkpoint).run(checkpoint.corpus(), from: checkpoint).vectors
/// ```
///
/// With one thread, and on the same instruction set, a resumed run gives the same bytes as a run without a stop. With
/// several threads it continues at the same position.
public struct Checkpoint: Sendable {
    /// Where it was read.
    public let path: String
    /// The options of the run.
    public let options: TrainingOptions
    /// The words of the corpus.
    public let vocabulary: Vocabulary
    /// The version that wrote it.
    public let version: String
    /// The instruction set that it was trained with; on another the bytes may differ.
    public let instructionSet: String
    /// The caller's text (``CheckpointPlan/note``).
    public let note: String
    let state: TrainingState
    let fingerprint: CorpusFingerprint
    let parameters: CheckpointFile.Parameters

    /// Where the text is, from the root; `-` is standard input.
    public var corpusPaths: [String] { fingerprint.files.map(\.path) }
    /// Whether the run read a stream (standard input, a pipe), which is gone: ``corpus(at:options:progress:)`` has to be told
    /// where the text is now.
    public var readsStream: Bool { !fingerprint.streams.isEmpty }
    /// The share of the run that is done, 0 ... 1.
    public var fraction: Double {
        guard !state.hasEnded else { return 1 }
        let words = options.exact ? vocabulary.totalCount - fingerprint.heldOutTokens : fingerprint.tokens
        return min(1, Double(state.words) / Double(max(1, options.epochs * words)))
    }
    /// Epochs that are complete.
    public var epochsDone: Int { state.epoch }
    /// Whether the run has come to its end.
    public var hasEnded: Bool { state.hasEnded }
    /// The loss at the end of each epoch so far (``TrainingProgress/losses``).
    public var losses: [Double] { state.knownLosses }

    /// The score of each epoch that was evaluated (``TrainingProgress/scores``).
    public var scores: [Double?] { state.scores }

    /// Reads a checkpoint and verifies its checksum.
    ///
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``; ``Word2VecError/malformed(path:place:found:expected:)`` with
    ///   the byte.
    /// - Complexity: O(file size).
    public init(contentsOf path: String) throws(Word2VecError) {
        try self.init(MappedFile(path: path))
    }

    init(_ file: MappedFile) throws(Word2VecError) {
        self = try file.withView { (view) throws(Word2VecError) in try CheckpointFile.read(view, file) }
    }

    init(
        path: String, record: CheckpointFile.Record, vocabulary: Vocabulary, parameters: CheckpointFile.Parameters
    ) {
        self.path = path
        self.vocabulary = vocabulary
        self.parameters = parameters
        options = record.options
        version = record.version
        instructionSet = record.instructionSet
        note = record.note
        state = record.state
        fingerprint = record.corpus
    }

    /// The vectors as they were, with the words' counts. They stay in the file.
    public func vectors() throws(Word2VecError) -> WordVectors {
        try WordVectors(parameters.input.file, format: .safetensors, VectorLoading())
    }

    /// Reads the corpus of the run again.
    ///
    /// - Parameters:
    ///   - paths: where the text is now, if it is not where it was. Needed if ``readsStream``.
    ///   - progress: as for ``Corpus/encoded(options:vocabulary:progress:)``.
    ///   - options: with others than the run's for how it is done: `threads`, `tokenMemory`. nil: the run's.
    /// - Throws: ``Word2VecError/corpusChanged(path:found:expected:)`` if it is not what it was;
    ///   ``Word2VecError/cannotReadTwice(path:)`` of a stream without `paths`; what reading a corpus throws.
    /// - Complexity: O(bytes / T).
    public func corpus(
        at paths: [String]? = nil, options: TrainingOptions? = nil,
        progress: (@Sendable (ReadingProgress) -> Void)? = nil
    ) throws(Word2VecError) -> EncodedCorpus {
        if paths == nil, let stream = fingerprint.streams.first { throw .cannotReadTwice(path: stream) }
        let paths = paths ?? corpusPaths
        try fingerprint.checkFiles(at: paths)
        let corpus = try Corpus(contentsOf: paths).encoded(
            options: options ?? self.options, vocabulary: vocabulary, progress: progress)
        try fingerprint.check(corpus)
        return corpus
    }

    /// Copies the parameters. Returns the vectors of the best epoch, if it has them.
    func load(_ parameters: ModelParameters) throws(Word2VecError) -> FloatMatrix? {
        try self.parameters.load(parameters)
    }

    /// Whether a run with these options is the same run.
    func check(_ options: TrainingOptions) throws(Word2VecError) {
        var same = options
        (same.threads, same.tokenMemory) = (self.options.threads, self.options.tokenMemory)
        guard same == self.options else {
            throw .invalidArgument(
                "options", found: "options that differ from those of \(path)",
                expected: "those of the run, except threads and token memory")
        }
    }
}
