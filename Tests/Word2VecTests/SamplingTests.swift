import CReference
import CWord2Vec
import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct HuffmanTests {
    @Test func theCodesOfASmallVocabularyAreThoseOfTheOriginal() {
        // </s> 3, a 6, b 3, c 1, d 1. Taken from the rarest up, a leaf only if strictly smaller: d and c make node 0 (2),
        // it and b node 1 (5), it and a node 2 (11), </s> - out of order at rank 0 - and it the root, node 3.
        let tree = HuffmanTree(counts: [3, 6, 3, 1, 1])
        func code(_ word: Int) -> String {
            tree.codes[Int(tree.offsets[word])..<Int(tree.offsets[word + 1])].map(String.init).joined()
        }
        func path(_ word: Int) -> [Int32] { Array(tree.points[Int(tree.offsets[word])..<Int(tree.offsets[word + 1])]) }
        #expect((0..<5).map(code) == ["0", "11", "101", "1001", "1000"])
        #expect(path(3) == [3, 2, 1, 0])
        #expect(path(0) == [3])
        #expect(tree.longestCode == 4)
    }

    @Test(arguments: 1...30)
    func codesArePrefixFreeAndAsShortAsCanBe(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let words = Int.random(in: 2...200, using: &random)
        let counts = (0..<words).map { _ in Int.random(in: 1...(seed % 2 == 0 ? 5 : 10_000), using: &random) }
            .sorted(by: >)
        let tree = HuffmanTree(counts: counts)
        let codes = (0..<words).map { Array(tree.codes[Int(tree.offsets[$0])..<Int(tree.offsets[$0 + 1])]) }
        #expect(Set(codes).count == words)
        for a in codes { #expect(!codes.contains { $0 != a && $0.starts(with: a) }) }
        #expect(tree.longestCode == codes.map(\.count).max())
        // Huffman's cost, from the definition: the sum over merges of the two smallest weights.
        var weights = counts
        var cost = 0
        while weights.count > 1 {
            weights.sort(by: >)
            let sum = weights.removeLast() + weights.removeLast()
            cost += sum
            weights.append(sum)
        }
        #expect(zip(counts, codes).reduce(0) { $0 + $1.0 * $1.1.count } == cost)
        // Every step's node is an inner one, and the first is the root.
        #expect(tree.points.allSatisfy { (0..<Int32(words - 1)).contains($0) })
        for word in 0..<words { #expect(tree.points[Int(tree.offsets[word])] == Int32(words - 2)) }
    }

    @Test func treesWithoutWordsOrWithOneHaveNoSteps() {
        #expect(HuffmanTree(counts: []).offsets == [0])
        #expect(HuffmanTree(counts: [7]).offsets == [0, 0])
        #expect(HuffmanTree(counts: [7, 2]).points == [0, 0])
    }
}

/// The tables as the C core reads them.
private final class CoreUnigram {
    let ends: UnsafeMutablePointer<UInt32>
    let guide: UnsafeMutablePointer<UInt32>
    var table: w2v_unigram

    init(_ table: UnigramTable) {
        ends = .allocate(capacity: table.ends.count)
        ends.initialize(from: table.ends, count: table.ends.count)
        guide = .allocate(capacity: table.guide.count)
        guide.initialize(from: table.guide, count: table.guide.count)
        self.table = w2v_unigram(ends: ends, guide: guide)
    }

    deinit {
        ends.deallocate()
        guide.deallocate()
    }
}

@Suite struct UnigramTableTests {
    @Test(arguments: [
        [31331, 63919, 51696, 34618, 13560] + (1...5000).map { 20_000 / $0 + 1 },
        [1, 1_000_000_000_000] + Array(repeating: 1, count: 3000),  // shares below one slot
        [0, 5],
        [5, 0, 0, 0],
        Array(repeating: 7, count: 12_346),
    ])
    func everySlotHoldsTheWordOfTheOriginalsTable(counts: [Int]) {
        let core = CoreUnigram(UnigramTable(counts: counts))
        let mismatches = withUnsafePointer(to: &core.table) { table in
            reference_unigram_mismatches(
                counts.map { pow(Double($0), 0.75) }, counts.count,
                { context, slot in
                    w2v_unigram_word(context!.assumingMemoryBound(to: w2v_unigram.self), slot)
                }, table)
        }
        #expect(mismatches == 0)
    }
}

@Suite struct AliasTableTests {
    @Test(arguments: 1...20)
    func theTablesProbabilitiesAreTheWeights(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let weights = (0..<Int.random(in: 1...300, using: &random)).map { _ in
            Bool.random(using: &random) ? 0 : pow(Double.random(in: 0...1, using: &random), 8)
        }
        let table = AliasTable(weights: weights)
        var probabilities = [Double](repeating: 0, count: weights.count)
        for (index, entry) in table.entries.enumerated() {
            let share = Double(entry.threshold) / 4_294_967_296
            probabilities[index] += share / Double(weights.count)
            probabilities[Int(entry.alias)] += (1 - share) / Double(weights.count)
        }
        let total = weights.reduce(0, +)
        for (found, weight) in zip(probabilities, weights) {
            let expected = total > 0 ? weight / total : 1 / Double(weights.count)
            #expect(abs(found - expected) < 1e-9)
        }
    }

    @Test func drawsFollowTheCountsToTheThreeQuarters() {
        let counts = [500, 4000, 1000, 300, 100, 10]
        let table = AliasTable(negativesFor: counts, exponent: 0.75)
        var drawn = [Double](repeating: 0, count: counts.count)
        var state: UInt64 = 42
        let draws = 400_000
        for _ in 0..<draws {
            drawn[1 + Int(table.draw(w2v_random_next(&state)))] += 1
        }
        #expect(drawn[0] == 0, "the sentence end is never drawn")
        let weights = counts.dropFirst().map { pow(Double($0), 0.75) }
        let total = weights.reduce(0, +)
        let chiSquare = zip(drawn.dropFirst(), weights).reduce(0.0) { sum, pair in
            let expected = Double(draws) * pair.1 / total
            return sum + (pair.0 - expected) * (pair.0 - expected) / expected
        }
        #expect(chiSquare < 23.5)  // 4 degrees of freedom, one seed in 10,000
    }
}

@Suite struct NoiseDistributionTests {
    @Test(arguments: [0.75, 0, -0.5, 1, 5])
    func weightsAreCountsToThePower(exponent: Double) {
        let weights = NoiseDistribution.weights(counts: [8, 0, 1, 100], exponent: exponent)
        #expect(weights == [pow(8, exponent), 0, 1, pow(100, exponent)])
    }
}

@Suite struct SubsamplingTests {
    @Test func probabilitiesFollowTheFormula() throws {
        let counts = [1000, 100_000, 5000, 100, 1]
        let total = counts.reduce(0, +)
        let found = try #require(Subsampling.keepProbabilities(counts: counts, totalCount: total, sample: 1e-3))
        for (count, probability) in zip(counts, found) {
            let ratio = Double(count) / (1e-3 * Double(total))
            let expected = (ratio.squareRoot() + 1) / ratio
            #expect(abs(Double(probability) - expected) < 1e-6 * expected)
        }
    }

    @Test func thresholdsAreTheProbabilitiesAsIntegers() throws {
        let counts = [1000, 100_000, 5000, 100, 0]
        let probabilities = Subsampling.keepProbabilities(counts: counts, totalCount: 106_100, sample: 1e-3)
        let thresholds = Subsampling.keepThresholds(counts: counts, totalCount: 106_100, sample: 1e-3)
        for (probability, threshold) in zip(try #require(probabilities), try #require(thresholds)) {
            if probability < 1 {
                #expect(abs((Double(threshold) + 1) / 4_294_967_296 - Double(probability)) < 1e-9)
            } else {
                #expect(threshold == .max)
            }
        }
    }

    @Test func zeroSwitchesItOff() {
        #expect(Subsampling.keepProbabilities(counts: [1, 2], totalCount: 3, sample: 0) == nil)
        #expect(Subsampling.keepThresholds(counts: [1, 2], totalCount: 3, sample: 0) == nil)
    }
}
