internal import Word2VecCore

/// Checks the updates of the trainers: the parameters after an update against parameters - alpha * gradient of the
/// objective.
enum TrainerChecks {
    static let alpha: Float = 0.05

    static func rows(_ random: inout SeededRandom) throws(Word2VecError) -> [GradientReport.Row] {
        var rows: [GradientReport.Row] = []
        for set in InstructionSet.present {
            for update in SingleSteps.Update.allCases {
                for shape in shapes { rows.append(try kernel(set, update, shape, &random)) }
            }
        }
        for cbow in [false, true] {
            for sentence in [[1, 2], [1, 2, 3]] { rows.append(try original(sentence, cbow: cbow, &random)) }
        }
        for l2 in [0, 0.5] as [Float] { rows.append(try network(l2: l2, &random)) }
        return rows
    }

    // MARK: The kernels

    private struct Shape {
        var dimensions: Int
        var inputs: [Int]
        /// Nil: softmax over all words.
        var negatives: [Int]?
        var note = ""

        var outputs: Int { negatives.map { 1 + $0.count } ?? TrainerChecks.kernelWords }
        var text: String {
            "D \(dimensions), \(inputs.count) x \(outputs)\(negatives == nil ? ", softmax" : "")\(note)"
        }
    }

    private static let kernelWords = 31

    /// The center is word 0.
    private static let shapes = [
        Shape(dimensions: 100, inputs: [1, 2, 3, 4], negatives: [5, 6, 7, 8, 9]),
        Shape(dimensions: 20, inputs: [1, 2, 1, 0], negatives: [5, 6, 5, 5, 1, 7, 6], note: ", repeats"),
        Shape(dimensions: 1, inputs: [3], negatives: [4]),
        Shape(dimensions: 100, inputs: [1, 2, 3, 4]),
        Shape(dimensions: 20, inputs: [1, 2, 1, 0], note: ", repeats"),
    ]

    /// Checks one block update. It is one step of gradient descent on the sum of the losses of its pairs. In skip-gram
    /// each input row predicts the center, in CBOW the mean of the input rows does. By default the CBOW kernels add the
    /// error to each input undivided, as the original does. An input's step is then the number of inputs times its
    /// gradient. With division it is the gradient.
    ///
    /// The bound: the error of the sigmoid is at most 9e-7 from its table, plus the rounding error of the dot product
    /// times the slope, which is at most 1/4. The error of a softmax probability is twice that rounding error, plus
    /// 5e-6 for the exponentials and their sum. Each term added to a parameter is alpha * g * value with |g| <= 1.
    /// Adding it rounds to 2^-24 of the sum, and so did the gradient of the objective.
    private static func kernel(
        _ set: InstructionSet, _ update: SingleSteps.Update, _ shape: Shape, _ random: inout SeededRandom
    ) throws(Word2VecError) -> GradientReport.Row {
        let largest = 1 / Double(shape.dimensions).squareRoot()
        let before = try model(
            words: kernelWords, dimensions: shape.dimensions, largest: Float(largest), &random)
        let after = try before.changed { (input, output) throws(Word2VecError) in
            try core(
                SingleSteps.blockUpdate(
                    input, output, by: set.kernels, inputs: shape.inputs, center: 0, negatives: shape.negatives,
                    alpha: alpha,
                    update: update))
        }
        let loss = shape.negatives.map { Objective.WordLoss.negativeSampling([$0]) } ?? .softmax
        var expected = Parameters(before)
        if update == .rows {
            for input in shape.inputs {
                let gradient = try Objective.skipGram(
                    input: before.input, output: before.output, center: input, contexts: [0], loss: loss)
                expected.descend(gradient, alpha: alpha)
            }
        } else {
            let gradient = try Objective.cbow(
                input: before.input, output: before.output, center: 0, contexts: shape.inputs, combination: .mean,
                loss: loss)
            expected.descend(
                gradient, alpha: alpha, inputTimes: update == .mean ? Double(shape.inputs.count) : 1)
        }
        let d = Double(shape.dimensions)
        let ni = Double(shape.inputs.count)
        let terms = ni * Double(shape.outputs)
        let dotError = d * largest * largest * (d + 2) * 0x1p-24
        // The |g| of a softmax add up to at most 2 for each input.
        let (error, maximumSum) = shape.negatives == nil ? (5e-6 + 2 * dotError, 2 * ni) : (9e-7 + dotError / 4, terms)
        let sum = largest + Double(alpha) * largest * maximumSum
        let bound = Double(alpha) * (error + 0x1p-22) * largest * maximumSum + (terms + 2) * sum * 0x1p-24
        return .init(
            name: "\(set.rawValue) \(update.rawValue)", shape: shape.text,
            count: expected.count, difference: expected.largestDifference(from: after), bound: bound)
    }

