/// Lines of text with a label each, to train a ``TextClassifier`` on or to try it with.
public struct LabeledText: Sendable {
    /// The file, for messages; nil if the lines came from the program.
    public let path: String?
    /// The labels in order of first appearance.
    let table: WordTable
    /// The label of each line.
    let classes: [Int]
    private var texts: [UInt8] = []
    private var ends: [Int] = []
    /// Where each line stands in the file, counted from 1.
    private var numbers: [Int] = []

    /// Lines.
    public var count: Int { ends.count }

    /// The different labels, in order of first appearance; bytes that are no UTF-8 read as U+FFFD.
    public var labels: [String] { table.words }

    /// Reads `label<TAB>text` lines; `-` is standard input. A label is all that stands before the first tab. Lines without
    /// a byte are passed over.
    ///
    /// - Throws: ``Word2VecError/malformed(path:place:found:expected:)`` if lines have no tab or no label: the place of the
    ///   first, and how many there are; ``Word2VecError/emptyCorpus(path:)``; ``Word2VecError/cannotRead(path:reason:)``.
    /// - Complexity: O(file size), also of memory.
    public init(contentsOf path: String) throws(Word2VecError) {
        var builder = Builder()
        var (number, broken) = (0, 0)
        var firstBroken: (number: Int, found: String)?
        try TextFile(path: path).forEachLines { (lines) throws(Word2VecError) in
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

    /// Lines of the program's own.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if there are none, or a label is empty.
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

    /// The label of a line, counted from 0. O(1).
    public func label(at line: Int) -> String { table[classes[line]] }

    /// The text of a line; bytes that are no UTF-8 read as U+FFFD.
    public func text(at line: Int) -> String { String(decoding: bytes(at: line), as: UTF8.self) }

    /// Lines of each label, in the labels' order.
    public var lineCounts: [Int] {
        classes.reduce(into: Array(repeating: 0, count: table.count)) { $0[$1] += 1 }
    }

    func bytes(at line: Int) -> ArraySlice<UInt8> { texts[(line == 0 ? 0 : ends[line - 1])..<ends[line]] }

    /// Where a line stands in the file, counted from 1.
    func number(of line: Int) -> Int { numbers[line] }

    /// What an error about all of it is about.
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
