import CReference
import CWord2Vec
import TestSupport
import Testing

/// A block over random rows, as the kernels and as the reference see it.
struct BlockCase: CustomTestStringConvertible {
    var dimensions: Int
    var inputs: [Int32]
    var outputs: [Int32]
    var labels: [Float]
    var input: [Float]
    var output: [Float]
    var alpha: Float = 0.05

    var stride: Int { w2v_stride(dimensions) }
    var testDescription: String { "D \(dimensions), \(inputs.count) x \(outputs.count)" }

    /// Rows are drawn from 1.5 times as many as there are in the block, so that some repeat.
    init(dimensions: Int, ni: Int, no: Int, seed: UInt64, scale: Float = 0.5) {
        var random = SeededGenerator(seed: seed)
        self.dimensions = dimensions
        let (inputRows, outputRows) = (max(1, ni * 3 / 2), max(1, no * 3 / 2))
        inputs = (0..<ni).map { _ in Int32.random(in: 0..<Int32(inputRows), using: &random) }
        outputs = (0..<no).map { _ in Int32.random(in: 0..<Int32(outputRows), using: &random) }
        labels = (0..<no).map { $0 == 0 || Bool.random(using: &random) && no > 20 ? 1 : 0 }
        func rows(_ count: Int) -> [Float] {
            (0..<count).flatMap { _ in
                (0..<w2v_stride(dimensions)).map { d in
                    d < dimensions ? Float.random(in: -scale...scale, using: &random) : 0
                }
            }
        }
        input = rows(inputRows)
        output = rows(outputRows)
    }

