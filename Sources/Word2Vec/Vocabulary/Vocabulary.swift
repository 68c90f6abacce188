internal import Word2VecCore

/// The words of a corpus and their counts, most frequent first.
///
/// Row 0 is `</s>`, the sentence end, whatever its count. The other words are sorted by count, and words with equal
/// counts by first occurrence. This is the order of the original, and of the rows in `vectors.bin`.
public struct Vocabulary: Sendable, Equatable {
    let table: WordTable
    /// The count of each word, by rank.
    public let counts: [Int]
    /// The sum of all counts: the number of words in one epoch, including sentence ends.
    public let totalCount: Int

    /// The largest allowed sum of counts, 4 x 10^12. Its product with the number of epochs does not overflow.
    static let largestTotal = 1 << 42

    /// The number of words (V), including `</s>`.
    public var count: Int { counts.count }

    /// The word at a rank. Invalid UTF-8 reads as U+FFFD. O(1).
    public func word(at rank: Int) -> String { table[rank] }

    /// The rank of a word. It is 0 for `</s>`, and nil for an unknown word. O(1).
    public func rank(of word: String) -> Int? { table.rank(of: word) }

    /// The number of its words that the vectors contain. O(V).
    public func count(in vectors: WordVectors) -> Int {
        (0..<count).count { vectors.words.rank(of: table.bytes(at: $0)) != nil }
    }

    /// The words of the vectors that are not in the vocabulary, in the order of the vectors. O(words of the vectors).
    public func wordsMissing(of vectors: WordVectors) -> [String] {
        (0..<vectors.count).filter { table.rank(of: vectors.words.bytes(at: $0)) == nil }.map { vectors.word(at: $0) }
    }

    /// The entries are in order of first occurrence, and the sentence end is the first. Entries with a count below
    /// `minimumCount` are dropped, and so are the rarest if there are more than `maximum`. The first entry is always
    /// kept.
    ///
    /// Also returns the rank of each entry, -1 for a dropped one.
    static func sorted(
        counts entries: [Int], minimumCount: Int, maximum: Int?, bytesOf: (Int) -> [UInt8]
    ) -> (vocabulary: Vocabulary, ranks: [Int32]) {
        var order: [(count: Int, entry: Int)] = []
        for (entry, count) in entries.enumerated().dropFirst() where count >= minimumCount {
            order.append((count, entry))
        }
        order.sort { a, b in a.count != b.count ? a.count > b.count : a.entry < b.entry }
        if let first = entries.first { order.insert((first, 0), at: 0) }
        if let maximum, order.count > maximum { order.removeSubrange(maximum...) }

        var ranks = [Int32](repeating: -1, count: entries.count)
        var table = WordTable()
        table.reserveCapacity(words: order.count)
        for (rank, (_, entry)) in order.enumerated() {
            ranks[entry] = Int32(rank)
            table.appendNew(bytesOf(entry))
        }
        return (Vocabulary(table: table, counts: order.map(\.count)), ranks)
    }

    /// There are as many counts as words.
    init(table: WordTable, counts: [Int]) {
        self.table = table
        self.counts = counts
        totalCount = counts.reduce(0, +)
    }
}

/// The result of counting the words of a text.
public struct CountedWords: Sendable {
    /// The vocabulary: the words that were kept, and their counts.
    public let vocabulary: Vocabulary
    /// The number of words in the text, without sentence ends.
    public let words: Int
    /// The number of distinct words among them.
    public let distinctWords: Int
    /// The number of words that were truncated because of their length.
    public let truncatedWords: Int

    /// The number of words that were kept, without `</s>`.
    public var keptWords: Int { vocabulary.count - 1 }

    /// The fraction of the text's words that are in the vocabulary, 0 ... 1.
    public var coverage: Double {
        Double(vocabulary.totalCount - vocabulary.counts[0]) / Double(max(words, 1))
    }
}
