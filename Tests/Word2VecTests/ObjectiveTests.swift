import TestSupport
import Testing
import Word2Vec

@Suite struct ObjectiveTests {
    private static let course = try! CourseCases.load()

    private static func matrix(_ rows: Int, _ columns: Int, seed: UInt64, scale: Float = 2) throws -> Objective.Matrix {
        var random = SeededGenerator(seed: seed)
        return try Objective.Matrix(
            rows: rows, columns: columns,
            values: (0..<rows * columns).map { _ in Float.random(in: -scale...scale, using: &random) })
    }

    @Test(arguments: course.cases.indices)
    func theCoursesNumbers(index: Int) throws {
        let (course, expected) = (Self.course, Self.course.cases[index])
        let input = try Objective.Matrix(rows: 5, columns: 3, values: course.input.map(Float.init))
        let output = try Objective.Matrix(rows: 5, columns: 3, values: course.output.map(Float.init))
        let center = try #require(course.tokens[expected.center])
        let contexts = expected.context.compactMap { course.tokens[$0] }
        let loss = expected.negatives.map { Objective.WordLoss.negativeSampling($0) } ?? .softmax
        let window =
            expected.isCBOW
            ? try Objective.cbow(
                input: input, output: output, center: center, contexts: contexts, combination: .sum, loss: loss)
            : try Objective.skipGram(input: input, output: output, center: center, contexts: contexts, loss: loss)
        #expect(abs(window.loss - expected.loss) <= 1e-6 * expected.loss)
        #expect(relativeError(window.inputGradient.values.map(Double.init), expected.gradIn.flatMap { $0 }) <= 1e-6)
        #expect(relativeError(window.outputGradient.values.map(Double.init), expected.gradOut.flatMap { $0 }) <= 1e-6)
    }

    @Test func softmaxIsTheSameWhenShifted() throws {
        let x: [Float] = [0.5, -2, 3, 3, 0.25]
        for shift in [-1000, -1, 0, 1, 1000] as [Float] {
            let (found, expected) = (try Activation.softmax(x.map { $0 + shift }), try Activation.softmax(x))
            #expect(found == expected)
        }
        #expect(try Activation.softmax([1000, -1000]) == [1, 0])
        #expect(try Activation.softmax([-1000, -1000]) == [0.5, 0.5])
        #expect(abs(try Activation.softmax([1001, 1002])[1] - 0.73105858) < 1e-7)
        let matrix = Activation.sigmoid([1, 2, -1, -2, 1000, -1000])
        let values: [Float] = [0.73105858, 0.88079708, 0.26894142, 0.11920292, 1, 0]
        let slopes: [Float] = [0.19661193, 0.10499359, 0.19661193, 0.10499359, 0, 0]
        #expect(zip(matrix, values).allSatisfy { abs($0 - $1) < 1e-7 })
        #expect(zip(Activation.sigmoidDerivative(fromValues: matrix), slopes).allSatisfy { abs($0 - $1) < 1e-7 })
        #expect(try Objective.crossEntropy(expected: [0, 1], predicted: [0, 0.5]) == 0.6931471805599453)
    }

    @Test func descentHalvesItsStep() throws {
        for start in [0.5, 0, -1.5] {
            let descent = try GradientDescent(step: 0.01, iterations: 1000, halvingInterval: 20000)
            let end = try descent.descend(from: [start]) { $0.map { 2 * $0 } }
            #expect(abs(end[0]) <= 1e-6)
        }
        // A slope of 1 goes 2 + 2 + 1 + 1 + 1/2 down.
        let halving = try GradientDescent(step: 2, iterations: 5, halvingInterval: 2)
        #expect(try halving.descend(from: [0]) { _ in [1] } == [-6.5])
        #expect(try GradientDescent(step: 2, iterations: 5).descend(from: [0]) { _ in [1] } == [-10])
        #expect(try GradientDescent(step: 2, iterations: 0).descend(from: [3]) { _ in [1] } == [3])
    }

