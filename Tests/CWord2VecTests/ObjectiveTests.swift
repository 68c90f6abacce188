import CReference
import CWord2Vec
import TestSupport
import Testing

/// A window as the core takes it, with random values.
struct WindowCase {
    var words: Int
    var dimensions: Int
    var center: Int32
    var contexts: [Int32]
    /// One list after the other; nil for softmax.
    var negatives: [Int32]?
    var negativeCount: Int
    var input: [Float]
    var output: [Float]
    var cbow = false
    var mean = false

    struct Result {
        var status: w2v_status
        var loss: Double
        var input: [Float]
        var output: [Float]
    }

    /// The core's answer; everything it writes is poisoned before, and has a canary behind it.
    func result(gradients: Bool = true) -> Result {
        let size = w2v_objective_workspace(words, dimensions)
        var workspace = [Double](repeating: .nan, count: size) + [12345]
        var result = Result(
            status: W2V_OK, loss: .nan, input: [Float](repeating: .nan, count: input.count) + [12345],
            output: [Float](repeating: .nan, count: input.count) + [12345])
        result.status = input.withUnsafeBufferPointer { inputs in
            output.withUnsafeBufferPointer { outputs in
                contexts.withUnsafeBufferPointer { contexts in
                    (negatives ?? []).withUnsafeBufferPointer { samples in
                        var window = w2v_window(
                            input: inputs.baseAddress!, output: outputs.baseAddress!, words: words,
                            dimensions: dimensions, center: center, contexts: contexts.baseAddress!,
                            context_count: contexts.count,
                            loss: negatives == nil ? W2V_SOFTMAX_LOSS : W2V_NEGATIVE_SAMPLING_LOSS,
                            negatives: samples.baseAddress, negative_count: negativeCount)
                        guard gradients else {
                            return cbow
                                ? w2v_cbow_loss(&window, mean, &workspace, &result.loss, nil, nil)
                                : w2v_skip_gram_loss(&window, &workspace, &result.loss, nil, nil)
                        }
                        return cbow
                            ? w2v_cbow_loss(&window, mean, &workspace, &result.loss, &result.input, &result.output)
                            : w2v_skip_gram_loss(&window, &workspace, &result.loss, &result.input, &result.output)
                    }
                }
            }
        }
        #expect(workspace.removeLast().isEqual(to: 12345))
        #expect(result.input.removeLast() == 12345 && result.output.removeLast() == 12345)
        return result
    }

    /// The answer of the double reference.
    var reference: (loss: Double, input: [Double], output: [Double]) {
        var gradients = (
            loss: 0.0, input: [Double](repeating: .nan, count: input.count),
            output: [Double](repeating: .nan, count: input.count)
        )
        let (input, output) = (input.map(Double.init), output.map(Double.init))
        let samples = negatives ?? []
        samples.withUnsafeBufferPointer { samples in
            let samples = negatives == nil ? nil : samples.baseAddress
            gradients.loss =
                cbow
                ? reference_cbow(
                    input, output, words, dimensions, center, contexts, contexts.count, mean ? 1 : 0, samples,
                    negativeCount, &gradients.input, &gradients.output)
                : reference_skip_gram(
                    input, output, words, dimensions, center, contexts, contexts.count, samples, negativeCount,
                    &gradients.input, &gradients.output)
        }
        return gradients
    }

    init(words: Int, dimensions: Int, contexts: Int, negatives: Int?, cbow: Bool, mean: Bool, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func word() -> Int32 { Int32.random(in: 0..<Int32(words), using: &random) }
        (self.words, self.dimensions, self.cbow, self.mean) = (words, dimensions, cbow, mean)
        center = word()
        self.contexts = (0..<contexts).map { _ in word() }
        input = (0..<words * dimensions).map { _ in Float.random(in: -2...2, using: &random) }
        output = (0..<words * dimensions).map { _ in Float.random(in: -2...2, using: &random) }
        negativeCount = negatives ?? 0
        if let negatives {
            self.negatives = (cbow ? [center] : self.contexts).flatMap { target in
                (0..<negatives).map { _ in
                    let word = Int32.random(in: 0..<Int32(words) - 1, using: &random)
                    return word < target ? word : word + 1
                }
            }
        }
    }
}

