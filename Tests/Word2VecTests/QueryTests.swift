import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Questions to a handful of vectors whose answers can be seen.
@Suite struct QueryTests {
    /// Directions: east, north, and between; lengths do not matter.
    private let vectors = try! WordVectors(
        words: ["east", "north", "northeast", "west", "far east", "zero", "nan"],
        vectors: [[1, 0], [0, 5], [3, 3], [-1, 0], [9, 0.1], [0, 0], [.nan, 1]], counts: [9, 8, 7, 6, 5, 4, 3])

    @Test func aCollectionByRank() {
        #expect(vectors.count == 7 && vectors.indices == 0..<7 && vectors[1].word == "north")
        #expect(vectors.map(\.word).prefix(2) == ["east", "north"] && vectors.last?.word == "nan")
        #expect(vectors[2] == WordVector(word: "northeast", vector: [3, 3], count: 7))
        #expect(vectors["north"] == [0, 5] && vectors["south"] == nil)
        #expect(vectors.contains("west") && !vectors.contains("south") && vectors.rank(of: "west") == 3)
        #expect(vectors.reversed().first { $0.vector.count == 2 && $0.count == 4 }?.word == "zero")
    }

    @Test func similarities() throws {
        #expect(try vectors.similarity(between: "east", and: "west") == -1)
        #expect(try vectors.similarity(between: "east", and: "northeast") == Float(0.5.squareRoot()))
        #expect(try vectors.similarity(between: "east", and: "zero") == 0)
        #expect(try vectors.similarity(between: "nan", and: "nan") == 0)
        #expect(throws: Word2VecError.unknownWord("south")) { try vectors.similarity(between: "east", and: "south") }
    }

    @Test func weightedWords() throws {
        func first(_ positive: [WeightedWord], _ negative: [WeightedWord] = []) throws -> String? {
            try vectors.neighbors(positive: positive, negative: negative, count: 1).first?.word
        }
        #expect(try first(["east", "north"]) == "northeast")
        #expect(try first([WeightedWord("east", weight: 0.01), "north"]) == "northeast")
        #expect(try first([WeightedWord("east", weight: 30), "north"]) == "far east")
        #expect(try first([], ["east"]) == "west")
        #expect(try first(["northeast"], ["north"]) == "east")
        #expect(try first([WeightedWord("east", weight: -1)]) == "west")
        // What has no sense adds nothing.
        #expect(try first(["east", "nan", "zero"]) == "far east")
        #expect(try vectors.neighbors(positive: ["zero"], count: 2).map(\.similarity) == [0, 0])
    }

