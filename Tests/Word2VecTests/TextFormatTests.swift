import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// What text files come with: no header, spaces in words, other writers' habits.
@Suite struct TextFormatTests {
    private let folder = try! TemporaryFolder()

    private func read(_ text: String, _ format: VectorFormat? = nil, limit: Int? = nil) throws -> WordVectors {
        try WordVectors(contentsOf: folder.file("v", text), format: format, maximumCount: limit)
    }

    @Test func aFileWithoutAHeaderIsGloVes() throws {
        let vectors = try read("the 0.1 -2e-1 3\n, 1 2 3\nof 4 5 6")
        #expect(vectors.loading?.format == .glove)
        #expect(words(vectors) == ["the", ",", "of"])
        #expect(rows(vectors) == [[0.1, -0.2, 3], [1, 2, 3], [4, 5, 6]])
    }

    @Test func wordsMayHoldSpaces() throws {
        // As in GloVe 840B, where the first fields of a line are not always one word.
        let vectors = try read(". . . 1 2\nat name@domain.com 3 4\n\u{a0} 5 6\nx\ty 7 8\n 9 10\n")
        #expect(words(vectors) == [". . .", "at name@domain.com", "\u{a0}", "x\ty", ""])
        #expect(rows(vectors) == [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]])
        #expect(try words(read("2 2\n. . . 1 2\nb 3 4\n")) == [". . .", "b"])
    }

    @Test func wordsMayBeNumbers() throws {
        let vectors = try read("1 0.5 0.25\n2 0.1 0.2\nnan 3 4\n1e5 5 6\n")
        #expect(words(vectors) == ["1", "2", "nan", "1e5"] && vectors.dimensions == 2)
        // Two whole numbers are a header, unless the caller knows better.
        #expect(try words(read("5 2\n6 3\n", .glove)) == ["5", "6"])
        #expect(throws: Word2VecError.self) { try read("5 2\n6 3\n") }
    }

    /// The first line tells D: the last D fields are the values, whatever the word ends with.
    @Test func aWordMayEndWithANumberIfTheFirstLineTellsTheDimensions() throws {
        let vectors = try read(
            "6 3\nUnited States 6.8 -4.1 0.01\nWorld War II -2.8 4.9 -16.5\nRoute 66 1 2 3\nfoo 1 1 1\n"
                + "7 8\t9 4 5 6\r\nsoftware 2.0 -1e3 7 8 9")
        let list = ["United States", "World War II", "Route 66", "foo", "7 8\t9", "software 2.0 -1e3"]
        #expect(words(vectors) == list && vectors["Route 66"] == [1, 2, 3] && vectors["7 8\t9"] == [4, 5, 6])
        #expect(vectors.loading?.format == .word2vecText)
        // Also in the first row, by which the format is recognized, and in a file of one row.
        #expect(try words(read("2 2\nRoute 66 1 2\nRoute 67 3 4\n")) == ["Route 66", "Route 67"])
        #expect(try words(read("1 2\nRoute 66 1 2\n")) == ["Route 66"])
        try vectors.write(to: folder.path("t"), format: .word2vecText)
        let again = try WordVectors(contentsOf: folder.path("t"))
        #expect(words(again) == list && rows(again) == rows(vectors))
        // Without a first line such a word cannot be told from a value.
        #expect(throws: Word2VecError.self) { try vectors.write(to: folder.path("g"), format: .glove) }
    }

