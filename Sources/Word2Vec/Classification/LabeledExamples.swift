internal import Word2VecCore

/// Labeled lines as input for a classifier: the mean vector and the class of each line that has a known word.
struct LabeledExamples: Sendable {
    /// The classes: those that were passed in, followed by any new labels of the lines.
    let table: WordTable
    /// The mean vectors and their classes, for the C core.
    let training: NetworkTraining.Examples
    let coverage: TextCoverage

    var x: FloatMatrix { training.x }
    var classes: [Int32] { training.classes }
    var allRows: [Int32] { (0..<training.classes.count).map { Int32($0) } }

    init(_ text: LabeledText, vectors: WordVectors, table known: WordTable) throws(Word2VecError) {
        guard text.count <= Int32.max else {
            throw .invalidArgument("lines of \(text.name)", found: "\(text.count)", expected: "at most \(Int32.max)")
        }
        var table = known
        var classOfLabel: [Int32] = []
        for label in 0..<text.table.count {
            classOfLabel.append(Int32(table.insert(text.table.bytes(at: label)).rank))
        }
        guard table.count <= Self.maximumLabels else {
            throw .invalidArgument(
                "the labels of \(text.name)", found: "\(table.count)",
                expected: "at most \(Self.maximumLabels) (a label is the text before the first tab)")
        }
        let averages = try TextAverages(
            count: text.count, vectors: vectors, bytes: { text.bytes(at: $0) }, number: { text.number(of: $0) })
        self.table = table
        training = NetworkTraining.Examples(
            x: averages.matrix, classes: averages.texts.map { classOfLabel[text.classes[$0]] })
        coverage = averages.coverage
    }

    /// A limit, because the size of the confusion matrix is its square.
    static let maximumLabels = 10_000

    /// Requires at least two different classes.
    func checkClasses(of rows: [Int32], _ text: LabeledText) throws(Word2VecError) {
        guard let first = rows.first else { throw .noKnownWords(path: text.name) }
        let only = classes[Int(first)]
        guard rows.contains(where: { classes[Int($0)] != only }) else {
            throw .invalidArgument(
                "the labels of \(text.name)", found: "only '\(table[Int(only)])', on \(rows.count) lines",
                expected: "at least two, each on a line with a known word")
        }
    }

    /// Assigns the rows to stratified folds. The rows of each class are shuffled and assigned to the folds in turn, so
    /// that all folds have about the same number of each class.
    func folds(_ count: Int, seed: UInt64) -> [[Int32]] {
        var byClass = [[Int32]](repeating: [], count: table.count)
        for row in allRows { byClass[Int(classes[Int(row)])].append(row) }
        var random = SeededRandom(seed: seed, stream: .folds)
        var folds = [[Int32]](repeating: [], count: count)
        var turn = 0
        for var rows in byClass {
            rows.shuffle(by: &random)
            for row in rows {
                folds[turn % count].append(row)
                turn += 1
            }
        }
        return folds
    }

    /// The report on the predictions for some rows.
    func report(_ parts: [(rows: [Int32], answers: [Int])]) throws(Word2VecError) -> ClassificationReport {
        var confusion = Array(repeating: Array(repeating: 0, count: table.count), count: table.count)
        for (rows, answers) in parts {
            for (row, answer) in zip(rows, answers) { confusion[Int(classes[Int(row)])][answer] += 1 }
        }
        return try ClassificationReport(labels: table.words, confusion: confusion)
    }
}
