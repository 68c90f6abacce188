import CReference
import CWord2Vec
import Foundation
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
    /// What all values are below.
    let largest: Double

    var stride: Int { w2v_stride(dimensions) }
    var testDescription: String { "D \(dimensions), \(inputs.count) x \(outputs.count)" }

    /// Rows are drawn from 1.5 times as many as there are in the block, so that some repeat, unless they are to be `distinct`.
    init(dimensions: Int, ni: Int, no: Int, seed: UInt64, scale: Float = 0.5, distinct: Bool = false) {
        var random = SeededGenerator(seed: seed)
        self.dimensions = dimensions
        largest = Double(scale)
        let (inputRows, outputRows) = (max(1, ni * 3 / 2), max(1, no * 3 / 2))
        inputs = (0..<ni).map { distinct ? Int32($0) : Int32.random(in: 0..<Int32(inputRows), using: &random) }
        outputs = (0..<no).map { distinct ? Int32($0) : Int32.random(in: 0..<Int32(outputRows), using: &random) }
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

    /// Outputs, with the zero row that makes up an even number; it lies behind the others.
    private var paddedOutputs: [Int32] {
        let zeroRow = Int32(output.count / stride)
        return outputs
            + Array(repeating: zeroRow, count: w2v_block_even(outputs.count) - outputs.count)
    }

    /// Which of the kernels' two updates.
    enum Update: CaseIterable {
        /// Every input row for itself.
        case rows
        /// The rows' mean; each row gains what the mean does.
        case mean
        /// The rows' mean; each row gains its part of what the mean does.
        case dividedMean
    }

    /// What an update leaves behind.
    struct Result {
        var status: w2v_status
        var input: [Float]
        var output: [Float]
        /// Input by input, those of the outputs that are no filling.
        var dots: [Float]
    }

    /// The parameters after one update by a kernel table. Every workspace is poisoned and has a canary behind it.
    func updated(by kernels: w2v_kernels, _ update: Update = .rows) -> Result {
        let padded = paddedOutputs
        let (ni, no) = (inputs.count, padded.count)
        let poison = Float.nan
        let canary: Float = 12345
        var (input, output) = (input, output + Array(repeating: 0, count: stride))
        let gradients = w2v_block_gradients(ni, no)
        let sizes = [gradients, gradients, w2v_block_shares(ni, no, stride), 2 * stride]
        let workspaces = sizes.map { size in
            let floats = UnsafeMutablePointer<Float>.allocate(capacity: size + 1)
            floats.initialize(repeating: poison, count: size)
            floats[size] = canary
            return floats
        }
        defer { for workspace in workspaces { workspace.deallocate() } }
        var labels = self.labels + Array(repeating: Float(W2V_BLOCK_PAD), count: no - self.labels.count)
        labels += Array(repeating: 0.25, count: w2v_block_labels(no) - no)
        var table = w2v_sigmoid_table()
        w2v_sigmoid_fill(&table)
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                let inputRows = inputs.map { Optional(input.baseAddress! + Int($0) * stride) }
                let outputRows = padded.map { Optional(output.baseAddress! + Int($0) * stride) }
                return inputRows.withUnsafeBufferPointer { inputRows in
                    outputRows.withUnsafeBufferPointer { outputRows in
                        labels.withUnsafeBufferPointer { labels in
                            withUnsafePointer(to: table) { table in
                                var block = w2v_block(
                                    inputs: inputRows.baseAddress, outputs: outputRows.baseAddress,
                                    labels: labels.baseAddress, gradients: workspaces[0], dots: workspaces[1],
                                    shares: workspaces[2],
                                    mean: workspaces[3], next: nil, sigmoid: table, ni: ni, no: no, next_count: 0,
                                    stride: stride, alpha: alpha, classes: 0, target: 0, weights: nil, losses: nil,
                                    softmax: false,
                                    divided: update == .dividedMean,
                                    distinct_inputs: Set(inputs).count == ni,
                                    distinct_outputs: Set(outputs).count == outputs.count)
                                return update == .rows ? kernels.update(&block) : kernels.update_mean(&block)
                            }
                        }
                    }
                }
            }
        }
        for (workspace, size) in zip(workspaces, sizes) { #expect(workspace[size] == canary) }
        #expect(output.suffix(stride).allSatisfy { $0 == 0 }, "the filling row stays zero")
        let inputsOfDots = update == .rows ? ni : min(ni, 1)
        let dots = (0..<inputsOfDots).flatMap { i in
            outputs.indices.map { workspaces[1][w2v_block_slot(inputsOfDots, i, $0)] }
        }
        return Result(status: status, input: input, output: output.dropLast(stride), dots: dots)
    }

    /// The same step by the double reference.
    func reference(_ update: Update = .rows) -> (input: [Double], output: [Double]) {
        var (input, output) = (dense(input), dense(output))
        guard update != .rows else {
            reference_block_step(
                &input, &output, dimensions, inputs, inputs.count, outputs, labels.map(Double.init), outputs.count,
                Double(alpha), nil)
            return (input, output)
        }
        var mean = [Double](repeating: 0, count: dimensions)
        for row in inputs {
            for d in 0..<dimensions { mean[d] += input[Int(row) * dimensions + d] / Double(inputs.count) }
        }
        var error = mean
        reference_block_step(
            &mean, &output, dimensions, [0], 1, outputs, labels.map(Double.init), outputs.count, Double(alpha), &error)
        for row in inputs {
            for d in 0..<dimensions {
                input[Int(row) * dimensions + d] += update == .dividedMean ? error[d] / Double(inputs.count) : error[d]
            }
        }
        return (input, output)
    }

    /// The dot products, in double, input by input.
    var dots: [Double] {
        inputs.flatMap { i in
            outputs.map { o in
                (0..<dimensions).reduce(0.0) {
                    $0 + Double(input[Int(i) * stride + $1]) * Double(output[Int(o) * stride + $1])
                }
            }
        }
    }

    /// Rows without their padding, in double.
    func dense(_ rows: [Float]) -> [Double] {
        var dense: [Double] = []
        dense.reserveCapacity(rows.count)
        for row in Swift.stride(from: 0, to: rows.count, by: stride) {
            dense += rows[row..<row + dimensions].map(Double.init)
        }
        return dense
    }

    /// What a dot product may be off by: its D terms, each below the square of the largest value, are rounded to 2^-24 of
    /// themselves when multiplied and of a partial sum at every addition.
    var dotBound: Double {
        let d = Double(dimensions)
        return d * largest * largest * (d + 2) * 0x1p-24 + 1e-9
    }

    /// What a parameter may be off by. The sigmoid's table is off by 9e-7, and by the dot product's error times its slope,
    /// 1/4 at most; each of the n shares of a row is alpha * g * value, |g| <= 1; a row may stand in the block n times, and
    /// receives n shares each time; each addition rounds to 2^-24 of what the row and its shares are below.
    var bound: Double {
        let shares = Double(inputs.count * outputs.count)
        let sum = largest + Double(alpha) * largest * shares
        return Double(alpha) * (9e-7 + dotBound / 4 + 0x1p-23) * largest * shares + (shares + 2) * sum * 0x1p-24
    }
}

