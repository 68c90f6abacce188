import CWord2Vec
import Foundation
import TestSupport
import Testing

/// Matrices of more than 2^31 floats, of which little is touched: address space, and no memory.
private final class LargeMatrix {
    static let rows = 1 << 17 | 64
    static let dimensions = 1 << 14
    /// The first row behind 2^31 floats.
    static let high = 1 << 17

    let floats: UnsafeMutablePointer<Float>
    private static let bytes = rows * dimensions * MemoryLayout<Float>.stride

    init() throws {
        var flags = MAP_PRIVATE | MAP_ANON
        #if os(Linux)
            flags |= MAP_NORESERVE
        #endif
        let base = mmap(nil, Self.bytes, PROT_READ | PROT_WRITE, flags, -1, 0)
        let memory = try #require(base != MAP_FAILED ? base : nil)
        #if os(Linux)
            // A page of 2 MB for each row that is touched would be real.
            madvise(memory, Self.bytes, Int32(MADV_NOHUGEPAGE))
        #endif
        floats = memory.bindMemory(to: Float.self, capacity: Self.rows * Self.dimensions)
    }

    deinit { munmap(floats, Self.bytes) }

    func rows(_ range: Range<Int>) -> [[Float]] {
        range.map { Array(UnsafeBufferPointer(start: floats + $0 * Self.dimensions, count: Self.dimensions)) }
    }
}

@Suite struct LargeModelTests {
    /// Words that occur, and as many nodes.
    private static let words = 20

    /// Their first values, of each matrix.
    private static let initial: [[Float]] = {
        var random = SeededGenerator(seed: 5)
        return (0..<3 * words).map { _ in
            (0..<LargeMatrix.dimensions).map { _ in Float(random.next() >> 40) * 0x1p-29 - 0x1p-6 }
        }
    }()

    enum Trainer: CaseIterable {
        case block, blockByPairs, blockCBOW, original, originalCBOW

        var isCBOW: Bool { self == .blockCBOW || self == .originalCBOW }
        var isOriginal: Bool { self == .original || self == .originalCBOW }
    }

    /// Trains with negative sampling and a tree on words `base + 1` ... `base + 20` of a large vocabulary. Returns the rows
    /// of these words, and whether others of the first or last rows have changed.
    private func trained(_ trainer: Trainer, base: Int) throws -> (rows: [[Float]], strays: Bool) {
        let (count, words) = (LargeMatrix.rows, Self.words)
        let matrices = try (0..<3).map { _ in try LargeMatrix() }
        for (matrix, rows) in zip(matrices, [0, words, 2 * words]) {
            for word in 0..<words {
                let row = matrix.floats + (base + 1 + word) * LargeMatrix.dimensions
                row.update(from: Self.initial[rows + word], count: LargeMatrix.dimensions)
            }
        }
        var random = SeededGenerator(seed: 6)
        let tokens = (0..<150).map { _ in
            let word = Int.random(in: 0...words, using: &random)
            return Int32(word == 0 ? 0 : base + word)
        }
        // Every entry of the noise table answers one of the words; every path is two nodes long.
        let alias = (0..<count - 1).map { w2v_alias(threshold: 0, alias: UInt32(base + $0 % words)) }
        let path = base + 1...base + words
        let offsets = [0] + (0..<count).map { Int64(2 * min(max(0, $0 - base), words)) }
        let points = path.flatMap { [Int32(base + 1), Int32($0)] }
        let codes = path.flatMap { [UInt8($0 % 2), UInt8($0 / 2 % 2)] }
        // The original's table: each word has a twentieth of it.
        let slots = Int(W2V_UNIGRAM_SLOTS)
        let ends = (0..<count).map { UInt32(slots / words * min(max(0, $0 - base), words)) }
        let guide = (0...slots >> Int(W2V_UNIGRAM_GUIDE_SHIFT) + 1).map { bucket in
            UInt32(base + 1 + min(words - 1, (bucket << Int(W2V_UNIGRAM_GUIDE_SHIFT)) / (slots / words)))
        }

        let status = offsets.withUnsafeBufferPointer { offsets in
            points.withUnsafeBufferPointer { points in
                codes.withUnsafeBufferPointer { codes in
                    let model = w2v_model(
                        input: matrices[0].floats, output: matrices[1].floats, nodes: matrices[2].floats, words: count,
                        dimensions: LargeMatrix.dimensions)
                    let tree = w2v_tree(
                        offsets: offsets.baseAddress!, points: points.baseAddress!, codes: codes.baseAddress!)
                    return trainer.isOriginal
                        ? original(trainer, model, tree, ends: ends, guide: guide, tokens: tokens)
                        : block(trainer, model, tree, alias: alias, tokens: tokens)
                }
            }
        }
        #expect(status == W2V_OK)
        let own = base + 1..<base + words + 1
        let zeros = [Float](repeating: 0, count: LargeMatrix.dimensions)
        let strays = matrices.contains { matrix in
            [0..<64, LargeMatrix.high - 64..<LargeMatrix.rows].contains { range in
                zip(range, matrix.rows(range)).contains { !own.contains($0) && $1 != zeros }
            }
        }
        return (matrices.flatMap { $0.rows(own) }, strays)
    }

