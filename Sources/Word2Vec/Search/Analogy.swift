internal import Word2VecCore

/// The method for solving an analogy: a is to b as c is to ?
public enum AnalogyMethod: String, CaseIterable, Codable, Sendable {
    /// The word nearest to b - a + c, with vectors scaled to length 1 (3CosAdd; Mikolov, Yih, Zweig 2013).
    case addition = "add"
    /// The word with the largest cos b * cos c / (cos a + .001), the cosines mapped to 0 ... 1 (3CosMul; Levy and
    /// Goldberg 2014, "Linguistic Regularities in Sparse and Explicit Word Representations", eq. 5).
    case multiplication = "multiply"
}

extension WordVectors {
    /// Solves an analogy: `a` is to `b` as `c` is to which word? ("man", is: "king", to: "woman") asks for queen. The
    /// best answer comes first. The three words themselves are excluded.
    ///
    /// The similarity of an answer is its cosine with b - a + c. With ``AnalogyMethod/multiplication`` it is the value
    /// of 3CosMul, which may be above 1.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)`` for the first of the three words that is unknown.
    /// - Complexity: O(V x D).
    public func analogy(
        _ a: String, is b: String, to c: String, method: AnalogyMethod = .addition, count: Int = 10, limit: Int? = nil,
        where isIncluded: ((String) -> Bool)? = nil
    ) throws(Word2VecError) -> [Neighbor] {
        switch method {
        case .addition:
            let query = try query(positive: [WeightedWord(b), WeightedWord(c)], negative: [WeightedWord(a)])
            return try nearest(to: [query], count: count, limit: limit, where: isIncluded)[0]
        case .multiplication:
            let question = AnalogyQuery(
                a: try knownRank(of: a), b: try knownRank(of: b), c: try knownRank(of: c))
            let accepts = isIncluded.map { isIncluded in { isIncluded(words[$0]) } }
            let search = try search(count: count, limit: limit)
            return named(try core(search.analogies([question], multiplies: true, where: accepts)[0]))
        }
    }
}
