internal import Word2VecCore

/// The options for joining words into phrases. Each property names the flag of `w2v-c phrase` that sets it. The
/// defaults are those of the original word2phrase.
public struct PhraseOptions: Codable, Equatable, Sendable {
    /// `-min-count`: words and pairs that occur less often than this are not joined. It is also subtracted from the
    /// count of a pair in its score.
    public var minimumCount = 5
    /// `-threshold`: pairs with a score above this are joined. A higher threshold gives fewer phrases.
    public var threshold = 100.0
    /// `-passes`: the number of passes. Each pass reads the output of the one before, so n passes join up to 2^n words.
    public var passes = 1
    /// `-exact`: reproduces the output of the original word2phrase byte for byte.
    public var exact = false

    /// Creates options with the defaults of the original.
    public init() {}

    /// Checks all options.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first invalid option.
    public func validate() throws(Word2VecError) {
        guard minimumCount >= 0 else {
            throw .invalidOption("min-count", found: "\(minimumCount)", expected: "0 or above")
        }
        guard threshold >= 0, Float(threshold).isFinite else {
            throw .invalidOption("threshold", found: "\(threshold)", expected: "a finite number, 0 or above")
        }
        guard (1...Self.maximumPasses).contains(passes) else {
            throw .invalidOption("passes", found: "\(passes)", expected: "from 1 to \(Self.maximumPasses)")
        }
    }

    /// More passes are rejected as a mistake.
    private static let maximumPasses = 100
}

/// The result of one pass over a text: the pairs of words that occur together more often than by chance and were joined
/// (Mikolov et al. 2013b, section 4), as in the original word2phrase.
public struct Phrases: Sendable {
    /// The number of words in the text, without line ends.
    public let words: Int
    /// The number of distinct words and pairs that occur at least `minimumCount` times.
    public let vocabularySize: Int
    /// The number of words that were truncated because of their length.
    public let truncatedWords: Int
    /// The pairs that were joined, most frequent first. Pairs with equal counts are in order of first occurrence.
    public let phrases: [Phrase]

    /// The number of joins. The joined text has this many words fewer.
    public var joins: Int { phrases.reduce(0) { $0 + $1.count } }

    /// - Parameter found: Pairs in order of first occurrence. Pairs that were never joined are dropped.
    init(words: Int, vocabularySize: Int, truncatedWords: Int, found: [Phrase]) {
        self.words = words
        self.vocabularySize = vocabularySize
        self.truncatedWords = truncatedWords
        phrases = found.filter { $0.count > 0 }.enumerated().sorted { a, b in
            a.element.count != b.element.count ? a.element.count > b.element.count : a.offset < b.offset
        }.map(\.element)
    }
}

extension Phrases {
    /// A pair of words that was joined into one word.
    public struct Phrase: Equatable, Sendable {
        /// The two words with `_` between them. Invalid UTF-8 reads as U+FFFD.
        public var text: String { String(decoding: bytes, as: UTF8.self) }
        /// The number of times the pair was joined.
        public let count: Int
        /// How much more often the words occur together than by chance: (count(a b) - minimumCount) / (count(a)
        /// count(b)) x words. This is eq. 6 of Mikolov et al. 2013b, multiplied by the number of words as in the
        /// original.
        public let score: Double
        let bytes: [UInt8]

        init(bytes: [UInt8], count: Int, score: Double) {
            self.bytes = bytes
            self.count = count
            self.score = score
        }
    }
}

extension Corpus {
    /// Writes the text with its phrases joined by `_`, one output line per input line. The file is written completely or
    /// not at all; `-` is standard output.
    ///
    /// Pairs are counted and joined within lines, from left to right. A word that was joined is not joined again in the
    /// same pass. With `options.exact` the output is that of the original word2phrase, byte for byte. The original also
    /// counts and joins across lines, truncates words to 58 bytes, drops a last word that has no white space after it,
    /// and starts each line with a space. Input that can be read only once (standard input, a pipe) is copied to a
    /// temporary file first.
    ///
    /// - Returns: the result of each pass.
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)``; ``Word2VecError/cannotRead(path:reason:)``, also
    ///   if a file changes during the run; ``Word2VecError/cannotReadTwice(path:)`` for a stream that was read before;
    ///   ``Word2VecError/emptyCorpus(path:)``; ``Word2VecError/cannotWrite(path:reason:)``, before the run starts where
    ///   that can be detected; ``Word2VecError/outOfMemory(bytes:purpose:)``.
    /// - Complexity: O(bytes x passes). A pass reads the text three times, or twice with `exact`. Memory holds the
    ///   distinct words, and 21 to 43 bytes for each distinct pair whose words both reach `minimumCount`.
    @discardableResult
    public func joinPhrases(
        to path: String, options: PhraseOptions = PhraseOptions()
    ) throws(Word2VecError) -> [Phrases] {
        try options.validate()
        try OutputPath.checkWritable(path)
        var output: OutputFile?
        let results = try phrases(options) { () throws(Word2VecError) in
            let file = try core(OutputFile(path: path))
            output = file
            return file
        }
        try core(output?.commit())
        return results
    }

    /// Finds the phrases that ``joinPhrases(to:options:)`` would join, without writing a file.
    ///
    /// - Returns: the result of each pass.
    /// - Throws: the errors of ``joinPhrases(to:options:)``, except those of the output file.
    public func phrases(options: PhraseOptions = PhraseOptions()) throws(Word2VecError) -> [Phrases] {
        try options.validate()
        return try phrases(options) { NoSink() }
    }

    /// Runs all passes. The last pass writes to the sink, which is created when it starts to write.
    func phrases(
        _ options: PhraseOptions, _ makeSink: () throws(Word2VecError) -> any ByteSink
    ) throws(Word2VecError) -> [Phrases] {
        try withTaskCancellation { (isCancelled) throws(Word2VecError) in
            try phrases(options, isCancelled: isCancelled, makeSink)
        }
    }

    private func phrases(
        _ options: PhraseOptions, isCancelled: @escaping CancellationCheck,
        _ makeSink: () throws(Word2VecError) -> any ByteSink
    ) throws(Word2VecError) -> [Phrases] {
        var files: [InputFile] = []
        for file in self.files { files.append(try core(file.spooled(isCancelled: isCancelled))) }
        guard files.contains(where: { $0.byteCount != 0 }) else {
            throw .emptyCorpus(path: paths.joined(separator: ", "))
        }
        var results: [Phrases] = []
        for pass in 1...options.passes {
            let run = options.exact ? Phrases.joinedAsOriginal : Phrases.joined
            if pass == options.passes {
                results.append(try run(files, options, isCancelled, makeSink))
            } else {
                let spool = try core(TextSpool())
                results.append(try run(files, options, isCancelled) { spool })
                files = [try core(spool.finish(FileContent.text))]
            }
        }
        return results
    }
}
