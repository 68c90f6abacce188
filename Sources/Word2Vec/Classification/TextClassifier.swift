/// Tells the label of a text from the mean of its words' vectors, with a ``TwoLayerNetwork``.
///
/// ```swift
/// let vectors = try WordVectors(contentsOf: "vectors.bin")
/// let classifier = try TextClassifier.train(on: LabeledText(contentsOf: "verses.tsv"), vectors: vectors)
/// let prediction = try classifier.predict("in the beginning god created the heaven and the earth")
/// try classifier.write(to: "verses.model")
/// ```
///
/// Each column of the means is brought to mean 0 and deviation 1 over the training lines; so the learning rate does not
/// depend on the vectors' lengths. Immutable, and safe to use from any number of threads.
public struct TextClassifier: Sendable {
    let labelTable: WordTable
    /// Dx = D, Dy = the number of labels.
    public let network: TwoLayerNetwork
    let standardization: Standardization
    /// What the words are looked up in.
    public let vectors: WordVectors
    /// Names the vectors that it was trained with.
    let fingerprint: UInt64
    /// What the vectors knew of the lines that it was trained on; nil if it was read from a file.
    public let trainingCoverage: TextCoverage?
    /// The mean loss of a line for each epoch, before its updates, the penalty left out; empty if it was read from a file.
    public let losses: [Double]

    /// The labels that it answers with, in the order of the network's classes.
    public var labels: [String] { labelTable.words }

    /// An answer.
    public struct Prediction: Equatable, Sendable {
        /// The most probable label.
        public var label: String
        public var probability: Float
        /// The probabilities of all labels, in the order of ``TextClassifier/labels``.
        public var probabilities: [Float]
    }

    /// Called after each epoch, with its number from 1 and the mean loss of a line.
    public typealias Progress = (_ epoch: Int, _ loss: Double) -> Void

    /// Trains a classifier by gradient descent on mini-batches. The same lines, vectors and options give the same one, bit
    /// for bit.
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

    /// The label of a text; nil if the vectors know none of its words.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if the vector of one of its words is not finite.
    /// - Complexity: O(words x D + (D + classes) x hidden).
    public func predict(_ text: String) throws(Word2VecError) -> Prediction? {
        try predict([text])[0]
    }

    /// The labels of several texts, which is faster than asking for one after the other.
    public func predict(_ texts: [String]) throws(Word2VecError) -> [Prediction?] {
        try predict(texts.map { Array($0.utf8)[...] }, firstLine: 1).predictions
    }

    /// The labels of a file's lines, handed over in order, some lines at a time; `-` is standard input, whose lines are
    /// answered when they come.
    ///
    /// - Returns: what the vectors know of the lines.
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``, and what ``predict(_:)-(String)`` and `body` throw.
    public func predict(
        linesOf path: String, _ body: ([Prediction?]) throws(Word2VecError) -> Void
    ) throws(Word2VecError) -> TextCoverage {
        var coverage = TextCoverage()
        try TextFile(path: path).forEachLines { (lines) throws(Word2VecError) in
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

    /// Tries the classifier on labelled lines. Labels that it does not know are classes of the report, of which it answers
    /// none right.
    ///
    /// - Returns: the answers, and what the vectors know of the lines; those without a known word are not in the report.
    /// - Throws: ``Word2VecError/noKnownWords(path:)`` if no line has one.
    public func evaluate(
        _ text: LabeledText
    ) throws(Word2VecError) -> (report: ClassificationReport, coverage: TextCoverage) {
        let examples = try LabeledExamples(text, vectors: vectors, table: labelTable)
        guard !examples.allRows.isEmpty else { throw .noKnownWords(path: text.name) }
        let answers = try answers(examples, rows: examples.allRows)
        return (try examples.report([(examples.allRows, answers)]), examples.coverage)
    }

    /// The class that each row is answered with.
    func answers(_ examples: LabeledExamples, rows: [Int32]) throws(Word2VecError) -> [Int] {
        var answers: [Int] = []
        try forEachAnswer(examples.x, rows: rows) { answers.append(Self.best(of: $0)) }
        return answers
    }

    /// Rows that the network is asked about at once.
    private static let batch = 1024

    /// The network's answers about some rows, one after the other (Dy).
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

    /// The most probable class; of equal ones the first.
    private static func best(of probabilities: ArraySlice<Float>) -> Int {
        var best = probabilities.startIndex
        for i in probabilities.indices where probabilities[i] > probabilities[best] { best = i }
        return best - probabilities.startIndex
    }
}

/// How a ``TextClassifier`` is trained. The names in quotes are the flags of `w2v-c classify`.
public struct ClassifierOptions: Equatable, Sendable, Codable {
    /// `-hidden`: sigmoid units of the hidden layer (H).
    public var hidden = 128
    /// `-alpha`: starting learning rate. It falls linearly to 1/10000 of that.
    public var alpha = 0.5
    /// `-iter`: passes over the lines.
    public var epochs = 20
    /// `-batch`: lines of a mini-batch, whose mean gradient makes a step.
    public var batch = 16
    /// `-l2`: the penalty l2 / 2 (|W1|^2 + |W2|^2) that is added to the mean loss of a line. 0: none.
    public var l2 = 3e-4
    /// `-seed`: of the first parameters, the order of the lines, and the folds. The same seed gives the same bytes.
    public var seed: UInt64 = 1

    /// The defaults.
    public init() {}

    /// Checks every option.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first that no run can have.
    public func validate() throws(Word2VecError) {
        func require(
            _ option: String, _ found: some CustomStringConvertible, _ expected: String, _ holds: Bool
        ) throws(Word2VecError) {
            guard holds else { throw .invalidOption(option, found: found.description, expected: expected) }
        }
        try require("hidden", hidden, "from 1 to \(Self.most)", (1...Self.most).contains(hidden))
        try require(
            "alpha", alpha, "a finite number above 0", alpha > 0 && Float(alpha) > 0 && Float(alpha).isFinite)
        try require("iter", epochs, "from 1 to \(Self.most)", (1...Self.most).contains(epochs))
        try require("batch", batch, "from 1 to \(Self.most)", (1...Self.most).contains(batch))
        // Beyond it a step would turn the weights' signs.
        try require(
            "l2", l2, "from 0 to 1/alpha, which is \(1 / alpha)", l2 >= 0 && l2 * alpha <= 1)
    }

    /// Above this a size is taken for a mistake.
    private static let most = 1_000_000
}
