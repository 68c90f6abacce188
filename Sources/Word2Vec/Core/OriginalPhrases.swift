internal import CWord2Vec

/// The original's word2phrase, to the letter; see `w2v_phrases_original`.
private final class OriginalPhrases {
    let joint: WordDictionary
    private let words: WordDictionary
    /// The joint entry of each word.
    private var jointOf: [UInt32] = []
    /// By joint entry, once all is counted; -1 for what is found no more.
    private var counts: [Int64] = []
    private var joins: [w2v_join] = []
    private let options: PhraseOptions
    private(set) var total: Int64 = 0
    /// The state between two calls; its pointers mean nothing.
    private var state = w2v_phrases_original?.none

    private static let none = UInt32.max
    /// Bytes of a word and of a joined word.
    private static let longest = Int(W2V_PHRASE_LONGEST + W2V_PHRASE_WORD)

    init(words: WordDictionary, options: PhraseOptions) throws(Word2VecError) {
        joint = try WordDictionary(TokenRules.firstWords)
        self.words = words
        self.options = options
    }

    /// Calls the C core with the state, and pointers that are good meanwhile.
    private func withCore(_ body: (inout w2v_phrases_original) -> Void) {
        jointOf.withUnsafeMutableBufferPointer { jointOf in
            counts.withUnsafeMutableBufferPointer { counts in
                guard let jointBase = jointOf.baseAddress else { return }
                // While there are no counts, nothing of them is read.
                let countBase = counts.baseAddress ?? UnsafeMutablePointer(bitPattern: 8)
                guard let countBase else { return }
                withUnsafeMutablePointer(to: &words.core) { words in
                    withUnsafeMutablePointer(to: &joint.core) { joint in
                        var core = w2v_phrases_original(
                            words: words, joint: joint, joint_of: jointBase, known: UInt32(jointOf.count),
                            counts: countBase, minimum: Int64(options.minimumCount), total: total,
                            threshold: Float(options.threshold), last: state?.last ?? -1, pa: state?.pa ?? 0,
                            pb: state?.pb ?? 0, pab: state?.pab ?? 0, li: state?.li ?? -1)
                        body(&core)
                        state = core
                        total = core.total
                    }
                }
            }
        }
    }

    func count(_ ids: UnsafePointer<Int32>, _ count: Int) throws(Word2VecError) {
        try joint.reserve(words: 2 * count, bytes: Self.longest * count)
        jointOf += repeatElement(Self.none, count: words.count - jointOf.count)
        withCore { w2v_phrases_original_count(&$0, ids, count) }
    }

    /// Forgets what is too rare, and what the original loses besides: `</s>`, with its count of 0, makes it drop the last of
    /// the list that is sorted by count. That shows if there is nothing too rare. Returns how many entries are left.
    func finishCounting() -> Int {
        counts = joint.counts.map(Int64.init)
        state = nil
        guard options.minimumCount > 0 else { return counts.count }
        let minimum = Int64(options.minimumCount)
        var (last, anyIsRare) = (0, false)
        for entry in counts.indices.dropFirst() {
            if counts[entry] < minimum { anyIsRare = true }
            if last == 0 || counts[entry] <= counts[last] { last = entry }
        }
        if !anyIsRare { counts[last] = -1 }
        for entry in counts.indices where counts[entry] < minimum { counts[entry] = -1 }
        return counts.count { $0 >= 0 }
    }

    /// Writes the words of `ids` to `text`, and hands over the joins. Returns the bytes.
    func join(
        _ ids: UnsafePointer<Int32>, _ count: Int, _ text: UnsafeMutablePointer<UInt8>,
        found: (_ entry: Int, _ score: Float) -> Void
    ) -> Int {
        if joins.count < count { joins = Array(repeating: w2v_join(), count: count) }
        var (written, joinCount) = (0, 0)
        joins.withUnsafeMutableBufferPointer { joins in
            guard let base = joins.baseAddress else { return }
            withCore { written = w2v_phrases_original_join(&$0, ids, count, text, base, &joinCount) }
        }
        for join in joins[..<joinCount] { found(Int(join.entry), join.score) }
        return written
    }
}

extension Phrases {
    /// Joins words as the original's word2phrase does.
    static func joinedAsOriginal(
        _ files: [TextFile], options: PhraseOptions, into makeSink: () throws(Word2VecError) -> any ByteSink
    ) throws(Word2VecError) -> Phrases {
        let text = try PhraseText(files, rules: .originalPhrases)
        let phrases = try OriginalPhrases(words: text.encoder.dictionary, options: options)
        try text.read { (ids, count) throws(Word2VecError) in try phrases.count(ids, count) }
        let truncated = text.encoder.truncatedWords
        let vocabularySize = phrases.finishCounting()

        var joins: [Int: (count: Int, score: Float)] = [:]
        try text.rewrite(into: makeSink()) { ids, count, bytes in
            phrases.join(ids, count, bytes) { joins[$0, default: (0, $1)].count += 1 }
        }
        return Phrases(
            words: Int(phrases.total), vocabularySize: vocabularySize, truncatedWords: truncated,
            found: joins.sorted { $0.key < $1.key }.map { entry, join in
                Phrases.Phrase(bytes: phrases.joint.word(at: entry), count: join.count, score: Double(join.score))
            })
    }
}
