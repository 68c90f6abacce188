/// The words of a text, counted.
public struct CountedWords: Sendable {
    /// The words that were kept, and their counts.
    public let vocabulary: Vocabulary
    /// Words of the text, sentence ends left out.
    public let words: Int
    /// Distinct words among them.
    public let distinctWords: Int
    /// Words that were longer than is kept and were cut.
    public let truncatedWords: Int

    /// Words that were kept; `</s>` is none.
    public var keptWords: Int { vocabulary.count - 1 }

    /// The share of the text's words that are in the vocabulary, 0 ... 1.
    public var coverage: Double {
        Double(vocabulary.totalCount - vocabulary.counts[0]) / Double(max(words, 1))
    }
}
