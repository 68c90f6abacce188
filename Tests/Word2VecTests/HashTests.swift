import CWord2Vec
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Files whose words were chosen to fall on one slot of a hash table. With a hash that anyone can compute, each word costs a
/// walk over all those before; here the walks are counted, as time would depend on the machine.
@Suite struct HashTests {
    private let folder = try! TemporaryFolder()
    private static let count = 20_000
    /// The longest of some ten thousand random runs is a few hundred slots.
    private static let bound = 1000

    /// Slots that a search looks at, at most: those of the longest run without an empty one, and that.
    private func longestSearch(_ slots: Int, isEmpty: (Int) -> Bool) -> Int {
        var (longest, run) = (0, 0)
        // Twice, as a run goes on behind the last slot with the first.
        for slot in 0..<2 * slots {
            run = isEmpty(slot % slots) ? 0 : run + 1
            longest = max(longest, run)
        }
        return longest + 1
    }

    private func longestSearch(_ slots: [UInt64]) -> Int { longestSearch(slots.count) { slots[$0] == 0 } }

    private func longestSearch(_ dictionary: WordDictionary) -> Int {
        longestSearch(Int(dictionary.core.mask) + 1) { dictionary.core.slots[$0].entry == .max }
    }

    private func longestSearch(_ pairs: PairTable) -> Int {
        longestSearch(pairs.core.mask + 1) { pairs.core.slots[$0].key == 0 }
    }

    @Test func theWordsDidCollide() {
        let words = CollidingWords.ofDictionary(Self.count)
        #expect(Set(words).count == Self.count)
        #expect(Set(words.map { CollidingWords.dictionaryHome($0) }).count == 1)
        #expect(Set(CollidingWords.ofIndex(Self.count).map { CollidingWords.indexHash($0) & 0xFFFF_FFFF }).count == 1)
    }

    @Test func vectorsOfCollidingWordsAreReadWithShortSearches() throws {
        let words = CollidingWords.ofIndex(Self.count)
        var binary = Array("\(words.count) 1\n".utf8)
        var text = binary
        for word in words {
            binary += word + Array(" ".utf8) + [0, 0, 0x80, 0x3F] + Array("\n".utf8)
            text += word + Array(" 1\n".utf8)
        }
        for (name, bytes) in [("v.bin", binary), ("v.txt", text)] {
            let table = try WordVectors(contentsOf: folder.file(name, bytes)).words
            #expect(table.count == words.count)
            #expect(longestSearch(table.index.slots) < Self.bound, "\(name)")
            #expect(longestSearch(table.makeIndex().slots) < Self.bound, "an index that is made later")
        }
    }

    @Test func corporaOfCollidingWordsAreReadWithShortSearches() throws {
        let words = CollidingWords.ofDictionary(Self.count)
        let path = try folder.file("corpus", Array(words.joined(separator: Array(" ".utf8))))
        let encoder = try TextEncoder(rules: .standard, words: TokenRules.firstWords, grows: true)
        let stretches = try TextStretch.deal([InputFile(path: path)], parts: 1, rules: .standard)[0]
        try encoder.encode(stretches) { _ in }
        #expect(encoder.wordCount == words.count + 1)
        #expect(longestSearch(encoder.dictionary) < Self.bound)
        // The vocabulary that is made of it has an index of its own.
        let corpus = try Corpus(contentsOf: path).encoded(rules: .standard, minimumCount: 1, vocabulary: nil)
        #expect(corpus.vocabulary.count == words.count + 1)
        #expect(longestSearch(corpus.vocabulary.table.makeIndex().slots) < Self.bound)
    }

