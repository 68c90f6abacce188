import Word2Vec

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What `w2v-c classify` prints. Standard output is for results alone if a program may be reading them.
struct ClassifyPrinter {
    let isJSON: Bool
    /// Whether standard output is for -predict's answers.
    let predicts: Bool
    /// Labels of an answer.
    let top: Int
    let isTalkative: Bool

    /// A line about the run.
    func say(_ text: String) {
        guard isTalkative else { return }
        if isJSON || predicts { StandardError.write(text + "\n") } else { print(text) }
    }

    func warn(_ text: String) {
        StandardError.write("Warning: \(text)\n")
    }

    /// A line on a terminal that the next one replaces.
    func showProgress(_ text: String, ends: Bool) {
        guard isTalkative && StandardError.isTerminal else { return }
        StandardError.write("\r" + (ends ? String(repeating: " ", count: text.count + 2) + "\r" : text + "  "))
    }

    func show(_ coverage: TextCoverage, of path: String) {
        let share = coverage.words == 0 ? 0 : 100 * Double(coverage.unknownWords) / Double(coverage.words)
        say("Words of \(path): \(coverage.words), of which \(coverage.unknownWords) (\(share.text(2))%) have no vector")
        guard let first = coverage.firstLineWithoutKnownWords else { return }
        let count = coverage.linesWithoutKnownWords
        warn(
            """
            \(path), line \(first): no word has a vector\(count == 1 ? "" : ", as in \(count - 1) more"); \
            \(count) of \(coverage.lines) lines left out
            """)
    }

    func show(_ losses: [Double], _ what: String, since start: ContinuousClock.Instant) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        say("Trained \(what) in \(seconds.text(2)) s")
        say("Mean loss of a line, by epoch: \(losses.map { $0.text(4) }.joined(separator: " "))")
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
        if isTalkative && !predicts { print() }
        if let folds {
            put("Accuracy of the folds: \(folds.accuracies.map { $0.text(4) }.joined(separator: " "))")
            put("Their mean: \(folds.meanAccuracy.text(4)), deviation \(folds.accuracyDeviation.text(4))\n")
        }
        put(report.table)
    }

    /// A result: where there are answers too, beside them.
    private func put(_ text: String) {
        if predicts { StandardError.write(text + "\n") } else { print(text) }
    }

    /// Answers, one a line.
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

    /// The most probable labels; of equals the first.
    private func mostProbable(
        of prediction: TextClassifier.Prediction, _ labels: [String]
    ) -> [(label: String, probability: Float)] {
        if top == 1 { return [(prediction.label, prediction.probability)] }
        let order = labels.indices.sorted { (prediction.probabilities[$1], $0) < (prediction.probabilities[$0], $1) }
        return order.prefix(top).map { (labels[$0], prediction.probabilities[$0]) }
    }

    /// The object of -json.
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
