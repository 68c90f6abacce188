import CWord2Vec
import Machine

/// Inputs x outputs of blocks.
struct BlockShape: CustomStringConvertible {
    /// The blocks take these in turn.
    var inputs: [Int]
    /// An even number.
    var outputs: Int

    var meanInputs: Double { Double(inputs.reduce(0, +)) / Double(inputs.count) }
    var description: String { (inputs.count == 1 ? "\(inputs[0])" : "2...10") + " x \(outputs)" }

    /// The windows of long sentences: 2, 4, 6, 8 or 10 contexts, each as often.
    static func windows(outputs: Int) -> BlockShape {
        BlockShape(inputs: [6, 2, 10, 4, 8], outputs: outputs)
    }
}

/// Blocks over rows of two tables, and the memory that they point to.
final class BlockStorage {
    private(set) var blocks: [w2v_block] = []
    /// Every row of every block, in the order of their use.
    private(set) var rows: [UnsafeMutablePointer<Float>] = []
    private let tables: [RowTable]
    private var allocations: [UnsafeMutableRawPointer] = []

    /// `count` blocks whose rows are drawn evenly, no row twice in a block. With `fetches`, each block names the next
    /// one's rows.
    init(
        _ shape: BlockShape, count: Int, input: RowTable, output: RowTable, fetches: Bool,
        generator: inout SeededGenerator
    ) {
        tables = [input, output]
        let most = shape.inputs.max() ?? 0
        let stride = input.stride
        let labels = floats(w2v_block_labels(shape.outputs))
        labels[0] = 1
        let gradients = floats(w2v_block_gradients(most, shape.outputs))
        let shares = floats(w2v_block_shares(most, shape.outputs, stride))
        let mean = floats(2 * stride)
        let sigmoid: UnsafeMutablePointer<w2v_sigmoid_table> = allocate(1)
        w2v_sigmoid_fill(sigmoid)

        for n in 0..<count {
            let ni = shape.inputs[n % shape.inputs.count]
            let start = rows.count
            rows += draw(ni, from: input, &generator) + draw(shape.outputs, from: output, &generator)
            // As a list of rows to be fetched it must be longer: the last row stands there again.
            let length = w2v_block_next(rows.count - start)
            let pointers: UnsafeMutablePointer<UnsafeMutablePointer<Float>?> = allocate(length)
            for k in 0..<length { pointers[k] = rows[min(start + k, rows.count - 1)] }
            // A learning rate of 0: the arithmetic is the same, and the rows keep their values however long it goes on.
            blocks.append(
                w2v_block(
                    inputs: pointers, outputs: pointers + ni, labels: labels, gradients: gradients, dots: nil,
                    shares: shares, mean: mean, next: nil, sigmoid: sigmoid, ni: ni, no: shape.outputs, next_count: 0,
                    stride: stride, alpha: 0, classes: 0, target: 0, weights: nil, losses: nil, softmax: false,
                    divided: false,
                    distinct_inputs: true, distinct_outputs: true))
        }
        guard fetches else { return }
        for n in 0..<count {
            let later = blocks[(n + 1) % count]
            // Inputs and outputs lie behind each other.
            blocks[n].next = later.inputs.map {
                UnsafeRawPointer($0).assumingMemoryBound(to: UnsafePointer<Float>?.self)
            }
            blocks[n].next_count = w2v_block_next(later.ni + later.no)
        }
    }

    private func draw(
        _ count: Int, from table: RowTable, _ generator: inout SeededGenerator
    ) -> [UnsafeMutablePointer<Float>] {
        var drawn: [Int] = []
        while drawn.count < count {
            let row = Int.random(in: 0..<table.rows, using: &generator)
            if !drawn.contains(row) { drawn.append(row) }
        }
        return drawn.map { table[$0] }
    }

    private func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
        let floats: UnsafeMutablePointer<Float> = allocate(count)
        floats.initialize(repeating: 0, count: count)
        return floats
    }

    private func allocate<Element>(_ count: Int) -> UnsafeMutablePointer<Element> {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
        allocations.append(memory)
        return memory.bindMemory(to: Element.self, capacity: max(count, 1))
    }

    deinit {
        for memory in allocations { memory.deallocate() }
    }
}
