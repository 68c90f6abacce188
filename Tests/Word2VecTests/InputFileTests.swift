import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Files from outside come in by one way, whatever reads them.
@Suite struct InputFileTests {
    private let folder = try! TemporaryFolder()

    private func error(_ body: () throws -> Void) -> Word2VecError? {
        do {
            try body()
            return nil
        } catch {
            return error as? Word2VecError
        }
    }

    private func utf16(_ text: [UInt8], littleEndian: Bool) -> [UInt8] {
        String(decoding: text, as: UTF8.self).utf16.flatMap { unit -> [UInt8] in
            let (low, high) = (UInt8(unit & 0xFF), UInt8(unit >> 8))
            return littleEndian ? [low, high] : [high, low]
        }
    }

    private func utf32(_ text: [UInt8], littleEndian: Bool) -> [UInt8] {
        String(decoding: text, as: UTF8.self).unicodeScalars.flatMap { scalar -> [UInt8] in
            let bytes: [UInt8] = [0, 8, 16, 24].map { (shift: UInt32) in
                UInt8(truncatingIfNeeded: scalar.value >> shift)
            }
            return littleEndian ? bytes : bytes.reversed()
        }
    }

    @Test(arguments: FileReader.ofText)
    func aByteOrderMarkIsSkippedByEveryReader(reader: FileReader) throws {
        let plain = try reader.read(folder.file("plain", reader.text))
        #expect(try reader.read(folder.file("marked", ByteView.byteOrderMark + reader.text)) == plain)
        #expect(!plain.contains("\u{FEFF}"))
    }

    @Test(arguments: FileReader.ofText)
    func allLineEndsAreRead(reader: FileReader) throws {
        let plain = try reader.read(folder.file("plain", reader.text))
        for lineEnd in [[13, 10], [13]] as [[UInt8]] {
            let text = reader.text.flatMap { $0 == 10 ? lineEnd : [$0] }
            #expect(try reader.read(folder.file("text", text)) == plain, "\(lineEnd)")
        }
        // Mixed, and the last line without an end.
        var count = 0
        let mixed = reader.text.dropLast().flatMap { byte -> [UInt8] in
            guard byte == 10 else { return [byte] }
            count += 1
            return [[13], [13, 10], [10]][count % 3]
        }
        #expect(try reader.read(folder.file("mixed", mixed)) == plain)
    }

    @Test(arguments: FileReader.ofText)
    func markedUTF16AndUTF32AreNamedWithTheCommandThatConvertsThem(reader: FileReader) throws {
        let files: [(String, String, [UInt8])] = [
            ("UTF-16LE", "UTF-16", [0xFF, 0xFE] + utf16(reader.text, littleEndian: true)),
            ("UTF-16BE", "UTF-16", [0xFE, 0xFF] + utf16(reader.text, littleEndian: false)),
            ("UTF-32LE", "UTF-32", [0xFF, 0xFE, 0, 0] + utf32(reader.text, littleEndian: true)),
            ("UTF-32BE", "UTF-32", [0, 0, 0xFE, 0xFF] + utf32(reader.text, littleEndian: false)),
        ]
        for (encoding, family, bytes) in files {
            let path = try folder.file("file", bytes)
            let error = error { _ = try reader.read(path) }
            #expect(error?.description.contains("byte order mark of \(encoding)") == true, "\(encoding)")
            #expect(error?.description.contains("iconv -f \(family) -t UTF-8 \(path)") == true)
            #expect(error?.description.hasPrefix(path) == true)
        }
    }

    @Test(arguments: FileReader.ofText)
    func unmarkedUTF16IsGuessedFromItsZeros(reader: FileReader) throws {
        for (encoding, bytes) in [
            ("UTF-16LE", utf16(reader.text, littleEndian: true)), ("UTF-16BE", utf16(reader.text, littleEndian: false)),
            ("UTF-32LE", utf32(reader.text, littleEndian: true)), ("UTF-32BE", utf32(reader.text, littleEndian: false)),
        ] {
            let path = try folder.file("file", bytes)
            let error = error { _ = try reader.read(path) }
            #expect(error?.description.contains("as in \(encoding) without") == true, "\(String(describing: error))")
            #expect(error?.description.contains("iconv -f \(encoding) -t UTF-8 \(path)") == true)
        }
    }

