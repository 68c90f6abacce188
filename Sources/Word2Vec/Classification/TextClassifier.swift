internal import Word2VecCore

/// Predicts the label of a text from the mean of its word vectors, with a ``TwoLayerNetwork``.
///
/// ```swift
/// let vectors = try WordVectors(contentsOf: "vectors.bin")
/// let classifier = try TextClassifier.train(on: LabeledText(contentsOf: "verses.tsv"), vectors: vectors)
/// let prediction = try classifier.predict("in the beginning god created the heaven and the earth")
/// try classifier.write(to: "verses.model")
/// ```
///
/// The mean vectors are standardized: over the training lines, each column gets mean 0 and standard deviation 1. So the
/// learning rate does not depend on the lengths of the vectors. A classifier is immutable and can be used from any
/// number of threads.
public struct TextClassifier: Sendable {
    let labelTable: WordTable
    /// Dx = D, Dy = the number of labels.
    public let network: TwoLayerNetwork
    let standardization: Standardization
    /// The word vectors that texts are averaged from.
    public let vectors: WordVectors
    /// Identifies the vectors that the classifier was trained with.
    let fingerprint: UInt64
    /// How much of the training lines the vectors cover. Nil if the classifier was read from a file.
    public let trainingCoverage: TextCoverage?
    /// The mean loss per line of each epoch, without the penalty. The loss of a mini-batch is taken before its update.
    /// Empty if the classifier was read from a file.
    public let losses: [Double]

    /// The labels it predicts, in the order of the network's classes.
    public var labels: [String] { labelTable.words }

    /// The predicted label of a text, with probabilities.
    public struct Prediction: Equatable, Sendable {
        /// The most probable label.
        public var label: String
        /// The probability of that label.
        public var probability: Float
        /// The probabilities of all labels, in the order of ``TextClassifier/labels``.
        public var probabilities: [Float]
    }

    /// Called after each epoch with its number, counted from 1, and the mean loss per line.
    public typealias Progress = (_ epoch: Int, _ loss: Double) -> Void

    /// Trains a classifier by gradient descent on mini-batches. The same lines, vectors and options give the same
    /// classifier, bit for bit.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)``;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if fewer than two labels have a line with a known word;
    ///   ``Word2VecError/noKnownWords(path:)``; ``Word2VecError/diverged(epoch:alpha:)``;
    ///   ``Word2VecError/outOfMemory(bytes:purpose:)``.
    /// - Complexity: O(epochs x lines x (D + classes) x hidden), on one thread.
    public static func train(
        on text: LabeledText, vectors: WordVectors, options: ClassifierOptions = .init(), progress: Progress? = nil
    ) throws(Word2VecError) -> TextClassifier {
        try options.validate()
        let examples = try LabeledExamples(text, vectors: vectors, table: text.table)
        return try TextClassifier(
            trainedOn: examples, rows: examples.allRows, text, vectors, fingerprint: vectors.fingerprint, options,
            progress)
    }

    init(
        trainedOn examples: LabeledExamples, rows: [Int32], _ text: LabeledText, _ vectors: WordVectors,
        fingerprint: UInt64, _ options: ClassifierOptions, _ progress: Progress? = nil
    ) throws(Word2VecError) {
        try examples.checkClasses(of: rows, text)
        let run = ClassifierRun(examples: examples, rows: rows, classes: text.table.count, options: options)
        let standardization = Standardization(of: examples.x, rows: rows)
        let (network, losses) = try run.run(standardization, progress: progress)
        self.init(
            labelTable: text.table, network: network, standardization: standardization, vectors: vectors,
            fingerprint: fingerprint, trainingCoverage: examples.coverage, losses: losses)
    }

    init(
        labelTable: WordTable, network: TwoLayerNetwork, standardization: Standardization, vectors: WordVectors,
        fingerprint: UInt64, trainingCoverage: TextCoverage? = nil, losses: [Double] = []
    ) {
        self.labelTable = labelTable
        self.network = network
        self.standardization = standardization
        self.vectors = vectors
        self.fingerprint = fingerprint
        self.trainingCoverage = trainingCoverage
        self.losses = losses
    }

    /// Predicts the label of a text. Nil if none of its words has a vector.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if the vector of one of its words is not finite.
    /// - Complexity: O(words x D + (D + classes) x hidden).
    public func predict(_ text: String) throws(Word2VecError) -> Prediction? {
        try predict([text])[0]
    }

    /// Predicts the labels of several texts. This is faster than one call per text.
    public func predict(_ texts: [String]) throws(Word2VecError) -> [Prediction?] {
        try predict(texts.map { Array($0.utf8)[...] }, firstLine: 1).predictions
    }

    /// Predicts the label of each line of a file; `-` is standard input. The predictions are passed to `body` in order,
    /// a few lines at a time. Lines of standard input are processed as they arrive.
    ///
    /// - Returns: how much of the lines the vectors cover.
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``, and any error of ``predict(_:)-(String)`` and `body`.
    public func predict(
        linesOf path: String, _ body: ([Prediction?]) throws(Word2VecError) -> Void
    ) throws(Word2VecError) -> TextCoverage {
        var coverage = TextCoverage()
        try InputFile(path: path).forEachLines { (lines) throws(Word2VecError) in
            let answers = try predict(lines, firstLine: coverage.lines + 1)
            coverage.add(answers.coverage)
            try body(answers.predictions)
        }
        return coverage
    }