    /// A first line with too few dimensions leaves a value behind each word.
    @Test func aFirstLineWithTooFewDimensionsIsAnError() throws {
        let all = (0..<20).map { "w\($0) 0.5 -1.25 1e-3\n" }.joined()
        for (text, limit) in [("20 2\n" + all, nil), ("20 2\n" + all, 16), ("20 1\n" + all, nil)] as [(String, Int?)] {
            let error = #expect(throws: Word2VecError.self) { try read(text, limit: limit) }
            guard case .malformed(_, .line(1), let found, _) = error, found.contains("a further value in every row")
            else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        #expect(try words(read("21 2\nw 1 2\n" + all)).prefix(2) == ["w", "w0 0.5"])
        // What would be refused so is not written.
        let vectors = try WordVectors(words: ["v 1.5", "v 2.5"], vectors: [[1], [2]])
        #expect(throws: Word2VecError.self) { try vectors.write(to: folder.path("t"), format: .word2vecText) }
    }

    @Test func aValueTooManyIsAnErrorWithoutAFirstLine() throws {
        let error = #expect(throws: Word2VecError.self) { try read("a 1 2\nb 1 2 3\n") }
        guard case .malformed(_, .line(2), "more than 2 values", let expected) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(expected.contains("first line"))
    }

    @Test func linesEndAsTheyLike() throws {
        let vectors = try read("a 1 2 \r\nb\t3\t4\r\n\r\n\n")
        #expect(words(vectors) == ["a", "b"] && rows(vectors) == [[1, 2], [3, 4]])
    }

    @Test func onlyTheFirstRowsAreRead() throws {
        let vectors = try read("3 1\na 1\nb 2\nc oops\n", limit: 2)
        #expect(words(vectors) == ["a", "b"] && vectors.loading?.rows == 2)
        #expect(try read("a 1\nb 2\nc oops\n", limit: 1).count == 1)
        #expect(try read("a 1\nb 2\n", limit: 100).count == 2)
        #expect(try read("a 1\nb 2\n", limit: 0).count == 0)
        #expect(throws: Word2VecError.self) { try read("a 1\nb 2\n", limit: -1) }
    }

    @Test func valuesThatAreNoNumbersAreReadAsTheyAre() throws {
        let vectors = try read("3 2\na nan 1\nb inf -inf\nc 3.4028235e38 1e-99\n")
        #expect(vectors["a"]?[0].isNaN == true && vectors["b"] == [.infinity, -.infinity])
        #expect(vectors["c"] == [.greatestFiniteMagnitude, 0])
        #expect(try vectors.neighbors(of: "a", count: 2).allSatisfy { $0.similarity == 0 })
    }

    @Test func aNumberThatNoFloatCanHoldIsAnError() throws {
        for number in ["1e99", "-3.4028236e38", "400000000000000000000000000000000000000"] {
            let error = #expect(throws: Word2VecError.self) { try read("2 2\na 1 2\nb 1 \(number)\n") }
            guard case .malformed(_, .line(3), "'\(number)'", let expected) = error, expected.contains("float32") else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test(arguments: [VectorFormat.word2vecText, .glove])
    func theShortestNumbersKeepEveryBit(format: VectorFormat) throws {
        var random = SeededGenerator(seed: 1)
        let written = try WordVectors(
            words: (0..<40).map { "w o \($0)x" },
            vectors: (0..<40).map { _ in
                (0..<9).map { _ in Float(bitPattern: UInt32.random(in: 0...0x7F00_0000, using: &random)) }
            })
        try written.write(to: folder.path("t"), format: format)
        let vectors = try WordVectors(contentsOf: folder.path("t"))
        #expect(vectors.loading?.format == format)
        #expect(words(vectors) == words(written) && rows(vectors) == rows(written))
    }

    @Test func aMillionBytesOfAWord() throws {
        let long = String(repeating: "x", count: 1 << 20)
        let vectors = try read("2 2\n\(long) 1 2\nb 3 4\n")
        #expect(vectors.rank(of: long) == 0 && vectors["b"] == [3, 4])
        try vectors.write(to: folder.path("b"), format: .word2vecBinary)
        try vectors.write(to: folder.path("s"), format: .safetensors)
        for name in ["b", "s"] {
            #expect(try words(WordVectors(contentsOf: folder.path(name))) == [long, "b"])
        }
    }

    @Test func theProjectorsTwoFiles() throws {
        let vectors = try WordVectors(words: ["a", "b c"], vectors: [[1, 0.5], [-2, 1e-9]])
        try vectors.write(to: folder.path("v.tsv"), format: .projector)
        #expect(try text(of: folder.path("v.tsv")) == "1.0\t0.5\n-2.0\t1e-09\n")
        #expect(try text(of: folder.path("v.metadata.tsv")) == "a\nb c\n")
        #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: folder.path("v.tsv"), format: .projector) }
    }

    /// The projector skips lines that are blank after JavaScript's `trim`: every word gets a line that is not.
    @Test func theProjectorGetsAsManyLabelsAsVectors() throws {
        let blanks = ["", " ", "\t", "\n", "\r", "\u{B}\u{C}", "\u{A0}", "\u{85}", "\u{1680}", "\u{2003} "]
        let more = ["\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}", "\u{3000}", "\u{FEFF}", "\u{200B}"]
        let list = blanks + more + ["a", "<U+00A0>", "<<U+00A0>>", "<empty>", " b", "c\u{A0}"]
        let vectors = try WordVectors(words: list, vectors: list.map { _ in [1, 2] })
        try vectors.write(to: folder.path("v.tsv"), format: .projector)
        let written = try text(of: folder.path("v.metadata.tsv"))
        #expect(written.utf8.last == UInt8(ascii: "\n"))
        let labels = written.utf8.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        #expect(labels.count == list.count && Set(labels).count == list.count)
        #expect(labels.suffix(6) == list.suffix(6))
        let trimmed: Set<UInt32> = Set([0x20, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF])
            .union(9...13).union(0x2000...0x200A)
        #expect(labels.allSatisfy { !$0.unicodeScalars.allSatisfy { trimmed.contains($0.value) } })
        #expect(labels[0] == "<<empty>>" && labels[2] == "<U+0009>" && labels[6] == "<<<U+00A0>>>")
        #expect(labels[5] == "<U+000B U+000C>")
    }

    static let unwritable: [(VectorFormat, String)] = [
        (.word2vecBinary, "a b"), (.word2vecBinary, "a\nb"), (.word2vecText, "a\nb"), (.word2vecText, "a "),
        (.word2vecText, "\ta"), (.glove, "windows 95"), (.numpy, "a\nb"), (.numpy, "a\r"), (.projector, "a\tb"),
    ]

    @Test(arguments: unwritable.indices)
    func aWordWithoutAPlaceInAFormatIsAnErrorBeforeAnythingIsWritten(index: Int) throws {
        let (format, word) = Self.unwritable[index]
        let vectors = try WordVectors(words: ["fine", word], vectors: [[1], [2]])
        let error = #expect(throws: Word2VecError.self) { try vectors.write(to: folder.path("v"), format: format) }
        #expect("\(String(describing: error))".contains("row 2"))
        #expect(try folder.names == [])
        // The native format takes them all.
        try vectors.write(to: folder.path("v"), format: .safetensors)
        #expect(try words(WordVectors(contentsOf: folder.path("v"))) == ["fine", word])
    }
}

/// All words, and all rows.
func words(_ vectors: WordVectors) -> [String] { (0..<vectors.count).map { vectors.word(at: $0) } }
func rows(_ vectors: WordVectors) -> [[Float]] { (0..<vectors.count).map { vectors.vector(at: $0) } }
