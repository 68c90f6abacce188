import CWord2Vec
import Machine

/// A kernel with the blocks that it is run on, in turn.
final class KernelCase {
    /// Which of a table's functions.
    enum Kernel: String {
        case update
        case updateMean = "update_mean"
        case dot
    }

    /// Where the rows are.
    enum Place: String {
        /// In a dozen or two rows, and so in the first cache, or for D = 300 and many outputs in the second.
        case cache = "L1"
        /// Anywhere in two large matrices. A block's rows are fetched by the block before it, as the trainer does.
        case memory = "random"
    }

    let kernel: Kernel
    let shape: BlockShape
    let place: Place
    let dimensions: Int
    let kernels: w2v_kernels
    /// The compiler's command, empty for the kernels that are linked.
    let compiler: String
    /// Calls of one sample: about a millisecond.
    private var calls = 1
    private let blocks: [w2v_block]
    private let storage: BlockStorage
    private var position = 0
    private(set) var nanoseconds = Samples()

    init(
        _ kernel: Kernel, _ shape: BlockShape, _ place: Place, kernels: w2v_kernels, compiler: String,
        dimensions: Int, storage: BlockStorage
    ) {
        self.kernel = kernel
        self.shape = shape
        self.place = place
        self.kernels = kernels
        self.compiler = compiler
        self.dimensions = dimensions
        self.storage = storage
        blocks = storage.blocks
        while Core.time({ run() }) < 1e-3 { calls *= 2 }
    }

    /// One sample: nanoseconds of a call.
    func sample() -> Double {
        let value = Core.time { run() } * 1e9 / Double(calls)
        nanoseconds.add(value)
        return value
    }

    private func run() {
        switch kernel {
        case .update: run(kernels.update)
        case .updateMean: run(kernels.update_mean)
        case .dot:
            guard let x = blocks[0].inputs?[0], let y = blocks[0].outputs?[0] else { return }
            for _ in 0..<calls {
                precondition(kernels.dot(x, y, blocks[0].stride).isFinite, "a dot product that is not finite")
            }
        }
    }

    private func run(_ update: @convention(c) (UnsafePointer<w2v_block>) -> w2v_status) {
        blocks.withUnsafeBufferPointer { blocks in
            guard let first = blocks.baseAddress else { return }
            for _ in 0..<calls {
                precondition(update(first + position) == W2V_OK, "a dot product that is not finite")
                position = position + 1 == blocks.count ? 0 : position + 1
            }
        }
    }

    /// Floating-point operations of a call, on average over the blocks; those of rows' padding are not counted.
    var operations: Double {
        let (ni, no, d) = (shape.meanInputs, Double(shape.outputs), Double(dimensions))
        return switch kernel {
        case .update: 6 * ni * no * d  // a dot product and two sums for each pair, 2 D operations each
        case .updateMean: (6 * no + 2 * ni) * d  // the same for one input; ni rows are summed, and added to
        case .dot: 2 * d
        }
    }

    /// Rows that a call touches.
    var rows: Double { kernel == .dot ? 2 : shape.meanInputs + Double(shape.outputs) }
}