    private func predict(
        _ texts: [ArraySlice<UInt8>], firstLine: Int
    ) throws(Word2VecError) -> (predictions: [Prediction?], coverage: TextCoverage) {
        let averages = try TextAverages(
            count: texts.count, vectors: vectors, bytes: { texts[$0] }, number: { firstLine + $0 })
        var predictions = [Prediction?](repeating: nil, count: texts.count)
        let labels = labels
        var next = 0
        try forEachAnswer(averages.matrix, rows: (0..<averages.texts.count).map { Int32($0) }) { probabilities in
            let best = Self.best(of: probabilities)
            predictions[averages.texts[next]] = Prediction(
                label: labels[best], probability: probabilities[probabilities.startIndex + best],
                probabilities: Array(probabilities))
            next += 1
        }
        return (predictions, averages.coverage)
    }

    /// Evaluates the classifier on labeled lines. Labels that it does not know are classes of the report, too; their
    /// lines always count as wrong.
    ///
    /// - Returns: the report, and how much of the lines the vectors cover. Lines without a known word are not in the
    ///   report.
    /// - Throws: ``Word2VecError/noKnownWords(path:)`` if no line has a known word, and
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if the vector of a word is not finite.
    public func evaluate(
        _ text: LabeledText
    ) throws(Word2VecError) -> (report: ClassificationReport, coverage: TextCoverage) {
        let examples = try LabeledExamples(text, vectors: vectors, table: labelTable)
        guard !examples.allRows.isEmpty else { throw .noKnownWords(path: text.name) }
        let answers = try answers(examples, rows: examples.allRows)
        return (try examples.report([(examples.allRows, answers)]), examples.coverage)
    }

    /// The predicted class of each row.
    func answers(_ examples: LabeledExamples, rows: [Int32]) throws(Word2VecError) -> [Int] {
        var answers: [Int] = []
        try forEachAnswer(examples.x, rows: rows) { answers.append(Self.best(of: $0)) }
        return answers
    }

    /// The number of rows in one call of the network.
    private static let batch = 1024

    /// Calls `body` with the class probabilities of each row (Dy), in order.
    private func forEachAnswer(
        _ matrix: FloatMatrix, rows: [Int32], _ body: (ArraySlice<Float>) -> Void
    ) throws(Word2VecError) {
        for start in stride(from: 0, to: rows.count, by: Self.batch) {
            let part = rows[start..<min(start + Self.batch, rows.count)]
            let x = Objective.Matrix(
                checkedRows: part.count, columns: matrix.dimensions,
                part.flatMap { standardization.apply(to: matrix[Int($0)]) })
            let answers = try network.probabilities(of: x)
            for row in part.indices { body(answers[row - start]) }
        }
    }

    /// The most probable class. If several are equal, the first.
    private static func best(of probabilities: ArraySlice<Float>) -> Int {
        var best = probabilities.startIndex
        for i in probabilities.indices where probabilities[i] > probabilities[best] { best = i }
        return best - probabilities.startIndex
    }
}

/// The options for training a ``TextClassifier``. Each property names the flag of `w2v-c classify` that sets it.
public struct ClassifierOptions: Equatable, Sendable, Codable {
    /// `-hidden`: the number of sigmoid units in the hidden layer (H).
    public var hidden = 128
    /// `-alpha`: the initial learning rate. It decreases linearly to 1/10000 of this value.
    public var alpha = 0.5
    /// `-iter`: the number of passes over the lines.
    public var epochs = 20
    /// `-batch`: the number of lines in a mini-batch. Each step uses the mean gradient of a mini-batch.
    public var batch = 16
    /// `-l2`: the L2 penalty. l2 / 2 (|W1|^2 + |W2|^2) is added to the mean loss per line. 0: no penalty.
    public var l2 = 3e-4
    /// `-seed`: the seed for the initial parameters, the order of the lines, and the folds. The same seed gives the
    /// same bytes.
    public var seed: UInt64 = 1

    /// Creates options with the default values.
    public init() {}

    /// Checks all options.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first invalid option.
    public func validate() throws(Word2VecError) {
        func require(
            _ option: String, _ found: some CustomStringConvertible, _ expected: String, _ holds: Bool
        ) throws(Word2VecError) {
            guard holds else { throw .invalidOption(option, found: found.description, expected: expected) }
        }
        try require("hidden", hidden, "from 1 to \(Self.maximumSize)", (1...Self.maximumSize).contains(hidden))
        try require(
            "alpha", alpha, "a finite number above 0", alpha > 0 && Float(alpha) > 0 && Float(alpha).isFinite)
        try require("iter", epochs, "from 1 to \(Self.maximumSize)", (1...Self.maximumSize).contains(epochs))
        try require("batch", batch, "from 1 to \(Self.maximumSize)", (1...Self.maximumSize).contains(batch))
        // A larger penalty would flip the signs of the weights in each step.
        try require(
            "l2", l2, "from 0 to 1/alpha, which is \(1 / alpha)", l2 >= 0 && l2 * alpha <= 1)
    }

    /// Larger sizes are rejected as mistakes.
    private static let maximumSize = 1_000_000
}