@Suite struct ObjectiveTests {
    private static let course = try! CourseCases.load()

    private func window(_ expected: CourseCases.Case) -> WindowCase {
        let course = Self.course
        var window = WindowCase(
            words: 5, dimensions: 3, contexts: 1, negatives: nil, cbow: expected.isCBOW, mean: false, seed: 1)
        window.center = Int32(course.tokens[expected.center]!)
        window.contexts = expected.context.map { Int32(course.tokens[$0]!) }
        window.negatives = expected.negatives.map { $0.flatMap { $0.map(Int32.init) } }
        window.negativeCount = expected.negatives?.first?.count ?? 0
        window.input = course.input.map(Float.init)
        window.output = course.output.map(Float.init)
        return window
    }

    @Test(arguments: course.cases.indices)
    func theCoursesNumbers(index: Int) {
        let expected = Self.course.cases[index]
        let result = window(expected).result()
        #expect(result.status == W2V_OK)
        #expect(abs(result.loss - expected.loss) <= 1e-6 * expected.loss)
        #expect(relativeError(result.input.map(Double.init), expected.gradIn.flatMap { $0 }) <= 1e-6)
        #expect(relativeError(result.output.map(Double.init), expected.gradOut.flatMap { $0 }) <= 1e-6)
    }

    @Test(arguments: course.cases.indices)
    func theReferenceHasTheCoursesNumbersInDouble(index: Int) {
        let (course, expected) = (Self.course, Self.course.cases[index])
        let window = window(expected)
        var input = [Double](repeating: .nan, count: 15)
        var output = input
        let samples = window.negatives ?? []
        let loss = samples.withUnsafeBufferPointer { samples in
            let negatives = expected.negatives == nil ? nil : samples.baseAddress
            return expected.isCBOW
                ? reference_cbow(
                    course.input, course.output, 5, 3, window.center, window.contexts, window.contexts.count, 0,
                    negatives, window.negativeCount, &input, &output)
                : reference_skip_gram(
                    course.input, course.output, 5, 3, window.center, window.contexts, window.contexts.count, negatives,
                    window.negativeCount, &input, &output)
        }
        #expect(abs(loss - expected.loss) <= 1e-12 * expected.loss)
        #expect(relativeError(input, expected.gradIn.flatMap { $0 }) <= 1e-12)
        #expect(relativeError(output, expected.gradOut.flatMap { $0 }) <= 1e-12)
    }

    @Test func theCourseHasCasesOfEachKind() {
        let cases = Self.course.cases
        #expect(cases.count == 10)
        #expect(cases.contains { $0.isCBOW && $0.negatives != nil })
        #expect(cases.contains { !$0.isCBOW && $0.negatives != nil })
        #expect(abs((cases.first { $0.name == "sg-softmax" }?.loss ?? 0) - 11.16610900153398) < 1e-13)
    }

    @Test(arguments: [false, true], [false, true])
    func windowsAgreeWithTheReference(cbow: Bool, mean: Bool) {
        for seed in 0..<60 as Range<UInt64> {
            var random = SeededGenerator(seed: 1000 + seed)
            let window = WindowCase(
                words: Int.random(in: 2...12, using: &random), dimensions: Int.random(in: 1...9, using: &random),
                contexts: Int.random(in: 1...7, using: &random),
                negatives: seed % 2 == 0 ? nil : Int.random(in: 1...9, using: &random), cbow: cbow, mean: mean,
                seed: seed)
            let (result, expected) = (window.result(), window.reference)
            #expect(result.status == W2V_OK)
            #expect(relativeError([result.loss], [expected.loss]) <= 1e-13)
            #expect(relativeError(result.input.map(Double.init), expected.input) <= 0x1p-23)
            #expect(relativeError(result.output.map(Double.init), expected.output) <= 0x1p-23)
            #expect(window.result(gradients: false).loss == result.loss)
        }
    }

