import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct WordMoversDistanceTests {
    private let vectors = try! WordVectors(
        words: ["a", "b", "c", "d", "zero"], vectors: [[1, 0], [0, 2], [-3, 0], [0, -1], [0, 0]])

    @Test func distancesThatCanBeSeen() throws {
        func distance(_ first: String, _ second: String) -> Double? {
            vectors.wordMoversDistance(betweenTexts: first, and: second)
        }
        let root = 2.0.squareRoot()
        #expect(distance("a b c", "c a b") == 0 && distance("a a", "a") == 0)
        #expect(abs(try #require(distance("a", "b")) - root) < 1e-7)
        #expect(abs(try #require(distance("a", "c")) - 2) < 1e-7)
        #expect(abs(try #require(distance("a", "zero")) - 1) < 1e-7)
        // Half of it stays, half goes to b.
        #expect(abs(try #require(distance("a", "a b")) - root / 2) < 1e-7)
        // a takes two thirds, c the third, of b's and d's halves.
        #expect(abs(try #require(distance("a a c", "b d")) - root) < 1e-7)
        #expect(distance("a unknown", "a") == 0)
        #expect(distance("unknown", "a") == nil && distance("", "a") == nil)
        #expect(vectors.wordMoversDistance(between: ["a"], and: ["a", "unknown"]) == 0)
    }

    /// Texts of n distinct words each: the least over all ways of matching them.
    @Test(arguments: 1...7)
    func matchings(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        for _ in 0..<20 {
            let costs = (0..<count).map { _ in (0..<count).map { _ in Double.random(in: 0...3, using: &random) } }
            let ones = [Int](repeating: 1, count: count)
            #expect(
                abs(Transport(supply: ones, demand: ones, costs: costs).minimumCost() - leastMatching(costs)) < 1e-12)
        }
    }

    /// Weights: the same as matching units.
    @Test func weights() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<60 {
            let (supply, demand) = ([3, 1, 2], [2, 2, 1, 1])
            let costs = supply.map { _ in demand.map { _ in Double.random(in: 0...3, using: &random).rounded() } }
            let rows = supply.indices.flatMap { [Int](repeating: $0, count: supply[$0]) }
            let columns = demand.indices.flatMap { [Int](repeating: $0, count: demand[$0]) }
            let units = rows.map { row in columns.map { costs[row][$0] } }
            #expect(Transport(supply: supply, demand: demand, costs: costs).minimumCost() == leastMatching(units))
        }
    }

    private func leastMatching(_ costs: [[Double]], from row: Int = 0, without taken: Set<Int> = []) -> Double {
        guard row < costs.count else { return 0 }
        return costs.indices.filter { !taken.contains($0) }
            .map { costs[row][$0] + leastMatching(costs, from: row + 1, without: taken.union([$0])) }.min() ?? 0
    }

    @Test func longTexts() throws {
        var random = SeededGenerator(seed: 12)
        let words = (0..<150).map { "w\($0)" }
        let vectors = try WordVectors(
            words: words, vectors: words.map { _ in (0..<8).map { _ in Float.random(in: -1...1, using: &random) } })
        let texts = (0..<3).map { _ in (0..<120).map { _ in words.randomElement(using: &random)! } }
        func distance(_ a: Int, _ b: Int) throws -> Double {
            try #require(vectors.wordMoversDistance(between: texts[a], and: texts[b]))
        }
        let (ab, bc, ac) = (try distance(0, 1), try distance(1, 2), try distance(0, 2))
        #expect(abs(try distance(1, 0) - ab) < 1e-9)
        #expect(ac <= ab + bc + 1e-9 && ab > 0 && ab < 2)
    }
}
