/// Labelled lines as a classifier sees them: the mean vector and the class of each line that has a known word.
struct LabeledExamples: Sendable {
    /// The classes: those that were asked for, and behind them other labels of the lines.
    let table: WordTable
    /// For the C core: the mean vectors, and the class of each.
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
        guard table.count <= Self.mostLabels else {
            throw .invalidArgument(
                "the labels of \(text.name)", found: "\(table.count) different ones",
                expected: "at most \(Self.mostLabels); a label is what stands before the first tab")
        }
        let averages = try TextAverages(
            count: text.count, vectors: vectors, bytes: { text.bytes(at: $0) }, number: { text.number(of: $0) })
        self.table = table
        training = NetworkTraining.Examples(
            x: averages.matrix, classes: averages.texts.map { classOfLabel[text.classes[$0]] })
        coverage = averages.coverage
    }

    /// The confusion matrix has the square of it.
    static let mostLabels = 10_000

    /// That there is something to tell apart.
    func checkClasses(of rows: [Int32], _ text: LabeledText) throws(Word2VecError) {
        guard let first = rows.first else { throw .noKnownWords(path: text.name) }
        let only = classes[Int(first)]
        guard rows.contains(where: { classes[Int($0)] != only }) else {
            throw .invalidArgument(
                "the labels of \(text.name)", found: "'\(table[Int(only)])' alone, on \(rows.count) lines",
                expected: "two at the least, each on a line with a known word")
        }
    }

    /// Deals the rows out to folds: each class's in random order, one by one, so that all folds have about as many of it.
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

    /// What came of asking about some rows.
    func report(_ parts: [(rows: [Int32], answers: [Int])]) throws(Word2VecError) -> ClassificationReport {
        var confusion = Array(repeating: Array(repeating: 0, count: table.count), count: table.count)
        for (rows, answers) in parts {
            for (row, answer) in zip(rows, answers) { confusion[Int(classes[Int(row)])][answer] += 1 }
        }
        return try ClassificationReport(labels: table.words, confusion: confusion)
    }
}