    @Test func aWindowOfOneContextIsOnePrediction() {
        for negatives in [nil, 6] as [Int?] {
            let window = WindowCase(
                words: 7, dimensions: 4, contexts: 1, negatives: negatives, cbow: false, mean: false, seed: 3)
            let vector = Array(window.input[Int(window.center) * 4..<Int(window.center) * 4 + 4])
            var workspace = [Double](repeating: .nan, count: w2v_objective_workspace(7, 4))
            var (loss, v, u) = (0.0, [Float](repeating: .nan, count: 4), [Float](repeating: .nan, count: 28))
            let status =
                negatives.map {
                    w2v_negative_sampling_loss(
                        vector, window.output, 7, 4, window.contexts[0], window.negatives!, $0, &workspace, &loss, &v,
                        &u)
                } ?? w2v_softmax_loss(vector, window.output, 7, 4, window.contexts[0], &workspace, &loss, &v, &u)
            let whole = window.result()
            #expect(status == W2V_OK && loss == whole.loss && u == whole.output)
            #expect(v == Array(whole.input[Int(window.center) * 4..<Int(window.center) * 4 + 4]))
        }
    }

    @Test(arguments: [false, true])
    func badInputHasItsStatus(cbow: Bool) {
        func status(_ negatives: Int? = 4, _ change: (inout WindowCase) -> Void) -> w2v_status {
            var window = WindowCase(
                words: 6, dimensions: 3, contexts: 3, negatives: negatives, cbow: cbow, mean: true, seed: 8)
            change(&window)
            return window.result().status
        }
        #expect(status { _ in } == W2V_OK)
        #expect(status { $0.words = 0 } == W2V_EMPTY)
        #expect(status { $0.dimensions = 0 } == W2V_EMPTY)
        #expect(status { $0.contexts.removeAll() } == W2V_EMPTY)
        #expect(status { $0.negativeCount = 0 } == W2V_EMPTY)
        #expect(status { $0.center = 6 } == W2V_OUT_OF_RANGE)
        #expect(status { $0.center = -1 } == W2V_OUT_OF_RANGE)
        #expect(status { $0.contexts[2] = 6 } == W2V_OUT_OF_RANGE)
        #expect(status(nil) { $0.contexts[2] = -1 } == W2V_OUT_OF_RANGE)
        #expect(status { $0.negatives![3] = 6 } == W2V_OUT_OF_RANGE)
        #expect(status { $0.negatives![3] = .min } == W2V_OUT_OF_RANGE)
        #expect(status { $0.negatives![3] = cbow ? $0.center : $0.contexts[0] } == W2V_TARGET_DRAWN)
        for value in [Float.nan, .infinity, -.infinity] {
            #expect(status(nil) { $0.output[17] = value } == W2V_NOT_FINITE)
            #expect(status { $0.output[Int($0.negatives![1]) * 3] = value } == W2V_NOT_FINITE)
            #expect(status { $0.input[Int(cbow ? $0.contexts[1] : $0.center) * 3 + 2] = value } == W2V_NOT_FINITE)
        }
    }

    @Test func aGradientBeyondFloatsIsFound() {
        var window = WindowCase(words: 6, dimensions: 3, contexts: 3, negatives: nil, cbow: false, mean: false, seed: 8)
        window.contexts = [1, 1, 1]
        window.input = window.input.map { _ in .greatestFiniteMagnitude }
        window.output = (0..<18).map { $0 / 3 == 1 ? -1 : 1 }
        #expect(window.result().status == W2V_NOT_FINITE, "three times the largest float")
        window.contexts = [1]
        #expect(window.result().status == W2V_OK)
    }

