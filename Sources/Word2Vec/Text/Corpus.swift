internal import Word2VecCore

/// Text to train on: words separated by white space, one sentence a line, in one file or several.
///
/// A file is text in UTF-8, or such text compressed with gzip, bzip2, xz or zstd, whatever its name. The system's program
/// decompresses it in a child process.
public struct Corpus: Sendable {
    /// The paths of the text.
    public let paths: [String]
    let files: [InputFile]

    /// Bytes of text that are worth a thread of their own.
    private static let bytesOfAThread = 1 << 18

    /// Opens a text; nothing is read yet.
    ///
    /// - Parameter path: a file; `-` is standard input. A file that is not regular (a pipe, a terminal) is a stream. It
    ///   is opened when it is read, and can be read once.
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``; ``Word2VecError/malformed(path:place:found:expected:)`` if the file
    ///   is recognized as another kind of file; ``Word2VecError/emptyCorpus(path:)``.
    public init(contentsOf path: String) throws(Word2VecError) {
        try self.init(contentsOf: [path])
    }

    /// Opens several texts, which are one corpus in this order. The end of a file ends its last word and its last line. With
    /// `exact` the files are one text, as if joined by `cat`.
    ///
    /// - Throws: as ``init(contentsOf:)-(String)``; ``Word2VecError/cannotReadTwice(path:)`` if standard input is named twice;
    ///   ``Word2VecError/emptyCorpus(path:)`` if all files are empty.
    public init(contentsOf paths: [String]) throws(Word2VecError) {
        guard paths.filter({ $0 == InputFile.standardInput }).count < 2 else {
            throw .cannotReadTwice(path: InputFile.standardInput)
        }
        var files: [InputFile] = []
        for path in paths { files.append(try InputFile(path: path)) }
        guard files.contains(where: { $0.byteCount != 0 }) else {
            throw .emptyCorpus(path: paths.joined(separator: ", "))
        }
        self.paths = paths
        self.files = files
    }

    /// Reads the text once: counts its words, makes the vocabulary, and keeps the text as token ids, 4 bytes a token.
    ///
    /// Words are separated by spaces, tabs, NULs and line ends. A line ends with LF, CR LF, or CR. Words are cut after 1024
    /// bytes, and a byte order mark is skipped; no other text is lost. With `options.exact` the rules are the original's: words
    /// are cut after 98 bytes, a carriage return is deleted, a NUL hides the rest of its word, and a last word without white
    /// space after it is lost. The result does not depend on `options.threads`. If the task is cancelled, the reading stops.
    ///
    /// - Parameters:
    ///   - options: the rules of reading, the minimum count, the threads and the memory. Other options have no effect.
    ///   - vocabulary: words and counts to use instead of the text's own; words outside it are skipped.
    ///   - progress: called at most ten times a second and when all is read, from any of the threads that read but never from
    ///     two at once.
    /// - Throws: ``Word2VecError/noWords(path:minimumCount:words:distinct:highestCount:)``;
    ///   ``Word2VecError/cannotRead(path:reason:)``, also of a compressed file that is damaged or whose program is missing;
    ///   ``Word2VecError/malformed(path:place:found:expected:)`` if what a stream or a compressed file holds is recognized as
    ///   something else than text in UTF-8; ``Word2VecError/emptyCorpus(path:)``; ``Word2VecError/interrupted(checkpoint:)``;
    ///   ``Word2VecError/cannotWrite(path:reason:)`` if there is no space for ids beyond `options.tokenMemory`;
    ///   ``Word2VecError/cannotReadTwice(path:)`` of a stream that was read, or that would have to be read again because it
    ///   has more than 21 million distinct words and `options.exact` prunes them;
    ///   ``Word2VecError/invalidOption(_:found:expected:)`` if `options.holdout` leaves no words to train on, or to measure.
    /// - Complexity: O(bytes / T + V' T), V' the distinct words, and O(V' + V log V) for the order.
    public func encoded(
        options: TrainingOptions, vocabulary: Vocabulary? = nil,
        progress: (@Sendable (ReadingProgress) -> Void)? = nil
    ) throws(Word2VecError) -> EncodedCorpus {
        try encoded(
            rules: TokenRules(options), minimumCount: options.minimumCount, vocabulary: vocabulary,
            maximumVocabulary: options.maximumVocabulary,
            threads: threads(options), tokenMemory: options.tokenMemory, progress: progress
        ).holdingOut(options)
    }

