import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// What the readers do alike: words that are there twice or are not UTF-8, limits, what they tell.
@Suite struct LoadingTests {
    private let folder = try! TemporaryFolder()

    /// Four rows of one value, 1 ... 4, in each format, with these words as bytes.
    private func files(_ words: [[UInt8]]) throws -> [(VectorFormat, String)] {
        let one: [[UInt8]] = [[0, 0, 0x80, 0x3F], [0, 0, 0, 0x40], [0, 0, 0x40, 0x40], [0, 0, 0x80, 0x40]]
        let count = words.count
        let binary = Array("\(count) 1\n".utf8) + zip(words, one).flatMap { $0 + [32] + $1 + [10] }
        let text = zip(words, 1...).flatMap { $0 + Array(" \($1)\n".utf8) }
        let escaped = words.map { word in
            word.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "\\\\x" + String($0, radix: 16) }.joined()
        }
        let header =
            "{\"__metadata__\":{\"words\":\"\(escaped.joined(separator: " "))\"},"
            + "\"x\":{\"dtype\":\"F32\",\"shape\":[\(count),1],\"data_offsets\":[0,\(4 * count)]}}"
        _ = try folder.file("n.words", words.flatMap { $0 + [10] })
        return [
            (.word2vecBinary, try folder.file("b", binary)),
            (.word2vecText, try folder.file("t", Array("\(count) 1\n".utf8) + text)),
            (.glove, try folder.file("g", text)),
            (.safetensors, try folder.file("s", safetensors(header, Array(one.prefix(count).joined())))),
            (
                .numpy,
                try folder.file(
                    "n.npy",
                    npy(
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (\(count), 1), }\n",
                        Array(one.prefix(count).joined())))
            ),
        ]
    }

    @Test func theFormatIsKnownByItsContent() throws {
        for (format, path) in try files([Array("a".utf8), Array("b".utf8)]) {
            let vectors = try WordVectors(contentsOf: path)
            #expect(vectors.loading?.format == format)
            #expect(words(vectors) == ["a", "b"] && rows(vectors) == [[1], [2]], "\(format)")
            #expect(vectors.loading?.rows == 2 && vectors.loading?.duplicateWords == 0)
        }
    }

    @Test func ofEqualWordsTheFirstCounts() throws {
        for (format, path) in try files(["a", "b", "a", "c"].map { Array($0.utf8) }) {
            let vectors = try WordVectors(contentsOf: path, loading: .copied)
            #expect(words(vectors) == ["a", "b", "c"] && rows(vectors) == [[1], [2], [4]], "\(format)")
            #expect(vectors.loading?.duplicateWords == 1 && vectors.loading?.rows == 4)
            #expect(try vectors.summary().duplicateWords == 1)
        }
    }

    @Test func aMappedFileKeepsAllRowsAndFindsTheFirst() throws {
        for (format, path) in try files(["a", "b", "a", "c"].map { Array($0.utf8) })
        where format == .safetensors || format == .numpy {
            let vectors = try WordVectors(contentsOf: path)
            #expect(vectors.loading?.storage == .mapped && vectors.count == 4)
            #expect(vectors["a"] == [1] && vectors.rank(of: "c") == 3)
            #expect(try vectors.summary().duplicateWords == 1)
            // The same once there is an index.
            for _ in 0..<200 { #expect(vectors.rank(of: "a") == 0 && vectors.rank(of: "z") == nil) }
        }
    }

    @Test func wordsThatAreNoUTF8AreKeptReplacedSkippedOrRefused() throws {
        let list: [[UInt8]] = [[0x61], [0x62, 0xFF], [0x62, 0xFE], [0x63]]
        for (format, path) in try files(list) {
            let kept = try WordVectors(contentsOf: path)
            #expect((0..<4).map { Array(kept.words.bytes(at: $0)) } == list, "\(format)")
            #expect(kept.loading?.invalidWords == 2 && kept.loading?.skippedWords == 0)

            let replaced = try WordVectors(contentsOf: path, invalidUTF8: .replace)
            #expect(words(replaced) == ["a", "b\u{FFFD}", "c"] && rows(replaced) == [[1], [2], [4]], "\(format)")
            #expect(replaced.rank(of: "b\u{FFFD}") == 1)
            #expect(replaced.loading?.invalidWords == 2 && replaced.loading?.duplicateWords == 1)

            let skipped = try WordVectors(contentsOf: path, invalidUTF8: .skip)
            #expect(words(skipped) == ["a", "c"] && rows(skipped) == [[1], [4]], "\(format)")
            #expect(skipped.loading?.skippedWords == 2 && skipped.loading?.rows == 4)

            let error = #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: path, invalidUTF8: .fail) }
            guard case .malformed = error else {
                Issue.record("\(format): \(String(describing: error))")
                return
            }
        }
    }

    @Test func onlyTheFirstRowsAreRead() throws {
        for (format, path) in try files(["a", "b", "c", "d"].map { Array($0.utf8) }) {
            for storage in VectorStorage.allCases {
                let vectors = try WordVectors(contentsOf: path, maximumCount: 2, loading: storage)
                #expect(words(vectors) == ["a", "b"] && rows(vectors) == [[1], [2]], "\(format)")
                #expect(vectors.rank(of: "c") == nil)
                #expect(try WordVectors(contentsOf: path, maximumCount: 0, loading: storage).count == 0)
            }
        }
    }

    @Test func theSummaryTellsWhatIsOdd() throws {
        let vectors = try WordVectors(
            words: ["a", "b", "zero", "nan", "inf", "both"],
            vectors: [[3, 4], [0, 1], [0, 0], [.nan, 1], [1, .infinity], [.nan, .infinity]])
        let summary = try vectors.summary()
        #expect(summary.words == 6 && summary.dimensions == 2)
        #expect(summary.lengths == .init(least: 0, mean: 2, greatest: 5))
        #expect(summary.zeroRows == 1 && summary.nanRows == 2 && summary.infiniteRows == 1)
        #expect(summary.duplicateWords == 0 && summary.invalidWords == 0)
        #expect(try WordVectors(words: ["a"], vectors: [[.nan]]).summary().lengths == nil)
    }

    @Test func aMappedFileIsAskedByManyThreads() async throws {
        let list = (0..<3_000).map { "w\($0)" }
        try WordVectors(words: list, vectors: list.indices.map { [Float($0)] })
            .write(to: folder.path("v"), format: .safetensors)
        let vectors = try WordVectors(contentsOf: folder.path("v"))
        // Long enough that the index is made in between.
        let wrong = await withTaskGroup(of: Int.self) { group in
            for task in 0..<16 {
                group.addTask {
                    (0..<100).count { n in
                        let rank = (n * 37 + task * 101) % 3_000
                        return vectors["w\(rank)"] != [Float(rank)] || vectors.contains("none")
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    /// Every word that an answer names can be asked for, though it is not UTF-8.
    @Test func whatIsReturnedCanBeAskedFor() throws {
        let list: [[UInt8]] = [
            Array("a".utf8), [0x63, 0xE9], [0xFF], [0x63, 0xE8], Array("b".utf8), [0xFE, 0xFE],
        ]
        var file = Array("\(list.count) 2\n".utf8)
        for (n, word) in list.enumerated() { file += word + [0x20, 0, 0, 0x80, 0x3F, 0, 0, UInt8(n * 32), 0x3F] }
        let vectors = try WordVectors(contentsOf: folder.file("b", file))
        try vectors.write(to: folder.path("s"), format: .safetensors)
        for vectors in [vectors, try WordVectors(contentsOf: folder.path("s")), try vectors.filtered { _ in true }] {
            for neighbor in try vectors.neighbors(of: "a") {
                let rank = try #require(vectors.rank(of: neighbor.word), "\(neighbor.word)")
                #expect(vectors.word(at: rank) == neighbor.word && rank <= neighbor.rank)
                #expect(try vectors.neighbors(of: neighbor.word) == vectors.neighbors(ofRank: rank))
                #expect(try !vectors.neighbors(ofRank: neighbor.rank).map(\.rank).contains(neighbor.rank))
                #expect(vectors.similarity(betweenTexts: "a \(neighbor.word)", and: neighbor.word) != nil)
            }
            // Two that read alike: by their text the first, by rank each.
            #expect(vectors.rank(of: "c\u{FFFD}") == 1 && vectors.word(at: 3) == "c\u{FFFD}")
            #expect(vectors.rank(of: "\u{FFFD}\u{FFFD}") == 5 && vectors.rank(of: "x\u{FFFD}") == nil)
            #expect(vectors.rank(of: "cé") == nil)
            let rough = try vectors.quantized()
            #expect(rough.recall == 1 && rough.rank(of: "\u{FFFD}") == 2)
            #expect(try rough.neighbors(of: "c\u{FFFD}").map(\.rank) == rough.neighbors(ofRank: 1).map(\.rank))
        }
        for rank in [-1, list.count] {
            #expect(throws: Word2VecError.self) { try vectors.neighbors(ofRank: rank) }
            #expect(throws: Word2VecError.self) { try vectors.quantized().neighbors(ofRank: rank) }
        }
    }

    @Test func whatIsNoFileOfVectorsIsRefused() throws {
        for content in ["", "\n", "   \n", "word\n", "\u{0}\u{1}\u{2}", "{\"a\": 1}"] {
            let path = try folder.file("x", content)
            #expect(throws: Word2VecError.self, "\(content)") { try WordVectors(contentsOf: path) }
            for format in VectorFormat.allCases {
                #expect(throws: Word2VecError.self, "\(content) \(format)") {
                    try WordVectors(contentsOf: path, format: format)
                }
            }
        }
    }
}

/// A word whose bytes come only when they are released.
private struct SlowWord: Collection, Sendable {
    let bytes: [UInt8]
    let isRead = DispatchSemaphore(value: 0)
    let mayGoOn = DispatchSemaphore(value: 0)

    var startIndex: Int { 0 }
    var endIndex: Int {
        isRead.signal()
        mayGoOn.wait()
        mayGoOn.signal()
        return bytes.count
    }

    func index(after place: Int) -> Int { place + 1 }
    subscript(place: Int) -> UInt8 { bytes[place] }
}

@Suite struct LazyIndexTests {
    /// While one thread is in the middle of a lookup, others look words up, with an index and without.
    @Test(arguments: [false, true])
    func lookupsDoNotWaitForEachOther(hasIndex: Bool) throws {
        let list = (0..<100).map { "w\($0)" }
        let storage = Array((list.joined(separator: " ") + " ").utf8)
        let table = WordTable(
            storage: storage, offsets: [0] + storage.indices.filter { storage[$0] == 32 }.map { $0 + 1 })
        if hasIndex { #expect(table.duplicates == 0) }
        let word = SlowWord(bytes: Array("w7".utf8))
        let first = Mutex<Int?>(nil)
        let second = Mutex<Int?>(nil)
        let (firstIsDone, secondIsDone) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Thread {
            let rank = table.rank(of: word)
            first.withLock { $0 = rank }
            firstIsDone.signal()
        }.start()
        word.isRead.wait()
        Thread {
            let rank = table.rank(of: "w99")
            second.withLock { $0 = rank }
            secondIsDone.signal()
        }.start()
        #expect(secondIsDone.wait(timeout: .now() + 60) == .success, "it waits for the other thread")
        word.mayGoOn.signal()
        firstIsDone.wait()
        #expect(first.withLock { $0 } == 7 && second.withLock { $0 } == 99)
    }

    @Test func aTableThatCameAsAWholeFindsEveryWordEarlyAndLate() {
        let list = (0..<500).map { "w\($0 % 450)" } + ["", "x"]
        var storage: [UInt8] = []
        var offsets = [0]
        for word in list {
            storage += Array(word.utf8) + [WordTable.separator]
            offsets.append(storage.count)
        }
        let table = WordTable(storage: storage, offsets: offsets)
        // At first one by one, then by an index.
        for _ in 0..<100 {
            #expect(table.rank(of: "w0") == 0 && table.rank(of: "w449") == 449 && table.rank(of: "x") == 501)
            #expect(table.rank(of: "") == 500 && table.rank(of: "w450") == nil && table.rank(of: "w") == nil)
        }
        #expect(
            table.duplicates == 50 && table.count == 502 && table.byteCount == list.reduce(0) { $0 + $1.utf8.count })
        #expect(table.prefix(3)[2] == "w2" && table.prefix(3).rank(of: "w3") == nil && table.prefix(1000) == table)
        var grown = table.prefix(450)
        let repeated = grown.insert("w7".utf8)
        let added = grown.insert("new".utf8)
        #expect(repeated == (false, 7) && added == (true, 450) && grown.rank(of: "new") == 450 && grown.count == 451)
    }
}