    private func block(
        _ trainer: Trainer, _ model: w2v_model, _ tree: w2v_tree, alias: [w2v_alias], tokens: [Int32]
    ) -> w2v_status {
        var table = w2v_sigmoid_table()
        w2v_sigmoid_fill(&table)
        return withUnsafePointer(to: table) { table in
            alias.withUnsafeBufferPointer { alias in
                var plan = w2v_block_plan(
                    model: model, tree: tree, unigram: alias.baseAddress, keep: nil, sigmoid: table,
                    kernels: w2v_kernels_best(), longest_code: 2, window: 3, negatives: 4, drawn: 0, updated: 0,
                    pool: 64, reuse: 4,
                    hot_words: 0, hot_nodes: 0, merge_every: 1,
                    share: trainer == .blockByPairs ? W2V_SHARE_PAIR : W2V_SHARE_WINDOW, cbow: trainer.isCBOW,
                    cbow_divided: false, softmax: false)
                let workspace = UnsafeMutableRawPointer.allocate(byteCount: w2v_block_workspace(&plan), alignment: 64)
                defer { workspace.deallocate() }
                var worker = w2v_worker(workspace: workspace, random: w2v_random_stream(3, 0, 0), words: 0, pairs: 0)
                return w2v_block_train(&plan, &worker, tokens, Int64(tokens.count), 0.05)
            }
        }
    }

    private func original(
        _ trainer: Trainer, _ model: w2v_model, _ tree: w2v_tree, ends: [UInt32], guide: [UInt32], tokens: [Int32]
    ) -> w2v_status {
        var sigmoid = [Float](repeating: 0, count: Int(W2V_SIGMOID_ORIGINAL_SIZE))
        w2v_sigmoid_fill_original(&sigmoid)
        var workspace = [Float](repeating: 0, count: 2 * LargeMatrix.dimensions)
        return sigmoid.withUnsafeBufferPointer { sigmoid in
            ends.withUnsafeBufferPointer { ends in
                guide.withUnsafeBufferPointer { guide in
                    var plan = w2v_original_plan(
                        model: model, tree: tree,
                        unigram: w2v_unigram(ends: ends.baseAddress!, guide: guide.baseAddress!), keep: nil,
                        sigmoid: sigmoid.baseAddress!, train_words: Int64(tokens.count), epochs: 1, window: 3,
                        negatives: 4, alpha: 0.05, cbow: trainer.isCBOW)
                    var state = w2v_original_start(&plan)
                    return w2v_original_run(
                        &plan, &state, tokens, Int64(tokens.count), Int64(tokens.count), &workspace)
                }
            }
        }
    }

    @Test(arguments: Trainer.allCases)
    func rowsBehindTwoToThe31FloatsAreTrainedLikeTheFirst(trainer: Trainer) throws {
        // Ids that are alike in their low bits, so that all hashes are.
        let low = try trained(trainer, base: 0)
        let high = try trained(trainer, base: LargeMatrix.high)
        #expect(low.rows == high.rows)
        #expect(zip(low.rows, Self.initial).allSatisfy { $0 != $1 }, "every row was trained")
        #expect(!low.strays && !high.strays, "another row was written to")
    }

    @Test(.enabled(if: runsLongTests, "W2V_LONG_TESTS=1 runs it"))
    func aValueThatIsNotFiniteIsFoundBehindThem() throws {
        let matrix = try LargeMatrix()
        var model = w2v_model(
            input: matrix.floats, output: nil, nodes: nil, words: LargeMatrix.rows, dimensions: LargeMatrix.dimensions)
        matrix.floats[LargeMatrix.rows * LargeMatrix.dimensions - 1] = .nan
        #expect(!w2v_input_is_finite(&model))
    }
}