    @Test func functionsHoldAtTheEnds() {
        #expect(w2v_logistic(1000) == 1 && w2v_logistic(-1000) == 0 && w2v_logistic(0) == 0.5)
        #expect(w2v_logistic_loss(-1000) == 1000 && w2v_logistic_loss(1000) == 0)
        #expect(abs(w2v_logistic_loss(40) / 4.248354255291589e-18 - 1) < 1e-14)
        #expect(w2v_logistic(.nan).isNaN)
        var y: [Float] = [7, 7]
        #expect(w2v_softmax([1001, 1002], 2, &y) == W2V_OK)
        #expect(abs(y[0] - 0.26894142) < 1e-7 && abs(y[1] - 0.73105858) < 1e-7)
        #expect(w2v_softmax([-1000, 1000], 2, &y) == W2V_OK && y == [0, 1])
        #expect(w2v_softmax([], 0, &y) == W2V_EMPTY)
        #expect(w2v_softmax([1, .infinity], 2, &y) == W2V_NOT_FINITE)
        #expect(w2v_softmax([.nan, 1], 2, &y) == W2V_NOT_FINITE)
        var loss = 0.0
        #expect(w2v_cross_entropy([0, 1], [0, 0.25], 2, &loss) == W2V_OK && abs(loss - 1.3862943611198906) < 1e-15)
        #expect(w2v_cross_entropy([], [], 0, &loss) == W2V_EMPTY)
        #expect(w2v_cross_entropy([1, 0], [0, 1], 2, &loss) == W2V_NOT_FINITE)
        #expect(w2v_cross_entropy([1, .nan], [1, 1], 2, &loss) == W2V_NOT_FINITE)
        #expect(w2v_cross_entropy([1, -1], [1, 1], 2, &loss) == W2V_OUT_OF_RANGE)
        #expect(w2v_cross_entropy([1, 1], [1, -1], 2, &loss) == W2V_OUT_OF_RANGE)
    }
}

@Suite struct NetworkTests {
    struct Shape {
        var network: w2v_network
        var rows: Int
    }

    /// Random parameters, x and one-hot labels.
    private func values(_ shape: Shape, seed: UInt64) -> (parameters: [Float], x: [Float], labels: [Float]) {
        var random = SeededGenerator(seed: seed)
        let labels = (0..<shape.rows).flatMap { _ in
            let label = Int.random(in: 0..<shape.network.classes, using: &random)
            return (0..<shape.network.classes).map { $0 == label ? Float(1) : 0 }
        }
        let parameters = (0..<w2v_network_parameters(shape.network)).map { _ in Float.random(in: -2...2, using: &random)
        }
        let x = (0..<shape.rows * shape.network.inputs).map { _ in Float.random(in: -2...2, using: &random) }
        return (parameters, x, labels)
    }

