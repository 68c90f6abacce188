internal import Word2VecCore

/// The words of a corpus with their counts, most frequent first.
///
/// Row 0 is `</s>`, the sentence end, whatever its count; the others follow by count, ties in order of first
/// appearance. That is the original's order, and the order of the rows of `vectors.bin`.
public struct Vocabulary: Sendable, Equatable {
    let table: WordTable
    /// How often each word occurs, by rank.
    public let counts: [Int]
    /// The sum of all counts: the words of one epoch, sentence ends included.
    public let totalCount: Int

    /// The most that counts may add up to: four million million. Products with the number of epochs stay in range.
    static let largestTotal = 1 << 42

    /// Words (V), `</s>` included.
    public var count: Int { counts.count }

    /// The word of a rank; bytes that are no UTF-8 read as U+FFFD. O(1).
    public func word(at rank: Int) -> String { table[rank] }

    /// The rank of a word, 0 for `</s>`; nil if the vocabulary lacks it. O(1).
    public func rank(of word: String) -> Int? { table.rank(of: word) }

    /// How many of its words vectors hold. O(V).
    public func count(in vectors: WordVectors) -> Int {
        (0..<count).count { vectors.words.rank(of: table.bytes(at: $0)) != nil }
    }

    /// The words of vectors that it lacks, in their order. O(words of the vectors).
    public func wordsMissing(of vectors: WordVectors) -> [String] {
        (0..<vectors.count).filter { table.rank(of: vectors.words.bytes(at: $0)) == nil }.map { vectors.word(at: $0) }
    }

    /// Entries in order of first appearance, the sentence end first. Those below `minimumCount` are left out, and the
    /// rarest of more than `maximum`, but never the first.
    ///
    /// Also returns the rank of each entry, -1 where it was left out.
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

    /// As many counts as words.
    init(table: WordTable, counts: [Int]) {
        self.table = table
        self.counts = counts
        totalCount = counts.reduce(0, +)
    }
}

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
