internal import Word2VecCore

/// A check of all gradients in the library: the objectives against central differences, and the trainers against the
/// objectives.
public struct GradientReport: Sendable {
    /// One check.
    public struct Row: Equatable, Sendable {
        /// What was checked: an objective, or an update of a trainer.
        public var name: String
        /// The sizes, and any special property of the input.
        public var shape: String
        /// The number of values that were compared.
        public var count: Int
        /// The largest difference found.
        public var difference: Double
        /// The largest difference allowed.
        public var bound: Double

        /// Whether the difference is within the bound. False if the difference is NaN.
        public var passes: Bool { difference <= bound }
    }

    /// Analytic gradients compared with central differences. Each row has the largest relative difference.
    public let objectives: [Row]
    /// Parameters after a trainer's update compared with parameters - alpha * gradient. Each row has the largest
    /// absolute difference.
    public let trainers: [Row]

    /// Whether every row is within its bound.
    public var passes: Bool { (objectives + trainers).allSatisfy(\.passes) }

    /// Runs all checks on random values.
    ///
    /// - Parameters:
    ///   - seed: The seed of the random values. The same seed gives the same values.
    ///   - bound: The bound on the relative differences of the objectives. The bounds of the trainers are derived from
    ///     their rounding errors.
    public init(seed: UInt64 = 1, bound: Double = GradientCheck.bound) throws(Word2VecError) {
        var random = SeededRandom(seed: seed)
        objectives = try ObjectiveChecks.rows(bound: bound, &random)
        trainers = try TrainerChecks.rows(&random)
    }
}

/// Checks the gradient of each objective against central differences.
enum ObjectiveChecks {
    static func rows(bound: Double, _ random: inout SeededRandom) throws(Word2VecError) -> [GradientReport.Row] {
        var rows: [GradientReport.Row] = []
        func add(_ name: String, _ shape: String, _ found: (GradientCheck.Result, count: Int)) {
            rows.append(
                .init(name: name, shape: shape, count: found.count, difference: found.0.difference, bound: bound))
        }
        add("sigmoid", "x from -30 to 30, and +-1000", try sigmoid())
        for shape in predictionShapes {
            add("softmax", shape.text, try prediction(shape, sampled: false, &random))
            if shape.words > 1 {
                let shape = shape.sampled(9)
                add("negative sampling", shape.text, try prediction(shape, sampled: true, &random))
            }
        }
        for kind in [Kind.skipGram, .cbow(.sum), .cbow(.mean)] {
            for shape in windowShapes {
                add("\(kind.name), softmax", shape.text, try window(shape, kind, sampled: false, &random))
                let shape = shape.sampled(9)
                add("\(kind.name), negative sampling", shape.text, try window(shape, kind, sampled: true, &random))
            }
        }
        for shape in networkShapes { add("two-layer network", shape.text, try network(shape, &random)) }
        return rows
    }

    private enum Kind {
        case skipGram
        case cbow(Objective.Combination)

        var name: String {
            switch self {
            case .skipGram: "skip-gram"
            case .cbow(.sum): "CBOW sum"
            case .cbow(.mean): "CBOW mean"
            }
        }
    }

    /// The kind of values in the matrices.
    private enum Scale: String {
        case ordinary = ""
        /// Dot products near +-1000, where exp overflows a double.
        case large = ", products +-1000"
        /// Dot products near 1000 that differ little, so that all words have a noticeable probability.
        case shifted = ", all products near 1000"
    }

    private struct WordShape {
        var words: Int
        var dimensions: Int
        var contexts: [Int] = []
        var scale = Scale.ordinary
        var note = ""
        var negatives = 0

        func sampled(_ negatives: Int) -> WordShape {
            var shape = self
            shape.negatives = negatives
            return shape
        }

        var text: String {
            let window = contexts.isEmpty ? "" : ", \(contexts.count) context\(contexts.count == 1 ? "" : "s")"
            let samples = negatives == 0 ? "" : ", K \(negatives) with repeats"
            return "V \(words), D \(dimensions)\(window)\(note)\(samples)\(scale.rawValue)"
        }
    }

