/// All gradients of the library, checked: the objectives against central differences, and the trainers against the
/// objectives.
public struct GradientReport: Sendable {
    /// One check.
    public struct Row: Equatable, Sendable {
        /// What was checked: an objective, or a trainer's kernel.
        public var name: String
        /// Its sizes, and what is special about it.
        public var shape: String
        /// The values that were compared.
        public var count: Int
        /// The largest difference found, and what it may be.
        public var difference: Double
        public var bound: Double

        /// Whether the difference is a number and not above the bound.
        public var passes: Bool { difference <= bound }
    }

    /// Analytic gradients against central differences: the largest relative difference.
    public let objectives: [Row]
    /// Parameters after a trainer's update against parameters - alpha * gradient: the largest absolute difference.
    public let trainers: [Row]

    public var passes: Bool { (objectives + trainers).allSatisfy(\.passes) }

    /// Checks everything at random values.
    ///
    /// - Parameters:
    ///   - seed: names the values; the same seed gives the same.
    ///   - bound: of the objectives' relative differences. The trainers have bounds of their own.
    public init(seed: UInt64 = 1, bound: Double = GradientCheck.bound) throws(Word2VecError) {
        var random = SeededRandom(seed: seed)
        objectives = try ObjectiveChecks.rows(bound: bound, &random)
        trainers = try TrainerChecks.rows(&random)
    }
}

/// The objectives' part of the report.
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

    /// Values that a shape is tried with.
    private enum Scale: String {
        case ordinary = ""
        /// Dot products of some +-1000, whose exp is beyond double.
        case large = ", products +-1000"
        /// Dot products of 1000 and more that differ by little: all words count.
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

    /// Input and output matrices. With large values row w of the output is so long that its product with any input row
    /// is some +-1000.
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

    /// K words other than the target, of which some repeat where K is above 1.
    private static func negatives(against target: Int, _ shape: WordShape, _ random: inout SeededRandom) -> [Int] {
        var words = (0..<shape.negatives).map { _ in
            let word = Int.random(in: 0..<shape.words - 1, using: &random)
            return word < target ? word : word + 1
        }
        if let last = words.indices.last { words[last] = words[0] }
        return words
    }

    /// The sum of sigmoids, whose derivatives come from their values.
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

    /// Compares at a point of floats, with a loss that takes floats.
    private static func compare(
        _ gradient: [Float], at point: [Float], _ loss: ([Float]) throws(Word2VecError) -> Double
    ) throws(Word2VecError) -> (GradientCheck.Result, count: Int) {
        let result = try GradientCheck.compare(gradient: gradient.map(Double.init), at: point.map(Double.init)) {
            (values) throws(Word2VecError) in try loss(values.map { Float($0) })
        }
        return (result, point.count)
    }
}