    @Test func theCheckFindsAWrongDerivative() throws {
        let point = [0.3, -0.7, 2.125, 100]
        func f(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 * $1 / 3 } }
        let right = point.map { $0 * $0 }
        #expect(try GradientCheck.compare(gradient: right, at: point, f).difference < 1e-6)
        for i in point.indices {
            var wrong = right
            wrong[i] *= 1 + 3e-4
            let result = try GradientCheck.compare(gradient: wrong, at: point, f)
            #expect(result.index == i && result.difference > GradientCheck.bound)
        }
        #expect(try GradientCheck.compare(gradient: [.nan], at: [1]) { $0[0] }.difference == .infinity)
        #expect(try GradientCheck.compare(gradient: [1], at: [1]) { _ in .nan }.difference == .infinity)
        #expect(throws: Word2VecError.wrongCount(of: "gradient", found: 1, expected: 2)) {
            try GradientCheck.compare(gradient: [1], at: [1, 2]) { $0[0] }
        }
    }

    @Test func aNetworkKnowsItsShape() throws {
        #expect(try TwoLayerNetwork.parameterCount(inputs: 10, hidden: 5, classes: 10) == 115)
        let values = (0..<115).map(Float.init)
        let parameters = try TwoLayerNetwork.Parameters(inputs: 10, hidden: 5, classes: 10, values: values)
        #expect(parameters.values == values && parameters.weights1[1, 0] == 5 && parameters.biases1[0] == 50)
        #expect(parameters.weights2[0, 0] == 55 && parameters.biases2 == Array(values.suffix(10)))
        let probabilities = try TwoLayerNetwork(parameters).probabilities(of: Self.matrix(3, 10, seed: 2))
        #expect((0..<3).allSatisfy { abs(probabilities[$0].reduce(0, +) - 1) < 1e-6 })
    }
}

@Suite struct ObjectiveErrorTests {
    static let ok = try! Objective.Matrix(rows: 4, columns: 2, values: [1, 2, 3, 4, 5, 6, 7, 8])

    static func with(_ value: Float) -> Objective.Matrix {
        var matrix = ok
        matrix[2, 1] = value
        return matrix
    }

    static func skipGram(
        _ input: Objective.Matrix = ok, _ output: Objective.Matrix = ok, center: Int = 0, contexts: [Int] = [1, 2],
        _ loss: Objective.WordLoss = .softmax
    ) throws {
        _ = try Objective.skipGram(input: input, output: output, center: center, contexts: contexts, loss: loss)
    }

    static func cbow(_ negatives: [[Int]]) throws {
        _ = try Objective.cbow(
            input: ok, output: ok, center: 3, contexts: [1, 1], combination: .mean, loss: .negativeSampling(negatives))
    }

    static func network(_ x: Objective.Matrix, _ labels: Objective.Matrix, _ parameter: Float = 0) throws {
        let parameters = try TwoLayerNetwork.Parameters(
            inputs: 2, hidden: 1, classes: 2, values: [0, 0, parameter, 0, 0, 0, 0])
        _ = try TwoLayerNetwork(parameters).loss(of: x, labels: labels)
    }

    static let bad: [(argument: String, found: String, call: @Sendable () throws -> Void)] = [
        ("rows", "0", { _ = try Objective.Matrix(rows: 0, columns: 2, values: []) }),
        ("columns", "-1", { _ = try Objective.Matrix(rows: 2, columns: -1, values: []) }),
        ("x", "none", { _ = try Activation.softmax([]) }),
        ("x[1]", "nan", { _ = try Activation.softmax([1, .nan]) }),
        ("expected", "none", { _ = try Objective.crossEntropy(expected: [], predicted: []) }),
        ("predicted[1]", "0", { _ = try Objective.crossEntropy(expected: [0, 1], predicted: [1, 0]) }),
        ("predicted[0]", "-1.0", { _ = try Objective.crossEntropy(expected: [0, 1], predicted: [-1, 1]) }),
        ("expected[0]", "inf", { _ = try Objective.crossEntropy(expected: [.infinity], predicted: [1]) }),
        ("target", "4", { _ = try Objective.softmax(vector: [1, 2], output: ok, target: 4) }),
        ("vector[0]", "nan", { _ = try Objective.softmax(vector: [.nan, 2], output: ok, target: 0) }),
        ("output[5]", "inf", { _ = try Objective.softmax(vector: [1, 2], output: with(.infinity), target: 0) }),
        (
            "negatives", "none",
            { _ = try Objective.negativeSampling(vector: [1, 2], output: ok, target: 0, negatives: []) }
        ),
        (
            "negatives[1]", "0",
            { _ = try Objective.negativeSampling(vector: [1, 2], output: ok, target: 0, negatives: [1, 0]) }
        ),
        (
            "negatives[0]", "-1",
            { _ = try Objective.negativeSampling(vector: [1, 2], output: ok, target: 0, negatives: [-1]) }
        ),
        ("center", "-1", { try skipGram(center: -1) }),
        ("contexts", "none", { try skipGram(contexts: []) }),
        ("contexts[1]", "9", { try skipGram(contexts: [1, 9]) }),
        ("input[5]", "-inf", { try skipGram(with(-.infinity), center: 2) }),
        ("negatives[1][0]", "2", { try skipGram(ok, ok, .negativeSampling([[3], [2]])) }),
        ("negatives[0]", "none", { try cbow([[]]) }),
        ("negatives[0][1]", "3", { try cbow([[0, 3]]) }),
        ("negatives[0][0]", "4", { try cbow([[4]]) }),
        ("hidden", "0", { _ = try TwoLayerNetwork.parameterCount(inputs: 1, hidden: 0, classes: 1) }),
        ("classes", "\(Int.max)", { _ = try TwoLayerNetwork.parameterCount(inputs: 1, hidden: 1, classes: .max) }),
        ("x[5]", "nan", { try network(with(.nan), ok) }),
        ("labels[5]", "-1.0", { try network(ok, with(-1)) }),
        ("labels[5]", "inf", { try network(ok, with(.infinity)) }),
        ("parameters[2]", "nan", { try network(ok, ok, .nan) }),
        ("point", "none", { _ = try GradientCheck.compare(gradient: [], at: []) { _ in 0 } }),
        ("step", "0.0", { _ = try GradientDescent(step: 0, iterations: 1) }),
        ("step", "nan", { _ = try GradientDescent(step: .nan, iterations: 1) }),
        ("iterations", "-1", { _ = try GradientDescent(step: 1, iterations: -1) }),
        ("halvingInterval", "0", { _ = try GradientDescent(step: 1, iterations: 1, halvingInterval: 0) }),
        (
            "x[0] after iteration 2", "-inf",
            {
                let descent = try GradientDescent(step: 1, iterations: 9)
                _ = try descent.descend(from: [0]) { _ in [.greatestFiniteMagnitude] }
            }
        ),
    ]

