import Word2Vec

/// The measure of distance.
public enum DistanceType: Sendable {
    /// 1 - cosine, from 0 to 2.
    case cosine
}

/// The methods of Apple's `NLEmbedding`, so that code written for that class runs on ``Word2Vec/WordVectors``.
///
/// For an unknown word they return what that class returns: no vector and no neighbors. They return the same if a
/// search fails for another reason, such as lack of memory. The library's own methods throw an error with the reason.
extension WordVectors {
    /// The number of dimensions, the same as ``dimensions``.
    public var dimension: Int { dimensions }

    /// The number of words, the same as ``count``.
    public var vocabularySize: Int { count }

    /// The vector of a word. Nil if the word is unknown.
    public func vector(for string: String) -> [Double]? {
        self[string].map { $0.map(Double.init) }
    }

    /// 1 - ``similarity(between:and:)``. If a word is unknown, it is 2, the largest distance.
    public func distance(
        between firstString: String, and secondString: String, distanceType: DistanceType = .cosine
    ) -> Double {
        (try? similarity(between: firstString, and: secondString)).map { 1 - Double($0) } ?? 2
    }

    /// The words nearest to a word and their distances, nearest first. Words farther than `maximumDistance` are left
    /// out.
    public func neighbors(
        for string: String, maximumCount: Int, maximumDistance: Double = 2, distanceType: DistanceType = .cosine
    ) -> [(String, Double)] {
        Self.distances(try? neighbors(of: string, count: maximumCount), maximumDistance)
    }

    /// The words nearest to a vector and their distances, nearest first. Words farther than `maximumDistance` are left
    /// out.
    public func neighbors(
        for vector: [Double], maximumCount: Int, maximumDistance: Double = 2, distanceType: DistanceType = .cosine
    ) -> [(String, Double)] {
        Self.distances(try? neighbors(of: Self.floats(vector), count: maximumCount), maximumDistance)
    }

    /// Calls `block` with each of the words nearest to a word and its distance, nearest first, until `block` returns
    /// false.
    public func enumerateNeighbors(
        for string: String, maximumCount: Int, maximumDistance: Double = 2, distanceType: DistanceType = .cosine,
        using block: (String, Double) -> Bool
    ) {
        for (word, distance) in neighbors(
            for: string, maximumCount: maximumCount, maximumDistance: maximumDistance)
        where !block(word, distance) { return }
    }

    /// Calls `block` with each of the words nearest to a vector and its distance, nearest first, until `block` returns
    /// false.
    public func enumerateNeighbors(
        for vector: [Double], maximumCount: Int, maximumDistance: Double = 2, distanceType: DistanceType = .cosine,
        using block: (String, Double) -> Bool
    ) {
        for (word, distance) in neighbors(
            for: vector, maximumCount: maximumCount, maximumDistance: maximumDistance)
        where !block(word, distance) { return }
    }

    /// A vector of the same direction. Doubles may be too small or too large for floats.
    private static func floats(_ vector: [Double]) -> [Float] {
        let largest = vector.reduce(0) { Swift.max($0, $1.magnitude) }
        let unit = largest > 0 && largest.isFinite ? largest.binade : 1
        return vector.map { Float($0 / unit) }
    }

    private static func distances(_ neighbors: [Neighbor]?, _ maximum: Double) -> [(String, Double)] {
        (neighbors ?? []).map { ($0.word, 1 - Double($0.similarity)) }.filter { $0.1 <= maximum }
    }
}
