internal import Word2VecCore

/// A text that is read several times with one dictionary: to count words, to count pairs, and to write the joined text.
private final class PhraseText {
    let encoder: TextEncoder
    private let stretches: [TextStretch]
    private let isCancelled: CancellationCheck?
    /// The number of distinct words after the first reading, including the line end. Nil before.
    private var distinctWords: Int?
    private let name: String

    init(_ files: [InputFile], rules: TokenRules, isCancelled: CancellationCheck?) throws(Word2VecError) {
        encoder = try core(TextEncoder(rules: rules, words: TokenRules.firstWords, grows: true))
        self.isCancelled = isCancelled
        stretches = try TextStretch.deal(files, parts: 1, rules: rules)[0]
        name = files.map(\.path).joined(separator: ", ")
    }

    /// Reads the text and passes its tokens, as entries of the encoder's dictionary, to `body`.
    ///
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)`` if a later reading finds a word that the first did not.
    func read(_ body: (TokenView) throws(CoreError) -> Void) throws(Word2VecError) {
        encoder.restart()
        try core(
            encoder.encode(stretches, isCancelled: isCancelled) { (tokens) throws(CoreError) in
                if let distinctWords, distinctWords != encoder.wordCount {
                    throw .cannotRead(path: name, reason: "it changed while it was read")
                }
                try body(tokens)
            })
        distinctWords = encoder.wordCount
    }

    /// Reads the text and writes the bytes that `body` returns for its tokens to `sink`.
    func rewrite(into sink: any ByteSink, _ body: (TokenView) -> [UInt8]) throws(Word2VecError) {
        try read { (tokens) throws(CoreError) in
            let text = body(tokens)
            try sink.write { $0 += text }
        }
    }
}

extension Phrases {
    /// Joins pairs of words within lines. Reads the text three times: to count the words, to count the pairs of words
    /// that are frequent enough, and to write the joined text.
    static func joined(
        _ files: [InputFile], options: PhraseOptions, isCancelled: CancellationCheck?,
        into makeSink: () throws(Word2VecError) -> any ByteSink
    ) throws(Word2VecError) -> Phrases {
        let text = try PhraseText(files, rules: .standard, isCancelled: isCancelled)
        try text.read { _ in }
        let dictionary = text.encoder.dictionary
        let truncated = text.encoder.truncatedWords
        let counts = dictionary.counts
        let words = counts.dropFirst().reduce(0, +)

        let pairs = try core(PairTable())
        var previous = PairTable.PrecedingWord()
        let entryCounts = counts.map(Int64.init)
        try text.read { (tokens) throws(CoreError) in
            try pairs.count(tokens, counts: entryCounts, minimum: options.minimumCount, after: &previous)
        }

        var found: [(first: Int, second: Int, score: Double)] = []
        var vocabularySize = counts.dropFirst().count { $0 >= options.minimumCount }
        pairs.visit { first, second, count in
            if count >= options.minimumCount { vocabularySize += 1 }
            let score =
                Double(count - options.minimumCount) / Double(counts[first]) / Double(counts[second]) * Double(words)
            if score > options.threshold { found.append((first, second, score)) }
        }
        let joined = try core(PairTable(capacity: found.count))
        for pair in found { joined[pair.first, pair.second] = 0 }

        previous = PairTable.PrecedingWord()
        try text.rewrite(into: makeSink()) { tokens in
            joined.joined(tokens, words: dictionary, room: text.encoder.roomToRewrite, after: &previous)
        }
        found.sort { ($0.first, $0.second) < ($1.first, $1.second) }
        let underscore = [UInt8(ascii: "_")]
        return Phrases(
            words: words, vocabularySize: vocabularySize, truncatedWords: truncated,
            found: found.map { pair in
                Phrases.Phrase(
                    bytes: dictionary.word(at: pair.first) + underscore + dictionary.word(at: pair.second),
                    count: joined[pair.first, pair.second], score: pair.score)
            })
    }
}

extension Phrases {
    /// Joins pairs of words exactly as the original word2phrase does. Reads the text twice.
    static func joinedAsOriginal(
        _ files: [InputFile], options: PhraseOptions, isCancelled: CancellationCheck?,
        into makeSink: () throws(Word2VecError) -> any ByteSink
    ) throws(Word2VecError) -> Phrases {
        let text = try PhraseText(files, rules: .originalPhrases, isCancelled: isCancelled)
        let phrases = OriginalPhraseTable(
            words: text.encoder.dictionary, joint: try core(WordDictionary(TokenRules.firstWords)),
            minimum: options.minimumCount, threshold: Float(options.threshold))
        try text.read { (tokens) throws(CoreError) in try phrases.count(tokens) }
        let truncated = text.encoder.truncatedWords
        let vocabularySize = phrases.finishCounting()

        var joins: [Int: (count: Int, score: Float)] = [:]
        try text.rewrite(into: makeSink()) { tokens in
            phrases.joined(tokens, room: text.encoder.roomToRewrite) { joins[$0, default: (0, $1)].count += 1 }
        }
        return Phrases(
            words: Int(phrases.total), vocabularySize: vocabularySize, truncatedWords: truncated,
            found: joins.sorted { $0.key < $1.key }.map { entry, join in
                Phrases.Phrase(bytes: phrases.joint.word(at: entry), count: join.count, score: Double(join.score))
            })
    }
}
