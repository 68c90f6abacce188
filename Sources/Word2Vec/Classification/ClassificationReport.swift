/// The result of evaluating a classifier: its predictions compared with the labels.
public struct ClassificationReport: Equatable, Sendable, Encodable {
    /// The classes. Classes that the classifier does not know come last.
    public let labels: [String]
    /// The confusion matrix: the number of lines by actual class (row) and predicted class (column), in the order of
    /// `labels`.
    public let confusion: [[Int]]

    /// Creates a report from a confusion matrix.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` unless the matrix has one row and one column per
    ///   label, ``Word2VecError/invalidArgument(_:found:expected:)`` if a value is below 0.
    public init(labels: [String], confusion: [[Int]]) throws(Word2VecError) {
        try Check.count(confusion.count, of: "rows of confusion", labels.count)
        for (row, counts) in confusion.enumerated() {
            try Check.count(counts.count, of: "confusion[\(row)]", labels.count)
            if let column = counts.firstIndex(where: { $0 < 0 }) {
                throw .invalidArgument(
                    "confusion[\(row)][\(column)]", found: "\(counts[column])", expected: "0 or above")
            }
        }
        self.labels = labels
        self.confusion = confusion
    }

    /// The number of lines.
    public var count: Int { confusion.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The number of lines with a correct prediction.
    public var correct: Int { labels.indices.reduce(0) { $0 + confusion[$1][$1] } }

    /// The fraction of correct predictions. 0 if there are no lines.
    public var accuracy: Double { Self.share(correct, of: count) }

    /// The accuracy of the majority-class baseline, which predicts the largest class for every line.
    public var largestClassShare: Double { Self.share(confusion.map { $0.reduce(0, +) }.max() ?? 0, of: count) }

    /// The results of one class.
    public struct Row: Equatable, Sendable, Encodable {
        /// The label of the class.
        public let label: String
        /// The number of lines of the class.
        public let count: Int
        /// The number of lines that were predicted to be of the class.
        public let answers: Int
        /// The fraction of the predictions of this class that are correct. 0 if there are none.
        public let precision: Double
        /// The fraction of the lines of this class that were predicted correctly. 0 if there are none.
        public let recall: Double
        /// The harmonic mean of precision and recall. 0 if both are 0.
        public let f1: Double
    }

    /// The results of all classes, in the order of `labels`. O(classes^2).
    public var rows: [Row] {
        labels.indices.map { label in
            let right = confusion[label][label]
            let count = confusion[label].reduce(0, +)
            let answers = confusion.reduce(0) { $0 + $1[label] }
            return Row(
                label: labels[label], count: count, answers: answers, precision: Self.share(right, of: answers),
                recall: Self.share(right, of: count), f1: Self.share(2 * right, of: count + answers))
        }
    }

    /// The unweighted mean of the precision over all classes that have lines.
    public var macroPrecision: Double { macro(\.precision) }
    /// The unweighted mean of the recall over all classes that have lines.
    public var macroRecall: Double { macro(\.recall) }
    /// The unweighted mean of F1 over all classes that have lines.
    public var macroF1: Double { macro(\.f1) }

    private func macro(_ value: (Row) -> Double) -> Double {
        let rows = rows.filter { $0.count > 0 }
        return rows.isEmpty ? 0 : rows.reduce(0) { $0 + value($1) } / Double(rows.count)
    }

    /// `part` / `whole`, or 0 if `whole` is 0.
    private static func share(_ part: Int, of whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }
}

extension ClassificationReport {
    /// With more classes than this the table lists the most frequent confusions in place of the confusion matrix.
    private static let maximumColumns = 24
    private static let maximumConfusions = 24

    /// The report as readable text: the accuracy, one line per class, and the confusion matrix. With more than 24
    /// classes it lists the 24 most frequent confusions in place of the matrix.
    public var table: String {
        let rows = rows
        var classes = TextTable(["Class", "Lines", "Precision", "Recall", "F1"], leftAligned: [0])
        for row in rows {
            classes.append([row.label, "\(row.count)", row.precision.text(4), row.recall.text(4), row.f1.text(4)])
        }
        classes.append(["(mean)", "", macroPrecision.text(4), macroRecall.text(4), macroF1.text(4)])
        return """
            Accuracy: \(accuracy.text(4)) (\(correct) of \(count) lines; majority class: \(largestClassShare.text(4)))

            \(classes.text)

            \(labels.count <= Self.maximumColumns ? matrixText : confusionsText)
            """
    }

    private var matrixText: String {
        let numbers = labels.indices.map { "\($0 + 1)" }
        var table = TextTable(["", "Predicted:"] + numbers, leftAligned: [1])
        for (row, counts) in confusion.enumerated() {
            table.append([numbers[row], labels[row]] + counts.map(String.init))
        }
        return "Confusion matrix: lines by actual class (row) and predicted class (column, numbered as the rows)\n"
            + table.text
    }

    private var confusionsText: String {
        var pairs: [(count: Int, row: Int, column: Int)] = []
        for (row, counts) in confusion.enumerated() {
            for (column, count) in counts.enumerated() where row != column && count > 0 {
                pairs.append((count, row, column))
            }
        }
        pairs.sort { ($1.count, $0.row, $0.column) < ($0.count, $1.row, $1.column) }
        var table = TextTable(["Lines", "Class", "Predicted"], leftAligned: [1, 2])
        for pair in pairs.prefix(Self.maximumConfusions) {
            table.append(["\(pair.count)", labels[pair.row], labels[pair.column]])
        }
        return "The most frequent of \(pairs.count) confusions\n" + table.text
    }
}
