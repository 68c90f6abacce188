import NLEmbeddingNames
import Testing
import Word2Vec

@Suite struct NLEmbeddingNamesTests {
    private let vectors = try! WordVectors(
        words: ["east", "north", "northeast", "west", "far east", "zero", "nan"],
        vectors: [[1, 0], [0, 5], [3, 3], [-1, 0], [9, 0.1], [0, 0], [.nan, 1]])

    @Test func answersAreThoseOfNLEmbedding() {
        #expect(vectors.dimension == 2 && vectors.vocabularySize == 7)
        #expect(vectors.vector(for: "north") == [0, 5] && vectors.vector(for: "south") == nil)
        #expect(
            vectors.distance(between: "east", and: "west") == 2 && vectors.distance(between: "east", and: "east") == 0)
        #expect(vectors.distance(between: "east", and: "south", distanceType: .cosine) == 2)
        #expect(
            vectors.neighbors(for: "east", maximumCount: 2, distanceType: .cosine).map(\.0) == [
                "far east", "northeast",
            ])
        #expect(
            vectors.neighbors(for: "east", maximumCount: 9, maximumDistance: 0.5).map(\.0) == ["far east", "northeast"])
        #expect(vectors.neighbors(for: "south", maximumCount: 2).isEmpty)
        #expect(vectors.neighbors(for: [0, 1], maximumCount: 1).map(\.0) == ["north"])
        // Doubles that no float has room for.
        #expect(vectors.neighbors(for: [0, 1e-300], maximumCount: 1).map(\.0) == ["north"])
        #expect(vectors.neighbors(for: [0, 1e300], maximumCount: 1).map(\.0) == ["north"])
        #expect(vectors.neighbors(for: [0, 1, 2], maximumCount: 1).isEmpty)
        var seen: [String] = []
        vectors.enumerateNeighbors(for: "east", maximumCount: 5) { word, distance in
            seen.append(word)
            return distance < 0.2
        }
        vectors.enumerateNeighbors(for: [-1, 0], maximumCount: 1) { word, _ in
            seen.append(word)
            return true
        }
        #expect(seen == ["far east", "northeast", "west"])
    }
}
