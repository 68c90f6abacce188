import CWord2Vec
import TestSupport
import Testing

private let canary: Float = 12345

/// A mini-batch in float against the loss in double and its gradient.
@Suite struct NetworkStepTests {
    private struct Batch {
        let network: w2v_network
        var parameters: [Float]
        var x: [Float]
        let stride: Int
        var classes: [Int32]
        var means: [Float]
        var scales: [Float]
        var rows: [Int32]

        init(inputs: Int, hidden: Int, classes: Int, rows: Int, seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            func values(_ count: Int, _ range: ClosedRange<Float>) -> [Float] {
                (0..<count).map { _ in Float.random(in: range, using: &random) }
            }
            let examples = rows + 3
            network = w2v_network(inputs: inputs, hidden: hidden, classes: classes)
            parameters = values(w2v_network_parameters(network), -0.5...0.5)
            stride = inputs + 2
            x = values(examples * stride, -2...2)
            for row in 0..<examples {
                for d in inputs..<stride { x[row * stride + d] = .nan }  // Nobody may read what is between rows.
            }
            self.classes = (0..<examples).map { _ in Int32.random(in: 0..<Int32(classes), using: &random) }
            means = values(inputs, -1...1)
            scales = values(inputs, 0.25...1)
            // A row may stand in a batch twice.
            self.rows = (0..<rows).map { _ in Int32.random(in: 0..<Int32(examples), using: &random) }
        }

        /// What the network is shown of the rows (N, Dx), and one-hot labels (N, Dy).
        var shown: (x: [Float], labels: [Float]) {
            (
                rows.flatMap { row in
                    (0..<network.inputs).map { (x[Int(row) * stride + $0] - means[$0]) * scales[$0] }
                },
                rows.flatMap { row in (0..<network.classes).map { $0 == Int(classes[Int(row)]) ? 1 : 0 } }
            )
        }

        func step(alpha: Float, l2: Float) -> (status: w2v_status, loss: Double, parameters: [Float]) {
            var (after, loss) = (parameters + [canary], 0.0)
            var workspace = [Float](repeating: .nan, count: w2v_network_step_workspace(network, rows.count)) + [canary]
            let status = x.withUnsafeBufferPointer { x in
                classes.withUnsafeBufferPointer { classes in
                    means.withUnsafeBufferPointer { means in
                        scales.withUnsafeBufferPointer { scales in
                            var examples = w2v_examples(
                                x: x.baseAddress!, stride: stride, count: classes.count, classes: classes.baseAddress!,
                                means: means.baseAddress!, scales: scales.baseAddress!)
                            return w2v_network_step(
                                network, &after, &examples, rows, rows.count, alpha, l2, &workspace, &loss)
                        }
                    }
                }
            }
            #expect(after.last == canary && workspace.last == canary)
            return (status, loss, Array(after.dropLast()))
        }
    }

    /// Sizes about the tiles' 4 rows, 16 and 4 columns.
    private static let sizes = [1, 2, 3, 4, 5, 15, 16, 17, 20, 33]

    @Test(arguments: [0, 0.01] as [Float])
    func aStepIsAlphaOverNTimesTheGradient(l2: Float) {
        let alpha: Float = 0.25
        for (turn, size) in Self.sizes.enumerated() {
            for place in 0..<4 {
                var shape = [5, 6, 3, 7]
                shape[place] = size
                let batch = Batch(
                    inputs: shape[0], hidden: shape[1], classes: shape[2], rows: shape[3],
                    seed: UInt64(10 * turn + place))
                let n = shape[3]
                let (x, labels) = batch.shown
                var workspace = [Double](repeating: .nan, count: w2v_network_workspace(batch.network))
                var (penalised, loss, gradient) = (0.0, 0.0, batch.parameters)
                #expect(
                    w2v_network_loss(
                        batch.network, batch.parameters, x, labels, n, Double(n) * Double(l2), &workspace, &penalised,
                        &gradient, nil) == W2V_OK)
                #expect(
                    w2v_network_loss(batch.network, batch.parameters, x, labels, n, 0, &workspace, &loss, nil, nil)
                        == W2V_OK)
                let step = batch.step(alpha: alpha, l2: l2)
                #expect(step.status == W2V_OK)
                #expect(abs(step.loss - loss) <= 1e-5 * Double(n))
                for (i, before) in batch.parameters.enumerated() {
                    let expected = Double(before) - Double(alpha) / Double(n) * Double(gradient[i])
                    #expect(abs(Double(step.parameters[i]) - expected) <= 3e-6, "\(shape), parameter \(i)")
                }
            }
        }
    }

    @Test func manyStepsLearnWhatIsThere() {
        var batch = Batch(inputs: 4, hidden: 8, classes: 2, rows: 32, seed: 3)
        for row in batch.classes.indices { batch.classes[row] = batch.x[row * batch.stride] > 0 ? 1 : 0 }
        let first = batch.step(alpha: 0.5, l2: 0).loss
        for _ in 0..<300 { batch.parameters = batch.step(alpha: 0.5, l2: 0).parameters }
        #expect(batch.step(alpha: 0.5, l2: 0).loss < first / 5)
    }

    @Test func badInputHasItsStatusAndChangesNothing() {
        func status(_ change: (inout Batch) -> Void) -> w2v_status {
            var batch = Batch(inputs: 5, hidden: 6, classes: 3, rows: 7, seed: 1)
            change(&batch)
            let step = batch.step(alpha: 0.5, l2: 0.1)
            let same = zip(step.parameters, batch.parameters).allSatisfy { $0.bitPattern == $1.bitPattern }
            #expect(same == (step.status != W2V_OK))
            return step.status
        }
        #expect(status { _ in } == W2V_OK)
        #expect(status { $0.rows = [] } == W2V_EMPTY)
        #expect(status { $0.rows[3] = -1 } == W2V_OUT_OF_RANGE)
        #expect(status { $0.rows[3] = Int32($0.classes.count) } == W2V_OUT_OF_RANGE)
        #expect(status { $0.classes[Int($0.rows[6])] = 3 } == W2V_OUT_OF_RANGE)
        #expect(status { $0.classes[Int($0.rows[6])] = .min } == W2V_OUT_OF_RANGE)
        for value in [Float.nan, .infinity, -.infinity] {
            for i in [0, 30, 36, 54] { #expect(status { $0.parameters[i] = value } == W2V_NOT_FINITE) }
            #expect(status { $0.x[Int($0.rows[6]) * $0.stride + 4] = value } == W2V_NOT_FINITE)
            #expect(status { $0.means[0] = value } == W2V_NOT_FINITE)
        }
        #expect(status { $0.scales = $0.scales.map { _ in .greatestFiniteMagnitude } } == W2V_NOT_FINITE)
    }

    @Test(arguments: [(16, 16), (32, 20), (112, 100), (5, 5), (67, 65)])
    func theMeanOfRowsIsTheMean(stride: Int, n: Int) {
        var random = SeededGenerator(seed: UInt64(stride))
        let rows = (0..<9 * stride).map { _ in Float.random(in: -3...3, using: &random) }
        for ids in [[4], [0, 8], [3, 3, 3, 1], Array(0..<9)] as [[Int32]] {
            var mean = [Float](repeating: .nan, count: n) + [canary]
            w2v_mean_of_rows(rows, stride, n, ids, ids.count, &mean)
            #expect(mean.last == canary)
            for d in 0..<n {
                let sum = ids.reduce(0.0) { $0 + Double(rows[Int($1) * stride + d]) }
                #expect(mean[d] == Float(sum / Double(ids.count)))
            }
        }
    }
}
