import CWord2Vec
import TestSupport
import Testing

/// The search's kernels over rows that lie dense in memory of just their size, so that AddressSanitizer sees what is read
/// behind them. That the results are right is for Tests/Agreement, which runs on other processors, too.
@Suite struct SearchKernelTests {
    private let kernels = (0..<W2V_ISA_COUNT).compactMap { w2v_kernels_for(w2v_isa(UInt32($0))) }

    @Test(arguments: [1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 100])
    func nothingIsReadBehindTheRows(dimensions: Int) {
        var random = SeededGenerator(seed: UInt64(dimensions))
        for words in [1, 15, 16, 31, 32, 33, 70] {
            let values = (0..<words * dimensions).map { _ in Float.random(in: -1...1, using: &random) }
            let answers = kernels.flatMap { nearest(values, words, dimensions, $0) }
            #expect(answers.count == 2 * kernels.count && Set(answers.map(\.row)).count == 1)
            #expect(answers.allSatisfy { $0.similarity == 1 })
        }
    }

    /// The nearest of the rows to the last of them, by a search and by a batch.
    private func nearest(
        _ values: [Float], _ words: Int, _ dimensions: Int, _ kernels: UnsafePointer<w2v_kernels>
    ) -> [w2v_search_hit] {
        let heap = Heap()
        let (room, width) = (w2v_search_room(words), w2v_search_width(dimensions))
        let rows = heap.copy(of: values)
        var index = w2v_search_index(
            rows: rows, count: words, dimensions: dimensions, stride: dimensions, inverse: heap.zeros(room),
            bytes: heap.zeros(room * width), scale: heap.zeros(room), slack: heap.zeros(room))
        w2v_search_fill(kernels, &index, 0, words)

        let query = heap.copy(
            of: [w2v_search_query(values: rows + (words - 1) * dimensions, square: 0, unit: heap.zeros(width))])
        w2v_search_prepare(query, dimensions)
        let packed: UnsafeMutablePointer<Float> = heap.zeros(w2v_search_packed(1, dimensions))
        w2v_search_pack(query, 1, dimensions, packed)
        let filter = heap.copy(of: [w2v_search_filter()])
        var batch = w2v_search_batch(
            kind: W2V_SEARCH_NEAREST, words: 1, questions: 1, word_queries: query, analogies: nil, sums: nil,
            filters: filter, packed: packed)

        let hits = heap.copy(of: [w2v_search_hit](repeating: w2v_search_hit(similarity: 0, row: -1), count: 2))
        var one = w2v_search_top(hits: hits, capacity: 1, count: 0, floor: -.infinity)
        w2v_search_one(kernels, &index, query, 0, words, filter, &one)
        var many = w2v_search_top(hits: hits + 1, capacity: 1, count: 0, floor: -.infinity)
        let workspace = heap.copy(
            of: [Float](repeating: .nan, count: w2v_search_workspace(&batch, dimensions)))
        w2v_search_many(kernels, &index, &batch, 0, words, workspace, &many)
        return [hits[0], hits[1]]
    }
}

/// Memory of just the size that is asked for.
private final class Heap {
    private var allocations: [UnsafeMutableRawPointer] = []

    func copy<Element: BitwiseCopyable>(of array: [Element]) -> UnsafeMutablePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: array.count)
        memory.initialize(from: array, count: array.count)
        allocations.append(memory)
        return memory
    }

    func zeros<Element: BitwiseCopyable & Numeric>(_ count: Int) -> UnsafeMutablePointer<Element> {
        copy(of: [Element](repeating: 0, count: count))
    }

    deinit {
        for memory in allocations { memory.deallocate() }
    }
}