    private static let predictionShapes = [
        WordShape(words: 5, dimensions: 3), WordShape(words: 40, dimensions: 17), WordShape(words: 6, dimensions: 1),
        WordShape(words: 1, dimensions: 2), WordShape(words: 5, dimensions: 3, scale: .large),
        WordShape(words: 5, dimensions: 3, scale: .shifted),
    ]

    /// The center is word 0.
    private static let windowShapes = [
        WordShape(words: 8, dimensions: 4, contexts: [1, 2, 3, 4]),
        WordShape(words: 5, dimensions: 3, contexts: [1, 2, 4, 3, 2, 0], note: ", one repeated, one the center"),
        WordShape(words: 5, dimensions: 3, contexts: [2]),
        WordShape(words: 5, dimensions: 1, contexts: [3, 3, 3], note: ", one word"),
        WordShape(words: 5, dimensions: 3, contexts: [1, 2, 1], scale: .large),
        WordShape(words: 5, dimensions: 3, contexts: [1, 2, 1], scale: .shifted),
    ]

    private struct NetworkShape {
        var inputs: Int
        var hidden: Int
        var classes: Int
        var rows: Int
        var scale: Float = 1
        var l2 = 0.0

        var text: String {
            "Dx \(inputs), H \(hidden), Dy \(classes), N \(rows)" + (scale == 1 ? "" : ", large values")
                + (l2 == 0 ? "" : ", L2 \(l2)")
        }
    }

    private static let networkShapes = [
        NetworkShape(inputs: 10, hidden: 5, classes: 10, rows: 20),
        NetworkShape(inputs: 3, hidden: 8, classes: 2, rows: 1),
        NetworkShape(inputs: 1, hidden: 1, classes: 1, rows: 4),
        NetworkShape(inputs: 4, hidden: 3, classes: 5, rows: 6, scale: 500),
        NetworkShape(inputs: 10, hidden: 5, classes: 10, rows: 20, l2: 0.5),
    ]

    /// Random input and output matrices. For the scales other than `ordinary`, the first column is +-32, so that dot
    /// products are near +-1024.
    private static func matrices(
        _ shape: WordShape, _ random: inout SeededRandom
    ) throws(Word2VecError) -> (input: Objective.Matrix, output: Objective.Matrix) {
        var (input, output): ([Float], [Float]) = ([], [])
        for word in 0..<shape.words {
            for d in 0..<shape.dimensions {
                let (v, u) = (Float.random(in: -1...1, using: &random), Float.random(in: -1...1, using: &random))
                switch shape.scale {
                case .ordinary:
                    input.append(v)
                    output.append(u)
                case .large:
                    input.append(d == 0 ? 32 : v)
                    output.append(d == 0 ? (word % 2 == 0 ? 32 : -32) + u : u)
                case .shifted:
                    input.append(d == 0 ? 32 : v)
                    output.append(d == 0 ? 32 : u)
                }
            }
        }
        return (
            try Objective.Matrix(rows: shape.words, columns: shape.dimensions, values: input),
            try Objective.Matrix(rows: shape.words, columns: shape.dimensions, values: output)
        )
    }

    /// K words other than the target. If K is above 1, at least one word occurs twice.
    private static func negatives(against target: Int, _ shape: WordShape, _ random: inout SeededRandom) -> [Int] {
        var words = (0..<shape.negatives).map { _ in
            let word = Int.random(in: 0..<shape.words - 1, using: &random)
            return word < target ? word : word + 1
        }
        if let last = words.indices.last { words[last] = words[0] }
        return words
    }

    /// Checks the sum of sigmoids, whose derivatives are computed from their values.
    private static func sigmoid() throws(Word2VecError) -> (GradientCheck.Result, count: Int) {
        let point = [-1000, -30, -6, -2, -1, -0.25, 0, 0.25, 1, 2, 6, 30, 1000] as [Float]
        let slopes = Activation.sigmoidDerivative(fromValues: Activation.sigmoid(point))
        let result = try GradientCheck.compare(gradient: slopes.map(Double.init), at: point.map(Double.init)) {
            $0.reduce(0) { $0 + Activation.sigmoid($1) }
        }
        return (result, point.count)
    }

