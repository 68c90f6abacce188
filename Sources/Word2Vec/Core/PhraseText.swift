internal import CWord2Vec

/// A text that is read several times, by one dictionary, to have words of it joined.
final class PhraseText {
    let encoder: TextEncoder
    private let stretches: [TextStretch]
    /// Distinct words once the text was read, the line end among them.
    private var known: Int?
    private let name: String
    /// Room for what a piece of text becomes: its bytes, one more for each word that ends a line, and a word that began before.
    private let text: UnsafeMutablePointer<UInt8>

    init(_ files: [TextFile], rules: TokenRules) throws(Word2VecError) {
        encoder = try TextEncoder(rules: rules, words: TokenRules.firstWords, grows: true)
        stretches = try TextStretch.deal(files, parts: 1, rules: rules)[0]
        name = files.map(\.path).joined(separator: ", ")
        text = .allocate(capacity: 2 * TextEncoder.pieceLength + rules.longestWord + 8)
    }

    deinit {
        text.deallocate()
    }

    /// Hands over the tokens, as entries of the encoder's dictionary.
    ///
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)`` if a later reading meets a new word.
    func read(
        _ body: (UnsafePointer<Int32>, _ count: Int) throws(Word2VecError) -> Void
    ) throws(Word2VecError) {
        encoder.restart()
        try encoder.encode(stretches) { (ids, count) throws(Word2VecError) in
            if let known, known != encoder.wordCount {
                throw .cannotRead(path: name, reason: "it changed while it was read")
            }
            try body(ids, count)
        }
        known = encoder.wordCount
    }

    /// Reads the text and writes to `sink` what `body` makes of it: it puts bytes where it is told, and returns their number.
    func rewrite(
        into sink: any ByteSink,
        _ body: (UnsafePointer<Int32>, _ count: Int, UnsafeMutablePointer<UInt8>) -> Int
    ) throws(Word2VecError) {
        try read { (ids, count) throws(Word2VecError) in
            let length = body(ids, count, text)
            try sink.write { $0.append(contentsOf: UnsafeBufferPointer(start: text, count: length)) }
        }
    }
}

extension Phrases {
    /// Joins pairs of words within lines. Three readings: of words, of pairs of those that are frequent enough, and of the
    /// text that is written.
    static func joined(
        _ files: [TextFile], options: PhraseOptions, into makeSink: () throws(Word2VecError) -> any ByteSink
    ) throws(Word2VecError) -> Phrases {
        let text = try PhraseText(files, rules: .standard)
        try text.read { _, _ in }
        let dictionary = text.encoder.dictionary
        let truncated = text.encoder.truncatedWords
        let counts = dictionary.counts
        let words = counts.dropFirst().reduce(0, +)

        let (pairs, minimum) = (try PairTable(), Int64(options.minimumCount))
        var previous = Int32(W2V_LINE_HEAD)
        let entryCounts = counts.map(Int64.init)
        try text.read { (ids, count) throws(Word2VecError) in
            try pairs.reserve(count)
            w2v_pairs_count(&pairs.core, ids, count, entryCounts, minimum, &previous)
        }

        var found: [(first: Int, second: Int, score: Double)] = []
        var vocabularySize = counts.dropFirst().count { $0 >= options.minimumCount }
        pairs.visit { first, second, count in
            if count >= options.minimumCount { vocabularySize += 1 }
            let score =
                Double(count - options.minimumCount) / Double(counts[first]) / Double(counts[second]) * Double(words)
            if score > options.threshold { found.append((first, second, score)) }
        }
        let joined = try PairTable(capacity: found.count)
        for pair in found { joined[pair.first, pair.second] = 0 }

        previous = Int32(W2V_LINE_HEAD)
        try text.rewrite(into: makeSink()) { ids, count, bytes in
            w2v_pairs_join(&joined.core, &dictionary.core, ids, count, &previous, bytes)
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
