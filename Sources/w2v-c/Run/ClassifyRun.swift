import Word2Vec

/// Runs `w2v-c classify` with parsed flags.
struct ClassifyRun {
    let files: Classify.Files
    let options: ClassifierOptions
    let printer: ClassifyPrinter

    func run() throws {
        if let path = files.save {
            try checkOutput(
                path,
                against: [
                    ("-vectors", files.vectors), ("-train", files.train), ("-test", files.test),
                    ("-predict", files.predict),
                ])
        }
        let vectors = try WordVectors(contentsOf: files.vectors)
        if let path = files.model {
            let classifier = try TextClassifier(
                contentsOf: path, vectors: vectors, allowsOtherVectors: files.otherVectors == .on)
            try use(classifier)
        } else if let path = files.train {
            let text = try LabeledText(contentsOf: path)
            printer.say("\(text.count) lines with \(text.labels.count) labels in \(path)")
            try crossValidate(text, vectors)
            if files.test != nil || files.save != nil || files.predict != nil {
                try use(train(on: text, vectors))
            }
        }
    }

    private func crossValidate(_ text: LabeledText, _ vectors: WordVectors) throws {
        guard let folds = files.folds else { return }
        let start = ContinuousClock.now
        let result = try TextClassifier.crossValidate(text, vectors: vectors, folds: folds, options: options)
        printer.show(result.coverage, of: text.path ?? "")
        printer.show(result.losses, "\(folds) folds of \(options.epochs) epochs each", since: start)
        try printer.show(result.report, losses: result.losses, folds: result, result.coverage)
    }

    private func train(on text: LabeledText, _ vectors: WordVectors) throws -> TextClassifier {
        let start = ContinuousClock.now
        let classifier = try TextClassifier.train(on: text, vectors: vectors, options: options) { epoch, loss in
            printer.showProgress(
                "epoch \(epoch)/\(options.epochs)  loss \(loss.text(4))", ends: epoch == options.epochs)
        }
        if files.folds == nil, let coverage = classifier.trainingCoverage {
            printer.show(coverage, of: text.path ?? "")
        }
        printer.show(classifier.losses, "\(options.epochs) epochs", since: start)
        return classifier
    }

    /// Runs -save, -test and -predict.
    private func use(_ classifier: TextClassifier) throws {
        if let path = files.save {
            try classifier.write(to: path)
            printer.say("Wrote the classifier with \(classifier.labels.count) labels to \(path)")
        }
        if let path = files.test {
            let (report, coverage) = try classifier.evaluate(LabeledText(contentsOf: path))
            printer.show(coverage, of: path)
            let unknown = report.labels.dropFirst(classifier.labels.count)
            if !unknown.isEmpty {
                printer.warn("\(path): labels that the classifier does not know: \(unknown.joined(separator: ", "))")
            }
            try printer.show(report, losses: classifier.losses, folds: nil, coverage)
        }
        if let path = files.predict {
            let coverage = try classifier.predict(linesOf: path) { predictions in
                printer.show(predictions, labels: classifier.labels)
            }
            printer.show(coverage, of: path)
        }
    }
}