    private static func prediction(
        _ shape: WordShape, sampled: Bool, _ random: inout SeededRandom
    ) throws(Word2VecError) -> (GradientCheck.Result, count: Int) {
        let (input, output) = try matrices(shape, &random)
        let target = Int.random(in: 0..<shape.words, using: &random)
        let negatives = sampled ? negatives(against: target, shape, &random) : []
        func loss(_ vector: [Float], _ output: Objective.Matrix) throws(Word2VecError) -> Objective.Prediction {
            sampled
                ? try Objective.negativeSampling(vector: vector, output: output, target: target, negatives: negatives)
                : try Objective.softmax(vector: vector, output: output, target: target)
        }
        let vector = Array(input[0])
        let found = try loss(vector, output)
        return try compare(found.vectorGradient + found.outputGradient.values, at: vector + output.values) {
            (values) throws(Word2VecError) in
            let d = shape.dimensions
            return try loss(
                Array(values[..<d]), Objective.Matrix(rows: shape.words, columns: d, values: Array(values[d...]))
            ).loss
        }
    }

    private static func window(
        _ shape: WordShape, _ kind: Kind, sampled: Bool, _ random: inout SeededRandom
    ) throws(Word2VecError) -> (GradientCheck.Result, count: Int) {
        let (input, output) = try matrices(shape, &random)
        let targets = if case .skipGram = kind { shape.contexts } else { [0] }
        var word = Objective.WordLoss.softmax
        if sampled { word = .negativeSampling(targets.map { negatives(against: $0, shape, &random) }) }
        func loss(_ input: Objective.Matrix, _ output: Objective.Matrix) throws(Word2VecError) -> Objective.Window {
            switch kind {
            case .skipGram:
                try Objective.skipGram(input: input, output: output, center: 0, contexts: shape.contexts, loss: word)
            case .cbow(let combination):
                try Objective.cbow(
                    input: input, output: output, center: 0, contexts: shape.contexts, combination: combination,
                    loss: word)
            }
        }
        let found = try loss(input, output)
        let count = input.values.count
        return try compare(
            found.inputGradient.values + found.outputGradient.values, at: input.values + output.values
        ) { (values) throws(Word2VecError) in
            try loss(
                Objective.Matrix(rows: shape.words, columns: shape.dimensions, values: Array(values[..<count])),
                Objective.Matrix(rows: shape.words, columns: shape.dimensions, values: Array(values[count...]))
            ).loss
        }
    }

    private static func network(
        _ shape: NetworkShape, _ random: inout SeededRandom
    ) throws(Word2VecError) -> (GradientCheck.Result, count: Int) {
        let (inputs, hidden, classes, rows) = (shape.inputs, shape.hidden, shape.classes, shape.rows)
        let count = try TwoLayerNetwork.parameterCount(inputs: inputs, hidden: hidden, classes: classes)
        let labels = (0..<rows).flatMap { _ in
            let label = Int.random(in: 0..<classes, using: &random)
            return (0..<classes).map { $0 == label ? Float(1) : 0 }
        }
        let y = try Objective.Matrix(rows: rows, columns: classes, values: labels)
        let parameters = (0..<count).map { _ in Float.random(in: -1...1, using: &random) * shape.scale }
        let x = (0..<rows * inputs).map { _ in Float.random(in: -1...1, using: &random) }
        func loss(_ values: [Float]) throws(Word2VecError) -> TwoLayerNetwork.Loss {
            let network = try TwoLayerNetwork(
                .init(inputs: inputs, hidden: hidden, classes: classes, values: Array(values[..<count])))
            return try network.loss(
                of: Objective.Matrix(rows: rows, columns: inputs, values: Array(values[count...])), labels: y,
                l2: shape.l2)
        }
        let found = try loss(parameters + x)
        return try compare(found.gradient.values + found.xGradient.values, at: parameters + x) {
            (values) throws(Word2VecError) in try loss(values).loss
        }
    }

    /// Compares a gradient at a point of floats, with a loss that takes floats.
    private static func compare(
        _ gradient: [Float], at point: [Float], _ loss: ([Float]) throws(Word2VecError) -> Double
    ) throws(Word2VecError) -> (GradientCheck.Result, count: Int) {
        let result = try GradientCheck.compare(gradient: gradient.map(Double.init), at: point.map(Double.init)) {
            (values) throws(Word2VecError) in try loss(values.map { Float($0) })
        }
        return (result, point.count)
    }
}
