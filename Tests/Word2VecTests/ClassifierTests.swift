import Synchronization
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct ClassificationReportTests {
    private let report = try! ClassificationReport(
        labels: ["cat", "dog", "eel", "fox"],
        confusion: [[5, 3, 0, 0], [2, 6, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]])

    @Test func theNumbersAreTheFieldsOwn() {
        #expect(report.count == 18 && report.correct == 11)
        #expect(report.accuracy == 11.0 / 18 && report.largestClassShare == 8.0 / 18)
        let rows = report.rows
        #expect(rows.map(\.count) == [8, 8, 2, 0] && rows.map(\.answers) == [8, 10, 0, 0])
        #expect(rows.map(\.precision) == [5.0 / 8, 6.0 / 10, 0, 0])
        #expect(rows.map(\.recall) == [5.0 / 8, 6.0 / 8, 0, 0])
        #expect(rows.map(\.f1) == [10.0 / 16, 12.0 / 18, 0, 0])
        #expect(abs(report.macroPrecision - (5.0 / 8 + 6.0 / 10) / 3) < 1e-15, "fox has no lines")
        #expect(abs(report.macroRecall - (5.0 / 8 + 6.0 / 8) / 3) < 1e-15)
        #expect(abs(report.macroF1 - (10.0 / 16 + 12.0 / 18) / 3) < 1e-15)
    }

    @Test func theTableIsForPeople() {
        let expected = """
            Accuracy: 0.6111 (11 of 18 lines; majority class: 0.4444)

            Class   Lines  Precision  Recall      F1
            cat         8     0.6250  0.6250  0.6250
            dog         8     0.6000  0.7500  0.6667
            eel         2     0.0000  0.0000  0.0000
            fox         0     0.0000  0.0000  0.0000
            (mean)            0.4083  0.4583  0.4306

            Confusion matrix: lines by actual class (row) and predicted class (column, numbered as the rows)
               Predicted:  1  2  3  4
            1  cat         5  3  0  0
            2  dog         2  6  0  0
            3  eel         1  1  0  0
            4  fox         0  0  0  0
            """
        #expect(report.table == expected)
    }

    @Test func manyClassesShowTheirConfusions() throws {
        let count = 25
        var confusion = Array(repeating: Array(repeating: 1, count: count), count: count)
        confusion[3][7] = 50
        let table = try ClassificationReport(labels: (0..<count).map { "c\($0)" }, confusion: confusion).table
        #expect(table.contains("The most frequent of 600 confusions\nLines  Class  Predicted\n   50  c3     c7\n"))
        #expect(!table.contains("Confusion matrix"))
    }

    @Test func emptyAndImpossibleReports() throws {
        #expect(try ClassificationReport(labels: [], confusion: []).accuracy == 0)
        #expect(throws: Word2VecError.wrongCount(of: "rows of confusion", found: 1, expected: 2)) {
            try ClassificationReport(labels: ["a", "b"], confusion: [[1, 2]])
        }
        #expect(throws: Word2VecError.wrongCount(of: "confusion[1]", found: 1, expected: 2)) {
            try ClassificationReport(labels: ["a", "b"], confusion: [[1, 2], [3]])
        }
        #expect(throws: Word2VecError.invalidArgument("confusion[1][0]", found: "-1", expected: "0 or above")) {
            try ClassificationReport(labels: ["a", "b"], confusion: [[1, 2], [-1, 3]])
        }
    }
}

@Suite struct TextClassifierTests {
    /// Two words that mean the one label, two that mean the other, one that means nothing.
    private static let vectors = try! WordVectors(
        words: ["sun", "warm", "rain", "cold", "day"],
        vectors: [[2, 1, 0.5], [1.5, 1, 0.25], [-2, 1, 0.5], [-1.5, 1, 0.75], [0, 1, 0]])

    private static func text(_ count: Int, seed: UInt64) throws -> LabeledText {
        var random = SeededGenerator(seed: seed)
        return try LabeledText(
            (0..<count).map { i in
                let words = i % 3 == 0 ? ["rain", "cold"] : ["sun", "warm"]
                let text = (0..<3).map { _ in words.randomElement(using: &random)! } + ["day"]
                return (i % 3 == 0 ? "bad" : "good", text.joined(separator: " "))
            })
    }

    @Test func itLearnsWhatIsThere() throws {
        let losses = Mutex([Double]())
        let classifier = try TextClassifier.train(on: Self.text(300, seed: 1), vectors: Self.vectors) { epoch, loss in
            losses.withLock {
                #expect(epoch == $0.count + 1)
                $0.append(loss)
            }
        }
        #expect(classifier.labels == ["bad", "good"])
        #expect(classifier.losses == losses.withLock { $0 } && classifier.losses.count == 20)
        #expect(classifier.losses[19] < 0.1 && classifier.losses[0] > classifier.losses[19])
        let (report, coverage) = try classifier.evaluate(Self.text(60, seed: 2))
        #expect(report.accuracy == 1 && report.confusion == [[20, 0], [0, 40]])
        #expect(coverage == TextCoverage(lines: 60, words: 240))
        let rain = try #require(try classifier.predict("rain cold no rain day"))
        #expect(rain.label == "bad" && rain.probability > 0.9 && rain.probabilities.count == 2)
        #expect(rain.probability == rain.probabilities[0] && abs(rain.probabilities.reduce(0, +) - 1) < 1e-6)
        #expect(try classifier.predict("nothing known") == nil)
        #expect(try classifier.predict(["sun", "", "cold"]).map { $0?.label } == ["good", nil, "bad"])
        #expect(try classifier.predict([String]()).isEmpty)
    }

