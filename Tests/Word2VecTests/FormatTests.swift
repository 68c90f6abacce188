import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct DecimalTextTests {
    private func printed(_ value: Float) -> String {
        var bytes: [UInt8] = []
        DecimalText.append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func valuesPrintAsPrintfPrintsThem() {
        var random = SeededGenerator(seed: 1)
        var values: [Float] = [
            0, -0.0, 0.5, -0.5, 1, 0.0000005, 0.0000015, 0.0000025, -0.0000001, 123456.789, 1e10, 9.2e12, 9.3e12, 1e20,
            .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, -.infinity, 0.9999995, 0.99999949, 2.5e-7,
        ]
        // Exact ties: odd multiples of 2^-7 are ties in the seventh decimal.
        values += (0..<200).map { Float(2 * $0 + 1) / 128 }
        values += (0..<20_000).map { _ in Float.random(in: -2...2, using: &random) }
        values += (0..<20_000).map { _ in Float(bitPattern: UInt32.random(in: 0...0x7F7F_FFFF, using: &random)) }
        for value in values { #expect(printed(value) == String(format: "%f", Double(value))) }
        #expect(printed(.nan) == "nan")
    }

    @Test func numbersReadAsTheNearestFloat() {
        var random = SeededGenerator(seed: 2)
        var texts = [
            "0", "-0", "1", "-1.5", "0.1", "16777217", "16777216.0", "1e10", "-2.5E-3", "0.000000000001", "123456789",
            "1.00000005960464477539", "3.4e38", ".5", "5.", "-.25", "0.0000000001",
        ]
        texts += (0..<20_000).map { _ in String(format: "%f", Double.random(in: -20...20, using: &random)) }
        texts += (0..<5_000).map { _ in "\(Float.random(in: -1...1, using: &random))" }
        for text in texts {
            #expect(DecimalText.float(text.utf8) == strtof(text, nil), "\(text)")
        }
        for text in ["", "-", ".", "-.", "1.2.3", "abc", "1x", "--1", "+", "e5", "1 2", "1e", "1e+", "1e5x", "1e1.5"] {
            #expect(DecimalText.float(text.utf8) == nil, "\(text)")
        }
    }

    @Test func numbersBetweenTwoFloatsReadAsTheNearest() {
        // Halfway between two floats, and a little to either side: 54 bits and more, which a double rounds to halfway.
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let value = Float.random(in: 0.001...1000, using: &random)
            let middle = (Double(value) + Double(value.nextUp)) / 2
            let digits = String(format: "%.60f", middle)
            for text in [
                digits, digits + "1", String(format: "%.17g", middle), String(format: "%.17g", middle.nextDown),
            ] {
                #expect(DecimalText.float(text.utf8) == strtof(text, nil), "\(text)")
            }
        }
        for text in [
            "1e-45", "1.4e-45", "1.17549435e-38", "1.1754942e-38", "3.4028235e38", "3.4028236e38", "1e39", "1e-60",
        ] {
            #expect(DecimalText.float(text.utf8) == strtof(text, nil), "\(text)")
        }
    }

    @Test func theShortestTextReadsBackAsTheSameFloat() {
        var random = SeededGenerator(seed: 4)
        var values: [Float] = [0, -0.0, 0.1, 1e-7, 16_777_216, 3.4e38, .leastNonzeroMagnitude, .infinity, -.infinity]
        values += (0..<20_000).map { _ in Float(bitPattern: UInt32.random(in: 0...0x7F7F_FFFF, using: &random)) }
        for value in values {
            var bytes: [UInt8] = []
            DecimalText.appendShortest(value, to: &bytes)
            #expect(DecimalText.float(bytes)?.bitPattern == value.bitPattern)
            #expect(strtof(String(decoding: bytes, as: UTF8.self), nil) == value)
        }
        #expect(DecimalText.float("nan".utf8)?.isNaN == true)
    }
}

@Suite struct VectorFormatTests {
    private let folder = try! TemporaryFolder()

    private func vectors(words: Int = 20, dimensions: Int = 7, seed: UInt64 = 1) throws -> WordVectors {
        var random = SeededGenerator(seed: seed)
        return try WordVectors(
            words: (0..<words).map { $0 == 0 ? "</s>" : "wörd\($0)" },
            vectors: (0..<words).map { _ in
                (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) }
            })
    }

    @Test(arguments: [1, 2, 7, 16, 17, 100])
    func binaryFilesKeepEveryBit(dimensions: Int) throws {
        let written = try vectors(dimensions: dimensions)
        try written.write(to: folder.path("v"), format: .word2vecBinary)
        let read = try WordVectors(contentsOf: folder.path("v"))
        #expect(rows(read) == rows(written) && words(read) == words(written))
    }

    @Test(arguments: [1, 2, 7, 16, 17, 100])
    func textFilesKeepSixDecimals(dimensions: Int) throws {
        let written = try vectors(dimensions: dimensions)
        try written.write(to: folder.path("v"), format: .word2vecText, numbers: .sixDecimals)
        let read = try WordVectors(contentsOf: folder.path("v"))
        #expect(words(read) == words(written))
        for (a, b) in zip(rows(read).joined(), rows(written).joined()) { #expect(abs(a - b) <= 0.000_000_6) }
        // What was read is written again byte for byte.
        try read.write(to: folder.path("w"), format: .word2vecText, numbers: .sixDecimals)
        #expect(try bytes(of: folder.path("v")) == bytes(of: folder.path("w")))
    }

    @Test func theFormatIsKnownByItsContentWhateverTheName() throws {
        let written = try vectors()
        try written.write(to: folder.path("v.txt"), format: .word2vecBinary)
        try written.write(to: folder.path("v.bin"), format: .word2vecText)
        #expect(try rows(WordVectors(contentsOf: folder.path("v.txt"))) == rows(written))
        #expect(try WordVectors(contentsOf: folder.path("v.bin")).count == written.count)
    }

    @Test func theBytesAreTheOriginals() throws {
        let vectors = try WordVectors(words: ["</s>", "a"], vectors: [[1, -0.5], [0.25, 1e-7]])
        try vectors.write(to: folder.path("t"), format: .word2vecText, numbers: .sixDecimals)
        #expect(
            try text(of: folder.path("t")) == "2 2\n</s> 1.000000 -0.500000 \na 0.250000 0.000000 \n")
        try vectors.write(to: folder.path("b"), format: .word2vecBinary)
        let expected: [UInt8] =
            Array("2 2\n</s> ".utf8) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xBF, 10] + Array("a ".utf8)
            + [0, 0, 0x80, 0x3E, 0x95, 0xBF, 0xD6, 0x33, 10]
        #expect(try bytes(of: folder.path("b")) == expected)
    }

    @Test func rowsWithoutNewlinesAndWithoutTrailingSpacesAreRead() throws {
        let binary: [UInt8] = Array("2 1\n</s> ".utf8) + [0, 0, 0x80, 0x3F] + Array("a ".utf8) + [0, 0, 0, 0x40]
        let read = try WordVectors(contentsOf: folder.file("b", binary))
        #expect(words(read) == ["</s>", "a"] && rows(read) == [[1], [2]])
        let text = try WordVectors(contentsOf: folder.file("t", "2 2\r\n</s> 1 2\r\na\t-3e-1 4"))
        #expect(words(text) == ["</s>", "a"] && rows(text) == [[1, 2], [-0.3, 4]])
    }

    static let malformed: [(name: String, bytes: [UInt8], place: Word2VecError.Place)] = [
        ("empty file", [], .line(1)),
        ("no header", Array("hello".utf8), .line(1)),
        ("one number", Array("5\na 1 2\n".utf8), .line(1)),
        ("words for numbers", Array("five two\na 1 2\n".utf8), .line(1)),
        ("negative rows", Array("-1 2\na 1 2\n".utf8), .line(1)),
        ("no dimensions", Array("1 0\na \n".utf8), .line(1)),
        ("rows that do not fit", Array("1000000000 300\na 1 2\n".utf8), .line(1)),
        ("rows that overflow", Array("9223372036854775807 9223372036854775807\na 1 2\n".utf8), .line(1)),
        ("dimensions that overflow", Array("1 9223372036854775807\na 1 2\n".utf8), .line(1)),
        ("too few values in a later row", Array("2 3\na 1 2 3\nb 1 2\nxxxxxx".utf8), .line(3)),
        ("too many values in a later row", Array("a 1 2\nb 1 2 3\n".utf8), .line(2)),
        ("no number in a later row", Array("2 2\na 1 2\nb 1 x\n".utf8), .line(3)),
        ("no rows, of too many values", Array("0 922337072\n".utf8), .line(1)),
        ("a missing row", Array("2 2\na 1.000000 2.000000\n".utf8), .line(3)),
        ("a value that is a word", Array("2 2\na 1 2\nb c 2\n".utf8), .line(3)),
        ("a blank line between rows", Array("3 2\na 1 2\n\nb 1 2\nc 1 2 \n".utf8), .line(3)),
        ("more rows than told", Array("1 2\na 1 2\nb 1 2\n".utf8), .line(3)),
        ("a binary row cut short", Array("1 4\na ".utf8) + [0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F, 0, 0], .line(1)),
        ("a binary word without end", Array("1 2\n".utf8) + Array(repeating: 0xFF, count: 40), .byte(4)),
        (
            "dimensions one too low: words that hold line ends",
            Array("2 1\na ".utf8) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 10] + Array("b ".utf8)
                + [0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x3F, 10],
            .byte(10)
        ),
        ("more binary rows than told", Array("1 1\na ".utf8) + [0, 0, 0x80, 0x3F, 10, 98, 32, 0, 0, 0, 0], .byte(10)),
        ("neither numbers nor vectors", Array("the quick brown fox\njumps\n".utf8), .line(1)),
    ]

    @Test(arguments: malformed.indices)
    func malformedFilesAreRefusedWithTheirPlace(index: Int) throws {
        let (name, content, place) = Self.malformed[index]
        let error = #expect(throws: Word2VecError.self, "\(name)") {
            try WordVectors(contentsOf: folder.file("v", content))
        }
        guard case .malformed(_, place, _, _) = error else {
            Issue.record("\(name): \(String(describing: error))")
            return
        }
    }
}

