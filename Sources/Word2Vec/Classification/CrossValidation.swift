/// How a classifier does that is trained on all but a part of the lines and tried on that part, for each part in turn.
public struct CrossValidation: Equatable, Sendable {
    /// All folds' answers together: every line with a known word once.
    public let report: ClassificationReport
    /// The accuracy of each fold.
    public let accuracies: [Double]
    /// The mean loss of a line in each epoch, over the folds.
    public let losses: [Double]
    /// What the vectors know of the lines.
    public let coverage: TextCoverage

    /// The mean of the folds' accuracies.
    public var meanAccuracy: Double { accuracies.reduce(0, +) / Double(accuracies.count) }

    /// The standard deviation of the folds' accuracies, from n - 1.
    public var accuracyDeviation: Double {
        let mean = meanAccuracy
        let squares = accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(accuracies.count - 1)).squareRoot()
    }
}

extension TextClassifier {
    /// K-fold cross-validation. The folds are stratified, with about as many lines of each label, and named by the seed;
    /// they run on all cores, which changes nothing in the result.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` unless `folds` is from 2 to the number of lines with a
    ///   known word; what ``train(on:vectors:options:progress:)`` throws.
    /// - Complexity: that of `folds` trainings.
    public static func crossValidate(
        _ text: LabeledText, vectors: WordVectors, folds: Int, options: ClassifierOptions = .init()
    ) throws(Word2VecError) -> CrossValidation {
        try options.validate()
        let examples = try LabeledExamples(text, vectors: vectors, table: text.table)
        try examples.checkClasses(of: examples.allRows, text)
        guard folds >= 2 && folds <= examples.classes.count else {
            throw .invalidOption(
                "k-fold", found: "\(folds)",
                expected: "from 2 to the number of lines with a known word, \(examples.classes.count)")
        }
        let parts = examples.folds(folds, seed: options.seed)
        let results = try inParallel(folds) { (fold) throws(Word2VecError) in
            let rest = parts.indices.flatMap { $0 == fold ? [] : parts[$0] }
            let classifier = try TextClassifier(
                trainedOn: examples, rows: rest, text, vectors, fingerprint: 0, options)
            return (answers: try classifier.answers(examples, rows: parts[fold]), losses: classifier.losses)
        }
        let accuracies = zip(parts, results).map { rows, result in
            let right = zip(rows, result.answers).count { Int(examples.classes[Int($0)]) == $1 }
            return Double(right) / Double(rows.count)
        }
        return CrossValidation(
            report: try examples.report(zip(parts, results).map { (rows: $0, answers: $1.answers) }),
            accuracies: accuracies,
            losses: (0..<options.epochs).map { epoch in
                results.reduce(0) { $0 + $1.losses[epoch] } / Double(folds)
            },
            coverage: examples.coverage)
    }
}
