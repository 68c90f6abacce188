internal import Word2VecCore

extension WordVectors {
    /// The cosines of neighbors as the original's `distance` and `word-analogy` compute them, for printing: in floats, with sums
    /// from left to right. Some differ from the exact cosines in the sixth decimal. `terms` are the words of the question, in
    /// the order in which the original adds or subtracts them.
    ///
    /// The exact cosine is printed where floats cannot compute it: if the square of a length is too small or too large
    /// for a float, or if the terms cancel so that only rounding errors are left.
    package func originalCosines(of neighbors: [Neighbor], to terms: [(word: String, isAdded: Bool)]) -> [Float] {
        let exact = neighbors.map(\.similarity)
        var query = [Float](repeating: 0, count: dimensions)
        for term in terms {
            guard let rank = rank(of: term.word) else { continue }
            guard let unit = Self.scaledToOne(matrix[rank]) else { return exact }
            for (d, value) in unit.enumerated() { query[d] += term.isAdded ? value : -value }
        }
        guard let query = Self.scaledToOne(query) else { return exact }
        // What rounding makes of three sums of D products at the most.
        let tolerance = Float(4 * dimensions + 32) * 0x1p-24
        return neighbors.map { neighbor in
            guard let row = Self.scaledToOne(matrix[neighbor.rank]) else { return neighbor.similarity }
            let cosine = zip(query, row).reduce(0 as Float) { $0 + $1.0 * $1.1 }
            return abs(cosine - neighbor.similarity) <= tolerance ? cosine : neighbor.similarity
        }
    }

    /// Computed in floats. Nil if the square of the length is near the limits of a float or beyond them.
    private static func scaledToOne(_ vector: [Float]) -> [Float]? {
        let square = vector.reduce(0) { $0 + $1 * $1 }
        guard square >= 0x1p-80, square <= 0x1p+100 else { return nil }
        let length = square.squareRoot()
        return vector.map { $0 / length }
    }
}
