import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct TransformationTests {
    private func vectors(_ words: Int, _ dimensions: Int, seed: UInt64, counts: Bool = false) throws -> WordVectors {
        var random = SeededGenerator(seed: seed)
        return try WordVectors(
            words: (0..<words).map { "w\($0)" },
            vectors: (0..<words).map { _ in (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) } },
            counts: counts ? (0..<words).map { words - $0 } : nil)
    }

    /// The largest difference of values.
    private func difference(_ a: WordVectors, _ b: WordVectors) -> Float {
        zip(a, b).flatMap { zip($0.vector, $1.vector).map { abs($0 - $1) } }.max() ?? 0
    }

    @Test func lengthsOfOne() throws {
        let vectors = try WordVectors(
            words: ["a", "zero", "nan", "long", "short"],
            vectors: [[3, 4], [0, 0], [.nan, 1], [3e38, 3e38], [0x1p-149, 0]], counts: [5, 4, 3, 2, 1])
        let half = Float(0.5.squareRoot())
        #expect(try vectors.normalized().map(\.vector) == [[0.6, 0.8], [0, 0], [0, 0], [half, half], [1, 0]])
        #expect(
            try vectors.normalized().map(\.word) == vectors.map(\.word) && vectors.normalized().counts == vectors.counts
        )
        #expect(try WordVectors(words: [], vectors: []).normalized().isEmpty)
    }

    @Test func meansAreTakenAway() throws {
        let vectors = try WordVectors(words: ["a", "b", "nan"], vectors: [[1, 2], [3, 8], [.nan, 0]])
        #expect(try vectors.centered().prefix(2).map(\.vector) == [[-1, -3], [1, 3]])
        #expect(try vectors.centered()[2].vector[0].isNaN)
        #expect(throws: Word2VecError.self) { try vectors.centered(removingComponents: 3) }
        #expect(throws: Word2VecError.self) { try vectors.centered(removingComponents: -1) }
        #expect(try WordVectors(words: ["nan"], vectors: [[.nan]]).centered(removingComponents: 1)[0].vector[0].isNaN)
    }

    /// Noise with two strong directions in it: they go, and nothing else does.
    @Test(arguments: [(200, 10), (5000, 33)])
    func principalComponentsAreTakenAway(words: Int, dimensions: Int) throws {
        var random = SeededGenerator(seed: 3)
        let noise = try vectors(words, dimensions, seed: 4)
        let strong = (0..<words).map { _ in
            (Float.random(in: -20...20, using: &random), Float.random(in: -9...9, using: &random))
        }
        // The directions are the first axis and the diagonal of the others.
        let diagonal = 1 / Float(dimensions - 1).squareRoot()
        let rows = (0..<words).map { n in
            noise[n].vector.enumerated().map { d, x in 7 + x + (d == 0 ? strong[n].0 : strong[n].1 * diagonal) }
        }
        let found = try WordVectors(words: noise.map(\.word), vectors: rows).centered(removingComponents: 2)
        var (along, all) = ((first: 0.0, diagonal: 0.0), 0.0)
        for word in found {
            let x = word.vector.map(Double.init)
            along.first += x[0] * x[0]
            let onDiagonal = x.dropFirst().reduce(0, +) * Double(diagonal)
            along.diagonal += onDiagonal * onDiagonal
            all += x.reduce(0) { $0 + $1 * $1 }
        }
        // A value of the noise has a variance of 1/3. The directions are found but for what the noise adds to them.
        #expect(along.first / Double(words) < 0.02 && along.diagonal / Double(words) < 0.02)
        #expect(abs(all / Double(words) / (Double(dimensions - 2) / 3) - 1) < 0.1)
        for d in 0..<dimensions {
            #expect(abs(found.reduce(0.0) { $0 + Double($1.vector[d]) } / Double(words)) < 1e-5)
        }
    }

    @Test func singularValuesOfAKnownMatrix() throws {
        let matrix = SquareMatrix(size: 2, values: [3, 0, 4, 5])
        let (left, values, right) = try #require(matrix.singularValues())
        #expect(abs(values[0] - 45.0.squareRoot()) < 1e-14 && abs(values[1] - 5.0.squareRoot()) < 1e-14)
        #expect(product(left, values, right).isClose(to: matrix))
    }

    @Test(arguments: [1, 2, 3, 8, 30])
    func singularValuesOfAnyMatrix(size: Int) throws {
        var random = SeededGenerator(seed: UInt64(size))
        for rank in Set([0, 1, size / 2, size]) {
            for scale in [1, 1e-150, 1e150] {
                // A sum of so many outer products.
                var matrix = SquareMatrix(size: size, values: [Double](repeating: 0, count: size * size))
                for _ in 0..<rank {
                    let x = (0..<size).map { _ in Double.random(in: -1...1, using: &random) * scale }
                    let y = (0..<size).map { _ in Double.random(in: -1...1, using: &random) }
                    for i in 0..<size { for j in 0..<size { matrix[i, j] += x[i] * y[j] } }
                }
                let (left, values, right) = try #require(matrix.singularValues())
                #expect(values == values.sorted(by: >) && values.allSatisfy { $0 >= 0 })
                #expect(values.dropFirst(rank).allSatisfy { $0 <= 1e-13 * (values.first ?? 0) })
                #expect(product(left, values, right).isClose(to: matrix))
                let one = SquareMatrix(size: size, values: (0..<size * size).map { $0 / size == $0 % size ? 1 : 0 })
                let ones = [Double](repeating: 1, count: size)
                #expect(product(left, ones, left).isClose(to: one) && product(right, ones, right).isClose(to: one))
                #expect(product(left.transposed, ones, left.transposed).isClose(to: one))
            }
        }
        var matrix = SquareMatrix(size: size, values: [Double](repeating: 1, count: size * size))
        matrix[0, size - 1] = .nan
        #expect(matrix.singularValues() == nil)
    }

    /// The sum over k of values[k] * left[k] right[k]^T.
    private func product(_ left: SquareMatrix, _ values: [Double], _ right: SquareMatrix) -> SquareMatrix {
        var result = SquareMatrix(size: left.size, values: [Double](repeating: 0, count: left.size * left.size))
        for k in 0..<left.size {
            for i in 0..<left.size { for j in 0..<left.size { result[i, j] += values[k] * left[k, i] * right[k, j] } }
        }
        return result
    }

    /// A space, turned, is turned back by anchors; also by few of them, where they suffice.
    @Test(arguments: [3, 16, 40])
    func rotationsAreFound(dimensions: Int) throws {
        let mine = try vectors(400, dimensions, seed: 8)
        var random = SeededGenerator(seed: 9)
        let seed = SquareMatrix(
            size: dimensions,
            values: (0..<dimensions * dimensions).map { _ in Double.random(in: -1...1, using: &random) })
        let (left, _, right) = try #require(seed.singularValues())
        let rotation = product(left, [Double](repeating: 1, count: dimensions), right)
        let theirs = WordVectors(words: mine.words, matrix: try mine.matrix.multiplied(by: rotation))
        #expect(difference(mine, theirs) > 0.1)
        #expect(difference(try mine.aligned(to: theirs), theirs) < 1e-5)
        let anchors = (0..<dimensions).map { (mine: "w\($0)", theirs: "w\($0)") } + [(mine: "w1", theirs: "other")]
        #expect(difference(try mine.aligned(to: theirs, using: anchors), theirs) < 1e-3)
        // Whatever the anchors are, cosines stay.
        let turned = try mine.aligned(to: theirs, using: [("w0", "w7"), ("w1", "w3")])
        let (one, two) = (
            try turned.similarity(between: "w5", and: "w6"), try mine.similarity(between: "w5", and: "w6")
        )
        #expect(abs(one - two) < 1e-5)
    }

    @Test func spacesThatDoNotFit() throws {
        let (a, b) = (try vectors(5, 3, seed: 1), try vectors(5, 4, seed: 1))
        #expect(throws: Word2VecError.self) { try a.aligned(to: b) }
        #expect(throws: Word2VecError.self) { try a.aligned(to: a, using: []) }
        #expect(throws: Word2VecError.self) { try a.aligned(to: a, using: [("w0", "x")]) }
        #expect(throws: Word2VecError.self) { try a.merged(with: b) }
    }

    @Test func someOfTheWords() throws {
        let vectors = try vectors(10, 3, seed: 2, counts: true)
        let even = try vectors.filtered { Int($0.dropFirst())! % 2 == 0 }
        #expect(even.map(\.word) == ["w0", "w2", "w4", "w6", "w8"] && even.counts == [10, 8, 6, 4, 2])
        #expect(even["w4"] == vectors["w4"] && even["w1"] == nil && even.rank(of: "w8") == 4)
        #expect(try vectors.filtered(limit: 3).map(\.word) == ["w0", "w1", "w2"])
        #expect(try vectors.filtered(limit: -1).isEmpty && vectors.filtered(limit: 99).count == 10)
    }

    @Test func wordsOfTwoSpaces() throws {
        let mine = try WordVectors(words: ["</s>", "a", "b"], vectors: [[1], [2], [3]], counts: [1, 9, 5])
        let theirs = try WordVectors(words: ["</s>", "c", "b"], vectors: [[10], [20], [30]], counts: [2, 7, 6])
        let merged = try mine.merged(with: theirs)
        #expect(merged.map(\.word) == ["</s>", "b", "a", "c"] && merged.counts == [3, 11, 9, 7])
        #expect(merged.map(\.vector) == [[1], [3], [2], [20]])
        let summed = try mine.merged(with: theirs) { zip($0, $1).map { $0 + $1 } }
        #expect(summed.map(\.vector) == [[11], [33], [2], [20]])
        let uncounted = try mine.merged(with: WordVectors(words: ["c", "a"], vectors: [[5], [6]]))
        #expect(uncounted.map(\.word) == ["</s>", "a", "b", "c"] && uncounted.counts == nil)
        #expect(throws: Word2VecError.wrongCount(of: "values of '</s>'", found: 0, expected: 1)) {
            try mine.merged(with: theirs) { _, _ in [] }
        }
    }

    /// As a mapped file may: its words are not compared when it is opened.
    private func vectorsWithEqualWords(_ words: [String], _ values: [UInt8]) throws -> WordVectors {
        let data: [UInt8] = values.flatMap { [0, 0, $0, 0x3F] as [UInt8] }
        let header = """
            {"__metadata__":{"words":"\(words.joined(separator: " "))"},\
            "x":{"dtype":"F32","shape":[\(words.count),1],"data_offsets":[0,\(data.count)]}}
            """
        let folder = try TemporaryFolder()
        let vectors = try WordVectors(contentsOf: folder.file("v", safetensors(header, data)))
        #expect(vectors.loading?.storage == .mapped && vectors.count == words.count)
        return vectors
    }

    /// No word gets another's vector, neither in memory nor written.
    @Test func subsetsAndMergersOfVectorsThatHoldAWordTwice() throws {
        let vectors = try vectorsWithEqualWords(["a", "b", "a", "c", "b", "d"], [1, 2, 3, 4, 5, 6])
        let value = { (rank: Int) in vectors.vector(at: rank) }
        let some = try vectors.filtered { $0 != "c" }
        #expect(words(some) == ["a", "b", "a", "b", "d"] && rows(some) == [0, 1, 2, 4, 5].map(value))
        #expect(some["d"] == value(5) && some["b"] == value(1))
        let first = try vectors.filtered(limit: 4)
        #expect(words(first) == ["a", "b", "a", "c"] && rows(first) == (0..<4).map(value) && first["c"] == value(3))
        let folder = try TemporaryFolder()
        try some.write(to: folder.path("v"), format: .word2vecBinary)
        let read = try WordVectors(contentsOf: folder.path("v"))
        #expect(words(read) == ["a", "b", "d"] && rows(read) == [0, 1, 5].map(value))

        let other = try WordVectors(words: ["e", "c"], vectors: [[9], [8]])
        let merged = try vectors.merged(with: other)
        #expect(words(merged) == ["a", "b", "c", "d", "e"] && rows(merged) == [0, 1, 3, 5].map(value) + [[9]])
        let reversed = try other.merged(with: vectors) { zip($0, $1).map { $0 + $1 } }
        #expect(words(reversed) == ["e", "c", "a", "b", "d"])
        #expect(rows(reversed) == [[9], [8 + value(3)[0]]] + [0, 1, 5].map(value))
        let doubled = try vectors.merged(with: vectors) { zip($0, $1).map { $0 + $1 } }
        #expect(words(doubled) == ["a", "b", "c", "d"] && doubled["d"] == [2 * value(5)[0]])
    }

    @Test func bytesForFloats() throws {
        let vectors = try vectors(2000, 50, seed: 6)
        let rough = try vectors.quantized()
        #expect(rough.count == 2000 && rough.dimensions == 50 && rough.word(at: 7) == "w7" && rough.rank(of: "w9") == 9)
        let recall = try #require(rough.recall)
        #expect(recall > 0.95 && recall <= 1)
        for rank in [0, 1, 1999] {
            let (exact, found) = (vectors.vector(at: rank), rough.vector(at: rank))
            let step = exact.map(abs).max()! / 127
            #expect(zip(exact, found).allSatisfy { abs($0 - $1) <= step * 0.501 })
            #expect(rough["w\(rank)"] == found)
        }
        // Its answers are exact for what its vectors are.
        let same = try WordVectors(words: vectors.map(\.word), vectors: (0..<2000).map { rough.vector(at: $0) })
        for word in ["w0", "w77"] {
            let (a, b) = (try rough.neighbors(of: word), try same.neighbors(of: word))
            #expect(
                a.map(\.rank) == b.map(\.rank) && zip(a, b).allSatisfy { abs($0.similarity - $1.similarity) < 1e-6 })
            #expect(try rough.neighbors(of: vectors[word]!, count: 1).map(\.word) == [word])
        }
        #expect(try rough.neighbors(of: "w0", limit: 5).count == 4)
        #expect(throws: Word2VecError.unknownWord("x")) { try rough.neighbors(of: "x") }
        #expect(throws: Word2VecError.self) { try rough.neighbors(of: [1]) }
        #expect(try vectors.quantized(trials: 0).recall == nil)
        let odd = try WordVectors(words: ["nan", "zero", "a"], vectors: [[.nan, 1], [0, 0], [1, 2]]).quantized()
        #expect(odd["nan"] == [0, 0] && odd["zero"] == [0, 0] && odd.recall == 1)
        #expect(try odd.neighbors(of: "nan").map(\.similarity) == [0, 0])
    }
}

extension SquareMatrix {
    /// Within rounding of its largest value.
    fileprivate func isClose(to other: SquareMatrix) -> Bool {
        let largest = other.values.map(abs).max() ?? 0
        return zip(values, other.values).allSatisfy { abs($0 - $1) <= 1e-13 * largest }
    }
}
