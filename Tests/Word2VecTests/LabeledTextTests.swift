import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct LabeledTextTests {
    private let folder = try! TemporaryFolder()

    private func read(_ text: some Sequence<UInt8>) throws(Word2VecError) -> LabeledText {
        try LabeledText(contentsOf: try! folder.file("text.tsv", text))
    }

    private func lines(_ text: LabeledText) -> [[String]] {
        (0..<text.count).map { [text.label(at: $0), text.text(at: $0)] }
    }

    @Test func labelsStandBeforeTheFirstTab() throws {
        let text = try read("b b\tone two\r\n\na\tthree\tfour\n\r\nb b\t\nä\tlast".utf8)
        #expect(lines(text) == [["b b", "one two"], ["a", "three\tfour"], ["b b", ""], ["ä", "last"]])
        #expect(text.labels == ["b b", "a", "ä"] && text.lineCounts == [2, 1, 1])
        #expect((0..<4).map(text.number(of:)) == [1, 3, 5, 6], "blank lines count")
    }

    @Test func labelsAreBytes() throws {
        let text = try read([0xFF, 9, 0x61, 10, 0xFE, 9, 0x62, 10] as [UInt8])
        #expect(text.labels == ["\u{FFFD}", "\u{FFFD}"] && text.lineCounts == [1, 1])
    }

    /// Lines are read in pieces of 64 KB.
    @Test func linesOfAnyLengthAreReadWhole() throws {
        let lengths = [65530, 1, 5, 65536, 200_000, 0, 65534, 3]
        let bytes = lengths.enumerated().map { i, length in
            "l\(i % 3)\t" + String(repeating: "x", count: length)
        }
        for end in ["", "\n", "\r\n"] {
            let text = try read((bytes.joined(separator: "\n") + end).utf8)
            #expect((0..<text.count).map { text.text(at: $0).utf8.count } == lengths)
        }
    }

    @Test(arguments: [
        ("a\tx\nno tab\n", "line 2: expected a label, a tab and a text, found 'no tab'"),
        (
            "a\tx\n\nno tab\nb\ty\n\tz\n",
            "line 3: expected a label, a tab and a text, found 'no tab' (and 1 more such line)"
        ),
        ("x\n\ty\nz\n ", "line 1: expected a label, a tab and a text, found 'x' (and 3 more such lines)"),
        ("\ty\n", "line 1: expected a label, a tab and a text, found '\\u{9}y'"),
    ])
    func linesWithoutALabelAreCountedAndTheFirstIsNamed(text: String, expected: String) throws {
        let error = #expect(throws: Word2VecError.self) { try read(text.utf8) }
        #expect(error?.description == "\(folder.path("text.tsv")), \(expected)")
    }

    @Test func whatCannotBeReadIsNamed() throws {
        for empty in ["", "\n\n", "\r\n"] {
            let error = #expect(throws: Word2VecError.self) { try read(empty.utf8) }
            #expect(error == .emptyCorpus(path: folder.path("text.tsv")))
        }
        let error = #expect(throws: Word2VecError.self) { try LabeledText(contentsOf: folder.path("missing")) }
        #expect(error?.description.hasPrefix("\(folder.path("missing")): cannot be read") == true)
        #expect(throws: Word2VecError.self) { try LabeledText(contentsOf: folder.path) }
    }

    @Test func linesOfTheProgramAreTakenAsTheyAre() throws {
        let text = try LabeledText([("a\tb", "x\ny"), ("c", "")])
        #expect(text.labels == ["a\tb", "c"] && text.text(at: 0) == "x\ny" && text.path == nil)
        let none = #expect(throws: Word2VecError.self) { try LabeledText([]) }
        #expect(none == .invalidArgument("lines", found: "none", expected: "non-empty"))
        let unlabeled = #expect(throws: Word2VecError.self) { try LabeledText([("a", "x"), ("", "y")]) }
        #expect(unlabeled == .invalidArgument("lines[1].label", found: "''", expected: "a label"))
    }
}

/// Texts as the means of their words' vectors.
@Suite struct TextAveragesTests {
    private func vectors() throws -> WordVectors {
        try WordVectors(
            words: ["</s>", "one", "two", "three"],
            vectors: [[100, 100], [1, 0], [0, 1], [-3, 0.5]])
    }

    private func averages(_ texts: [String]) throws -> TextAverages {
        let bytes = texts.map { Array($0.utf8)[...] }
        return try TextAverages(count: texts.count, vectors: vectors(), bytes: { bytes[$0] }, number: { $0 + 1 })
    }

    @Test func wordsAreTakenByTheRulesOfCorpora() throws {
        let same = ["one two", " one\t two ", "one\r\ntwo\r", "one\0two", "two unknown one", "one </s> two\n"]
        let averages = try averages(same)
        for row in 0..<same.count { #expect(averages.matrix[row] == [0.5, 0.5], "\(same[row].debugDescription)") }
        #expect(averages.coverage.words == 2 * same.count + 1 && averages.coverage.unknownWords == 1)
    }

    @Test func aWordCountsAsOftenAsItStands() throws {
        #expect(try averages(["one one one three"]).matrix[0] == [0, 0.125])
    }

    @Test func textsWithoutAKnownWordHaveNoRow() throws {
        let averages = try averages(["", "nothing known", "one", "\0", "</s>", "two"])
        #expect(averages.texts == [2, 5] && averages.matrix[0] == [1, 0] && averages.matrix[1] == [0, 1])
        #expect(
            averages.coverage
                == TextCoverage(
                    lines: 6, linesWithoutKnownWords: 4, firstLineWithoutKnownWords: 1, words: 4, unknownWords: 2))
    }

    @Test func longWordsAreCutAsInCorpora() throws {
        let long = String(repeating: "w", count: 1500)
        let vectors = try WordVectors(words: [String(long.prefix(1024))], vectors: [[7]])
        let bytes = Array(long.utf8)[...]
        let averages = try TextAverages(count: 1, vectors: vectors, bytes: { _ in bytes }, number: { $0 })
        #expect(averages.matrix[0] == [7])
    }

    @Test func aVectorThatIsNotFiniteIsNamed() throws {
        let vectors = try WordVectors(words: ["good", "bad"], vectors: [[1, 2], [3, .nan]])
        let text = try LabeledText([("a", "good"), ("b", "good bad")])
        let error = #expect(throws: Word2VecError.self) { try TextClassifier.train(on: text, vectors: vectors) }
        #expect(error?.description == "the vector of 'bad' (line 2) must be finite numbers, found nan")
    }
}
