import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Files of more than 2^31 values, sparse: of little more than their name is there.
@Suite struct LargeFileTests {
    private static let (rows, dimensions) = (2100, 1 << 20)
    private static let rowBytes = dimensions * 4
    private let folder = try! TemporaryFolder()

    /// A file with some bytes at some places, and holes between.
    private func sparse(_ name: String, byteCount: Int, _ parts: [(offset: Int, bytes: [UInt8])]) throws -> String {
        let path = try folder.file(name, "")
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.truncate(atOffset: UInt64(byteCount))
        for part in parts {
            try file.seek(toOffset: UInt64(part.offset))
            try file.write(contentsOf: Data(part.bytes))
        }
        try file.close()
        return path
    }

    private func floats(_ values: [Float]) -> [UInt8] {
        values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    }

    /// Rows behind 2^31 values: the last but one is the last's double, and all others are zero.
    private func parts(from start: Int) -> [(offset: Int, bytes: [UInt8])] {
        [
            (start + (Self.rows - 2) * Self.rowBytes, floats([2, -4])),
            (start + (Self.rows - 1) * Self.rowBytes, floats([1, -2])),
        ]
    }

    private func check(_ vectors: WordVectors) throws {
        #expect(vectors.count == Self.rows && vectors.dimensions == Self.dimensions)
        #expect(vectors.loading?.storage == .mapped)
        let last = try #require(vectors["w\(Self.rows - 1)"])
        #expect(last.prefix(3) == [1, -2, 0] && last.count == Self.dimensions)
        #expect(vectors.vector(at: Self.rows - 2).prefix(3) == [2, -4, 0])
        #expect(try abs(vectors.similarity(between: "w\(Self.rows - 1)", and: "w\(Self.rows - 2)") - 1) < 1e-6)
    }

    @Test func theLastRowOfALargeNumPyFileIsFound() throws {
        let header = npy(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (\(Self.rows), \(Self.dimensions)), }", [])
        let path = try sparse(
            "large.npy", byteCount: header.count + Self.rows * Self.rowBytes, [(0, header)] + parts(from: header.count))
        let words = try folder.file("words", (0..<Self.rows).map { "w\($0)\n" }.joined())
        try check(WordVectors(contentsOf: path, words: words))
        let first = try WordVectors(contentsOf: path, maximumCount: 2, loading: .copied, words: words)
        #expect(first.count == 2 && first.vector(at: 1).allSatisfy { $0 == 0 })
    }

    @Test func theLastRowOfALargeSafetensorsFileIsFound() throws {
        var text =
            #"{"vectors":{"dtype":"F32","shape":[\#(Self.rows),\#(Self.dimensions)],"data_offsets":[0,\#(Self.rows * Self.rowBytes)]}}"#
        text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
        let header = (0..<8).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) } + Array(text.utf8)
        let path = try sparse(
            "large.safetensors", byteCount: header.count + Self.rows * Self.rowBytes,
            [(0, header)] + parts(from: header.count))
        let words = try folder.file("words", (0..<Self.rows).map { "w\($0)\n" }.joined())
        try check(WordVectors(contentsOf: path, words: words))
        // A byte less, and the header lies.
        #expect(truncate(path, off_t(header.count + Self.rows * Self.rowBytes - 1)) == 0)
        #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: path, words: words) }
    }

    @Test func theFirstRowsOfALargeBinaryFileAreRead() throws {
        let header = Array("\(Self.rows) \(Self.dimensions)\n".utf8)
        var parts = [(0, header)]
        var offset = header.count
        for row in 0..<3 {
            let word = Array("w\(row) ".utf8)
            parts.append((offset, word + floats([Float(row), 1])))
            offset += word.count + Self.rowBytes
        }
        let path = try sparse("large.bin", byteCount: header.count + Self.rows * (Self.rowBytes + 3), parts)
        let vectors = try WordVectors(contentsOf: path, format: .word2vecBinary, maximumCount: 3)
        #expect(vectors.count == 3 && vectors["w2"]?.prefix(3) == [2, 1, 0])
    }
}
