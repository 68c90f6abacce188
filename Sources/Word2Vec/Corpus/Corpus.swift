/// A text file to train on: words between white space, one sentence a line.
public struct Corpus: Sendable {
    /// Where the text is.
    public let path: String
    private let file: MappedFile

    /// Opens and maps a text file; nothing is read yet.
    ///
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``, ``Word2VecError/emptyCorpus(path:)``.
    public init(contentsOf path: String) throws(Word2VecError) {
        file = try MappedFile(path: path)
        guard file.count > 0 else { throw .emptyCorpus(path: path) }
        self.path = path
    }

    /// Reads the text once: counts its words, makes the vocabulary, and keeps the text as token ids, 4 bytes a token.
    ///
    /// With `options.exact` the token rules are the original's to the letter (98-byte words; a last word that no white
    /// space follows is lost), else no text is lost.
    ///
    /// - Parameter vocabulary: words and counts to use instead of the text's own; words outside it are skipped.
    /// - Throws: ``Word2VecError/noWords(path:minimumCount:words:distinct:highestCount:)``.
    /// - Complexity: O(bytes), and O(V log V) for the order.
    public func encoded(
        options: TrainingOptions, vocabulary: Vocabulary? = nil
    ) throws(Word2VecError) -> EncodedCorpus {
        try encoded(
            rules: TokenRules(options), minimumCount: options.minimumCount, vocabulary: vocabulary)
    }

    func encoded(
        rules: TokenRules, minimumCount: Int, vocabulary: Vocabulary?
    ) throws(Word2VecError) -> EncodedCorpus {
        if let vocabulary { return try encoded(rules: rules, fixed: vocabulary) }

        var known = WordTable()
        _ = known.append(TokenRules.sentenceEnd.utf8)
        let encoder = TextEncoder(rules: rules, words: known, grows: true)
        var pruned = 0
        try encoder.encode(file) {
            pruned += 1
            return (0..<encoder.wordCount).map { encoder.count(at: $0) > pruned }
        }
        let (counted, ranks) = Vocabulary.sorted(
            count: encoder.wordCount, minimumCount: minimumCount,
            countOf: encoder.count, bytesOf: encoder.word)
        guard counted.count > 1 else {
            throw .noWords(
                path: path, minimumCount: minimumCount, counts: (1..<max(encoder.wordCount, 1)).map(encoder.count))
        }
        // Forgotten words may stand in the ids under entries that are others' now: the text is read again.
        if pruned > 0 { return try encoded(rules: rules, fixed: counted) }
        guard let tokens = encoder.takeTokens(map: ranks) else { throw .emptyCorpus(path: path) }
        return EncodedCorpus(
            path: path, rules: rules, vocabulary: counted, tokens: tokens, truncatedWords: encoder.truncatedWords)
    }

    /// Encodes with a vocabulary that does not change.
    private func encoded(
        rules: TokenRules, fixed vocabulary: Vocabulary
    ) throws(Word2VecError) -> EncodedCorpus {
        var unlimited = rules
        unlimited.pruneAbove = nil
        let encoder = TextEncoder(rules: unlimited, words: vocabulary.table, grows: false)
        try encoder.encode(file) { [] }
        guard let tokens = encoder.takeTokens(map: (0..<Int32(vocabulary.count)).map { $0 }) else {
            throw .emptyCorpus(path: path)
        }
        return EncodedCorpus(
            path: path, rules: rules, vocabulary: vocabulary, tokens: tokens, truncatedWords: encoder.truncatedWords)
    }
}

/// A corpus that was read: its vocabulary and its tokens. What a ``Trainer`` trains on.
public struct EncodedCorpus: Sendable {
    /// Where the text was.
    public let path: String
    /// The words and their counts.
    public let vocabulary: Vocabulary
    /// Words that were longer than is kept and were cut.
    public let truncatedWords: Int
    let rules: TokenRules
    let tokens: TokenStore

    /// Tokens of one epoch: words inside the vocabulary, and sentence ends.
    public var tokenCount: Int { tokens.count }

    init(path: String, rules: TokenRules, vocabulary: Vocabulary, tokens: TokenStore, truncatedWords: Int) {
        self.path = path
        self.rules = rules
        self.vocabulary = vocabulary
        self.tokens = tokens
        self.truncatedWords = truncatedWords
    }
}
