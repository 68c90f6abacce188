import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// A cosine depends on directions alone: rows scaled by powers of two, which is exact, from about 1e-30 to 1e30 in length, get
/// the answers of the rows themselves, bit for bit.
@Suite struct ScaleTests {
    private static let (wordCount, dimensions) = (400, 12)

    /// Vectors of about length 1, and the same with each row scaled by its own power of two.
    private static let (plain, scaled): (WordVectors, WordVectors) = {
        var random = SeededGenerator(seed: 11)
        let names = (0..<wordCount).map { "w\($0)" }
        let rows = (0..<wordCount).map { _ in (0..<dimensions).map { _ in Float.random(in: -0.5...0.5, using: &random) }
        }
        let factors = (0..<wordCount).map { rank in
            Float(
                sign: .plus, exponent: rank == 0 ? -100 : rank == 1 ? 99 : .random(in: -100...99, using: &random),
                significand: 1)
        }
        return (
            try! WordVectors(words: names, vectors: rows),
            try! WordVectors(words: names, vectors: zip(rows, factors).map { row, factor in row.map { $0 * factor } })
        )
    }()
    private let plain = Self.plain
    private let scaled = Self.scaled
    private let few = ["w0", "w1", "w7", "w30"]
    private let many = (0..<40).map { "w\($0)" }

    @Test func neighborsAndSimilarities() throws {
        for word in many {
            #expect(try scaled.neighbors(of: word, count: 20) == plain.neighbors(of: word, count: 20))
            #expect(try scaled.similarity(between: word, and: "w1") == plain.similarity(between: word, and: "w1"))
            #expect(try scaled.closer(than: "w0", to: word) == plain.closer(than: "w0", to: word))
        }
        #expect(try scaled.neighbors(ofAll: many) == plain.neighbors(ofAll: many))
        #expect(try scaled.neighbors(of: few) == plain.neighbors(of: few))
        #expect(try scaled.neighbors(of: scaled.vector(at: 1)) == plain.neighbors(of: plain.vector(at: 1)))
        #expect(try scaled.oddOneOut(of: few) == plain.oddOneOut(of: few))
        #expect(
            scaled.wordMoversDistance(between: few, and: ["w2", "w3"])
                == plain.wordMoversDistance(between: few, and: ["w2", "w3"]))
    }

    @Test(arguments: [1e-300, 1e-40, 1, 1e40, 1e300])
    func weightsOfAnySize(size: Double) throws {
        let query = { (vectors: WordVectors) in
            try vectors.neighbors(
                positive: [WeightedWord("w0", weight: size), WeightedWord("w1", weight: 2 * size)],
                negative: [WeightedWord("w7", weight: size / 2)])
        }
        let one = try plain.neighbors(
            positive: [WeightedWord("w0"), WeightedWord("w1", weight: 2)], negative: [WeightedWord("w7", weight: 0.5)])
        for vectors in [plain, scaled] {
            for (found, expected) in zip(try query(vectors), one) {
                #expect(found.rank == expected.rank && abs(found.similarity - expected.similarity) < 1e-6)
            }
        }
    }

    @Test(arguments: AnalogyMethod.allCases)
    func analogies(method: AnalogyMethod) throws {
        #expect(
            try scaled.analogy("w0", is: "w1", to: "w7", method: method)
                == plain.analogy("w0", is: "w1", to: "w7", method: method))
        let questions = (0..<50).map { AnalogyQuery(a: $0, b: $0 + 1, c: 399 - $0) }
        let answers = try [scaled, plain].map { vectors in
            try vectors.search(count: 5, limit: nil).analogies(questions, multiplies: method == .multiplication)
        }
        #expect(answers[0] == answers[1])
    }

    @Test func classesAndTheirCohesion() throws {
        let classes = try [scaled, plain].map { try $0.classes(ClassOptions(count: 7)) }
        #expect(classes[0].assignment == classes[1].assignment)
        #expect(try scaled.cohesion(of: classes[0]).inertia == plain.cohesion(of: classes[1]).inertia)
        #expect(try rows(scaled.normalized()) == rows(plain.normalized()))
    }

    /// In its arithmetic long vectors weigh more: here all rows are scaled alike.
    @Test(arguments: [-100, -60, 1, 60, 99])
    func theOriginalsClasses(exponent: Int) throws {
        let factor = Float(sign: .plus, exponent: exponent, significand: 1)
        let vectors = try WordVectors(
            words: words(plain), vectors: rows(plain).map { row in row.map { $0 * factor } })
        var options = ClassOptions(count: 7)
        options.method = .original
        #expect(try vectors.classes(options).assignment == plain.classes(options).assignment)
        options.count = 2
        #expect(try vectors.classes(options).assignment == plain.classes(options).assignment)
    }

    @Test func bytesForFloats() throws {
        let (mine, theirs) = (try scaled.quantized(trials: 20), try plain.quantized(trials: 20))
        #expect(mine.recall == theirs.recall)
        for word in many {
            #expect(try mine.neighbors(of: word) == theirs.neighbors(of: word))
            let (row, bytes) = (scaled[word] ?? [], mine[word] ?? [])
            let largest = row.map(abs).max() ?? 0
            #expect(zip(row, bytes).allSatisfy { abs($0 - $1) <= largest * 0.51 / 127 })
        }
    }

    /// What `distance` prints.
    @Test func thePrintedCosines() throws {
        for words in [["w0"], ["w1"], ["w9"], ["w0", "w1"], ["w3", "w4", "w0"]] {
            let neighbors = try scaled.neighbors(of: words, count: 400)
            let printed = scaled.originalCosines(of: neighbors, to: words.map { ($0, true) })
            #expect(zip(neighbors, printed).allSatisfy { abs($0.similarity - $1) < 2e-6 })
        }
    }

    /// Two words that all but cancel: what is left is not a float's rounding.
    @Test func aSumThatAlmostVanishes() throws {
        let vectors = try WordVectors(
            words: ["a", "b", "c"], vectors: [[1, 2, 3], [-1, -2, -3.000001], [3, 1, -1]])
        let neighbors = try vectors.neighbors(of: ["a", "b"])
        let printed = vectors.originalCosines(of: neighbors, to: [("a", true), ("b", true)])
        #expect(neighbors.map(\.word) == ["c"] && abs(printed[0] - neighbors[0].similarity) < 1e-5)
    }
}