    /// A kind of file, and what its error says.
    private static let kinds: [(name: String, bytes: [UInt8], says: String)] = [
        ("zip", [0x50, 0x4B, 3, 4, 20, 0], "unzip"), ("empty zip", [0x50, 0x4B, 5, 6, 0, 0], "a zip archive"),
        ("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], "7z x"),
        ("rar", Array("Rar!".utf8) + [0x1A, 7, 1, 0], "unrar x"),
        ("tar", [UInt8](repeating: 97, count: 257) + Array("ustar\u{0}00".utf8) + [0], "tar -xf"),
        ("lz4", [0x04, 0x22, 0x4D, 0x18, 0x64], "lz4 -dc"), ("lzip", Array("LZIP".utf8) + [1, 20], "lzip -dc"),
        ("compress", [0x1F, 0x9D, 0x90], "gzip -dc"),
        ("fastText", [0xBA, 0x16, 0x4F, 0x2F, 12, 0, 0, 0], ".vec file"),
        ("pickle 2", [0x80, 2, 0x63, 0x67, 0x65], "a Python pickle"),
        ("pickle 4", [0x80, 4, 0x95, 1, 2, 3], "save_word2vec_format"),
        ("HDF5", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0], "an HDF5 file"),
        ("Parquet", Array("PAR1".utf8) + [0x15, 0], "a Parquet file"),
        ("Arrow", Array("ARROW1\0\0".utf8), "an Arrow file"),
        ("SQLite", Array("SQLite format 3\0".utf8), "an SQLite database"),
        ("PDF", Array("%PDF-1.7\n%".utf8) + [0xE2, 0xE3], "pdftotext"),
        ("Office", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "a Microsoft Office file"),
    ]

    @Test(arguments: FileReader.ofText)
    func otherKindsOfFilesAreNamedByEveryReader(reader: FileReader) throws {
        for (name, bytes, says) in Self.kinds {
            // Behind the signature anything may stand.
            let path = try folder.file("it's \(name)", bytes + reader.text)
            let error = error { _ = try reader.read(path) }
            #expect(error?.description.contains(says) == true, "\(name): \(String(describing: error))")
            #expect(error?.description.contains("byte 0") == true)
            #expect(error?.description.contains(path) == true)
        }
    }

    @Test(arguments: FileReader.ofText.filter { !["word2vec text", "GloVe text"].contains($0.name) })
    func vectorsInBinaryAreNoText(reader: FileReader) throws {
        for file in FileReader.ofBinary where file.name != "word2vec binary" {
            let path = try folder.file("file", file.text)
            let error = error { _ = try reader.read(path) }
            #expect(error != nil, "\(file.name) read as \(reader.name)")
        }
        let array = try folder.file("array.npy", FileReader.ofBinary[2].text)
        #expect(error { _ = try Corpus(contentsOf: array) }?.description.contains("a NumPy array") == true)
        let tensors = try folder.file("tensors", FileReader.ofBinary[1].text)
        #expect(error { _ = try Corpus(contentsOf: tensors) }?.description.contains("a safetensors file") == true)
    }

    @Test func whatIsNoVectorsIsNamed() throws {
        for (text, says) in [
            ("\n <!DOCTYPE html>\n<html>", "a web page"), ("<HTML><head>", "a web page"),
            ("<?xml version='1.0'?>", "XML"),
            (
                "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n",
                "git lfs pull"
            ),
            ("{\"king\": [1, 2]}", "JSON"), ("\u{FEFF}<html>", "a web page"),
        ] {
            let path = try folder.file("vectors", text)
            let error = error { _ = try WordVectors(contentsOf: path) }
            #expect(error?.description.contains(says) == true, "\(text): \(String(describing: error))")
        }
        // These are vectors of odd words.
        for text in ["<html> 1 2\n", "version 1 2\n", "{ 1 2\n", "PK 1 2\n", "%PDF 1 2\n", "BZh9 1 2\n", "PAR1 2 3\n"] {
            #expect(try WordVectors(contentsOf: folder.file("vectors", text)).dimensions == 2, "\(text)")
        }
    }

