internal import CWord2Vec

/// The table of words and pairs of the original word2phrase; see `w2v_phrases_original`.
package final class OriginalPhraseTable {
    package let joint: WordDictionary
    private let words: WordDictionary
    /// The joint entry of each word.
    private var jointOf: [UInt32] = []
    /// By joint entry, after counting; -1 for dropped entries.
    private var counts: [Int64] = []
    private var joins: [w2v_join] = []
    private let minimum: Int64
    private let threshold: Float
    package private(set) var total: Int64 = 0
    /// The state between two calls. Its pointers are not valid.
    private var state = w2v_phrases_original?.none

    private static let none = UInt32.max
    /// The maximum number of bytes of a word, and of a joined pair.
    private static let longest = Int(W2V_PHRASE_LONGEST + W2V_PHRASE_WORD)

    /// - Parameters:
    ///   - words: the dictionary of the tokens.
    ///   - joint: a dictionary that contains only the line end. Words and joined pairs will be added.
    ///   - minimum: pairs of rarer words are not joined.
    ///   - threshold: a pair is joined if its score is above it.
    package init(words: WordDictionary, joint: WordDictionary, minimum: Int, threshold: Float) {
        self.words = words
        self.joint = joint
        self.minimum = Int64(minimum)
        self.threshold = threshold
    }

    /// Calls the C core with the state, and with pointers that are valid during the call.
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
                            counts: countBase, minimum: minimum, total: total,
                            threshold: threshold, last: state?.last ?? -1, pa: state?.pa ?? 0,
                            pb: state?.pb ?? 0, pab: state?.pab ?? 0, li: state?.li ?? -1)
                        body(&core)
                        state = core
                        total = core.total
                    }
                }
            }
        }
    }

    /// Counts words and pairs. O(tokens).
    package func count(_ tokens: TokenView) throws(CoreError) {
        try joint.reserve(words: 2 * tokens.count, bytes: Self.longest * tokens.count)
        jointOf += repeatElement(Self.none, count: words.count - jointOf.count)
        withCore { w2v_phrases_original_count(&$0, tokens.pointer, tokens.count) }
    }

    /// Drops rare entries, and one more that the original loses: `</s>` has a count of 0, so the original drops the
    /// last entry of its list sorted by count. That is visible if no entry is rare. Returns the number of remaining
    /// entries.
    package func finishCounting() -> Int {
        counts = joint.counts.map(Int64.init)
        state = nil
        guard minimum > 0 else { return counts.count }
        var (last, anyIsRare) = (0, false)
        for entry in counts.indices.dropFirst() {
            if counts[entry] < minimum { anyIsRare = true }
            if last == 0 || counts[entry] <= counts[last] { last = entry }
        }
        if !anyIsRare { counts[last] = -1 }
        for entry in counts.indices where counts[entry] < minimum { counts[entry] = -1 }
        return counts.count { $0 >= 0 }
    }

    /// Returns the text of the tokens as word2phrase writes it. Calls `found` for each join. O(bytes).
    ///
    /// - Parameter room: ``TextEncoder/roomToRewrite``.
    package func joined(_ tokens: TokenView, room: Int, found: (_ entry: Int, _ score: Float) -> Void) -> [UInt8] {
        if joins.count < tokens.count { joins = Array(repeating: w2v_join(), count: tokens.count) }
        var joinCount = 0
        let text = [UInt8](unsafeUninitializedCapacity: room) { text, count in
            joins.withUnsafeMutableBufferPointer { joins in
                guard let base = joins.baseAddress, let start = text.baseAddress else { return }
                withCore {
                    count = w2v_phrases_original_join(&$0, tokens.pointer, tokens.count, start, base, &joinCount)
                }
            }
        }
        for join in joins[..<joinCount] { found(Int(join.entry), join.score) }
        return text
    }
}