    @Test(arguments: bad.indices)
    func badArgumentsAreNamed(index: Int) throws {
        let expected = Self.bad[index]
        let error = #expect(throws: Word2VecError.self) { try expected.call() }
        guard case .invalidArgument(let argument, let found, _) = try #require(error) else {
            Issue.record("\(expected.argument): \(String(describing: error))")
            return
        }
        #expect(argument == expected.argument && found == expected.found)
        #expect(error?.description.hasPrefix("\(argument) must be ") == true)
    }

    static let counts: [(of: String, found: Int, expected: Int, call: @Sendable () throws -> Void)] = [
        ("values", 3, 4, { _ = try Objective.Matrix(rows: 2, columns: 2, values: [1, 2, 3]) }),
        ("values", 0, .max, { _ = try Objective.Matrix(rows: .max, columns: 2, values: []) }),
        ("predicted", 1, 2, { _ = try Objective.crossEntropy(expected: [0, 1], predicted: [1]) }),
        ("vector", 3, 2, { _ = try Objective.softmax(vector: [1, 2, 3], output: ok, target: 0) }),
        ("rows of output", 1, 4, { try skipGram(ok, Objective.Matrix(rows: 1, columns: 2, values: [1, 2])) }),
        ("columns of output", 1, 2, { try skipGram(ok, Objective.Matrix(rows: 4, columns: 1, values: [1, 2, 3, 4])) }),
        ("lists of negatives", 1, 2, { try skipGram(ok, ok, .negativeSampling([[3]])) }),
        ("lists of negatives", 2, 1, { try cbow([[1], [1]]) }),
        ("negatives[1]", 2, 1, { try skipGram(ok, ok, .negativeSampling([[3], [3, 3]])) }),
        ("columns of x", 1, 2, { try network(Objective.Matrix(rows: 4, columns: 1, values: [1, 2, 3, 4]), ok) }),
        ("rows of labels", 1, 4, { try network(ok, Objective.Matrix(rows: 1, columns: 2, values: [0, 1])) }),
        ("columns of labels", 1, 2, { try network(ok, Objective.Matrix(rows: 4, columns: 1, values: [0, 1, 1, 1])) }),
        ("values", 1, 7, { _ = try TwoLayerNetwork.Parameters(inputs: 2, hidden: 1, classes: 2, values: [1]) }),
        (
            "gradient", 2, 1,
            { _ = try GradientDescent(step: 1, iterations: 1).descend(from: [1]) { _ in [1, 2] } }
        ),
    ]

    @Test(arguments: counts.indices)
    func sizesThatDoNotFitAreNamed(index: Int) {
        let count = Self.counts[index]
        #expect(throws: Word2VecError.wrongCount(of: count.of, found: count.found, expected: count.expected)) {
            try count.call()
        }
    }
}
