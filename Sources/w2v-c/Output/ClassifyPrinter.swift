import Word2Vec

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Prints the output of `w2v-c classify`. With -json or -predict, standard output has results only; messages go to
/// standard error.
struct ClassifyPrinter {
    let isJSON: Bool
    /// Whether the predictions of -predict go to standard output.
    let predicts: Bool
    /// The number of labels in a prediction.
    let top: Int
    /// Whether messages are printed (-debug 1).
    let isVerbose: Bool

    /// Prints a message about the run.
    func say(_ text: String) {
        guard isVerbose else { return }
        if isJSON || predicts { StandardError.write(text + "\n") } else { print(text) }
    }

    func warn(_ text: String) {
        StandardError.write("Warning: \(text)\n")
    }

    /// Prints progress on a terminal, in a line that the next call overwrites.
    func showProgress(_ text: String, ends: Bool) {
        guard isVerbose && StandardError.isTerminal else { return }
        StandardError.write("\r" + (ends ? String(repeating: " ", count: text.count + 2) + "\r" : text + "  "))
    }

    func show(_ coverage: TextCoverage, of path: String) {
        let share = coverage.words == 0 ? 0 : 100 * Double(coverage.unknownWords) / Double(coverage.words)
        let unknown = "\(coverage.unknownWords) of them (\(share.text(2))%)"
        say("Words in \(path): \(coverage.words), \(unknown) without a vector")
        guard let first = coverage.firstLineWithoutKnownWords else { return }
        let count = coverage.linesWithoutKnownWords
        warn(
            """
            \(path), line \(first)\(count == 1 ? "" : " (and \(count - 1) more)"): no word has a vector; \
            \(count) of \(coverage.lines) lines skipped
            """)
    }

    func show(_ losses: [Double], _ what: String, since start: ContinuousClock.Instant) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        say("Trained \(what) in \(seconds.text(2)) s")
        say("Mean loss per line, by epoch: \(losses.map { $0.text(4) }.joined(separator: " "))")
    }

    func show(
        _ report: ClassificationReport, losses: [Double], folds: CrossValidation?, _ coverage: TextCoverage
    ) throws {
        if isJSON {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let result = Result(
                accuracy: report.accuracy, correct: report.correct, lines: report.count,
                largestClassShare: report.largestClassShare, macroPrecision: report.macroPrecision,
                macroRecall: report.macroRecall, macroF1: report.macroF1, classes: report.rows,
                confusion: report.confusion, coverage: coverage, losses: losses.isEmpty ? nil : losses,
                foldAccuracies: folds?.accuracies)
            print(String(decoding: try encoder.encode(result), as: UTF8.self))
            return
        }
        if isVerbose && !predicts { print() }
        if let folds {
            put("Accuracy per fold: \(folds.accuracies.map { $0.text(4) }.joined(separator: " "))")
            put("Mean: \(folds.meanAccuracy.text(4)), standard deviation \(folds.accuracyDeviation.text(4))\n")
        }
        put(report.table)
    }

    /// Prints a result. With -predict it goes to standard error, because standard output has the predictions.
    private func put(_ text: String) {
        if predicts { StandardError.write(text + "\n") } else { print(text) }
    }

    /// Prints predictions, one per line.
    func show(_ predictions: [TextClassifier.Prediction?], labels: [String]) {
        for prediction in predictions {
            let best = prediction.map { mostProbable(of: $0, labels) } ?? []
            if isJSON {
                let answers = best.map {
                    JSON.object([("label", .string($0.label)), ("probability", .number($0.probability))])
                }
                print(JSON.object([("labels", .array(answers))]))
            } else if best.isEmpty {
                print("\t0")
            } else {
                print(best.map { "\($0.label)\t\(Double($0.probability).text(6))" }.joined(separator: "\t"))
            }
        }
        StandardOutput.flush()
    }

    /// The most probable labels. Equally probable labels are in their own order.
    private func mostProbable(
        of prediction: TextClassifier.Prediction, _ labels: [String]
    ) -> [(label: String, probability: Float)] {
        if top == 1 { return [(prediction.label, prediction.probability)] }
        let order = labels.indices.sorted { (prediction.probabilities[$1], $0) < (prediction.probabilities[$0], $1) }
        return order.prefix(top).map { (labels[$0], prediction.probabilities[$0]) }
    }

    /// The JSON object of -test and -k-fold.
    private struct Result: Encodable {
        let accuracy: Double
        let correct: Int
        let lines: Int
        let largestClassShare: Double
        let macroPrecision: Double
        let macroRecall: Double
        let macroF1: Double
        let classes: [ClassificationReport.Row]
        let confusion: [[Int]]
        let coverage: TextCoverage
        let losses: [Double]?
        let foldAccuracies: [Double]?
    }
}
