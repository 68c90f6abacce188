import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Every reader on thousands of broken files: each is read, and then whole and sound, or refused with a typed error. A trap
/// or an access outside of the file would end the run; the bytes lie in memory of their exact size, so that
/// AddressSanitizer sees one byte too many.
@Suite struct MutationTests {
    /// Small files of every format, and what to splice their beginnings with.
    private static let seeds: [(name: String, format: VectorFormat, bytes: [UInt8])] = {
        let values: [UInt8] = (0..<18).flatMap { (n: Int) -> [UInt8] in [0, UInt8(n), 0x80, 0x3F] }
        func rows(_ body: (String, Int) -> [UInt8]) -> [UInt8] {
            ["</s>", "the", "a b", "wörd", "x", ""].enumerated().flatMap { body($1, $0) }
        }
        let binary = rows { word, row in
            Array(word.utf8.filter { $0 != 32 }) + [32] + values[row * 12..<row * 12 + 12] + [10]
        }
        let text = rows { word, row in Array("\(word) 0.5 -1e-\(row) \(row)\n".utf8) }
        let words = "</s> the a\\\\sb wörd \\\\xff\\\" "
        let header =
            "{\"__metadata__\":{\"words\":\"\(words)\"},"
            + "\"x\":{\"dtype\":\"TYPE\",\"shape\":[6,COLUMNS],\"data_offsets\":[0,72]}}   "
        func tensor(_ type: String, _ columns: Int) -> [UInt8] {
            safetensors(
                header.replacing("TYPE", with: type).replacing("COLUMNS", with: "\(columns)"), values)
        }
        return [
            ("binary", .word2vecBinary, Array("6 3\n".utf8) + binary),
            ("text", .word2vecText, Array("6 3\n".utf8) + text),
            ("GloVe", .glove, text),
            ("safetensors", .safetensors, tensor("F32", 3)),
            (
                "safetensors with counts", .safetensors,
                safetensors(
                    "{\"__metadata__\":{\"words\":\"\(words)\"},"
                        + "\"vectors\":{\"dtype\":\"F32\",\"shape\":[6,1],\"data_offsets\":[0,24]},"
                        + "\"counts\":{\"dtype\":\"I64\",\"shape\":[6],\"data_offsets\":[24,72]}}", values)
            ),
            ("safetensors, two bytes", .safetensors, tensor("BF16", 6)),
            ("NumPy", .numpy, npy("{'descr': '<f4', 'fortran_order': False, 'shape': (6, 3), }\n", values)),
            (
                "NumPy, big-endian in Fortran's order", .numpy,
                npy("{'descr': '>f4', 'fortran_order': True, 'shape': (6, 3), }\n", values)
            ),
            (
                "NumPy, doubles", .numpy,
                npy(
                    "{'descr': '<f8', 'fortran_order': False, 'shape': (6, 2), }\n", values + values.prefix(24),
                    version: 2)
            ),
        ]
    }()

    private static let list = MappedFile(Array("a\nb\nc\nd\ne\nf\n".utf8), name: "words")

    /// Reads a file in every way. True if it was read.
    private func read(_ bytes: [UInt8], _ format: VectorFormat) -> Bool {
        var options = VectorLoading()
        options.words = Self.list
        var isRead = false
        for format in [format, nil] {
            for (storage, policy, limit) in [
                (VectorStorage.mapped, InvalidUTF8.keep, Int.max), (.copied, .replace, .max), (.copied, .skip, 4),
                (.mapped, .fail, 2),
            ] {
                options.storage = storage
                options.invalidUTF8 = policy
                options.maximumCount = limit
                // Bytes that lie outside of the file would be found here.
                do throws(Word2VecError) {
                    let vectors = try WordVectors(MappedFile(bytes, name: "broken"), format: format, options)
                    check(vectors, limit)
                    isRead = true
                } catch {
                    if case .outOfMemory(let bytes, _) = error { Issue.record("asked for \(bytes) bytes") }
                }
            }
        }
        return isRead
    }

    private func check(_ vectors: WordVectors, _ limit: Int) {
        guard let loading = vectors.loading, vectors.matrix.rows == vectors.count, vectors.count <= limit,
            loading.rows == vectors.count + loading.skippedWords
                + (loading.storage == .mapped ? 0 : loading.duplicateWords)
        else {
            Issue.record(
                "not whole: \(vectors.count) words, \(vectors.matrix.rows) rows, \(String(describing: vectors.loading))"
            )
            return
        }
        for rank in 0..<vectors.count {
            let word = vectors.words.bytes(at: rank)
            let found = vectors.words.rank(of: word)
            let row = vectors.vector(at: rank)
            if row.count != vectors.dimensions || found == nil || found ?? 0 > rank { Issue.record("row \(rank)") }
        }
    }

