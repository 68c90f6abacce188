internal import CWord2Vec

/// Pairs of dictionary entries with counts, 16 bytes a slot. Makes the room that the C core asks for.
final class PairTable {
    /// The C core's view, for its functions.
    var core: w2v_pairs
    private var slots: Memory

    /// Room for so many pairs.
    init(capacity: Int = 0) throws(Word2VecError) {
        let count = Self.slotCount(pairs: capacity)
        slots = try Self.makeSlots(count)
        core = w2v_pairs(slots: slots.bound(to: w2v_pair.self), mask: count - 1, count: 0, key: HashKey.ofProcess)
    }

    /// Makes room for so many pairs more.
    func reserve(_ pairs: Int) throws(Word2VecError) {
        let needed = Self.slotCount(pairs: core.count + pairs)
        guard needed > core.mask + 1 else { return }
        let old = slots
        slots = try Self.makeSlots(needed)
        w2v_pairs_move(&core, slots.bound(to: w2v_pair.self), needed - 1)
        withExtendedLifetime(old) {}
    }

    /// The count of a pair, which is entered with 0 if it is new; there must be room.
    subscript(first: Int, second: Int) -> Int {
        get { Int(w2v_pairs_enter(&core, UInt32(first), UInt32(second)).pointee.count) }
        set { w2v_pairs_enter(&core, UInt32(first), UInt32(second)).pointee.count = Int64(newValue) }
    }

    /// Hands over all pairs in no order.
    func visit(_ body: (_ first: Int, _ second: Int, _ count: Int) -> Void) {
        for slot in UnsafeBufferPointer(start: core.slots, count: core.mask + 1) where slot.key != 0 {
            body(Int(slot.key >> 32), Int(slot.key & 0xFFFF_FFFF), Int(slot.count))
        }
        withExtendedLifetime(slots) {}
    }

    private static func makeSlots(_ count: Int) throws(Word2VecError) -> Memory {
        try Memory(zeroed: count * MemoryLayout<w2v_pair>.stride, for: "pairs of words", use: .table)
    }

    /// A power of two that leaves at least a quarter of the slots empty.
    private static func slotCount(pairs: Int) -> Int {
        var slots = 1024
        while slots * 3 < pairs * 4 { slots *= 2 }
        return slots
    }
}