    @Test func itAgreesWithTheReference() {
        for seed in 0..<40 as Range<UInt64> {
            var random = SeededGenerator(seed: 500 + seed)
            let (dx, h, dy) = (
                Int.random(in: 1...8, using: &random), Int.random(in: 1...8, using: &random),
                Int.random(in: 1...6, using: &random)
            )
            let shape = Shape(
                network: w2v_network(inputs: dx, hidden: h, classes: dy), rows: Int.random(in: 1...9, using: &random))
            #expect(w2v_network_parameters(shape.network) == (dx + 1) * h + (h + 1) * dy)
            let (parameters, x, labels) = values(shape, seed: seed)
            var workspace = [Double](repeating: .nan, count: w2v_network_workspace(shape.network)) + [12345]
            var (loss, gradient, xGradient) = (0.0, parameters + [12345], x + [12345])
            let l2 = seed % 2 == 0 ? 0 : 0.25
            let status = w2v_network_loss(
                shape.network, parameters, x, labels, shape.rows, l2, &workspace, &loss, &gradient, &xGradient)
            #expect(status == W2V_OK)
            #expect(workspace.last == 12345 && gradient.last == 12345 && xGradient.last == 12345)

            let p = parameters.map(Double.init)
            let (b1, w2, b2) = (dx * h, dx * h + h, dx * h + h + h * dy)
            var (dw1, db1, dw2, db2) = (Array(p[..<b1]), Array(p[b1..<w2]), Array(p[w2..<b2]), Array(p[b2...]))
            var dxRows = x.map(Double.init)
            var expected = reference_network(
                dx, h, dy, Array(p[..<b1]), Array(p[b1..<w2]), Array(p[w2..<b2]), Array(p[b2...]), x.map(Double.init),
                labels.map(Double.init), shape.rows, &dw1, &db1, &dw2, &db2, &dxRows)
            for i in 0..<b1 { dw1[i] += l2 * p[i] }
            for i in w2..<b2 { dw2[i - w2] += l2 * p[i] }
            expected += l2 / 2 * (p[..<b1] + p[w2..<b2]).reduce(0) { $0 + $1 * $1 }
            #expect(relativeError([loss], [expected]) <= 1e-13)
            #expect(relativeError(gradient.dropLast().map(Double.init), dw1 + db1 + dw2 + db2) <= 0x1p-23)
            #expect(relativeError(xGradient.dropLast().map(Double.init), dxRows) <= 0x1p-23)

            var (same, probabilities) = (0.0, labels)
            #expect(
                w2v_network_loss(shape.network, parameters, x, labels, shape.rows, l2, &workspace, &same, nil, nil)
                    == W2V_OK)
            #expect(same == loss)
            #expect(
                w2v_network_forward(shape.network, parameters, x, shape.rows, &workspace, &probabilities) == W2V_OK)
            var entropy = 0.0
            #expect(w2v_cross_entropy(labels, probabilities, labels.count, &entropy) == W2V_OK)
            if l2 == 0 { #expect(relativeError([entropy], [loss]) <= 1e-6) }
        }
    }

    @Test func badInputHasItsStatus() {
        let shape = Shape(network: w2v_network(inputs: 3, hidden: 4, classes: 2), rows: 3)
        typealias Values = (network: w2v_network, parameters: [Float], x: [Float], labels: [Float], rows: Int)
        func statuses(_ change: (inout Values) -> Void) -> [w2v_status] {
            let (parameters, x, labels) = values(shape, seed: 4)
            var v: Values = (shape.network, parameters, x, labels, shape.rows)
            change(&v)
            var workspace = [Double](repeating: .nan, count: w2v_network_workspace(shape.network))
            var (loss, gradient, xGradient, probabilities) = (0.0, parameters, x, labels)
            return [
                w2v_network_loss(
                    v.network, v.parameters, v.x, v.labels, v.rows, 0, &workspace, &loss, &gradient, &xGradient),
                w2v_network_forward(v.network, v.parameters, v.x, v.rows, &workspace, &probabilities),
            ]
        }
        #expect(statuses { _ in } == [W2V_OK, W2V_OK])
        for change in [
            { $0.network.inputs = 0 }, { $0.network.hidden = 0 }, { $0.network.classes = 0 }, { $0.rows = 0 },
        ] as [(inout Values) -> Void] {
            #expect(statuses(change) == [W2V_EMPTY, W2V_EMPTY])
        }
        for value in [Float.nan, .infinity, -.infinity] {
            for i in [0, 12, 16, 25] {  // W1, b1, W2, b2
                #expect(statuses { $0.parameters[i] = value } == [W2V_NOT_FINITE, W2V_NOT_FINITE])
            }
            #expect(statuses { $0.x[8] = value } == [W2V_NOT_FINITE, W2V_NOT_FINITE])
            #expect(statuses { $0.labels[5] = value } == [W2V_NOT_FINITE, W2V_OK])
        }
        #expect(statuses { $0.labels[5] = -1 } == [W2V_OUT_OF_RANGE, W2V_OK])
    }
}