@Suite struct BlockTests {
    /// Every instruction set of this processor.
    static let isas = (0..<UInt32(W2V_ISA_COUNT)).map(w2v_isa.init(rawValue:)).filter { w2v_kernels_for($0) != nil }
    static let dimensions = [1, 3, 7, 8, 15, 16, 17, 31, 33, 50, 100, 128, 300, 301]

    @Test func everyInstructionSetOfTheProcessorIsTested() {
        let names = Self.isas.map { String(cString: w2v_kernels_for($0)!.pointee.name) }
        print("Instruction sets under test: \(names.joined(separator: " "))")
        #expect(names.first == "scalar")
        #if arch(x86_64)
            if let flags = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) {
                #expect(names.contains("avx2") == (flags.contains(" avx2") && flags.contains(" fma")))
                #expect(names.contains("avx512") == (flags.contains(" avx512vl") && flags.contains(" avx512dq")))
            }
        #elseif arch(arm64)
            #expect(names.contains("neon"))
        #endif
    }

    /// The trainer's usual shapes at each of the dimensions, and all ni and no in turn over them; of these every fourth unless
    /// the long tests run. (Tests/Agreement tries all at each.)
    static func shapes(_ dimensions: Int) -> [(Int, Int)] {
        let turn = Self.dimensions.firstIndex(of: dimensions) ?? 0
        let all = (1...20).flatMap { ni in (1...40).map { no in (ni, no) } }
        return [(1, 6), (5, 6), (6, 6), (10, 6), (11, 6), (1, 1), (1, 12)]
            + all.enumerated().filter { $0.offset % Self.dimensions.count == turn }.map(\.element)
            .enumerated().filter { runsLongTests || $0.offset % 4 == 0 }.map(\.element)
    }

    @Test(arguments: dimensions)
    func anUpdateIsOneStepOfGradientDescent(dimensions: Int) throws {
        for (index, (ni, no)) in Self.shapes(dimensions).enumerated() {
            let block = BlockCase(
                dimensions: dimensions, ni: ni, no: no, seed: UInt64(index + 100 * dimensions),
                scale: 1 / Float(dimensions).squareRoot(), distinct: index % 2 == 1)
            for update in BlockCase.Update.allCases {
                let expected = block.reference(update)
                let dots = update == .rows ? block.dots : []
                for isa in Self.isas {
                    let kernels = try #require(w2v_kernels_for(isa)).pointee
                    let what = "\(String(cString: kernels.name)), \(update), \(block.testDescription)"
                    let after = block.updated(by: kernels, update)
                    #expect(after.status == W2V_OK)
                    expectClose(block.dense(after.input), expected.input, block.bound, "input, \(what)")
                    expectClose(block.dense(after.output), expected.output, block.bound, "output, \(what)")
                    #expect(paddingIsZero(after.input, block) && paddingIsZero(after.output, block), "\(what)")
                    #expect(block.input != after.input, "an update changes something: \(what)")
                    if update == .rows { expectClose(after.dots.map(Double.init), dots, block.dotBound, what) }
                }
            }
        }
    }

    @Test(arguments: isas.map(\.rawValue), dimensions)
    func dotProductsAgree(isa: UInt32, dimensions: Int) throws {
        let kernels = try #require(w2v_kernels_for(w2v_isa(rawValue: isa))).pointee
        let block = BlockCase(dimensions: dimensions, ni: 1, no: 1, seed: 11)
        let found = kernels.dot(
            Array(block.input.prefix(block.stride)), Array(block.output.prefix(block.stride)), block.stride)
        let expected = zip(block.input.prefix(block.stride), block.output).reduce(0.0) {
            $0 + Double($1.0) * Double($1.1)
        }
        #expect(abs(Double(found) - expected) <= block.dotBound)
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

    @Test(arguments: isas.map(\.rawValue))
    func aRepeatedRowReceivesAllShares(isa: UInt32) throws {
        let kernels = try #require(w2v_kernels_for(w2v_isa(rawValue: isa))).pointee
        for (inputs, outputs) in [([0, 0], [0, 1, 1]), ([2, 0, 2, 2], [0, 1, 1, 0, 1, 1, 0, 1]), ([1, 1], [0])] {
            var block = BlockCase(dimensions: 20, ni: inputs.count, no: outputs.count, seed: 9)
            block.inputs = inputs.map(Int32.init)
            block.outputs = outputs.map(Int32.init)
            for update in BlockCase.Update.allCases {
                let after = block.updated(by: kernels, update)
                let expected = block.reference(update)
                expectClose(block.dense(after.input), expected.input, block.bound, "input")
                expectClose(block.dense(after.output), expected.output, block.bound, "output")
            }
        }
    }

    @Test(arguments: isas.map(\.rawValue))
    func largeDotProductsAreClamped(isa: UInt32) throws {
        let kernels = try #require(w2v_kernels_for(w2v_isa(rawValue: isa))).pointee
        var block = BlockCase(dimensions: 3, ni: 2, no: 4, seed: 4)
        for row in block.inputs { block.input[Int(row) * block.stride] = 1e15 }
        for row in block.outputs { block.output[Int(row) * block.stride] = -1e15 }
        let after = block.updated(by: kernels)
        #expect(after.status == W2V_OK)
        #expect((after.input + after.output).allSatisfy { $0.isFinite })
    }

    @Test(arguments: isas.map(\.rawValue))
    func aBlockWithoutInputsOrOutputsChangesNothing(isa: UInt32) throws {
        let kernels = try #require(w2v_kernels_for(w2v_isa(rawValue: isa))).pointee
        for (ni, no) in [(0, 0), (0, 3), (3, 0), (0, 60)] {
            let block = BlockCase(dimensions: 17, ni: ni, no: no, seed: 5)
            for update in BlockCase.Update.allCases {
                let after = block.updated(by: kernels, update)
                #expect(after.status == W2V_OK)
                #expect(after.input == block.input && after.output == block.output)
            }
        }
    }

    @Test(arguments: isas.map(\.rawValue), [Float.nan, .infinity, -.infinity])
    func whatIsNotFiniteIsFoundAndNothingChanged(isa: UInt32, value: Float) throws {
        let kernels = try #require(w2v_kernels_for(w2v_isa(rawValue: isa))).pointee
        for (ni, no) in [(3, 4), (1, 6), (12, 13), (4, 30)] {
            for update in BlockCase.Update.allCases {
                var block = BlockCase(dimensions: 20, ni: ni, no: no, seed: 7)
                block.output[Int(block.outputs[no - 2]) * block.stride + 19] = value
                let after = block.updated(by: kernels, update)
                #expect(after.status == W2V_NOT_FINITE)
                #expect(after.input == block.input)
            }
        }
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