@Suite struct OutputFileTests {
    private let folder = try! TemporaryFolder()

    @Test func anUnfinishedFileLeavesTheOldOneAndNothingElse() throws {
        let path = try folder.file("f", "old")
        do {
            let file = try OutputFile(path: path)
            try file.write("new".utf8)
        }
        #expect(try text(of: path) == "old")
        #expect(try folder.names == ["f"])
    }

    @Test func aCommittedFileReplacesTheOldOneAndKeepsItsMode() throws {
        let path = try folder.file("f", "old")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let file = try OutputFile(path: path)
        try file.write("new".utf8)
        try file.commit()
        #expect(try text(of: path) == "new")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        #expect(try folder.names == ["f"])
    }

    @Test func aSymbolicLinkStaysOne() throws {
        let path = try folder.file("real", "old")
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: path)
        let file = try OutputFile(path: folder.path("link"))
        try file.write("new".utf8)
        try file.commit()
        #expect(try text(of: path) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link")) == path)
    }

    @Test func aDeviceIsWrittenInPlace() throws {
        let file = try OutputFile(path: "/dev/null")
        try file.write("new".utf8)
        try file.commit()
        let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        #expect(type == .typeCharacterSpecial)
    }

    @Test func whatCannotBeWrittenIsFoundOutBeforehand() throws {
        for path in [
            folder.path("no/such/folder"), folder.path, "", folder.path(String(repeating: "x", count: 300)),
            "/proc/nothing-can-be-created-here",
        ] {
            #expect(throws: Word2VecError.self, "\(path)") { try OutputPath.checkWritable(path) }
        }
        try OutputPath.checkWritable(folder.path("fine"))
        #expect(try folder.names == [])
    }

    @Test func theSameFileIsKnownUnderTwoNames() throws {
        let path = try folder.file("f", "x")
        #expect(OutputPath.isSame(path, folder.path + "/./f"))
        #expect(!OutputPath.isSame(path, folder.path("g")))
        #expect(OutputPath.isSame(folder.path("g"), folder.path("g")))
        #expect(!OutputPath.isSame("/dev/null", "/dev/null"))
    }

    /// Whoever begins to write a file removes what a process left that was killed just before it renamed its own.
    @Test func whatAKilledProcessLeftIsRemoved() throws {
        let path = folder.path("f")
        let leftOver = (OutputFile.intermediateName(for: path) as NSString).lastPathComponent
        _ = try folder.file(leftOver, "left over")
        try OutputPath.checkWritable(path)
        #expect(try folder.names == [])

        let file = try OutputFile(path: path)
        _ = try folder.file(leftOver, "left over by one that wrote at the same time")
        try file.write("new".utf8)
        try file.commit()
        #expect(try text(of: path) == "new")
        #expect(try folder.names == ["f"])
    }

    @Test func manyWriteOneFileAndItIsAlwaysWhole() throws {
        let path = folder.path("f")
        let contents = (0..<4).map { [UInt8](repeating: UInt8($0), count: 1000 + $0) }
        DispatchQueue.concurrentPerform(iterations: contents.count) { writer in
            for _ in 0..<50 {
                do {
                    let file = try OutputFile(path: path)
                    try file.write(contents[writer])
                    try file.commit()
                    let found = try bytes(of: path)
                    #expect(contents.contains(found))
                } catch {
                    Issue.record("\(error)")
                }
            }
        }
        #expect(try folder.names == ["f"])
    }

    @Test func aLargeFileArrivesWhole() throws {
        let file = try OutputFile(path: folder.path("f"))
        for _ in 0..<1000 { try file.write([UInt8](repeating: 7, count: 1021)) }
        try file.commit()
        #expect(try bytes(of: folder.path("f")) == [UInt8](repeating: 7, count: 1_021_000))
    }
}