    @Test func theSeedsAreRead() {
        for (name, format, bytes) in Self.seeds { #expect(read(bytes, format), "\(name)") }
    }

    @Test(arguments: seeds.indices)
    func everyTruncationAndEveryFlippedBit(index: Int) {
        let (_, format, bytes) = Self.seeds[index]
        var refused = 0
        for end in bytes.indices where !read(Array(bytes[..<end]), format) { refused += 1 }
        #expect(refused > bytes.count / 3)
        for place in bytes.indices {
            for bit in runsLongTests ? Array(0..<8) : [place % 8, 7] {
                var changed = bytes
                changed[place] ^= 1 << bit
                _ = read(changed, format)
            }
        }
    }

    @Test(arguments: seeds.indices)
    func randomChanges(index: Int) {
        let (_, format, bytes) = Self.seeds[index]
        var random = SeededGenerator(seed: UInt64(index) + 1)
        let odd: [UInt8] = [0, 1, 9, 10, 13, 32, 34, 45, 46, 48, 57, 92, 101, 0x7F, 0x80, 0xC3, 0xF0, 0xFF]
        for _ in 0..<(runsLongTests ? 2_000 : 500) {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                let end = min(changed.count, place + Int.random(in: 0...12, using: &random))
                switch Int.random(in: 0..<5, using: &random) {
                case 0: changed[place] = odd.randomElement(using: &random) ?? 0
                case 1: changed.replaceSubrange(place..<end, with: [])
                case 2: changed.insert(contentsOf: changed[place..<end], at: place)
                case 3: changed.insert(odd.randomElement(using: &random) ?? 0, at: place)
                default: changed[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
                }
                if changed.isEmpty { changed = [0] }
            }
            _ = read(changed, format)
        }
    }

    /// The beginning of one file and the rest of another, and headers that lie.
    @Test func splicedFiles() {
        let numbers = [
            "0", "1", "2", "5", "6", "7", "-1", "2147483647", "2147483648", "4611686018427387904",
            "9223372036854775807", "18446744073709551615", "99999999999999999999",
        ]
        for (_, format, bytes) in Self.seeds {
            for (_, other, more) in Self.seeds {
                for cut in [0, 1, 4, 6, 8, 9, 10, 12, 40, 80, 128] {
                    _ = read(Array(bytes.prefix(cut)) + more.dropFirst(cut), format)
                    _ = read(Array(bytes.prefix(cut)) + more, other)
                }
            }
        }
        let values = [UInt8](repeating: 0, count: 72)
        for a in numbers {
            for b in numbers {
                let shape = "{\"x\":{\"dtype\":\"F32\",\"shape\":[\(a),\(b)],\"data_offsets\":[0,72]}}"
                let offsets = "{\"x\":{\"dtype\":\"F32\",\"shape\":[6,3],\"data_offsets\":[\(a),\(b)]}}"
                for header in [shape, offsets] { _ = read(safetensors(header, values), .safetensors) }
                _ = read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (\(a), \(b)), }", values), .numpy)
                for (_, format, bytes) in Self.seeds where format == .word2vecBinary || format == .word2vecText {
                    _ = read(Array("\(a) \(b)".utf8) + bytes.dropFirst(3), format)
                }
            }
        }
    }

    @Test func vocabularyFiles() {
        let bytes = Array("</s> 5\nthe 20\nwörd 7\nx 0\n".utf8)
        var random = SeededGenerator(seed: 9)
        for round in 0..<(runsLongTests ? 3_000 : 1_000) {
            var changed = bytes
            if round < bytes.count { changed.removeLast(round) }
            for _ in 0..<Int.random(in: 0...3, using: &random) where !changed.isEmpty {
                changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            for rules in [TokenRules.original, TokenRules(TrainingOptions())] {
                guard
                    let vocabulary = try? Vocabulary(
                        MappedFile(changed, name: "broken"), minimumCount: 1, maximum: nil, rules: rules)
                else { continue }
                if vocabulary.counts.reduce(0, +) != vocabulary.totalCount { Issue.record("a wrong sum") }
            }
        }
    }
}