    @Test func aQueryWithoutWordsIsAnError() throws {
        func expectError(_ query: () throws -> Void) {
            let error = #expect(throws: Word2VecError.self, performing: query)
            guard case .invalidArgument("words", "none", _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        expectError { _ = try vectors.neighbors(of: [String]()) }
        expectError { _ = try vectors.neighbors(positive: []) }
        expectError { _ = try vectors.neighbors(positive: [], negative: []) }
        expectError { _ = try vectors.neighbors(ofAll: [["east"], []]) }
        #expect(throws: Word2VecError.self) { try vectors.oddOneOut(of: []) }
        expectError { _ = try vectors.centroid(of: []) }
        #expect(try vectors.neighbors(ofAll: [String]()).isEmpty)
    }

    @Test func phrasesInABatch() throws {
        let phrases = [["east", "north"], ["west"], ["zero", "east"], ["northeast", "west", "west"]]
        let answers = try vectors.neighbors(ofAll: phrases, count: 3, limit: 6) { $0 != "far east" }
        for (words, answer) in zip(phrases, answers) {
            #expect(try vectors.neighbors(of: words, count: 3, limit: 6) { $0 != "far east" } == answer)
        }
        #expect(throws: Word2VecError.unknownWord("south")) {
            try vectors.neighbors(ofAll: [["east"], ["east", "south"]])
        }
    }

    @Test func limitsAndFilters() throws {
        #expect(try vectors.neighbors(of: "east", limit: 4).map(\.word) == ["northeast", "north", "west"])
        #expect(
            try vectors.neighbors(of: "east", count: 1, where: { !$0.hasPrefix("far") }).map(\.word) == ["northeast"])
        #expect(try vectors.neighbors(of: "east") { $0.count == 4 }.map(\.word) == ["zero", "west"])
        #expect(
            try vectors.neighbors(ofAll: ["east", "west"], count: 1, limit: 3).map { $0[0].word } == [
                "northeast", "north",
            ])
        #expect(throws: Word2VecError.unknownWord("south")) { try vectors.neighbors(ofAll: ["east", "south"]) }
        #expect(throws: Word2VecError.wrongCount(of: "values of the query", found: 3, expected: 2)) {
            try vectors.neighbors(ofAll: [[1, 2], [1, 2, 3]])
        }
    }

    @Test func whatIsCloser() throws {
        #expect(try vectors.closer(than: "north", to: "east").map(\.word) == ["far east", "northeast"])
        #expect(try vectors.rank(of: "north", from: "east") == 3 && vectors.rank(of: "west", from: "east") == 6)
        #expect(try vectors.rank(of: "far east", from: "east") == 1 && vectors.rank(of: "east", from: "east") == 1)
        #expect(throws: Word2VecError.unknownWord("south")) { try vectors.rank(of: "south", from: "east") }
    }

    @Test func meansAndTexts() throws {
        #expect(try vectors.centroid(of: ["east", "north", "north"]) == [Float(1.0 / 3), Float(10.0 / 3)])
        #expect(throws: Word2VecError.self) { try vectors.centroid(of: []) }
        #expect(vectors.similarity(betweenTexts: "east", and: "west\n") == -1)
        #expect(vectors.similarity(betweenTexts: "  east south west east", and: "east\tsomewhere") == 1)
        #expect(vectors.similarity(betweenTexts: "somewhere", and: "east") == nil)
        #expect(try vectors.oddOneOut(of: ["east", "far east", "west", "northeast"]) == "west")
        #expect(try vectors.oddOneOut(of: ["east", "east"]) == "east")
        #expect(throws: Word2VecError.self) { try vectors.oddOneOut(of: ["east"]) }
        #expect(throws: Word2VecError.unknownWord("south")) { try vectors.oddOneOut(of: ["east", "south"]) }
    }

    /// Two axes: who, and what of it.
    @Test(arguments: AnalogyMethod.allCases)
    func analogies(method: AnalogyMethod) throws {
        let vectors = try WordVectors(
            words: ["man", "woman", "king", "queen", "apple", "zero"],
            vectors: [[1, 0, 0.1], [0, 1, 0.1], [1, 0, 1], [0, 1, 1], [-1, -1, 0], [0, 0, 0]])
        let answers = try vectors.analogy("man", is: "king", to: "woman", method: method, count: 2)
        #expect(answers.first?.word == "queen" && answers.count == 2)
        #expect(try vectors.analogy("man", is: "king", to: "woman", method: method).count == 3)
        #expect(try vectors.analogy("man", is: "king", to: "woman", method: method, limit: 3).isEmpty)
        #expect(
            try vectors.analogy("man", is: "king", to: "woman", method: method, count: 1, where: { $0 != "queen" })
                .map(\.word) == ["zero"])
        #expect(throws: Word2VecError.unknownWord("prince")) {
            try vectors.analogy("man", is: "prince", to: "woman", method: method)
        }
    }

    @Test func queriesOfAllKindsAtOnce() async throws {
        var random = SeededGenerator(seed: 5)
        let words = (0..<3000).map { "w\($0)" }
        let rows = (0..<3000).map { _ in (0..<30).map { _ in Float.random(in: -1...1, using: &random) } }
        let other = try WordVectors(words: words, vectors: rows)
        let expected = try (0..<24).map { try Self.answers($0, other) }
        // A space that nothing was asked of: its index is made while they all wait for it.
        let vectors = try WordVectors(words: words, vectors: rows)
        let answers = try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
            for n in 0..<24 { group.addTask { (n, try Self.answers(n, vectors)) } }
            return try await group.reduce(into: [Int: [String]]()) { $0[$1.0] = $1.1 }
        }
        for n in 0..<24 { #expect(answers[n] == expected[n]) }
    }

    private static func answers(_ n: Int, _ vectors: WordVectors) throws -> [String] {
        let words = (0..<40).map { "w\(($0 * 61 + n * 7) % 3000)" }
        switch n % 6 {
        case 0: return try vectors.neighbors(of: words[0], count: 5).map(\.word)
        case 1: return try vectors.neighbors(ofAll: words, count: 2).flatMap { $0.map(\.word) }
        case 2: return try vectors.analogy(words[0], is: words[1], to: words[2], method: .multiplication).map(\.word)
        case 3: return try vectors.closer(than: words[0], to: words[1]).map(\.word)
        case 4: return try vectors.neighbors(of: words[0], count: 5, limit: 100 * n) { $0.hasSuffix("1") }.map(\.word)
        default: return try vectors.quantized(trials: 3).neighbors(of: words[0], count: 5).map(\.word)
        }
    }
}
