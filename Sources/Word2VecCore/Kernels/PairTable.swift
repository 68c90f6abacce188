internal import CWord2Vec

/// A hash table of pairs of dictionary entries with counts (`w2v_phrases.h`), 16 bytes per slot. Tokens are entries of
/// a dictionary whose entry 0 is the line end.
package final class PairTable {
    private(set) var core: w2v_pairs
    private var slots: Memory

    /// A table with room for `capacity` pairs.
    package init(capacity: Int = 0) throws(CoreError) {
        let count = Self.slotCount(pairs: capacity)
        slots = try Self.makeSlots(count)
        core = w2v_pairs(slots: slots.bound(to: w2v_pair.self), mask: count - 1, count: 0, key: HashKey.ofProcess)
    }

    /// Counts the pairs of neighboring words on a line that both have a count of at least `minimum`. O(tokens).
    ///
    /// - Parameters:
    ///   - counts: by dictionary entry.
    ///   - previous: the word before the tokens. It is updated.
    package func count(
        _ tokens: TokenView, counts: [Int64], minimum: Int, after previous: inout PrecedingWord
    ) throws(CoreError) {
        try reserve(tokens.count)
        w2v_pairs_count(&core, tokens.pointer, tokens.count, counts, Int64(minimum), &previous.entry)
    }

    /// Returns the text of the tokens: `_` between two words whose pair is in this table, otherwise a space, and a
    /// newline for each line end. Counts each joined pair. O(bytes).
    ///
    /// - Parameters:
    ///   - words: the dictionary of the tokens.
    ///   - room: ``TextEncoder/roomToRewrite``.
    package func joined(
        _ tokens: TokenView, words: WordDictionary, room: Int, after previous: inout PrecedingWord
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: room) { text, count in
            guard let base = text.baseAddress else { return }
            count = w2v_pairs_join(&core, &words.core, tokens.pointer, tokens.count, &previous.entry, base)
        }
    }

    /// The word before the next token of a text.
    package struct PrecedingWord {
        fileprivate var entry = Int32(W2V_LINE_HEAD)

        package init() {}
    }

    /// Makes room for `pairs` more pairs.
    private func reserve(_ pairs: Int) throws(CoreError) {
        let needed = Self.slotCount(pairs: core.count + pairs)
        guard needed > core.mask + 1 else { return }
        let old = slots
        slots = try Self.makeSlots(needed)
        w2v_pairs_move(&core, slots.bound(to: w2v_pair.self), needed - 1)
        withExtendedLifetime(old) {}
    }

    /// The count of a pair. A new pair is added with count 0; there must be room for it.
    package subscript(first: Int, second: Int) -> Int {
        get { Int(w2v_pairs_enter(&core, UInt32(first), UInt32(second)).pointee.count) }
        set { w2v_pairs_enter(&core, UInt32(first), UInt32(second)).pointee.count = Int64(newValue) }
    }

    /// Passes all pairs to `body`, in no particular order.
    package func visit(_ body: (_ first: Int, _ second: Int, _ count: Int) -> Void) {
        for slot in UnsafeBufferPointer(start: core.slots, count: core.mask + 1) where slot.key != 0 {
            body(Int(slot.key >> 32), Int(slot.key & 0xFFFF_FFFF), Int(slot.count))
        }
        withExtendedLifetime(slots) {}
    }

    private static func makeSlots(_ count: Int) throws(CoreError) -> Memory {
        try Memory(zeroed: count * MemoryLayout<w2v_pair>.stride, for: "pairs of words", use: .table)
    }

    /// A power of two that leaves at least a quarter of the slots empty.
    private static func slotCount(pairs: Int) -> Int {
        var slots = 1024
        while slots * 3 < pairs * 4 { slots *= 2 }
        return slots
    }
}
