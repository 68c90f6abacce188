extension WordVectors {
    /// The cosines of neighbours as the original's `distance` and `word-analogy` compute them, for printing: in floats, sums
    /// from left to right, which moves the sixth decimal of some. `terms` are the question's words, in the order in which
    /// the original adds them or takes them away. A value that would be no number is the exact one.
    package func originalCosines(of neighbors: [Neighbor], to terms: [(word: String, isAdded: Bool)]) -> [Float] {
        var query = [Float](repeating: 0, count: dimensions)
        for term in terms {
            guard let rank = rank(of: term.word) else { continue }
            for (d, value) in Self.scaledToOne(matrix[rank]).enumerated() { query[d] += term.isAdded ? value : -value }
        }
        query = Self.scaledToOne(query)
        return neighbors.map { neighbor in
            var sum: Float = 0
            for (x, y) in zip(query, Self.scaledToOne(matrix[neighbor.rank])) { sum += x * y }
            return sum.isFinite ? sum : neighbor.similarity
        }
    }

    private static func scaledToOne(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }
}
