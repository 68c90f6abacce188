import CWord2Vec
import TestSupport
import Testing

/// A dictionary with memory of its own.
final class DictionaryMemory {
    var value: w2v_dictionary

    init(entries: Int, slots: Int, key: w2v_hash_key = w2v_hash_key(a: 1, b: 2, c: 3, d: 4)) {
        value = w2v_dictionary(
            bytes: .allocate(capacity: entries * 40), entries: .allocate(capacity: entries),
            slots: .allocate(capacity: slots), used: 0, count: 0, mask: UInt32(slots - 1),
            key: key)
        w2v_dictionary_clear(&value)
    }

    deinit {
        value.bytes.deallocate()
        value.entries.deallocate()
        value.slots.deallocate()
    }

    func add(_ word: [UInt8], count: Int64 = 0) -> UInt32 {
        let entry = w2v_dictionary_add(&value, word, word.count)
        value.slots[Int(value.entries[Int(entry)].slot)].count += count
        return entry
    }

    func find(_ word: [UInt8]) -> UInt32? {
        let entry = w2v_dictionary_find(&value, word, word.count)
        return entry == .max ? nil : entry
    }

    func word(_ entry: Int) -> [UInt8] {
        let entry = value.entries[entry]
        return Array(UnsafeBufferPointer(start: value.bytes + Int(entry.offset), count: Int(entry.length)))
    }

    var counts: [Int64] {
        var counts = [Int64](repeating: -1, count: Int(value.count))
        w2v_dictionary_counts(&value, &counts)
        return counts
    }
}

@Suite struct DictionaryTests {
    /// Words around the length from which on a key is a hash, some of which differ in one byte only.
    private let words: [[UInt8]] = [0, 1, 7, 8, 9, 15, 16, 17, 18, 23, 24, 25, 33].flatMap { length in
        (0..<max(length, 1)).map { position in
            var word = [UInt8](repeating: 97, count: length)
            if position < length { word[position] = 98 }
            return word
        }
    }

    /// With a key of zeros most hashes would be 0, and lookups would compare all words.
    @Test(arguments: [w2v_hash_key(), w2v_hash_key_of(0), w2v_hash_key_of(7)])
    func wordsAreSpreadOverTheSlots(key: w2v_hash_key) {
        let slots = 4096
        let dictionary = DictionaryMemory(entries: 1000, slots: slots, key: key)
        for number in 0..<1000 { _ = dictionary.add(Array("w\(number)".utf8)) }
        let used = (0..<slots).filter { dictionary.value.slots[$0].entry != .max }
        // Of 1,000 random slots among 4,096 about 250 are in each quarter.
        for quarter in 0..<4 {
            let count = used.count { $0 / (slots / 4) == quarter }
            #expect(count > 180 && count < 320)
        }
    }

    @Test func wordsAreFoundInTheOrderInWhichTheyCame() {
        let dictionary = DictionaryMemory(entries: 400, slots: 512)
        for (entry, word) in words.enumerated() {
            #expect(dictionary.find(word) == nil)
            #expect(dictionary.add(word) == UInt32(entry))
        }
        for (entry, word) in words.enumerated() {
            #expect(dictionary.find(word) == UInt32(entry))
            #expect(dictionary.add(word) == UInt32(entry))
            #expect(dictionary.word(entry) == word)
        }
        #expect(dictionary.value.count == UInt32(words.count))
    }

    @Test func otherSlotsHoldTheSame() {
        let dictionary = DictionaryMemory(entries: 400, slots: 256)
        for (entry, word) in words.enumerated() { _ = dictionary.add(word, count: Int64(entry)) }
        for size in [512, 2048] {
            let old = dictionary.value.slots
            w2v_dictionary_move(&dictionary.value, .allocate(capacity: size), UInt32(size - 1))
            old.deallocate()
            for (entry, word) in words.enumerated() { #expect(dictionary.find(word) == UInt32(entry)) }
            #expect(dictionary.counts == (0..<words.count).map(Int64.init))
        }
    }

    @Test func pruningForgetsAndTheOthersMoveUp() {
        let dictionary = DictionaryMemory(entries: 400, slots: 512)
        for (entry, word) in words.enumerated() { _ = dictionary.add(word, count: Int64(entry % 3)) }
        let old = dictionary.value.slots
        w2v_dictionary_prune(&dictionary.value, .allocate(capacity: 512), 1)
        old.deallocate()
        let kept = words.enumerated().filter { $0.offset % 3 == 2 }.map(\.element)
        #expect((0..<Int(dictionary.value.count)).map(dictionary.word) == kept)
        #expect(dictionary.counts == kept.map { _ in 2 })
        for (entry, word) in words.enumerated() where entry % 3 < 2 { #expect(dictionary.find(word) == nil) }
        #expect(dictionary.value.used == kept.reduce(0) { $0 + $1.count })
    }

    @Test func twoDictionariesBecomeOneInTheOrderOfTheText() {
        let (first, second) = (DictionaryMemory(entries: 400, slots: 512), DictionaryMemory(entries: 400, slots: 512))
        let (front, back) = (words.prefix(60), words.dropFirst(30).reversed())
        for word in front { _ = first.add(word, count: 1) }
        for word in back { _ = second.add(word, count: 10) }
        var map = [UInt32](repeating: 0, count: back.count)
        w2v_dictionary_merge(&first.value, &second.value, &map)
        let expected = front + back.filter { !front.contains($0) }
        #expect((0..<Int(first.value.count)).map(first.word) == Array(expected))
        for (word, entry) in zip(back, map) { #expect(first.word(Int(entry)) == word) }
        #expect(first.counts == expected.map { (front.contains($0) ? 1 : 0) + (back.contains($0) ? 10 : 0) })
    }
}
