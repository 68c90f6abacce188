/// How to join words to phrases. Each property names its flag of `w2v-c phrase`; the defaults are the original's.
public struct PhraseOptions: Codable, Equatable, Sendable {
    /// `-min-count`: words and pairs that occur less often join nothing; scores are discounted by it.
    public var minimumCount = 5
    /// `-threshold`: pairs with a higher score are joined; a higher threshold makes fewer phrases.
    public var threshold = 100.0
    /// `-passes`: each reads what the one before has written, so that n passes join up to 2^n words.
    public var passes = 1
    /// `-exact`: the very bytes of the original's word2phrase.
    public var exact = false

    /// The original's defaults.
    public init() {}

    /// Checks every option.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first that no run can have.
    public func validate() throws(Word2VecError) {
        guard minimumCount >= 0 else {
            throw .invalidOption("min-count", found: "\(minimumCount)", expected: "0 or above")
        }
        guard threshold >= 0, Float(threshold).isFinite else {
            throw .invalidOption("threshold", found: "\(threshold)", expected: "a finite number, 0 or above")
        }
        guard (1...Self.mostPasses).contains(passes) else {
            throw .invalidOption("passes", found: "\(passes)", expected: "from 1 to \(Self.mostPasses)")
        }
    }

    /// More passes are taken for a mistake.
    private static let mostPasses = 100
}

/// What one pass over a text joined: pairs of words that stand together more often than chance (Mikolov et al. 2013b, section
/// 4), as the original's word2phrase.
public struct Phrases: Sendable {
    /// Words of the text, line ends left out.
    public let words: Int
    /// Distinct words and pairs that occur `minimumCount` times or more.
    public let vocabularySize: Int
    /// Words that were longer than is kept and were cut.
    public let truncatedWords: Int
    /// The pairs that were joined, most frequent first; ties in order of first appearance.
    public let phrases: [Phrase]

    /// Joins made: the text has so many words less.
    public var joins: Int { phrases.reduce(0) { $0 + $1.count } }

    /// - Parameter found: pairs in order of first appearance; those that were joined nowhere are left out.
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
    /// A pair of words that was joined to one.
    public struct Phrase: Equatable, Sendable {
        /// The two words with `_` between them; bytes that are no UTF-8 read as U+FFFD.
        public var text: String { String(decoding: bytes, as: UTF8.self) }
        /// How often it was joined.
        public let count: Int
        /// How much more often the words stand together than by chance:
        /// (count(a b) - minimumCount) / (count(a) count(b)) x words (Mikolov et al. 2013b, eq. 6, times the number of words, as
        /// the original has it).
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
    /// Writes the text with its phrases joined by `_`, a line for each line. The file appears whole or not at all.
    ///
    /// Pairs are counted and joined within lines, from left to right; a word of a pair that was joined is not joined again in
    /// the same pass. With `options.exact` the bytes are those of the original's word2phrase, which counts and joins across
    /// lines, too, cuts words at 58 bytes, loses a last word without white space behind it, and begins each line with a
    /// space. What is read only once (standard input, a pipe) is copied to a temporary file first.
    ///
    /// - Returns: what each pass joined.
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)``; ``Word2VecError/cannotRead(path:reason:)``, also if a
    ///   file changes meanwhile; ``Word2VecError/cannotReadTwice(path:)`` of a stream that was read before;
    ///   ``Word2VecError/emptyCorpus(path:)``; ``Word2VecError/cannotWrite(path:reason:)``, before any work if it is known
    ///   then; ``Word2VecError/outOfMemory(bytes:purpose:)``.
    /// - Complexity: O(bytes x passes): a pass reads the text three times, or twice with `exact`. Memory is that of the
    ///   distinct words, and 21 to 43 bytes for each distinct pair of words that reach `minimumCount`.
    @discardableResult
    public func joinPhrases(
        to path: String, options: PhraseOptions = PhraseOptions()
    ) throws(Word2VecError) -> [Phrases] {
        try options.validate()
        try OutputPath.checkWritable(path)
        var output: OutputFile?
        let results = try phrases(options) { () throws(Word2VecError) in
            let file = try OutputFile(path: path)
            output = file
            return file
        }
        try output?.commit()
        return results
    }

    /// What ``joinPhrases(to:options:)`` would join; nothing is written.
    public func phrases(options: PhraseOptions = PhraseOptions()) throws(Word2VecError) -> [Phrases] {
        try options.validate()
        return try phrases(options) { NoSink() }
    }

    /// The same; the last pass writes to a sink that is made when it begins to.
    func phrases(
        _ options: PhraseOptions, _ makeSink: () throws(Word2VecError) -> any ByteSink
    ) throws(Word2VecError) -> [Phrases] {
        var files: [TextFile] = []
        for file in self.files { files.append(try file.spooled()) }
        guard files.contains(where: { $0.byteCount != 0 }) else {
            throw .emptyCorpus(path: paths.joined(separator: ", "))
        }
        var results: [Phrases] = []
        for pass in 1...options.passes {
            let run = options.exact ? Phrases.joinedAsOriginal : Phrases.joined
            if pass == options.passes {
                results.append(try run(files, options, makeSink))
            } else {
                let spool = try TextSpool()
                results.append(try run(files, options) { spool })
                files = [try spool.finish()]
            }
        }
        return results
    }
}