    /// With steps that change next to nothing it is the loss of the network that comes out.
    @Test func theLossIsTheNetworksOwn() throws {
        var options = ClassifierOptions()
        (options.epochs, options.alpha) = (1, 1e-9)
        let text = try Self.text(300, seed: 1)
        let classifier = try TextClassifier.train(on: text, vectors: Self.vectors, options: options)
        let examples = try LabeledExamples(text, vectors: Self.vectors, table: text.table)
        let x = examples.allRows.flatMap { classifier.standardization.apply(to: examples.x[Int($0)]) }
        let labels = examples.classes.flatMap { $0 == 0 ? [1, 0] : [0, 1] as [Float] }
        let loss = try classifier.network.loss(
            of: Objective.Matrix(rows: 300, columns: 3, values: x),
            labels: Objective.Matrix(rows: 300, columns: 2, values: labels)
        ).loss
        #expect(abs(classifier.losses[0] - loss / 300) < 1e-5)
    }

    @Test func aSeedRepeatsTheBytes() throws {
        let text = try Self.text(100, seed: 1)
        func network(_ seed: UInt64) throws -> TwoLayerNetwork {
            var options = ClassifierOptions()
            (options.seed, options.epochs) = (seed, 2)
            return try TextClassifier.train(on: text, vectors: Self.vectors, options: options).network
        }
        #expect(try network(5) == network(5))
        #expect(try network(5) != network(6))
    }

