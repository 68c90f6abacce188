import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct ClassifierFileTests {
    private let folder = try! TemporaryFolder()
    private static let vectors = try! WordVectors(
        words: ["sun", "rain", "day"], vectors: [[1.25, 0.5], [-1, 0.3333333], [0, -9.1234567]])

    private func classifier(_ vectors: WordVectors = vectors) throws -> TextClassifier {
        var options = ClassifierOptions()
        (options.hidden, options.epochs) = (3, 2)
        return try TextClassifier.train(
            on: LabeledText([("fine", "sun day"), ("wét", "rain day"), ("fine", "sun")]), vectors: vectors,
            options: options)
    }

    private func written() throws -> [UInt8] {
        try classifier().write(to: folder.path("model"))
        return try bytes(of: folder.path("model"))
    }

    @Test func whatIsWrittenIsReadBitForBit() throws {
        let classifier = try classifier()
        try classifier.write(to: folder.path("model"))
        let read = try TextClassifier(contentsOf: folder.path("model"), vectors: Self.vectors)
        #expect(read.labels == ["fine", "wét"] && read.network == classifier.network)
        #expect(read.standardization == classifier.standardization)
        #expect(try read.predict("sun rain") == classifier.predict("sun rain"))
        #expect(read.losses.isEmpty && read.trainingCoverage == nil)
        try read.write(to: folder.path("again"))
        #expect(try bytes(of: folder.path("again")) == bytes(of: folder.path("model")))
        #expect(try folder.names == ["again", "model"])
    }

    @Test func otherVectorsAreRefused() throws {
        try classifier().write(to: folder.path("model"))
        func error(_ vectors: WordVectors) -> String? {
            #expect(throws: Word2VecError.self) {
                try TextClassifier(contentsOf: folder.path("model"), vectors: vectors)
            }?.description
        }
        let wide = try WordVectors(words: ["sun"], vectors: [[1, 2, 3]])
        #expect(
            error(wide)
                == "vectors must be the 2 dimensions that \(folder.path("model")) was trained with, found 3 dimensions")
        let rows = (0..<3).map(Self.vectors.vector(at:))
        for (words, rows) in [
            (["sun", "rain", "daz"], rows), (["rain", "sun", "day"], rows), (["sun", "rain"], Array(rows[..<2])),
            (["sun", "rain", "day"], [rows[0], rows[1], [0, -9.12346]]),
        ] {
            let others = try WordVectors(words: words, vectors: rows)
            #expect(
                error(others)
                    == """
                    vectors must be those that \(folder.path("model")) was trained with, found different ones with the same number \
                    of dimensions
                    """)
            let forced = try TextClassifier(
                contentsOf: folder.path("model"), vectors: others, allowsOtherVectors: true)
            #expect(try forced.predict("sun")?.label != nil)
        }
    }

    /// The six decimals of a text file are the same vectors, as far as a classifier is concerned.
    @Test func binaryAndTextVectorsAreTheSame() throws {
        var random = SeededGenerator(seed: 8)
        let words = ["sun", "rain", "day"] + (0..<300).map { "w\($0)" }
        let vectors = try WordVectors(
            words: words,
            vectors: words.indices.map { row in
                (0..<9).map { _ in Float.random(in: -1...1, using: &random) * [1e-7, 1e-3, 1, 12, 1e5][row % 5] }
            })
        #expect(vectors["sun"] != nil)
        try classifier(vectors).write(to: folder.path("model"))
        for (name, format) in [("v.txt", VectorFormat.word2vecText), ("v.bin", .word2vecBinary)] {
            try vectors.write(to: folder.path(name), format: format)
            let read = try WordVectors(contentsOf: folder.path(name))
            _ = try TextClassifier(contentsOf: folder.path("model"), vectors: read)
        }
    }

    // MARK: Hostile files

    /// The file with other bytes at a place, and the checksum that these have.
    private func changed(_ bytes: [UInt8], at place: Int, to new: [UInt8]) -> [UInt8] {
        var body = Array(bytes.dropLast(8))
        body.replaceSubrange(place..<place + new.count, with: new)
        var hash = FNV1a()
        hash.combine(body)
        return body + (0..<8).map { UInt8(truncatingIfNeeded: hash.value >> (8 * $0)) }
    }

    private func error(of bytes: [UInt8]) throws -> String {
        let path = try folder.file("hostile", bytes)
        let error = #expect(throws: Word2VecError.self) {
            try TextClassifier(contentsOf: path, vectors: Self.vectors)
        }
        guard case .malformed = error else { return "\(String(describing: error))" }
        return String(error?.description.dropFirst(path.count) ?? "")
    }

    @Test func everyByteThatIsChangedOrMissingIsNoticed() throws {
        let bytes = try written()
        for i in bytes.indices {
            var damaged = bytes
            damaged[i] ^= 0x10
            #expect(try error(of: damaged).hasPrefix(", byte "), "byte \(i)")
            #expect(try error(of: Array(bytes[..<i])).hasPrefix(", byte "), "cut at \(i)")
        }
        #expect(
            try error(of: bytes + [0]).contains("expected 21 floats of 4 bytes and a checksum of 8, found 93 bytes"))
    }

    /// Places: version 8, D 12, H 16, Dy 20, fingerprint 24, labels 32 (4 + 4 bytes) and 40 (4 + 4), floats 48.
    @Test func impossibleContentIsNamedWithItsPlace() throws {
        let bytes = try written()
        let most: [UInt8] = [255, 255, 255, 255]
        let cases: [(place: Int, new: [UInt8], expected: String)] = [
            (
                0, Array("w".utf8),
                "byte 0: expected a classifier of w2v-c, which begins with W2VCLASS, found 'w2VCLASS'"
            ),
            (8, [2], "byte 8: expected version 1 of the format, found 2"),
            (12, [0], "byte 12: expected a number of dimensions from 1 to 1073741824, found 0"),
            (12, most, "byte 12: expected a number of dimensions from 1 to 1073741824, found 4294967295"),
            (16, [0], "byte 16: expected a number of hidden units from 1 to 1073741824, found 0"),
            (
                16, [255, 255, 255, 63],
                "byte 48: expected 5368709121 floats of 4 bytes and a checksum of 8, found 92 bytes"
            ),
            (20, [1], "byte 20: expected a number of labels from 2 to 1073741824, found 1"),
            (20, [3], "byte 52: expected a label of "),
            (32, [0], "byte 32: expected the length of a label, above 0, found 0"),
            (32, most, "byte 36: expected a label of 4294967295 bytes, found the end of the file"),
            (
                40, [4, 0, 0, 0] + Array("fine".utf8),
                "byte 44: expected a label that none before is, found 'fine' again"
            ),
            (48, [0, 0, 0xC0, 0x7F], "byte 48: expected a finite number, found nan"),
            (128, [0, 0, 0x80, 0xFF], "byte 128: expected a finite number, found -inf"),
        ]
        for (place, new, expected) in cases {
            #expect(try error(of: changed(bytes, at: place, to: new)).hasPrefix(", " + expected), "\(expected)")
        }
        // All sizes at their largest: no such number of floats.
        var huge = changed(bytes, at: 12, to: [0, 0, 0, 64, 0, 0, 0, 64])
        #expect(try error(of: huge).contains("byte 48: expected"))
        huge = []
        #expect(try error(of: huge).contains("byte 0: expected a classifier"))
    }

    @Test func whatCannotBeReadOrWrittenIsNamed() throws {
        let missing = #expect(throws: Word2VecError.self) {
            try TextClassifier(contentsOf: folder.path("missing"), vectors: Self.vectors)
        }
        #expect(missing?.description.contains("missing: cannot be read") == true)
        let classifier = try classifier()
        #expect(throws: Word2VecError.self) { try classifier.write(to: folder.path) }
        #expect(throws: Word2VecError.self) { try classifier.write(to: "/no/such/folder/model") }
    }
}
