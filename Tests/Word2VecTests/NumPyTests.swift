import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// An .npy file, its header filled up so that the data can be used where they stand.
func npy(_ dictionary: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let width = version == 1 ? 2 : 4
    let dictionary = dictionary + String(repeating: " ", count: (16 - (8 + width + dictionary.utf8.count) % 16) % 16)
    let length = dictionary.utf8.count
    let lengthBytes = (0..<width).map { UInt8(length >> (8 * $0) & 0xFF) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + lengthBytes + Array(dictionary.utf8) + data
}

@Suite struct NumPyTests {
    private let folder = try! TemporaryFolder()

    @Test(arguments: [1, 16, 33])
    func filesKeepEveryBitAndAreMapped(dimensions: Int) throws {
        var random = SeededGenerator(seed: 1)
        let written = try WordVectors(
            words: (0..<50).map { "wörd \($0)" },
            vectors: (0..<50).map { _ in (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) } })
        try written.write(to: folder.path("v.npy"), format: .numpy)
        #expect(try folder.names == ["v.npy", "v.words"])
        let mapped = try WordVectors(contentsOf: folder.path("v.npy"))
        let copied = try WordVectors(contentsOf: folder.path("v.npy"), loading: .copied)
        #expect(mapped.loading?.storage == .mapped && copied.loading?.storage == .copied)
        for vectors in [mapped, copied] {
            #expect(words(vectors) == words(written) && rows(vectors) == rows(written))
        }
        try written.write(to: folder.path("w.npy"), format: .numpy, words: folder.path("list"))
        #expect(try words(WordVectors(contentsOf: folder.path("w.npy"), words: folder.path("list"))) == words(written))
        #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: folder.path("w.npy")) }
    }

    @Test func doublesAndHalvesAreConverted() throws {
        _ = try folder.file("v.words", "a\nb\n")
        let doubles = [1.5, -0.25].flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
        }
        let path = try folder.file(
            "v.npy", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }\n", doubles, version: 2))
        #expect(try rows(WordVectors(contentsOf: path)) == [[1.5], [-0.25]])
        _ = try folder.file(
            "v.npy", npy("{'shape': (2,1), 'descr': '<f2', 'fortran_order': False}", [0, 0x3E, 0, 0xB4]))
        #expect(try rows(WordVectors(contentsOf: path)) == [[1.5], [-0.25]])
    }

    /// Both orders of bytes, both orders of values, all sizes, and more rows than are read together.
    @Test(arguments: [(1, 1), (1, 5), (3, 1), (3, 2), (700, 17)])
    func everyLayoutHoldsTheSameVectors(rows count: Int, dimensions: Int) throws {
        var random = SeededGenerator(seed: 3)
        // Halves, so that every type holds them.
        let values = (0..<count).map { _ in
            (0..<dimensions).map { _ in Float(Int.random(in: -2000...2000, using: &random)) / 64 }
        }
        let names = (0..<count).map { $0 % 100 == 99 ? "again" : "w\($0)" }
        _ = try folder.file("v.words", names.joined(separator: "\n") + "\n")
        let firsts = (0..<count).filter { $0 == names.firstIndex(of: names[$0]) }
        for isFortran in [false, true] {
            let ordered =
                isFortran
                ? (0..<dimensions).flatMap { d in values.map { $0[d] } } : values.flatMap { $0 }
            for type in ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"] {
                let data = ordered.flatMap { value -> [UInt8] in
                    let (bits, size): (UInt64, Int) =
                        switch type.dropFirst() {
                        case "f2": (UInt64(HalfPrecision.binary16(value)), 2)
                        case "f4": (UInt64(value.bitPattern), 4)
                        default: (Double(value).bitPattern, 8)
                        }
                    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
                    return type.first == "<" ? bytes : bytes.reversed()
                }
                let header =
                    "{'descr': '\(type)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(count), \(dimensions)), }\n"
                let path = try folder.file("v.npy", npy(header, data))
                let read = try WordVectors(contentsOf: path)
                let isMapped = type == "<f4" && (!isFortran || count == 1 || dimensions == 1)
                #expect(read.loading?.storage == (isMapped ? .mapped : .copied), "\(type) \(isFortran)")
                let copied = try WordVectors(contentsOf: path, loading: .copied)
                #expect(words(copied) == firsts.map { names[$0] } && rows(copied) == firsts.map { values[$0] })
                #expect(
                    try rows(WordVectors(contentsOf: path, maximumCount: 2, loading: .copied))
                        == Array(values.prefix(2)))
            }
        }
    }

    /// Doubles round to the nearest float; one that is too large for every float is an error with its byte.
    @Test func doublesThatNoFloatCanHoldAreErrors() throws {
        _ = try folder.file("v.words", "a\nb\n")
        func file(_ values: [Double], _ isFortran: Bool) throws -> String {
            let data = values.flatMap { value in
                (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
            }
            let order = isFortran ? "True" : "False"
            return try folder.file(
                "v.npy", npy("{'descr': '<f8', 'fortran_order': \(order), 'shape': (2, 2), }", data))
        }
        let fine = [0.1, 1e-50, .infinity, 3.4028235e38]
        #expect(
            try rows(WordVectors(contentsOf: file(fine, false))) == [[0.1, 0], [.infinity, .greatestFiniteMagnitude]])
        for (isFortran, place) in [(false, 2), (true, 2)] {
            let path = try file([1, 2, 1e39, 4], isFortran)
            let error = #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: path) }
            guard case .malformed(_, .byte(let byte), "1e+39", let expected) = error, expected.contains("float32")
            else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try byte == bytes(of: path).count - 32 + 8 * place)
        }
        // So it is in a safetensors file of doubles.
        let header = """
            {"__metadata__":{"words":"a"},"x":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}}
            """
        let bits = (-1e300).bitPattern
        let data = (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
        #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: folder.file("s", safetensors(header, data))) }
    }

    static let malformed: [(String, [UInt8])] = [
        ("only the magic number", Array(npy("", []).prefix(6))),
        ("no version", Array(npy("", []).prefix(7))),
        ("version 9", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)}", [0, 0, 0, 0], version: 9)),
        ("a header longer than the file", [0x93] + Array("NUMPY".utf8) + [1, 0, 0xFF, 0xFF, 0x7B, 0x7D]),
        ("no byte order", npy("{'descr': 'f4', 'fortran_order': False, 'shape': (1, 1)}", [0, 0, 0, 0])),
        ("integers", npy("{'descr': '<i4', 'fortran_order': False, 'shape': (1, 1)}", [0, 0, 0, 0])),
        ("columns cut short", npy("{'descr': '>f8', 'fortran_order': True, 'shape': (1, 2)}", [0, 0, 0, 0])),
        ("one dimension", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", [0, 0, 0, 0])),
        ("three dimensions", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1)}", [0, 0, 0, 0])),
        ("a negative shape", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1)}", [0, 0, 0, 0])),
        ("no columns", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 0)}", [])),
        (
            "an overflow",
            npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 4611686018427387904)}", [])
        ),
        ("data that is cut short", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)}", [0, 0, 0])),
        ("data that goes on", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)}", [0, 0, 0, 0, 0])),
        ("a key too many", npy("{'descr': '<f4', 'x': 1, 'fortran_order': False, 'shape': (1, 1)}", [0, 0, 0, 0])),
        ("objects", npy("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1)}", [0, 0, 0, 0])),
    ]

    @Test(arguments: malformed.indices)
    func malformedFilesAreRefusedWithTheirByte(index: Int) throws {
        let (name, content) = Self.malformed[index]
        _ = try folder.file("v.words", "a\n")
        let path = try folder.file("v.npy", content)
        let error = #expect(throws: Word2VecError.self, "\(name)") { try WordVectors(contentsOf: path, format: .numpy) }
        guard case .malformed(_, .byte, _, _) = error else {
            Issue.record("\(name): \(String(describing: error))")
            return
        }
    }
}
