internal import CWord2Vec

/// The C core's dictionary with its memory: words in order of first occurrence, each with a count. Room for new words
/// is made before the core adds them.
package final class WordDictionary {
    /// The view for the functions of the C core.
    var core: w2v_dictionary
    private var entryCapacity: Int
    private var byteCapacity: Int
    private var slots: Memory

    /// Creates a dictionary that contains `words` with counts of 0.
    package convenience init(_ words: WordTable) throws(CoreError) {
        try self.init(words, key: HashKey.ofProcess)
    }

    init(_ words: WordTable, key: w2v_hash_key) throws(CoreError) {
        entryCapacity = words.count + 1
        byteCapacity = words.byteCount + 1
        slots = try Self.makeSlots(Self.slotCount(entries: entryCapacity))
        core = w2v_dictionary(
            bytes: .allocate(capacity: byteCapacity),
            entries: .allocate(capacity: entryCapacity),
            slots: slots.bound(to: w2v_slot.self),
            used: 0,
            count: 0,
            mask: UInt32(Self.slotCount(entries: entryCapacity) - 1),
            key: key)
        w2v_dictionary_clear(&core)
        for rank in 0..<words.count { enter(words.bytes(at: rank)) }
    }

    deinit {
        core.bytes.deallocate()
        core.entries.deallocate()
    }

    /// The number of distinct words.
    package var count: Int { Int(core.count) }

    /// The count of each entry.
    package var counts: [Int] {
        let counts = [Int64](unsafeUninitializedCapacity: count) { counts, count in
            count = self.count
            if let base = counts.baseAddress { w2v_dictionary_counts(&core, base) }
        }
        return counts.map(Int.init)
    }

    /// The bytes of an entry.
    package func word(at entry: Int) -> [UInt8] {
        precondition(entry >= 0 && entry < count, "entry outside of the dictionary")
        let entry = core.entries[entry]
        return Array(UnsafeBufferPointer(start: core.bytes + Int(entry.offset), count: Int(entry.length)))
    }

    /// Adds the words and counts of another dictionary. Returns, for each of its entries, the entry here.
    package func absorb(_ next: WordDictionary) throws(CoreError) -> [UInt32] {
        try reserve(words: next.count, bytes: next.core.used)
        return [UInt32](unsafeUninitializedCapacity: next.count) { map, count in
            count = next.count
            // An empty array has no address; the C core writes nothing to it.
            if let base = map.baseAddress { w2v_dictionary_merge(&core, &next.core, base) }
        }
    }

    /// Drops the words whose count is not above a bound. The others move up, in order.
    package func prune(_ bound: Int) throws(CoreError) {
        let old = slots
        slots = try Self.makeSlots(Int(core.mask) + 1)
        w2v_dictionary_prune(&core, slots.bound(to: w2v_slot.self), Int64(bound))
        withExtendedLifetime(old) {}
    }

    /// Makes room for this many more words, with this many bytes in all.
    package func reserve(words: Int, bytes: Int) throws(CoreError) {
        let neededEntries = count + words
        if neededEntries > entryCapacity {
            entryCapacity = max(neededEntries, 2 * entryCapacity)
            core.entries = Self.grow(core.entries, used: count, capacity: entryCapacity)
        }
        if core.used + bytes > byteCapacity {
            byteCapacity = max(core.used + bytes, 2 * byteCapacity)
            core.bytes = Self.grow(core.bytes, used: core.used, capacity: byteCapacity)
        }
        let needed = Self.slotCount(entries: neededEntries)
        if needed > Int(core.mask) + 1 {
            let old = slots
            slots = try Self.makeSlots(needed)
            w2v_dictionary_move(&core, slots.bound(to: w2v_slot.self), UInt32(needed - 1))
            withExtendedLifetime(old) {}
        }
    }

    private func enter(_ word: ArraySlice<UInt8>) {
        word.withUnsafeBufferPointer { bytes in
            // An empty word has no address; the C core reads nothing of it.
            _ = w2v_dictionary_add(&core, bytes.baseAddress ?? UnsafePointer(core.bytes), bytes.count)
        }
    }

    private static func makeSlots(_ count: Int) throws(CoreError) -> Memory {
        try Memory(zeroed: count * MemoryLayout<w2v_slot>.stride, for: "vocabulary", use: .table)
    }

    /// The number of slots: a power of two that leaves at least three eighths empty.
    private static func slotCount(entries: Int) -> Int {
        var slots = 1024
        while slots * 5 < entries * 8 { slots *= 2 }
        return slots
    }

    private static func grow<Element: BitwiseCopyable>(
        _ old: UnsafeMutablePointer<Element>, used: Int, capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        let new = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        new.initialize(from: old, count: used)
        old.deallocate()
        return new
    }
}