    /// The parameters after one update by a kernel table. Every workspace is poisoned and has a canary behind it.
    func updated(by kernels: w2v_kernels) -> (status: w2v_status, input: [Float], output: [Float]) {
        var (input, output) = (input, output)
        let poison = Float.nan
        let canary: Float = 12345
        var gradients = [Float](repeating: poison, count: inputs.count * outputs.count) + [canary]
        var columns = [Float](repeating: poison, count: outputs.count * Int(W2V_COLUMN)) + [canary]
        var table = [Float](repeating: 0, count: Int(W2V_SIGMOID_SIZE))
        w2v_sigmoid_fill(&table)
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                let inputRows = inputs.map { Optional(input.baseAddress! + Int($0) * stride) }
                let outputRows = outputs.map { Optional(output.baseAddress! + Int($0) * stride) }
                let readRows = inputRows.map { UnsafePointer($0) }
                return readRows.withUnsafeBufferPointer { readRows in
                    inputRows.withUnsafeBufferPointer { sinks in
                        outputRows.withUnsafeBufferPointer { outputRows in
                            gradients.withUnsafeMutableBufferPointer { gradients in
                                columns.withUnsafeMutableBufferPointer { columns in
                                    labels.withUnsafeBufferPointer { labels in
                                        table.withUnsafeBufferPointer { table in
                                            var block = w2v_block(
                                                inputs: readRows.baseAddress, sinks: sinks.baseAddress,
                                                outputs: outputRows.baseAddress, labels: labels.baseAddress,
                                                gradients: gradients.baseAddress, columns: columns.baseAddress,
                                                sigmoid: table.baseAddress, ni: readRows.count,
                                                no: outputRows.count, stride: stride, alpha: alpha)
                                            return kernels.update(&block)
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        #expect(gradients.last == canary && columns.last == canary)
        return (status, input, output)
    }

    /// The same step by the double reference.
    func reference() -> (input: [Double], output: [Double]) {
        var (input, output) = (dense(input), dense(output))
        reference_block_step(
            &input, &output, dimensions, inputs, inputs.count, outputs, labels.map(Double.init), outputs.count,
            Double(alpha), nil)
        return (input, output)
    }

    /// Rows without their padding, in double.
    func dense(_ rows: [Float]) -> [Double] {
        rows.enumerated().filter { $0.offset % stride < dimensions }.map { Double($0.element) }
    }

    /// What the kernels may differ by: the sigmoid's table is 1.7e-6 off (2.5e-3 beyond 6), a dot product of D terms
    /// below 1/4 each is off by at most D * 2^-24 times their sum and the sigmoid's slope is 1/4; each of the n shares
    /// of a row is alpha * g * value with value below 1/2; n additions round to 2^-24 of a value below 1.
    var bound: Double {
        let d = Double(dimensions)
        let shares = Double(max(inputs.count, outputs.count))
        let gradientError = 1.8e-6 + d * d / 4 / 4 * 0x1p-24
        return Double(alpha) * gradientError * 0.5 * shares * 2 + (shares + 2) * 0x1p-23
    }
}

@Suite struct BlockTests {
    static let isas = [W2V_ISA_SCALAR]
    static let dimensions = [1, 3, 7, 8, 15, 16, 17, 31, 33, 50, 100, 128, 300, 301]
    static let shapes = [(1, 1), (1, 6), (2, 3), (4, 6), (5, 6), (7, 16), (10, 6), (10, 21), (20, 40), (3, 1)]

    @Test(arguments: dimensions)
    func anUpdateIsOneStepOfGradientDescent(dimensions: Int) throws {
        for isa in Self.isas {
            let kernels = try #require(w2v_kernels_for(isa)).pointee
            for (index, (ni, no)) in Self.shapes.enumerated() {
                let block = BlockCase(
                    dimensions: dimensions, ni: ni, no: no, seed: UInt64(index + 100 * dimensions),
                    scale: 1 / Float(dimensions).squareRoot())
                let after = block.updated(by: kernels)
                let expected = block.reference()
                #expect(after.status == W2V_OK)
                expectClose(block.dense(after.input), expected.input, block.bound, "input, \(block.testDescription)")
                expectClose(block.dense(after.output), expected.output, block.bound, "output, \(block.testDescription)")
                #expect(paddingIsZero(after.input, block) && paddingIsZero(after.output, block))
                #expect(block.input != after.input, "an update changes something")
            }
        }
    }

    @Test func theReferenceStepIsTheLossesGradient() {
        let block = BlockCase(dimensions: 5, ni: 4, no: 7, seed: 3)
        let (input, output) = (block.dense(block.input), block.dense(block.output))
        let after = block.reference()
        let labels = block.labels.map(Double.init)
        func loss(_ input: [Double], _ output: [Double]) -> Double {
            reference_block_loss(
                input, output, block.dimensions, block.inputs, block.inputs.count, block.outputs, labels,
                block.outputs.count)
        }
        let h = 1e-5
        for i in input.indices {
            var (up, down) = (input, input)
            up[i] += h
            down[i] -= h
            let gradient = (loss(up, output) - loss(down, output)) / (2 * h)
            #expect(abs(input[i] - Double(block.alpha) * gradient - after.input[i]) < 1e-9)
        }
        for i in output.indices {
            var (up, down) = (output, output)
            up[i] += h
            down[i] -= h
            let gradient = (loss(input, up) - loss(input, down)) / (2 * h)
            #expect(abs(output[i] - Double(block.alpha) * gradient - after.output[i]) < 1e-9)
        }
    }

    @Test func aRepeatedRowReceivesBothShares() {
        var block = BlockCase(dimensions: 4, ni: 2, no: 3, seed: 9)
        block.inputs = [0, 0]
        block.outputs = [0, 1, 1]
        block.labels = [1, 0, 0]
        let after = block.updated(by: w2v_kernels_for(W2V_ISA_SCALAR)!.pointee)
        let expected = block.reference()
        expectClose(block.dense(after.input), expected.input, block.bound, "input")
        expectClose(block.dense(after.output), expected.output, block.bound, "output")
    }

    @Test func aBlockWithoutInputsOrOutputsChangesNothing() {
        for (ni, no) in [(0, 0), (0, 3), (3, 0)] {
            let block = BlockCase(dimensions: 17, ni: ni, no: no, seed: 5)
            let after = block.updated(by: w2v_kernels_for(W2V_ISA_SCALAR)!.pointee)
            #expect(after.status == W2V_OK)
            #expect(after.input == block.input && after.output == block.output)
        }
    }

    @Test func aNaNIsFoundAndNothingChanged() {
        var block = BlockCase(dimensions: 20, ni: 3, no: 4, seed: 7)
        block.output[Int(block.outputs[2]) * block.stride + 19] = .nan
        let after = block.updated(by: w2v_kernels_for(W2V_ISA_SCALAR)!.pointee)
        #expect(after.status == W2V_NOT_FINITE)
        #expect(after.input == block.input)
    }

    @Test func theBestKernelsAreThereAndNamed() throws {
        let best = w2v_kernels_best().pointee
        #expect(w2v_kernels_for(best.isa) == w2v_kernels_best())
        #expect(!String(cString: best.name).isEmpty)
        for isa in Self.isas { #expect(try #require(w2v_kernels_for(isa)).pointee.isa == isa) }
        #expect(w2v_kernels_for(w2v_isa(rawValue: 99)) == nil)
    }

    private func expectClose(_ found: [Double], _ expected: [Double], _ bound: Double, _ what: String) {
        let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(found.count == expected.count && worst <= bound, "\(what): off by \(worst), bound \(bound)")
    }

    private func paddingIsZero(_ rows: [Float], _ block: BlockCase) -> Bool {
        rows.indices.allSatisfy { $0 % block.stride < block.dimensions || rows[$0] == 0 }
    }
}
