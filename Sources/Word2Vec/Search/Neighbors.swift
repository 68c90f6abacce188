internal import Word2VecCore

/// A word near a query.
public struct Neighbor: Sendable, Equatable {
    /// The word; bytes that are not UTF-8 read as U+FFFD. Queries accept it so, unless several words read alike: then they
    /// take the first, and ``WordVectors/neighbors(ofRank:count:limit:where:)`` takes this one.
    public var word: String
    /// Its rank.
    public var rank: Int
    /// The cosine of its angle with the query, -1 ... 1; for 3CosMul that method's value.
    public var similarity: Float
}

/// A word that counts more or less in a query.
public struct WeightedWord: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The word.
    public var word: String
    /// Its weight: how often it counts, also in parts, or below 0 against the others.
    public var weight: Double

    /// A word with its weight.
    public init(_ word: String, weight: Double = 1) {
        self.word = word
        self.weight = weight
    }

    public init(stringLiteral word: String) {
        self.init(word)
    }
}

/// Neighbors by cosine, nearest first.
///
/// The answers are exact: a cosine is taken in double and rounded once, words at equal cosines stand in order of rank, and
/// neither the processor nor the number of threads changes them. A vector without length, or with a value that is not
/// finite, is at cosine 0 from everything.
///
/// Everywhere: `count` is the most neighbors that are wanted; `limit` leaves only the first so many words to choose from; a
/// word for which `isIncluded` is false is left out, and it is called only for words that are near enough.
extension WordVectors {
    /// The words nearest to a word, without the word itself.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)``.
    /// - Complexity: O(V x D), reading a quarter of the vectors' bytes.
    public func neighbors(
        of word: String, count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [Neighbor] {
        try neighbors(positive: [WeightedWord(word)], count: count, limit: limit, where: isIncluded)
    }

    /// The words nearest to the word of a rank, without that word. This asks for one of several words that read alike: words
    /// that are not UTF-8, or rows of a mapped file with equal words.
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

    /// The words nearest to several words together: to the sum of their vectors, each scaled to length 1, as the
    /// original's `distance` takes a phrase. The words themselves are left out.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)`` for the first that is missing;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if there are no words.
    public func neighbors(
        of words: [String], count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [Neighbor] {
        try neighbors(positive: words.map { WeightedWord($0) }, count: count, limit: limit, where: isIncluded)
    }

    /// The words nearest to a weighted sum: vectors scaled to length 1 are added with the weights of the positive words,
    /// and taken away with those of the negative ones. The words themselves are left out.
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

    /// The neighbors of each of several words, the word itself left out: the same as one by one, and faster.
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

    /// The words nearest to each of several phrases, each a list of words: the same as one by one, and faster.
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

    /// The words nearest to each of several vectors of D values: the same as one by one, and faster.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` unless each has D values.
    public func neighbors(
        ofAll vectors: [[Float]], count: Int = 10, limit: Int? = nil, where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [[Neighbor]] {
        for vector in vectors { try checkDimensions(vector) }
        return try nearest(
            to: vectors.map { SearchQuery(vector: $0) }, count: count, limit: limit, where: isIncluded)
    }

    /// The words that are nearer to `word` than `other` is, nearest first, without `word` itself.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)``.
    public func closer(than other: String, to word: String) throws(Word2VecError) -> [Neighbor] {
        let (other, rank) = (try knownRank(of: other), try knownRank(of: word))
        let query = SearchQuery(vector: matrix[rank], excluded: [rank])
        return try nearest(to: [query], count: count, floor: matrix.similarity(other, rank))[0]
    }

    /// The place of `word` among the neighbors of `origin`, from 1: one more than there are words nearer to it.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)``.
    public func rank(of word: String, from origin: String) throws(Word2VecError) -> Int {
        try closer(than: word, to: origin).count + 1
    }

    /// Answers to queries that are known to fit. Of those above `floor`.
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

    /// The sum of unit vectors that a search asks for, without its words among the answers.
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