    // MARK: The exact mode

    private static let words = 12
    private static let samples = 3

    /// The predictions that the exact mode makes for a sentence, in order. Each predicts a center from one or more
    /// input rows.
    private struct Plan {
        var predictions: [(inputs: [Int], center: Int, negatives: [Int])] = []
    }

    /// Checks the exact mode on a corpus of one sentence. The original updates the parameters after each prediction, so
    /// the steps of the objective are taken one by one, too. If a sample were drawn twice for a prediction, the second
    /// draw would read a row that the first has already changed. The generator therefore starts from a state where this
    /// does not happen.
    ///
    /// The bound: the sigmoid table of the original has one entry for every 12 / 1000 of x, and it is indexed in steps
    /// of 1 / 83. Together these shift x by at most .012 + .004 (x + 6). The slope of the sigmoid is at most 1/4, so
    /// the error e of g is at most a quarter of that (.011 at x = 2). Each term adds an error of alpha * e * |value| to
    /// a parameter. An error that is already in the parameters grows with each step, by a factor of at most 1 + alpha *
    /// n * (1 + D * value^2 / 2) for n terms.
    private static func original(
        _ sentence: [Int], cbow: Bool, _ random: inout SeededRandom
    ) throws(Word2VecError) -> GradientReport.Row {
        let dimensions = 8
        let before = try model(words: words, dimensions: dimensions, largest: 0.5, &random)
        let counts = (0..<words).map { 100 - 3 * $0 }
        var start = random.next()
        var plan = plan(sentence, counts: counts, cbow: cbow, from: start)
        while plan == nil {
            start = random.next()
            plan = Self.plan(sentence, counts: counts, cbow: cbow, from: start)
        }
        let after = try before.changed { (input, output) throws(Word2VecError) in
            try core(
                SingleSteps.originalRun(
                    input, output, sentence: sentence, counts: counts, random: start, window: 1, negatives: samples,
                    alpha: Self.alpha, cbow: cbow))
        }

        var expected = Parameters(before)
        var bound = 0.0
        let alpha = Double(Self.alpha)
        for prediction in plan?.predictions ?? [] {
            let now = try expected.model(like: before)
            let gradient = try Objective.cbow(
                input: now.input, output: now.output, center: prediction.center, contexts: prediction.inputs,
                combination: .mean, loss: .negativeSampling([prediction.negatives]))
            expected.descend(gradient, alpha: Self.alpha, inputTimes: Double(prediction.inputs.count))
            let largest = expected.largest + bound
            // The terms added to an input row: one per output for each occurrence among the inputs.
            let terms = Double((1 + samples) * prediction.inputs.count)
            bound *= 1 + alpha * terms * (1 + Double(dimensions) * largest * largest / 2)
            let tableError = (0.012 + 0.004 * (min(6, Double(dimensions) * largest * largest) + 6)) / 4
            bound += alpha * tableError * largest * terms + (terms + 2) * largest * 0x1p-23
        }
        return .init(
            name: "-exact 1, \(cbow ? "CBOW" : "skip-gram")",
            shape: "D \(dimensions), a sentence of \(sentence.count) words, W 1, K \(samples)", count: expected.count,
            difference: expected.largestDifference(from: after), bound: bound)
    }

    /// The predictions that the original makes when its generator starts from a state. Nil if a sample is the center or
    /// occurs twice in one prediction.
    private static func plan(_ sentence: [Int], counts: [Int], cbow: Bool, from start: UInt64) -> Plan? {
        let ends = UnigramTable(counts: counts).ends
        var random = OriginalGenerator(state: start)
        var plan = Plan()
        for (at, center) in sentence.enumerated() {
            _ = random.next()  // Draws the window size, which is always 1 for W = 1.
            let contexts = [at - 1, at + 1].filter(sentence.indices.contains).map { sentence[$0] }
            for inputs in cbow ? [contexts] : contexts.map({ [$0] }) {
                let negatives = (0..<samples).map { _ in
                    let bits = random.next()
                    let slot = (bits >> 16) % UInt64(UnigramTable.slots)
                    let word = ends.firstIndex { slot < UInt64($0) } ?? 0
                    return word == 0 ? Int(bits % UInt64(words - 1)) + 1 : word
                }
                guard !negatives.contains(center), Set(negatives).count == samples else { return nil }
                plan.predictions.append((inputs, center, negatives))
            }
        }
        return plan
    }

