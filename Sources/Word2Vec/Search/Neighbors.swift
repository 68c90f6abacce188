internal import Word2VecCore

/// An answer to a query: a word and its similarity.
public struct Neighbor: Sendable, Equatable {
    /// The word. Invalid UTF-8 reads as U+FFFD. Queries accept the word in this form. If several words have the same
    /// form, they use the first; ``WordVectors/neighbors(ofRank:count:limit:where:)`` uses exactly this one.
    public var word: String
    /// The rank of the word.
    public var rank: Int
    /// The cosine of the angle to the query, -1 ... 1. For 3CosMul the value of that method.
    public var similarity: Float
}

/// A word with a weight, for queries by weighted sum.
public struct WeightedWord: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The word.
    public var word: String
    /// The weight of its vector in the sum. It may be negative.
    public var weight: Double

    /// Creates a word with a weight.
    public init(_ word: String, weight: Double = 1) {
        self.word = word
        self.weight = weight
    }

    public init(stringLiteral word: String) {
        self.init(word)
    }
}

/// Nearest neighbors by cosine, best first.
///
/// The answers are exact. Cosines are computed in double and rounded once, and words with equal cosines are in order of
/// rank. Neither the processor nor the number of threads changes the answers. A vector that is zero, or has a value
/// that is not finite, has cosine 0 to everything.
///
/// In all functions, `count` is the maximum number of neighbors, and `limit` restricts the answers to the first so many
/// words. Words for which `isIncluded` returns false are excluded. It is called only for words that are similar enough
/// to be among the answers so far.
extension WordVectors {
    /// The words nearest to a word, which is itself excluded.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)``.
    /// - Complexity: O(V x D), reading a quarter of the vectors' bytes.
    public func neighbors(
        of word: String, count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [Neighbor] {
        try neighbors(positive: [WeightedWord(word)], count: count, limit: limit, where: isIncluded)
    }

    /// The words nearest to the word at a rank, which is itself excluded. A rank tells apart words that read alike:
    /// words of invalid UTF-8, or rows of a mapped file that have the same word.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` unless `rank` is from 0 to V - 1.
    /// - Complexity: O(V x D), reading a quarter of the vectors' bytes.
    public func neighbors(
        ofRank rank: Int, count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [Neighbor] {
        try Check.rank(rank, self.count)
        return try nearest(to: [query(ofRank: rank)], count: count, limit: limit, where: isIncluded)[0]
    }

    private func query(ofRank rank: Int) -> SearchQuery { SearchQuery(vector: matrix[rank], excluded: [rank]) }

    /// The words nearest to a phrase: to the sum of the vectors of its words, each scaled to length 1, as in the
    /// original's `distance`. The words of the phrase are excluded.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)`` for the first that is missing;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if there are no words.
    public func neighbors(
        of words: [String], count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [Neighbor] {
        try neighbors(positive: words.map { WeightedWord($0) }, count: count, limit: limit, where: isIncluded)
    }

    /// The words nearest to a weighted sum of vectors, each scaled to length 1. Positive words are added, negative
    /// words are subtracted. All these words are excluded from the answers.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)`` for the first that is missing;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if there are no words.
    public func neighbors(
        positive: [WeightedWord], negative: [WeightedWord] = [], count: Int = 10, limit: Int? = nil,
        where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [Neighbor] {
        let query = try query(positive: positive, negative: negative)
        return try nearest(to: [query], count: count, limit: limit, where: isIncluded)[0]
    }

    /// The words nearest to a vector of D values.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` unless it has D values.
    public func neighbors(
        of vector: [Float], count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [Neighbor] {
        try checkDimensions(vector)
        return try nearest(
            to: [SearchQuery(vector: vector)], count: count, limit: limit, where: isIncluded)[0]
    }

    /// The neighbors of each of several words, without the word itself. The answers are the same as one call per word
    /// gives; this is faster.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)`` for the first that is missing.
    /// - Complexity: O(V x D x words), in one pass over the vectors for up to 1,024.
    public func neighbors(
        ofAll words: [String], count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [[Neighbor]] {
        var queries: [SearchQuery] = []
        queries.reserveCapacity(words.count)
        for word in words { queries.append(try query(positive: [WeightedWord(word)], negative: [])) }
        return try nearest(to: queries, count: count, limit: limit, where: isIncluded)
    }

    /// The words nearest to each of several phrases, each a list of words. The answers are the same as one call per
    /// phrase gives; this is faster.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)`` for the first that is missing;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if a phrase has no words.
    /// - Complexity: O(V x D x phrases), in one pass over the vectors for up to 1,024.
    public func neighbors(
        ofAll phrases: [[String]], count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [[Neighbor]] {
        var queries: [SearchQuery] = []
        queries.reserveCapacity(phrases.count)
        for words in phrases { queries.append(try query(positive: words.map { WeightedWord($0) }, negative: [])) }
        return try nearest(to: queries, count: count, limit: limit, where: isIncluded)
    }

    /// The words nearest to each of several vectors of D values. The answers are the same as one call per vector gives;
    /// this is faster.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` unless each has D values.
    public func neighbors(
        ofAll vectors: [[Float]], count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [[Neighbor]] {
        for vector in vectors { try checkDimensions(vector) }
        return try nearest(
            to: vectors.map { SearchQuery(vector: $0) }, count: count, limit: limit, where: isIncluded)
    }

    /// The words that are nearer to `word` than `other` is, best first, without `word` itself.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)``.
    public func closer(than other: String, to word: String) throws(Word2VecError) -> [Neighbor] {
        let (other, rank) = (try knownRank(of: other), try knownRank(of: word))
        let query = SearchQuery(vector: matrix[rank], excluded: [rank])
        return try nearest(to: [query], count: count, floor: matrix.similarity(other, rank))[0]
    }

    /// The place of `word` among the neighbors of `origin`, counted from 1: one more than the number of words that are
    /// nearer.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)``.
    public func rank(of word: String, from origin: String) throws(Word2VecError) -> Int {
        try closer(than: word, to: origin).count + 1
    }

    /// Answers queries whose dimensions were checked. Only words with a cosine above `floor` are answers.
    func nearest(
        to queries: [SearchQuery], count: Int, limit: Int? = nil, floor: Float = -.infinity, threads: Int? = nil,
        where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [[Neighbor]] {
        let search = try search(count: count, limit: limit, floor: floor, threads: threads)
        let accepts = isIncluded.map { isIncluded in { isIncluded(words[$0]) } }
        return try core(search.nearest(to: queries, where: accepts).map(named))
    }

    /// A search over the first `limit` rows.
    func search(count: Int, limit: Int?, floor: Float = -.infinity, threads: Int? = nil) throws(Word2VecError) -> Search
    {
        let rows = Swift.min(Swift.max(limit ?? self.count, 0), self.count)
        let tables = try core(index.tables(for: rows, threads: threads ?? Pieces.threads(for: rows * dimensions)))
        return Search(tables: tables, rows: rows, count: count, floor: floor, threads: threads)
    }

    /// Rows with their words.
    func named(_ hits: [Hit]) -> [Neighbor] {
        hits.map { Neighbor(word: words[$0.row], rank: $0.row, similarity: $0.similarity) }
    }

    /// The query for a sum of unit vectors, with its words excluded from the answers.
    func query(positive: [WeightedWord], negative: [WeightedWord]) throws(Word2VecError) -> SearchQuery {
        try Check.notEmpty(positive.count + negative.count, "words")
        var terms: [(row: Int, weight: Double)] = []
        for word in positive { terms.append((try knownRank(of: word.word), word.weight)) }
        for word in negative { terms.append((try knownRank(of: word.word), -word.weight)) }
        let ranks = terms.map(\.row)
        // One word's own vector has its direction without rounding.
        if terms.count == 1, terms[0].weight == 1 {
            return SearchQuery(vector: matrix[ranks[0]], excluded: ranks)
        }
        return SearchQuery(vector: matrix.unitSum(terms), excluded: ranks)
    }

    private func checkDimensions(_ vector: [Float]) throws(Word2VecError) {
        try Check.count(vector.count, of: "values of the query", dimensions)
    }
}