    /// Two threads may ask one classifier.
    @Test func answersAreTheSameFromAnyThread() async throws {
        let classifier = try TextClassifier.train(on: Self.text(60, seed: 1), vectors: Self.vectors)
        let expected = try classifier.predict("warm rain")
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { (try? classifier.predict("warm rain")) == expected } }
            for await same in group { #expect(same) }
        }
    }

    @Test func theLengthOfTheVectorsDoesNotMatter() throws {
        let scaled = try WordVectors(
            words: (0..<5).map(Self.vectors.word(at:)),
            vectors: (0..<5).map { Self.vectors.vector(at: $0).map { $0 * 1024 + 512 } })
        let text = try Self.text(90, seed: 4)
        let (a, b) = (
            try TextClassifier.train(on: text, vectors: Self.vectors),
            try TextClassifier.train(on: text, vectors: scaled)
        )
        for (x, y) in zip(a.network.parameters.values, b.network.parameters.values) { #expect(abs(x - y) < 1e-3) }
    }

    @Test func aColumnThatIsAlwaysTheSameSaysNothing() throws {
        let matrix = try FloatMatrix(rows: 3, dimensions: 3, for: "a test")
        for (row, value) in [0.1, 0.2, 0.4].enumerated() {
            matrix.setRow(row, to: [Float(value), 1e7, Float(value * 1e-42)])
        }
        let standardization = Standardization(of: matrix, rows: [0, 1, 2])
        #expect(standardization.scales[1] == 0 && standardization.means[1] == 1e7 && standardization.scales[2] == 0)
        #expect(abs(standardization.means[0] - 0.7 / 3) < 1e-7)
        let shown = (0..<3).map { Double(standardization.apply(to: matrix[$0])[0]) }
        #expect(abs(shown.reduce(0, +)) < 1e-6 && abs(shown.reduce(0) { $0 + $1 * $1 } - 3) < 1e-5)
    }

    @Test func labelsThatItDoesNotKnowAreNeverRight() throws {
        let classifier = try TextClassifier.train(on: Self.text(60, seed: 1), vectors: Self.vectors)
        let (report, _) = try classifier.evaluate(LabeledText([("odd", "sun"), ("good", "sun"), ("odd", "rain")]))
        #expect(report.labels == ["bad", "good", "odd"])
        #expect(report.confusion == [[0, 0, 0], [0, 1, 0], [1, 1, 0]])
    }

    @Test func whatCannotBeTrainedOnIsNamed() throws {
        func error(_ lines: [(label: String, text: String)]) -> String? {
            #expect(throws: Word2VecError.self) {
                try TextClassifier.train(on: LabeledText(lines), vectors: Self.vectors)
            }?.description
        }
        #expect(
            error([("a", "sun"), ("a", "rain"), ("b", "unknown")])
                == """
                the labels of the lines must be at least two, each on a line with a known word, found only 'a', on 2 lines
                """)
        #expect(
            error((0...10_000).map { ("l\($0)", "sun") })
                == """
                the labels of the lines must be at most 10000 (a label is the text before the first tab), found 10001
                """)
        #expect(error([("a", "x"), ("b", "y")]) == "the lines: none of its words is in the vocabulary")
        let classifier = try TextClassifier.train(on: Self.text(60, seed: 1), vectors: Self.vectors)
        #expect(throws: Word2VecError.noKnownWords(path: "the lines")) {
            try classifier.evaluate(LabeledText([("good", "unknown")]))
        }
    }

    @Test func aStepThatIsTooLongIsFoundOut() throws {
        var options = ClassifierOptions()
        (options.alpha, options.l2) = (1e38, 0)
        let error = #expect(throws: Word2VecError.self) {
            try TextClassifier.train(on: Self.text(60, seed: 1), vectors: Self.vectors, options: options)
        }
        guard case .diverged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    static let invalid: [(option: String, change: @Sendable (inout ClassifierOptions) -> Void)] = [
        ("hidden", { $0.hidden = 0 }), ("hidden", { $0.hidden = 1_000_001 }), ("alpha", { $0.alpha = 0 }),
        ("alpha", { $0.alpha = .nan }), ("alpha", { $0.alpha = -1 }), ("alpha", { $0.alpha = 1e-300 }),
        ("alpha", { $0.alpha = .infinity }), ("iter", { $0.epochs = 0 }), ("batch", { $0.batch = 0 }),
        ("l2", { $0.l2 = -1 }), ("l2", { $0.l2 = .nan }), ("l2", { ($0.alpha, $0.l2) = (0.5, 2.5) }),
    ]

    @Test(arguments: invalid.indices)
    func impossibleOptionsAreNamed(index: Int) throws {
        var options = ClassifierOptions()
        Self.invalid[index].change(&options)
        let error = #expect(throws: Word2VecError.self) {
            try TextClassifier.train(on: Self.text(60, seed: 1), vectors: Self.vectors, options: options)
        }
        guard case .invalidOption(Self.invalid[index].option, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aLayerBeyondTheMemoryIsRefused() throws {
        var options = ClassifierOptions()
        options.hidden = 1_000_000
        let wide = try WordVectors(
            words: ["a", "b"], vectors: [[Float](repeating: 1, count: 300_000), [Float](repeating: 2, count: 300_000)])
        let error = #expect(throws: Word2VecError.self) {
            try TextClassifier.train(on: LabeledText([("x", "a"), ("y", "b")]), vectors: wide, options: options)
        }
        guard case .outOfMemory = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

@Suite struct CrossValidationTests {
    private func examples(_ counts: [Int]) throws -> (text: LabeledText, vectors: WordVectors) {
        let words = counts.indices.map { "w\($0)" }
        let vectors = try WordVectors(
            words: words, vectors: words.indices.map { word in (0..<words.count).map { $0 == word ? 1 : 0 } })
        return (
            try LabeledText(
                counts.enumerated().flatMap { label, count in (0..<count).map { _ in ("l\(label)", "w\(label)") } }),
            vectors
        )
    }

    @Test(arguments: [2, 3, 5, 10])
    func foldsAreStratifiedAndCoverEachLineOnce(folds: Int) throws {
        let (text, vectors) = try examples([40, 13, 7, 1])
        let examples = try LabeledExamples(text, vectors: vectors, table: text.table)
        let parts = examples.folds(folds, seed: 3)
        #expect(parts.joined().sorted() == examples.allRows)
        #expect(Set(parts.map(\.count)).isSubset(of: [61 / folds, 61 / folds + 1]))
        for label in 0..<4 {
            let counts = parts.map { part in part.count { examples.classes[Int($0)] == label } }
            #expect(counts.max()! - counts.min()! <= 1)
        }
        #expect(examples.folds(folds, seed: 3) == parts)
        #expect(examples.folds(folds, seed: 4) != parts)
    }

    @Test func everyLineIsAnsweredOnceByAClassifierThatDidNotSeeIt() throws {
        let (text, vectors) = try examples([30, 20, 1])
        let result = try TextClassifier.crossValidate(text, vectors: vectors, folds: 4)
        #expect(result.report.rows.map(\.count) == [30, 20, 1])
        #expect(result.report.confusion[0][0] == 30 && result.report.confusion[1][1] == 20)
        #expect(result.report.confusion[2][2] == 0, "its only line was never trained on with it")
        #expect(result.accuracies.count == 4 && result.losses.count == 20)
        #expect(abs(result.meanAccuracy - 50.0 / 51) < 0.01 && result.accuracyDeviation < 0.05)
        #expect(try TextClassifier.crossValidate(text, vectors: vectors, folds: 4) == result)
    }

    @Test func foldsAreTwoToTheNumberOfLines() throws {
        let (text, vectors) = try examples([3, 3])
        for folds in [0, 1, 7, -1] {
            let error = #expect(throws: Word2VecError.self) {
                try TextClassifier.crossValidate(text, vectors: vectors, folds: folds)
            }
            #expect(error?.description.hasPrefix("-k-fold must be from 2 to") == true)
        }
        #expect(try TextClassifier.crossValidate(text, vectors: vectors, folds: 6).report.count == 6)
    }
}
