/// Splits lines into words and finds the row of each word in the vectors. The token rules are those of a corpus. Each
/// distinct word is looked up once, and the result is cached.
final class LineTokenizer {
    private let vectors: WordVectors
    private let encoder: TextEncoder
    /// The row of each distinct word so far, or one of the two values below.
    private var ranks: [Int32] = []

    private static let unknown: Int32 = -1
    private static let sentenceEnd: Int32 = -2

    init(_ vectors: WordVectors) throws(Word2VecError) {
        self.vectors = vectors
        encoder = try TextEncoder(rules: .standard, words: WordTable(), grows: true)
    }

    /// Returns the rows of the known words of a line, in order, and the number of unknown words. Sentence ends are
    /// skipped.
    func rows(of line: ArraySlice<UInt8>) throws(Word2VecError) -> (known: [Int32], unknown: Int) {
        let entries = try encoder.entries(ofLine: line)
        for entry in ranks.count..<max(ranks.count, encoder.wordCount) {
            let word = encoder.dictionary.word(at: entry)
            let isEnd = word.elementsEqual(TokenRules.sentenceEnd.utf8)
            ranks.append(isEnd ? Self.sentenceEnd : vectors.words.rank(of: word).map(Int32.init) ?? Self.unknown)
        }
        var (known, unknown): ([Int32], Int) = ([], 0)
        for entry in entries {
            let rank = ranks[Int(entry)]
            if rank >= 0 { known.append(rank) }
            if rank == Self.unknown { unknown += 1 }
        }
        return (known, unknown)
    }
}
