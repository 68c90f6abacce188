import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// A safetensors file of a header, filled up so that the data can be used where they stand, and data.
func safetensors(_ header: String, _ data: [UInt8]) -> [UInt8] {
    let header = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + Array(header.utf8) + data
}

@Suite struct SafetensorsTests {
    private let folder = try! TemporaryFolder()

    /// One row of one value for each word of the string in the metadata, as it stands in JSON.
    private func file(words: String, rows: Int) throws -> String {
        try folder.file(
            "v",
            safetensors(
                """
                {"__metadata__":{"words":"\(words)"},"x":{"dtype":"F32","shape":[\(rows),1],\
                "data_offsets":[0,\(4 * rows)]}}
                """, [UInt8](repeating: 0, count: 4 * rows)))
    }

    @Test(arguments: [1, 3, 16, 50, 300])
    func filesKeepEveryBitAndAreMapped(dimensions: Int) throws {
        var random = SeededGenerator(seed: 1)
        let written = try WordVectors(
            words: (0..<77).map { "wörd\($0)" },
            vectors: (0..<77).map { _ in (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) } })
        try written.write(to: folder.path("v.safetensors"), format: .safetensors)
        let mapped = try WordVectors(contentsOf: folder.path("v.safetensors"))
        let copied = try WordVectors(contentsOf: folder.path("v.safetensors"), loading: .copied)
        #expect(mapped.loading?.storage == .mapped && copied.loading?.storage == .copied)
        for vectors in [mapped, copied] {
            #expect(words(vectors) == words(written) && rows(vectors) == rows(written))
            #expect(vectors.rank(of: "wörd40") == 40 && vectors.rank(of: "nowhere") == nil)
            #expect(
                try vectors.neighbors(of: "wörd3", count: 5).map(\.rank)
                    == written.neighbors(of: "wörd3", count: 5).map(\.rank))
            #expect(try vectors.classes(3).assignment == written.classes(3).assignment)
        }
        // Values stand at a multiple of 64 bytes.
        #expect((try bytes(of: folder.path("v.safetensors")).count - 77 * dimensions * 4) % 64 == 0)
    }

    @Test func aMappedFileThatIsReplacedStaysAsItWas() throws {
        let first = try WordVectors(words: ["a"], vectors: [[1]])
        try first.write(to: folder.path("v"), format: .safetensors)
        let mapped = try WordVectors(contentsOf: folder.path("v"))
        try WordVectors(words: ["b"], vectors: [[2]]).write(to: folder.path("v"), format: .safetensors)
        #expect(words(mapped) == ["a"] && rows(mapped) == [[1]])
        #expect(try words(WordVectors(contentsOf: folder.path("v"))) == ["b"])
    }

    @Test func everyWordComesBack() throws {
        // Quotation marks, backslashes, control bytes, spaces, all lengths around eight, characters of 1 to 4 bytes, nothing.
        var list = [
            "", "\"", "\\", "\\s", "\\x41", " ", "  a  b ", "\n", "\t", "\u{0}", "\u{1F}", "\u{7F}", "ß", "日本", "😀",
            "a\u{301}",
        ]
        list += (1..<40).map { String(repeating: "x", count: $0) }
        list += (1..<40).map { String(repeating: "é", count: $0) + "\"" }
        let written = try WordVectors(words: list, vectors: list.map { _ in [1] })
        try written.write(to: folder.path("v"), format: .safetensors)
        let read = try WordVectors(contentsOf: folder.path("v"))
        #expect(words(read) == list)
        for (rank, word) in list.enumerated() { #expect(read.rank(of: word) == rank, "\(word)") }
        #expect(read.loading?.invalidWords == 0)
        // And what another JSON writer makes of it: escapes for all that is not ASCII.
        let header = try bytes(of: folder.path("v")).dropFirst(8).prefix { $0 != 0 }
        let end = try #require(header.lastIndex(of: UInt8(ascii: "}")))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(header[...end])) as? [String: [String: Any]])
        let string = try #require(object["__metadata__"]?["words"] as? String)
        let ascii = string.utf16.map {
            $0 < 128 && $0 > 31 && $0 != 34 && $0 != 92
                ? String(UnicodeScalar(UInt8($0))) : String(format: "\\u%04x", $0)
        }
        #expect(try words(WordVectors(contentsOf: file(words: ascii.joined(), rows: list.count))) == list)
        #expect(string.split(separator: " ", omittingEmptySubsequences: false).count == list.count)
    }

    @Test func bytesThatAreNoUTF8ComeBack() throws {
        let list: [[UInt8]] = [
            [0xFF], [0x61, 0xC3], [0xC3, 0x28], [0xE2, 0x82], [0x80, 0x80], [0xED, 0xA0, 0x80],
            [0x62, 0xF0, 0x9F, 0x98],
        ]
        var file = Array("\(list.count) 1\n".utf8)
        for word in list { file += word + Array(" ".utf8) + [0, 0, 0x80, 0x3F] }
        try WordVectors(contentsOf: folder.file("b", file)).write(to: folder.path("s"), format: .safetensors)
        let read = try WordVectors(contentsOf: folder.path("s"))
        #expect((0..<read.count).map { Array(read.words.bytes(at: $0)) } == list)
        #expect(read.loading?.invalidWords == list.count && read.loading?.storage == .mapped)
        #expect(read.rank(of: "nothing") == nil)
    }

    /// In the file and in memory, with rows left out and without, beside values of any size.
    @Test func countsComeBack() throws {
        let list = ["</s>", "a", "b", "c", "d"]
        let counts = [0, 1 << 40, 7, 7, 1]
        let written = try WordVectors(words: list, vectors: list.map { [Float($0.utf8.count)] }, counts: counts)
        for precision in VectorPrecision.allCases {
            try written.write(to: folder.path("v"), format: .safetensors, precision: precision)
            for storage in VectorStorage.allCases {
                let read = try WordVectors(contentsOf: folder.path("v"), loading: storage)
                #expect(read.counts == counts && words(read) == list && rows(read) == rows(written))
                #expect(read[1].count == 1 << 40)
                let first = try WordVectors(contentsOf: folder.path("v"), maximumCount: 2, loading: storage)
                #expect(first.counts == [0, 1 << 40])
            }
        }
        // What is made of them keeps the counts, and so does the file that is written then.
        let some = try WordVectors(contentsOf: folder.path("v")).filtered { $0 != "b" }
        try some.write(to: folder.path("w"), format: .safetensors)
        #expect(try WordVectors(contentsOf: folder.path("w")).counts == [0, 1 << 40, 7, 1])
        // Without counts there is one tensor, as before.
        try WordVectors(words: list, vectors: list.map { _ in [1] }).write(to: folder.path("n"), format: .safetensors)
        #expect(try WordVectors(contentsOf: folder.path("n")).counts == nil)
    }

    @Test func countsFollowTheirRowsAndOthersAreIgnored() throws {
        func file(type: String = "I64", shape: String = "[4]", end: Int = 48, _ words: String = "a \\\\xff a b") throws
            -> String
        {
            let header = """
                {"__metadata__":{"words":"\(words)"},"vectors":{"dtype":"F32","shape":[4,1],"data_offsets":[0,16]},\
                "counts":{"dtype":"\(type)","shape":\(shape),"data_offsets":[16,\(end)]}}
                """
            let values: [UInt8] = (1...4).flatMap { [0, 0, $0, 0x3F] as [UInt8] }
            let counts: [UInt8] = (1...4).flatMap { [$0, 0, 0, 0, 0, 0, 0, 0] as [UInt8] }
            return try folder.file("c", safetensors(header, values + counts))
        }
        #expect(try WordVectors(contentsOf: file()).counts == [1, 2, 3, 4])
        #expect(try WordVectors(contentsOf: file(), loading: .copied).counts == [1, 2, 4])
        #expect(try WordVectors(contentsOf: file(), loading: .copied, invalidUTF8: .skip).counts == [1, 4])
        #expect(try WordVectors(contentsOf: file(type: "F64")).counts == nil)
        #expect(try WordVectors(contentsOf: file(shape: "[2,2]")).counts == nil)
        for end in [40, 56] { #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: file(end: end)) } }
    }

    @Test(arguments: [VectorPrecision.float16, .bfloat16])
    func twoBytesRoundToTheNearest(precision: VectorPrecision) throws {
        var random = SeededGenerator(seed: 2)
        let written = try WordVectors(
            words: (0..<30).map { "w\($0)" },
            vectors: (0..<30).map { _ in (0..<11).map { _ in Float.random(in: -3...3, using: &random) } })
        try written.write(to: folder.path("v"), format: .safetensors, precision: precision)
        let read = try WordVectors(contentsOf: folder.path("v"))
        #expect(read.loading?.storage == .copied)
        let bits: Float = precision == .float16 ? 11 : 8
        for (a, b) in zip(rows(read).joined(), rows(written).joined()) {
            #expect(abs(a - b) <= abs(b) * Float(sign: .plus, exponent: -Int(bits), significand: 1) + 1e-7)
        }
        #expect(throws: Word2VecError.self) {
            try written.write(to: folder.path("w"), format: .word2vecBinary, precision: precision)
        }
    }

    @Test func halvesAreThoseOfTheProcessor() {
        #if !(os(macOS) && arch(x86_64))
            for bits in UInt16.min...UInt16.max {
                let value = HalfPrecision.float(binary16: bits)
                #expect(value.isNaN ? Float16(bitPattern: bits).isNaN : value == Float(Float16(bitPattern: bits)))
                #expect(value.isNaN || HalfPrecision.binary16(value) == bits)
            }
            var random = SeededGenerator(seed: 5)
            for _ in 0..<200_000 {
                let value = Float(bitPattern: UInt32.random(in: 0x3280_0000...0x4790_0000, using: &random))
                #expect(HalfPrecision.binary16(value) == Float16(value).bitPattern)
                #expect(HalfPrecision.binary16(-value) == Float16(-value).bitPattern)
            }
        #endif
        #expect(HalfPrecision.bfloat16(1.00390625) == 0x3F80 && HalfPrecision.bfloat16(1.01171875) == 0x3F82)
        #expect(HalfPrecision.float(bfloat16: HalfPrecision.bfloat16(.nan)).isNaN)
        #expect(HalfPrecision.bfloat16(.greatestFiniteMagnitude) == 0x7F80)
    }

    @Test func theKeysMayStandInAnyOrderAndOthersBeside() throws {
        let path = try folder.file(
            "v",
            safetensors(
                """
                {  "emb" : {"shape":[2,1], "data_offsets":[0,8] ,"dtype":"F32"},
                \t"__metadata__":{"format":"pt","words":"a b","more":"\\u00e9\\n"} }
                """, [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]))
        let vectors = try WordVectors(contentsOf: path)
        #expect(words(vectors) == ["a", "b"] && rows(vectors) == [[1], [2]])
    }

    @Test func wordsMayStandInAFileBeside() throws {
        let path = try folder.file(
            "v.safetensors",
            safetensors(
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}", [UInt8](repeating: 0, count: 8)))
        #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: path) }
        let list = try folder.file("list", "one\ntwo words\r\n")
        #expect(try words(WordVectors(contentsOf: path, words: list)) == ["one", "two words"])
        for wrong in ["one\n", "one\ntwo\nthree\n", ""] {
            let wrong = try folder.file("list", wrong)
            #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: path, words: wrong) }
        }
    }

    @Test func anEmptyTableHasNoWords() throws {
        #expect(try WordVectors(contentsOf: file(words: "", rows: 0)).count == 0)
        #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: file(words: "a", rows: 0)) }
        #expect(try words(WordVectors(contentsOf: file(words: "", rows: 1))) == [""])
    }

    static let malformed: [(name: String, header: String, data: Int)] = [
        ("no object", "[]", 0),
        ("nothing", "", 0),
        ("two tensors", tensor("a", "F32", "[1,1]", "[0,4]") + "," + tensor("b", "F32", "[0,1]", "[4,4]"), 4),
        ("no tensor", "\"__metadata__\":{\"words\":\"\"}", 0),
        ("another type", metadata("a") + tensor("x", "I32", "[1,1]", "[0,4]"), 4),
        ("one dimension", metadata("a") + tensor("x", "F32", "[1]", "[0,4]"), 4),
        ("no dimensions", metadata("a") + tensor("x", "F32", "[1,0]", "[0,0]"), 0),
        ("a shape that overflows", metadata("a") + tensor("x", "F32", "[4294967296,4294967296]", "[0,0]"), 0),
        ("a shape beyond numbers", metadata("a") + tensor("x", "F32", "[99999999999999999999,1]", "[0,4]"), 4),
        ("data that is cut short", metadata("a") + tensor("x", "F32", "[1,2]", "[0,8]"), 7),
        ("data that goes on", metadata("a") + tensor("x", "F32", "[1,1]", "[0,4]"), 8),
        ("a hole before the data", metadata("a") + tensor("x", "F32", "[1,1]", "[4,8]"), 8),
        ("offsets the wrong way", metadata("a") + tensor("x", "F32", "[1,1]", "[4,0]"), 4),
        ("too few words", metadata("a") + tensor("x", "F32", "[2,1]", "[0,8]"), 8),
        ("too many words", metadata("a b c") + tensor("x", "F32", "[2,1]", "[0,8]"), 8),
        ("an unknown escape", metadata("\\\\q") + tensor("x", "F32", "[1,1]", "[0,4]"), 4),
        ("half an escape", metadata("\\\\x4") + tensor("x", "F32", "[1,1]", "[0,4]"), 4),
        ("an escape that JSON has not", metadata("\\q") + tensor("x", "F32", "[1,1]", "[0,4]"), 4),
        ("half a surrogate", metadata("\\ud800") + tensor("x", "F32", "[1,1]", "[0,4]"), 4),
        ("a control byte", metadata("a\u{1}") + tensor("x", "F32", "[1,1]", "[0,4]"), 4),
        (
            "words twice", "\"__metadata__\":{\"words\":\"a\",\"words\":\"b\"}," + tensor("x", "F32", "[1,1]", "[0,4]"),
            4
        ),
        (
            "a key twice",
            metadata("a") + "\"x\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}", 4
        ),
        (
            "a key too many",
            metadata("a") + "\"x\":{\"dtype\":\"F32\",\"y\":1,\"shape\":[1,1],\"data_offsets\":[0,4]}", 4
        ),
        ("a key too few", metadata("a") + "\"x\":{\"dtype\":\"F32\",\"shape\":[1,1]}", 4),
        ("something behind the object", metadata("a") + tensor("x", "F32", "[1,1]", "[0,4]") + "}}", 4),
    ]

    private static func tensor(_ name: String, _ type: String, _ shape: String, _ offsets: String) -> String {
        "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
    }

    private static func metadata(_ words: String) -> String { "\"__metadata__\":{\"words\":\"\(words)\"}," }

    @Test(arguments: malformed.indices)
    func malformedFilesAreRefusedWithTheirByte(index: Int) throws {
        let (name, header, data) = Self.malformed[index]
        let whole = header.hasPrefix("[") || header.isEmpty ? header : "{\(header)}"
        let path = try folder.file("v", safetensors(whole, [UInt8](repeating: 0, count: data)))
        let error = #expect(throws: Word2VecError.self, "\(name)") {
            try WordVectors(contentsOf: path, format: .safetensors)
        }
        guard case .malformed(_, .byte, _, _) = error else {
            Issue.record("\(name): \(String(describing: error))")
            return
        }
    }

    @Test func aHeaderLongerThanTheFileIsRefused() throws {
        for length: [UInt8] in [
            [9, 0, 0, 0, 0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 0],
        ] {
            let path = try folder.file("v", length + (length.count == 8 ? Array("{}".utf8) : []))
            #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: path, format: .safetensors) }
        }
    }

    @Test func aFileThatIsCutShortIsKnownForWhatItWas() throws {
        try WordVectors(words: ["a"], vectors: [[1]]).write(to: folder.path("v"), format: .safetensors)
        let cut = try folder.file("cut", bytes(of: folder.path("v")).prefix(50))
        let error = #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: cut) }
        guard case .malformed(_, .byte(0), let found, _) = error, found.hasPrefix("a header of") else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