    // MARK: The two-layer network

    /// Checks one mini-batch in float. It is one step of gradient descent on the mean loss of the rows plus the
    /// penalty.
    ///
    /// The bound: w is the largest parameter, u = 2^-24 the relative rounding error, and |x| <= 1. The error of a sum
    /// of n products is at most (n + 2) u times the sum of their absolute values. The sigmoid multiplies the error of
    /// its argument by at most 1/4, its derivative by at most 1, and yhat - y multiplies the error of z2 by at most
    /// 1/2. The sum of |yhat - y| over the classes is at most 2. A parameter receives N terms, with one rounding each.
    private static func network(l2: Float, _ random: inout SeededRandom) throws(Word2VecError) -> GradientReport.Row {
        let (inputs, hidden, classes, rows) = (20, 8, 5, 7)
        let w = 0.5
        let count = try TwoLayerNetwork.parameterCount(inputs: inputs, hidden: hidden, classes: classes)
        let before = try TwoLayerNetwork.Parameters(
            inputs: inputs, hidden: hidden, classes: classes,
            values: (0..<count).map { _ in Float.random(in: -Float(w)...Float(w), using: &random) })
        let x = try Objective.Matrix(
            rows: rows, columns: inputs,
            values: (0..<rows * inputs).map { _ in Float.random(in: -1...1, using: &random) })
        let labels = (0..<rows).map { _ in Int.random(in: 0..<classes, using: &random) }
        let loss = try TwoLayerNetwork(before).loss(
            of: x,
            labels: Objective.Matrix(
                rows: rows, columns: classes,
                values: labels.flatMap { label in (0..<classes).map { $0 == label ? 1 : 0 } }),
            l2: Double(rows) * Double(l2))
        let expected = zip(before.values, loss.gradient.values).map {
            Double($0) - Double(alpha) * Double($1) / Double(rows)
        }
        let after = try networkStep(before, x: x, labels: labels, l2: l2)

        let (u, h, dy) = (0x1p-24, Double(hidden), Double(classes))
        let z1Error = (Double(inputs) + 2) * u * (Double(inputs) + 1) * w
        let hError = z1Error / 4 + u
        let z2Error = h * w * hError + (h + 2) * u * (h + 1) * w
        let dz2Error = z2Error / 2 + 3 * u
        let dhError = dy * w * dz2Error + (dy + 2) * u * 2 * w
        let dz1Error = dhError / 4 + 2 * w * hError + u * w
        let gradientError = max(dz2Error + hError, dz1Error)
        return .init(
            name: "two-layer network's step",
            shape: "Dx \(inputs), H \(hidden), Dy \(classes), N \(rows)\(l2 == 0 ? "" : ", L2 \(l2)")",
            count: count,
            difference: zip(expected, after).reduce(0) {
                $1.1.isFinite ? max($0, abs($1.0 - Double($1.1))) : .infinity
            },
            bound: Double(alpha) * gradientError + (Double(rows) + 3) * u * (w + Double(alpha) * (1 + Double(l2) * w)))
    }

    /// The parameters after one step on all rows of x. NaN if the step failed.
    private static func networkStep(
        _ parameters: TwoLayerNetwork.Parameters, x: Objective.Matrix, labels: [Int], l2: Float
    ) throws(Word2VecError) -> [Float] {
        let rows = try x.padded()
        let training = try core(
            NetworkTraining(
                parameters.values, hidden: parameters.biases1.count, classes: parameters.biases2.count,
                examples: NetworkTraining.Examples(x: rows, classes: labels.map(Int32.init)),
                standardization: Standardization(
                    means: Array(repeating: 0, count: x.columns), scales: Array(repeating: 1, count: x.columns)),
                batch: x.rows))
        let loss = training.step((0..<Int32(x.rows)).map { $0 }[...], alpha: alpha, l2: l2)
        guard loss != nil, let values = training.result() else { return parameters.values.map { _ in .nan } }
        return values
    }
}
