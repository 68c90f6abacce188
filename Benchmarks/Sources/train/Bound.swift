import Foundation
import Machine
import Word2Vec

/// How fast a core could train at most: if multiply-adds ran at the rate of registers and the memory brought one random row
/// after the other, each hidden behind the other.
///
/// - Arithmetic: 6 D operations for each pair of an input and an output - a dot product and two sums - and for CBOW the
///   sums over the contexts, 2 D each.
/// - Rows: a context that enters the window, the center's output, the noise words drawn anew and the inner nodes deeper
///   than 11 (the 2,000 above them stay in the cache) are each one random row. The rows of frequent words are in the cache,
///   too, so that this side is a rule rather than a law.
struct Bound {
    /// Words that subsampling leaves, as a share of all.
    private(set) var keptShare = 0.0
    /// Contexts of a kept word, on average.
    private(set) var contexts = 0.0
    /// Outputs of a window, on average.
    private(set) var outputs = 0.0
    /// Floating-point operations and random rows of a kept word.
    private(set) var operations = 0.0
    private(set) var rows = 0.0

    private static let cachedDepth = 11.0
    private static let longestSentence = 1000.0

    init(_ corpus: EncodedCorpus, _ options: TrainingOptions) {
        let counts = corpus.vocabulary.counts.map(Double.init)
        let total = Double(corpus.vocabulary.totalCount)
        var (words, kept, codes, deepNodes) = (0.0, 0.0, 0.0, 0.0)
        for count in counts.dropFirst() {
            let share = count / (options.sample * total)
            let keep = options.sample > 0 ? count * min(1, (share.squareRoot() + 1) / share) : count
            // The length of an ideal code, which a Huffman code exceeds by less than 1 on average.
            let code = log2(total / count)
            words += count
            kept += keep
            codes += keep * code
            deepNodes += keep * max(0, code - Self.cachedDepth)
        }
        guard kept > 0 else { return }
        keptShare = kept / words

        // A sentence of L words and a radius of b, drawn from 1 ... W, make 2 b L - b (b + 1) pairs.
        let (window, length) = (Double(options.window), min(kept / max(counts[0], 1), Self.longestSentence))
        contexts = max(0, (window + 1) - (window + 1) * (window + 2) / (3 * max(length, 1)))
        let negatives = Double(options.negatives)
        outputs = (negatives > 0 ? 1 + negatives : 0) + (options.hierarchicalSoftmax ? codes / kept : 0)
        let dimensions = Double(options.dimensions)
        operations =
            options.architecture == .cbow
            ? (6 * outputs + 2 * contexts) * dimensions : 6 * contexts * outputs * dimensions
        rows =
            1 + (negatives > 0 ? 1 + negatives / Double(options.effectiveReuse) : 0)
            + (options.hierarchicalSoftmax ? deepNodes / kept : 0)
    }

    /// Words a second, with the rates of the core in hand.
    func wordsPerSecond(operationsPerSecond: Double, secondsPerRow: Double) -> Double {
        1 / (keptShare * max(operations / operationsPerSecond, rows * secondsPerRow))
    }

    /// Words a second, with the rates that this core has now. It takes a second and the memory of the two matrices.
    func wordsPerSecondNow(rows: Int, dimensions: Int) throws -> Double {
        let lanes =
            switch try InstructionSet.chosen() {
            case .avx512: 16
            case .avx2: 8
            case .scalar, .neon: 4
            }
        var generator = SeededGenerator(seed: 1)
        let tables = (0..<2).map { _ in RowTable(rows: rows, dimensions: dimensions, generator: &generator) }
        let walk = RowWalk(
            (0..<2 * rows).map { tables[$0 % 2][Int.random(in: 0..<rows, using: &generator)] }, in: tables)
        var (operations, seconds) = (Samples(), Samples())
        for _ in 0..<20 {
            operations.add(Core.operationsPerSecond(lanes: lanes))
            seconds.add(walk.secondsPerRow(lanes: lanes))
        }
        return wordsPerSecond(operationsPerSecond: operations.median, secondsPerRow: seconds.median)
    }
}
