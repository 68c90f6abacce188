/// How a classifier did: its answers beside the labels.
public struct ClassificationReport: Equatable, Sendable, Encodable {
    /// The classes; those that the classifier does not know stand last.
    public let labels: [String]
    /// Lines by class (row) and answer (column), in the order of `labels`.
    public let confusion: [[Int]]

    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` unless there is a row and a column for each label,
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` for a number below 0.
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

    /// Lines that were answered.
    public var count: Int { confusion.reduce(0) { $0 + $1.reduce(0, +) } }

    /// Lines that were answered right.
    public var correct: Int { labels.indices.reduce(0) { $0 + confusion[$1][$1] } }

    /// The share of lines that were answered right; 0 of none.
    public var accuracy: Double { Self.share(correct, of: count) }

    /// The accuracy of answering every line with the class that has most.
    public var largestClassShare: Double { Self.share(confusion.map { $0.reduce(0, +) }.max() ?? 0, of: count) }

    /// One class of the report.
    public struct Row: Equatable, Sendable, Encodable {
        public let label: String
        /// Lines of the class, and lines that were answered with it.
        public let count: Int
        public let answers: Int
        /// The share of the answers that were right; 0 if there are none.
        public let precision: Double
        /// The share of the class's lines that were answered right; 0 if there are none.
        public let recall: Double
        /// The harmonic mean of the two; 0 if both are.
        public let f1: Double
    }

    /// All classes, in the order of `labels`. O(classes^2).
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

    /// Means over the classes that have lines, each counting the same.
    public var macroPrecision: Double { macro(\.precision) }
    public var macroRecall: Double { macro(\.recall) }
    public var macroF1: Double { macro(\.f1) }

    private func macro(_ value: (Row) -> Double) -> Double {
        let rows = rows.filter { $0.count > 0 }
        return rows.isEmpty ? 0 : rows.reduce(0) { $0 + value($1) } / Double(rows.count)
    }

    private static func share(_ part: Int, of whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }
}

extension ClassificationReport {
    /// Up to so many classes the confusion matrix is shown whole; of more, the most frequent confusions.
    private static let mostColumns = 24
    private static let mostConfusions = 24

    /// The report as text for people: accuracy, a line for each class, and the confusion matrix.
    public var table: String {
        let rows = rows
        var classes = TextTable(["Class", "Lines", "Precision", "Recall", "F1"], leftAligned: [0])
        for row in rows {
            classes.append([row.label, "\(row.count)", row.precision.text(4), row.recall.text(4), row.f1.text(4)])
        }
        classes.append(["(mean)", "", macroPrecision.text(4), macroRecall.text(4), macroF1.text(4)])
        return """
            Accuracy: \(accuracy.text(4)) (\(correct) of \(count) lines; the largest class alone: \
            \(largestClassShare.text(4)))

            \(classes.text)

            \(labels.count <= Self.mostColumns ? matrixText : confusionsText)
            """
    }

    private var matrixText: String {
        let numbers = labels.indices.map { "\($0 + 1)" }
        var table = TextTable(["", "Answered with:"] + numbers, leftAligned: [1])
        for (row, counts) in confusion.enumerated() {
            table.append([numbers[row], labels[row]] + counts.map(String.init))
        }
        return "Confusion matrix: lines by class (row) and answer (column, numbered as the rows)\n" + table.text
    }

    private var confusionsText: String {
        var pairs: [(count: Int, row: Int, column: Int)] = []
        for (row, counts) in confusion.enumerated() {
            for (column, count) in counts.enumerated() where row != column && count > 0 {
                pairs.append((count, row, column))
            }
        }
        pairs.sort { ($1.count, $0.row, $0.column) < ($0.count, $1.row, $1.column) }
        var table = TextTable(["Lines", "Class", "Answered with"], leftAligned: [1, 2])
        for pair in pairs.prefix(Self.mostConfusions) {
            table.append(["\(pair.count)", labels[pair.row], labels[pair.column]])
        }
        return "The most frequent of \(pairs.count) confusions\n" + table.text
    }
}
