/// A word near a query.
public struct Neighbor: Sendable, Equatable {
    /// The word; bytes that are no UTF-8 read as U+FFFD.
    public var word: String
    /// Its rank.
    public var rank: Int
    /// The cosine of its angle with the query, -1 ... 1.
    public var similarity: Float
}

extension WordVectors {
    /// The `count` words nearest to a word by cosine, nearest first, without the word itself. Words at equal cosines
    /// stand in order of rank.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)``.
    /// - Complexity: O(V x D + V log `count`).
    public func neighbors(of word: String, count: Int = 10) throws(Word2VecError) -> [Neighbor] {
        try neighbors(of: [word], count: count)
    }

    /// The words nearest to several words together: to the sum of their vectors, each scaled to length 1, as the
    /// original's `distance` takes a phrase. The words themselves are left out.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)`` for the first that is missing.
    public func neighbors(of words: [String], count: Int = 10) throws(Word2VecError) -> [Neighbor] {
        var ranks: [Int] = []
        for word in words {
            guard let rank = rank(of: word) else { throw .unknownWord(word) }
            ranks.append(rank)
        }
        let scales = inverseLengths.values
        var query = [Float](repeating: 0, count: dimensions)
        for rank in ranks {
            for (d, value) in matrix[rank].enumerated() { query[d] += value * scales[rank] }
        }
        return nearest(to: query, count: count, excluding: Set(ranks))
    }

    /// The words nearest to a vector of D values. A vector without length is at cosine 0 from everything.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` unless it has D values.
    public func neighbors(of vector: [Float], count: Int = 10) throws(Word2VecError) -> [Neighbor] {
        guard vector.count == dimensions else {
            throw .wrongCount(of: "values of the query", found: vector.count, expected: dimensions)
        }
        return nearest(to: vector, count: count, excluding: [])
    }

    private func nearest(to vector: [Float], count limit: Int, excluding: Set<Int>) -> [Neighbor] {
        guard limit > 0 else { return [] }
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let unit = length > 0 ? vector.map { Float(Double($0) / length) } : vector
        let cosines = scaledProducts(of: matrix, with: unit, scales: inverseLengths.values)

        // The best so far, nearest first; a word enters behind its equals, so that ties stand by rank.
        var best: [(rank: Int, cosine: Float)] = []
        best.reserveCapacity(min(limit, cosines.count) + 1)
        for (rank, cosine) in cosines.enumerated() {
            if best.count == limit, cosine <= best[limit - 1].cosine { continue }
            if excluding.contains(rank) { continue }
            var (low, high) = (0, best.count)
            while low < high {
                let middle = (low + high) / 2
                if best[middle].cosine >= cosine { low = middle + 1 } else { high = middle }
            }
            best.insert((rank, cosine), at: low)
            if best.count > limit { best.removeLast() }
        }
        return best.map { Neighbor(word: words[$0.rank], rank: $0.rank, similarity: $0.cosine) }
    }
}