    /// Reads the text once and counts its words, without keeping the tokens. The vocabulary is that of
    /// ``encoded(options:vocabulary:progress:)`` with the same options.
    ///
    /// - Throws: what that throws.
    /// - Complexity: O(bytes / T + V' T), V' the distinct words, and O(V' + V log V) for the order.
    public func countedWords(options: TrainingOptions) throws(Word2VecError) -> CountedWords {
        try withTaskCancellation { (isCancelled) throws(Word2VecError) in
            try CorpusReader(
                files: files, rules: TokenRules(options), threads: threads(options), memory: TokenMemory(limit: 0),
                watch: ReadingWatch(isCancelled: isCancelled)
            ).words(minimumCount: options.minimumCount, maximumVocabulary: options.maximumVocabulary)
        }
    }

    /// Threads that the text is worth.
    private func threads(_ options: TrainingOptions) -> Int {
        let bytes = files.reduce(0) { $0 + $1.expectedTextSize }
        return min(options.effectiveThreads, bytes / Self.bytesOfAThread + 1)
    }

    func encoded(
        rules: TokenRules, minimumCount: Int, vocabulary: Vocabulary?, maximumVocabulary: Int? = nil, threads: Int = 1,
        tokenMemory: Int? = nil, progress: (@Sendable (ReadingProgress) -> Void)? = nil
    ) throws(Word2VecError) -> EncodedCorpus {
        let total = files.reduce(into: 0 as Int?) { sum, file in
            sum = file.fileSize.flatMap { bytes in sum.map { $0 + bytes } }
        }
        return try withTaskCancellation { (isCancelled) throws(Word2VecError) in
            let reader = CorpusReader(
                files: files, rules: rules, threads: threads, memory: TokenMemory(limit: tokenMemory),
                watch: ReadingWatch(
                    meter: progress.map { ReadingMeter(totalBytes: total, report: $0) }, isCancelled: isCancelled))
            if let vocabulary { return try reader.fixed(vocabulary) }
            return try reader.counted(minimumCount: minimumCount, maximumVocabulary: maximumVocabulary)
        }
    }
}

/// A corpus that was read: its vocabulary and its tokens. A ``Trainer`` trains on it.
public struct EncodedCorpus: Sendable {
    /// The paths of the text.
    public let paths: [String]
    /// The words and their counts.
    public let vocabulary: Vocabulary
    /// Words that were cut because they were too long.
    public let truncatedWords: Int
    let rules: TokenRules
    let tokens: TokenStore
    let heldOut: HeldOutLines?

    /// Tokens of one epoch: words of the vocabulary and sentence ends, without those of lines that are held out.
    public var tokenCount: Int { tokens.count }

    /// Whether any token is a word that is trained: neither a sentence end, which is row 0, nor `</s>`, which may be another row of
    /// a vocabulary that the original's rules read.
    var hasWords: Bool {
        tokens.hasOthers(than: 0, and: vocabulary.rank(of: TokenRules.sentenceEnd).map(Int32.init) ?? 0)
    }

    /// The paths for an error message.
    var name: String { paths.joined(separator: ", ") }

    init(
        paths: [String], rules: TokenRules, vocabulary: Vocabulary, tokens: TokenStore, truncatedWords: Int,
        heldOut: HeldOutLines? = nil
    ) {
        self.paths = paths
        self.rules = rules
        self.vocabulary = vocabulary
        self.tokens = tokens
        self.truncatedWords = truncatedWords
        self.heldOut = heldOut
    }
}
