internal import Word2VecCore

/// The result of a cross-validation. The lines are split into folds. Each fold is tested with a classifier that was
/// trained on the other folds.
public struct CrossValidation: Equatable, Sendable {
    /// The predictions of all folds together. Every line with a known word is counted once.
    public let report: ClassificationReport
    /// The accuracy of each fold.
    public let accuracies: [Double]
    /// The mean loss per line of each epoch, averaged over the folds.
    public let losses: [Double]
    /// How many words and lines the vectors cover.
    public let coverage: TextCoverage

    /// The mean accuracy of the folds.
    public var meanAccuracy: Double { accuracies.reduce(0, +) / Double(accuracies.count) }

    /// The sample standard deviation of the folds' accuracies, with the divisor n - 1.
    public var accuracyDeviation: Double {
        let mean = meanAccuracy
        let squares = accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(accuracies.count - 1)).squareRoot()
    }
}

extension TextClassifier {
    /// K-fold cross-validation. The folds are stratified: each has about the same number of lines of each label. The
    /// split depends on the seed. The folds run in parallel on all cores. The result does not depend on the number of
    /// cores.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` unless `folds` is from 2 to the number of lines
    ///   with a known word, and any error of ``train(on:vectors:options:progress:)``.
    /// - Complexity: that of training `folds` classifiers.
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
