import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct WordVectorsTests {
    @Test func wordsAndRowsAreFound() throws {
        let vectors = try WordVectors(words: ["a", "b"], vectors: [[1, 2, 3], [4, 5, 6]])
        #expect(vectors.count == 2 && vectors.dimensions == 3)
        #expect(vectors["b"] == [4, 5, 6] && vectors["c"] == nil)
        #expect(vectors.contains("a") && vectors.rank(of: "b") == 1 && vectors.word(at: 0) == "a")
        #expect(vectors.counts == nil)
    }

    @Test func rowsThatDoNotFitAreErrors() {
        #expect(throws: Word2VecError.self) { try WordVectors(words: ["a"], vectors: []) }
        #expect(throws: Word2VecError.self) { try WordVectors(words: ["a", "b"], vectors: [[1], [1, 2]]) }
        #expect(throws: Word2VecError.self) { try WordVectors(words: ["a", "a"], vectors: [[1], [2]]) }
    }

    /// Every cosine in double, sorted whole.
    private func neighborsByTheBook(_ vectors: WordVectors, _ query: [Double], without: Set<Int>) -> [(Int, Double)] {
        func length(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        return (0..<vectors.count).filter { !without.contains($0) }.map { rank in
            let row = vectors.vector(at: rank).map(Double.init)
            let scale = length(row) * length(query)
            return (rank, scale > 0 ? zip(row, query).reduce(0) { $0 + $1.0 * $1.1 } / scale : 0)
        }.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
    }

    @Test(arguments: [1, 3, 16, 50, 101])
    func neighborsAreThoseOfTheDefinition(dimensions: Int) throws {
        var random = SeededGenerator(seed: UInt64(dimensions))
        let vectors = try WordVectors(
            words: (0..<300).map { "w\($0)" },
            vectors: (0..<300).map { _ in (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) } })
        for rank in [0, 7, 299] {
            let found = try vectors.neighbors(of: "w\(rank)", count: 12)
            let expected = neighborsByTheBook(vectors, vectors.vector(at: rank).map(Double.init), without: [rank])
            #expect(found.count == 12)
            for (a, b) in zip(found, expected) {
                #expect(abs(Double(a.similarity) - b.1) < 2e-6)
                #expect(dimensions == 1 || a.rank == b.0)
            }
        }
    }

    @Test func severalWordsAskForTheirSum() throws {
        let vectors = try WordVectors(
            words: ["east", "north", "northeast", "west", "far east"],
            vectors: [[1, 0], [0, 5], [3, 3], [-1, 0], [9, 0.1]])
        let found = try vectors.neighbors(of: ["east", "north"], count: 2)
        #expect(found.map(\.word) == ["northeast", "far east"])
        #expect(abs(found[0].similarity - 1) < 1e-6)
    }

    @Test func equalCosinesStandByRank() throws {
        let vectors = try WordVectors(
            words: ["q", "c", "b", "a", "z"], vectors: [[1, 0], [2, 0], [3, 0], [4, 0], [0, 1]])
        #expect(try vectors.neighbors(of: "q", count: 3).map(\.word) == ["c", "b", "a"])
        #expect(try vectors.neighbors(of: "q", count: 2).map(\.word) == ["c", "b"])
        #expect(try vectors.neighbors(of: "q", count: 100).count == 4)
        #expect(try vectors.neighbors(of: "q", count: 0).isEmpty)
    }

    @Test func vectorsWithoutLengthAndWithoutSenseAreAtCosineZero() throws {
        let vectors = try WordVectors(
            words: ["q", "zero", "nan", "inf", "minus"],
            vectors: [[1, 0], [0, 0], [.nan, 1], [.infinity, 0], [-1, 0]])
        let found = try vectors.neighbors(of: "q", count: 10)
        #expect(found.map(\.word) == ["zero", "nan", "inf", "minus"])
        #expect(found.map(\.similarity) == [0, 0, 0, -1])
        #expect(try vectors.neighbors(of: "zero", count: 10).allSatisfy { $0.similarity == 0 })
    }

    @Test func whatIsMissingOrDoesNotFitIsAnError() throws {
        let vectors = try WordVectors(words: ["a"], vectors: [[1, 2]])
        #expect(throws: Word2VecError.unknownWord("b")) { try vectors.neighbors(of: "b") }
        #expect(throws: Word2VecError.unknownWord("b")) { try vectors.neighbors(of: ["a", "b"]) }
        #expect(throws: Word2VecError.wrongCount(of: "values of the query", found: 1, expected: 2)) {
            try vectors.neighbors(of: [1 as Float])
        }
        #expect(throws: Word2VecError.self) { try vectors.classes(0) }
    }

    @Test func queriesFromManyThreadsAgree() async throws {
        var random = SeededGenerator(seed: 5)
        let vectors = try WordVectors(
            words: (0..<500).map { "w\($0)" },
            vectors: (0..<500).map { _ in (0..<30).map { _ in Float.random(in: -1...1, using: &random) } })
        let answers = await withTaskGroup(of: [Neighbor].self) { group in
            for _ in 0..<32 { group.addTask { (try? vectors.neighbors(of: "w3", count: 5)) ?? [] } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map { $0.map(\.rank) }).count == 1 && answers[0].count == 5)
    }

    @Test func separateGroupsBecomeClasses() throws {
        var random = SeededGenerator(seed: 6)
        let vectors = try WordVectors(
            words: (0..<60).map { "w\($0)" },
            vectors: (0..<60).map { rank in
                (0..<3).map { d in (d == rank / 20 ? 1 : 0) + Float.random(in: -0.1...0.1, using: &random) }
            })
        let classes = try vectors.classes(3).assignment
        for group in 0..<3 { #expect(Set(classes[group * 20..<group * 20 + 20]).count == 1) }
        #expect(Set(classes).count == 3)
        // A class for each word and more: the surplus stays empty.
        var options = ClassOptions(count: 100)
        options.method = .original
        #expect(try vectors.classes(options).assignment.allSatisfy { (0..<100).contains($0) })
        #expect(throws: Word2VecError.self) { try vectors.classes(100) }
    }
}
