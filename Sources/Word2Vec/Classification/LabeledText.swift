internal import Word2VecCore

/// Lines of text, each with a label, to train or evaluate a ``TextClassifier``.
public struct LabeledText: Sendable {
    /// The path of the file, for messages. Nil if the lines were passed to the initializer.
    public let path: String?
    /// The distinct labels, in order of first occurrence.
    let table: WordTable
    /// The label of each line.
    let classes: [Int]
    private var texts: [UInt8] = []
    private var ends: [Int] = []
    /// The line number of each line in the file, counted from 1.
    private var numbers: [Int] = []

    /// The number of lines.
    public var count: Int { ends.count }

    /// The distinct labels, in order of first occurrence. Invalid UTF-8 reads as U+FFFD.
    public var labels: [String] { table.words }

    /// Reads `label<TAB>text` lines from a file; `-` is standard input. The label is the text before the first tab.
    /// Empty lines are skipped.
    ///
    /// - Throws: ``Word2VecError/malformed(path:place:found:expected:)`` if a line has no tab or no label; the error
    ///   names the first such line and says how many there are. ``Word2VecError/emptyCorpus(path:)`` if all lines are
    ///   empty. ``Word2VecError/cannotRead(path:reason:)``.
    /// - Complexity: O(file size) time and memory.
    public init(contentsOf path: String) throws(Word2VecError) {
        var builder = Builder()
        var (number, broken) = (0, 0)
        var firstBroken: (number: Int, found: String)?
        try InputFile(path: path).forEachLines { (lines) throws(Word2VecError) in
            for line in lines {
                number += 1
                guard !line.isEmpty else { continue }
                if let tab = line.firstIndex(of: UInt8(ascii: "\t")), tab > line.startIndex {
                    builder.append(label: line[..<tab], text: line[(tab + 1)...], number: number)
                } else {
                    broken += 1
                    if firstBroken == nil { firstBroken = (number, Word2VecError.quoted(line)) }
                }
            }
        }
        if let firstBroken {
            let more = broken == 1 ? "" : " (and \(broken - 1) more such \(broken == 2 ? "line" : "lines"))"
            throw .malformed(
                path: path, place: .line(firstBroken.number), found: firstBroken.found + more,
                expected: "a label, a tab and a text")
        }
        guard builder.count > 0 else { throw .emptyCorpus(path: path) }
        self.init(builder, path: path)
    }

    /// Creates labeled text from lines in memory.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if there are no lines, or if a label is empty.
    public init(_ lines: [(label: String, text: String)]) throws(Word2VecError) {
        var builder = Builder()
        for (label, text) in lines {
            guard !label.isEmpty else {
                throw .invalidArgument("lines[\(builder.count)].label", found: "''", expected: "a label")
            }
            builder.append(label: label.utf8, text: text.utf8, number: builder.count + 1)
        }
        try Check.notEmpty(builder.count, "lines")
        self.init(builder, path: nil)
    }

    /// The label of a line. Lines are counted from 0. O(1).
    public func label(at line: Int) -> String { table[classes[line]] }

    /// The text of a line, without its label. Lines are counted from 0. Invalid UTF-8 reads as U+FFFD.
    public func text(at line: Int) -> String { String(decoding: bytes(at: line), as: UTF8.self) }

    /// The number of lines of each label, in the order of ``labels``.
    public var lineCounts: [Int] {
        classes.reduce(into: Array(repeating: 0, count: table.count)) { $0[$1] += 1 }
    }

    func bytes(at line: Int) -> ArraySlice<UInt8> { texts[(line == 0 ? 0 : ends[line - 1])..<ends[line]] }

    /// The line number of a line in the file, counted from 1.
    func number(of line: Int) -> Int { numbers[line] }

    /// The name of the text in error messages.
    var name: String { path ?? "the lines" }

    private init(_ builder: Builder, path: String?) {
        self.path = path
        (table, classes) = (builder.table, builder.classes)
        (texts, ends, numbers) = (builder.texts, builder.ends, builder.numbers)
    }

    private struct Builder {
        var table = WordTable()
        var classes: [Int] = []
        var texts: [UInt8] = []
        var ends: [Int] = []
        var numbers: [Int] = []

        var count: Int { ends.count }

        mutating func append(label: some Collection<UInt8>, text: some Collection<UInt8>, number: Int) {
            classes.append(table.insert(label).rank)
            texts += text
            ends.append(texts.count)
            numbers.append(number)
        }
    }
}