    @Test func textMayBeginWithAnything() throws {
        for text in [
            "<html>", "version https://git-lfs.github.com/spec/v1", "{ a }", "PK a", "BZh9 a", "BZh91AY&SX", "\u{1F} a",
            "%PDF", "Rar! a", "PAR1 a", "ustar a", "\u{1F}\u{8B} a", "\u{FFFD}", "zip", "(\u{B5}/", "LZIP a", "7z",
            "]a",
            "\0a\0b\0c\0d e f\0", "ARROW1 a", "3 2", "{\u{22}a\u{22}: 1}",
        ] {
            let path = try folder.file("text", text)
            for threads in [1, 2] {
                let found = try Reading(
                    Corpus(contentsOf: path).encoded(
                        rules: .standard, minimumCount: 1, vocabulary: nil, threads: threads))
                let expected = tokensByTheBook(
                    Array(text.utf8), longest: 1024, keepsLastWord: true, original: false)
                #expect(
                    found.tokens == expected.map { String(decoding: $0, as: UTF8.self) }, "\(text.debugDescription)")
            }
        }
    }

    @Test func safetensorsWhoseLengthLooksLikeSomethingElseAreRead() throws {
        // Lengths of a header whose bytes are those of gzip, and of a mark of UTF-16 and UTF-32.
        for length in [0x8B1F + 0x080000, 0xFEFF] {
            let start = #"{"__metadata__":{"words":"a"},"x":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}"#
            let header = start + String(repeating: " ", count: length - start.utf8.count)
            let bytes =
                (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + [0, 0, 0, 64]
            let vectors = try WordVectors(contentsOf: folder.file("v", bytes))
            #expect(words(vectors) == ["a"] && rows(vectors) == [[2]])
        }
    }

    /// Files without a first line of their own begin with the first word: one that would be skipped, or taken for the head of
    /// another kind of file, is not written.
    @Test(arguments: [
        ByteView.byteOrderMark + Array("king".utf8), ByteView.byteOrderMark, [0x1F, 0x8B, 0x08], [0xFF, 0xFE, 0x41],
        Array("PK".utf8) + [3, 4], [0x93] + Array("NUMPY".utf8),
    ])
    func aFirstWordThatReadsAsAMarkIsAnError(word: [UInt8]) throws {
        var words = WordTable()
        words.appendNew(word)
        words.appendNew("queen".utf8)
        let matrix = try FloatMatrix(rows: 2, dimensions: 2, for: "test")
        let vectors = WordVectors(words: words, matrix: matrix)
        let list = folder.path("first.words")
        for (format, path) in [(VectorFormat.glove, "first.glove"), (.numpy, "first.npy")] {
            let error = error {
                try vectors.write(to: folder.path(path), format: format, words: format == .numpy ? list : nil)
            }
            guard case .cannotWrite(_, let reason) = error else {
                Issue.record("\(format) was written")
                continue
            }
            #expect(reason.hasPrefix("its first word begins like"))
            #expect(!FileManager.default.fileExists(atPath: folder.path(path)))
        }
        #expect(!FileManager.default.fileExists(atPath: list))
        let vocabulary = Vocabulary(table: words, counts: [2, 1])
        #expect(error { try vocabulary.write(to: folder.path("vocabulary")) } != nil)
        // Behind a first line of the format's own, or in binary, every such word comes back.
        for format in [VectorFormat.word2vecBinary, .word2vecText, .safetensors] {
            let path = folder.path("whole")
            try vectors.write(to: path, format: format)
            #expect(try Array(WordVectors(contentsOf: path).words.bytes(at: 0)) == word)
        }
    }

    @Test func aMarkBelongsToTextOnly() throws {
        // A binary file begins with digits.
        let binary = FileReader.ofBinary[0].text
        let path = try folder.file("marked.bin", ByteView.byteOrderMark + binary)
        #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: path) }
        // In the original's corpora it is the head of a word.
        let corpus = try folder.file("corpus", "\u{FEFF}a b\n")
        let found = try Corpus(contentsOf: corpus).encoded(rules: .original, minimumCount: 1, vocabulary: nil)
        #expect(Reading(found).tokens == ["\u{FEFF}a", "b", "</s>"])
    }

    @Test func aStreamMayComeInPiecesOfAnySize() throws {
        for (text, expected) in [
            (#"\357\273\277a b"#, ["a", "b", "</s>"]), (#"\357\273a"#, ["\u{FFFD}a", "</s>"]),
            (#"BZh91AY&S"#, ["BZh91AY&S", "</s>"]), (#"a\r\nb\rc"#, ["a", "</s>", "b", "</s>", "c", "</s>"]),
        ] {
            // A byte at a time, each when the one before was taken.
            let script =
                #"exec 3>"$1"; printf '%b' "$2" | od -An -v -to1 -w1 | while read o; do printf "\\$o" >&3; done"#
            let (path, writer) = try folder.pipe("pipe\(UUID().uuidString)", writtenBy: script, text)
            let found = try Corpus(contentsOf: path).encoded(rules: .standard, minimumCount: 1, vocabulary: nil)
            #expect(Reading(found).tokens == expected, "\(text)")
            writer.waitUntilExit()
        }
    }

    @Test func vectorsAreReadFromAPipe() throws {
        for file in FileReader.ofBinary where file.name != "NumPy" {
            let source = try folder.file("source", file.text)
            let (path, writer) = try folder.pipe("pipe\(UUID().uuidString)", writtenBy: #"cat "$2" > "$1""#, source)
            #expect(try file.read(path) == file.read(source))
            writer.waitUntilExit()
        }
    }

    @Test(arguments: 0..<40)
    func linesAreSplitAlikeInPiecesOfAnySize(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let text = (0..<Int.random(in: 0...3000, using: &random)).map { _ in
            Array("ab\r\n\r\nc".utf8).randomElement(using: &random)!
        }
        var expected: [[UInt8]] = []
        var line: [UInt8]? = nil
        for (place, byte) in text.enumerated() {
            if byte == 10 && place > 0 && text[place - 1] == 13 { continue }
            if byte == 10 || byte == 13 {
                expected.append(line ?? [])
                line = nil
            } else {
                line = (line ?? []) + [byte]
            }
        }
        if let line { expected.append(line) }
        let lines = try LineReader(path: folder.file("text", text))
        var found: [[UInt8]] = []
        while let line = try lines.next() { found.append(Array(line)) }
        #expect(found == expected)

        // The same in memory, where the reader of vectors looks for lines.
        var mapped: [[UInt8]] = []
        try MappedFile(text, name: "text").withView { (view) throws(Word2VecError) in
            var place = 0
            while place < view.endIndex {
                let (line, next) = view.line(at: place)
                mapped.append(Array(line))
                place = next
            }
        }
        #expect(mapped == expected)
    }

    @Test func wordsWithACarriageReturnAreNotWrittenWhereTheyWouldBeLines() throws {
        let vectors = try WordVectors(words: ["a\rb", "c"], vectors: [[1], [2]])
        for (format, name) in [(VectorFormat.word2vecText, "t"), (.glove, "g"), (.numpy, "n.npy")] {
            #expect(throws: Word2VecError.self) { try vectors.write(to: folder.path(name), format: format) }
        }
        for (format, name) in [(VectorFormat.word2vecBinary, "b"), (.safetensors, "s")] {
            try vectors.write(to: folder.path(name), format: format)
            #expect(words(try WordVectors(contentsOf: folder.path(name))) == ["a\rb", "c"])
        }
        let written = try vectors.replacingSpaces(with: "_")
        #expect(words(written) == ["a_b", "c"])
    }
}