    @Test func longWordsThatHadOneKeyHaveMany() throws {
        // Of words above 16 bytes the key was a hash whose steps could be undone: these differ in the highest bit of one
        // step, and in what that leaves in the next.
        let dictionary = try WordDictionary(WordTable())
        let tail = [UInt8](repeating: 97, count: 8)
        try dictionary.reserve(words: 4096, bytes: 4096 * 200)
        for number in 0..<4096 {
            var word: [UInt8] = []
            for bit in 0..<12 {
                let isSet = number >> bit & 1 == 1
                word += [97, 97, 97, 97, 97, 97, 97, isSet ? 0xE1 : 0x61]
                word += [97, 97, 97, isSet ? 0xE1 : 0x61, 97, 97, 97, isSet ? 0xE1 : 0x61]
            }
            word += tail
            word.withUnsafeBufferPointer { _ = w2v_dictionary_add(&dictionary.core, $0.baseAddress!, $0.count) }
        }
        #expect(dictionary.count == 4096)
        #expect(longestSearch(dictionary) < Self.bound)
        let heads = Set((0...Int(dictionary.core.mask)).map { dictionary.core.slots[$0].head })
        #expect(heads.count > 4096 - 4, "a hash for each word, and 0 where there is none")
    }

    @Test func pairsThatCollideAreCountedAndJoinedWithShortSearches() throws {
        let pairs = CollidingWords.pairs(of: 2500, bits: 11)
        #expect(pairs.count > 2000)
        let table = try PairTable(capacity: pairs.count)
        for pair in pairs { table[pair.0, pair.1] += 1 }
        #expect(table.core.count == pairs.count)
        #expect(longestSearch(table) < Self.bound)
        for pair in pairs { #expect(table[pair.0, pair.1] == 1) }
    }

    /// Two processes never have the same key, so nothing may follow it.
    @Test func resultsDoNotDependOnTheKey() throws {
        let words = CollidingWords.ofDictionary(500) + (0..<500).map { Array("word number \($0)".utf8) }
        func run(_ key: w2v_hash_key) throws -> (words: [[UInt8]], counts: [Int], kept: [[UInt8]], map: [UInt32]) {
            let (first, second) = (try WordDictionary(WordTable(), key: key), try WordDictionary(WordTable(), key: key))
            func add(_ words: some Sequence<[UInt8]>, to dictionary: WordDictionary) throws {
                for word in words {
                    try dictionary.reserve(words: 1, bytes: word.count)
                    word.withUnsafeBufferPointer {
                        let entry = w2v_dictionary_add(&dictionary.core, $0.baseAddress!, $0.count)
                        dictionary.core.slots[Int(dictionary.core.entries[Int(entry)].slot)].count += 1
                    }
                }
            }
            try add(words + words.prefix(300), to: first)
            try add(words.reversed() + [Array("new".utf8)], to: second)
            let map = try first.absorb(second)
            let all = (0..<first.count).map(first.word)
            let counts = first.counts
            try first.prune(2)
            return (all, counts, (0..<first.count).map(first.word), map)
        }
        let one = try run(w2v_hash_key(a: 1, b: 2, c: 3, d: 4))
        let other = try run(HashKey.ofProcess)
        #expect(one.words == words + [Array("new".utf8)] && one.kept == Array(words.prefix(300)))
        #expect(one.words == other.words && one.counts == other.counts)
        #expect(one.kept == other.kept && one.map == other.map)
    }

    @Test func aHashIsOfTheBytesAloneAndOfAllOfThem() {
        let key = w2v_hash_key(a: 11, b: 12, c: 13, d: 14)
        let bytes = (0..<80).map { UInt8(97 + $0 % 26) }
        var seen: Set<UInt64> = []
        for length in 0...70 {
            // At another address, with something else behind.
            let exact = Array(bytes[..<length])
            let elsewhere = [0] + exact + [1, 2, 3, 4, 5, 6, 7, 8]
            let hash = withUnsafePointer(to: key) { key in
                exact.withUnsafeBufferPointer { bytes in
                    w2v_hash_bytes(key, bytes.baseAddress ?? UnsafePointer(bitPattern: 8)!, length)
                }
            }
            let again = withUnsafePointer(to: key) { key in
                elsewhere.withUnsafeBufferPointer { bytes in
                    w2v_hash_bytes(key, bytes.baseAddress! + 1, length)
                }
            }
            #expect(hash == again)
            #expect(seen.insert(hash).inserted, "length \(length)")
            for place in 0..<length {
                var changed = exact
                changed[place] ^= 0x80
                let other = withUnsafePointer(to: key) { key in w2v_hash_bytes(key, changed, length) }
                #expect(seen.insert(other).inserted, "length \(length), byte \(place)")
            }
        }
    }
}
