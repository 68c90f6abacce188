internal import Word2VecCore

/// Word vectors with one byte per value and one factor per row. They take a quarter of the memory of floats, and their
/// answers are nearly the same. A value is the row's factor times an integer from -127 to 127. Quantized vectors are
/// immutable and can be queried from any number of threads.
public struct QuantizedVectors: Sendable {
    private let words: WordTable
    private let tables: SearchTables
    /// The factor of each row.
    private let factors: [Float]
    /// The fraction of the ten nearest words by floats that are also among the ten nearest by bytes: the mean over the
    /// words that were tried. Nil if no word was tried.
    public let recall: Double?

    fileprivate init(words: WordTable, tables: SearchTables, factors: [Float], recall: Double?) {
        self.words = words
        self.tables = tables
        self.factors = factors
        self.recall = recall
    }

    /// The number of words (V).
    public var count: Int { words.count }

    /// The number of dimensions (D).
    public var dimensions: Int { tables.dimensions }

    /// The word at a rank. Invalid UTF-8 reads as U+FFFD. O(1).
    public func word(at rank: Int) -> String { words[rank] }

    /// The rank of a word. Nil if it is unknown. See ``WordVectors/rank(of:)``.
    public func rank(of word: String) -> Int? { words.rank(of: word) }

    /// Whether the vectors contain a word. O(1).
    public func contains(_ word: String) -> Bool { rank(of: word) != nil }

    /// The quantized vector of a word (D). Nil if the word is unknown. O(D).
    public subscript(word: String) -> [Float]? { rank(of: word).map { vector(at: $0) } }

    /// The quantized vector at a rank (D). O(D).
    public func vector(at rank: Int) -> [Float] { tables.bytes(of: rank).map { Float($0) * factors[rank] } }

    /// The words nearest to a word, without the word itself, best first. Words with equal cosines are in order of rank.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)``.
    /// - Complexity: O(V x D).
    public func neighbors(of word: String, count: Int = 10, limit: Int? = nil) throws(Word2VecError) -> [Neighbor] {
        guard let rank = rank(of: word) else { throw .unknownWord(word) }
        return try neighbors(ofRank: rank, count: count, limit: limit)
    }

    /// The words nearest to the word at a rank, without that word.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` unless `rank` is from 0 to V - 1.
    /// - Complexity: O(V x D).
    public func neighbors(ofRank rank: Int, count: Int = 10, limit: Int? = nil) throws(Word2VecError) -> [Neighbor] {
        try Check.rank(rank, self.count)
        let query = SearchQuery(vector: tables.bytes(of: rank).map { Float($0) }, excluded: [rank])
        return try nearest(to: query, count: count, limit: limit)
    }

    /// The words nearest to a vector of D values.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` unless it has D values.
    public func neighbors(of vector: [Float], count: Int = 10, limit: Int? = nil) throws(Word2VecError) -> [Neighbor] {
        try Check.count(vector.count, of: "values of the query", dimensions)
        return try nearest(to: SearchQuery(vector: vector), count: count, limit: limit)
    }

    private func nearest(to query: SearchQuery, count: Int, limit: Int?) throws(Word2VecError) -> [Neighbor] {
        let search = Search(tables: tables, rows: min(max(limit ?? self.count, 0), self.count), count: count)
        return try core(
            search.nearest(to: [query])[0].map {
                Neighbor(word: words[$0.row], rank: $0.row, similarity: $0.similarity)
            })
    }
}

extension WordVectors {
    /// The vectors quantized to one byte per value, with a measure of their accuracy.
    ///
    /// - Parameter trials: the number of words, evenly spread over the ranks, whose ten nearest words are compared for
    ///   ``QuantizedVectors/recall``.
    /// - Complexity: O(V x D x `trials`).
    public func quantized(trials: Int = 100) throws(Word2VecError) -> QuantizedVectors {
        let (tables, factors) = try core(
            SearchTables.quantized(
                index, rows: count, threads: Pieces.threads(for: count * dimensions)))
        func vectors(_ recall: Double?) -> QuantizedVectors {
            QuantizedVectors(words: words, tables: tables, factors: factors, recall: recall)
        }
        let trials = Swift.min(Swift.max(trials, 0), count)
        guard trials > 0, count > 1 else { return vectors(nil) }
        let tried = (0..<trials).map { $0 * count / trials }
        let queries = tried.map { SearchQuery(vector: matrix[$0], excluded: [$0]) }
        let (exact, rough) = (try nearest(to: queries, count: 10), vectors(nil))
        var (found, all) = (0, 0)
        for (rank, neighbors) in zip(tried, exact) {
            let ranks = Set(try rough.neighbors(ofRank: rank).map(\.rank))
            found += neighbors.count { ranks.contains($0.rank) }
            all += neighbors.count
        }
        return vectors(Double(found) / Double(all))
    }
}
