import Foundation
import TestSupport
import Testing

@testable import Word2Vec

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

    static let malformed: [(String, [UInt8])] = [
        ("only the magic number", Array(npy("", []).prefix(6))),
        ("no version", Array(npy("", []).prefix(7))),
        ("version 9", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)}", [0, 0, 0, 0], version: 9)),
        ("a header longer than the file", [0x93] + Array("NUMPY".utf8) + [1, 0, 0xFF, 0xFF, 0x7B, 0x7D]),
        ("Fortran's order", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}", [0, 0, 0, 0])),
        ("big-endian", npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1)}", [0, 0, 0, 0])),
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
