/// Words as bytes, in order, with a hash index. A word from a corpus need not be valid UTF-8; its bytes are what is
/// compared and written.
struct WordTable: Sendable {
    /// All words' bytes, one after the other.
    private var storage: [UInt8] = []
    /// Where each word begins, and the end of the last.
    private var offsets: [Int] = [0]
    /// Ranks by hash, open addressing; -1 is empty. A power of two, at least twice the number of words.
    private var slots: [Int32] = [Int32](repeating: -1, count: 16)

    init() {}

    var count: Int { offsets.count - 1 }

    /// Bytes of all words.
    var byteCount: Int { storage.count }

    /// The bytes of a word. O(1).
    func bytes(at rank: Int) -> ArraySlice<UInt8> {
        storage[offsets[rank]..<offsets[rank + 1]]
    }

    /// A word as text; bytes that are no UTF-8 become U+FFFD.
    subscript(rank: Int) -> String {
        String(decoding: bytes(at: rank), as: UTF8.self)
    }

    /// All words, as text.
    var words: [String] { (0..<count).map { self[$0] } }

    /// The rank of a word. O(1) on average.
    func rank(of word: some Collection<UInt8>) -> Int? {
        let found = slots[slot(of: word)]
        return found < 0 ? nil : Int(found)
    }

    func rank(of word: String) -> Int? {
        rank(of: word.utf8)
    }

    /// Appends a word. False, and nothing is changed, if it is there already.
    mutating func append(_ word: some Collection<UInt8>) -> Bool {
        if (count + 1) * 2 > slots.count { enlarge() }
        let slot = slot(of: word)
        guard slots[slot] < 0 else { return false }
        slots[slot] = Int32(count)
        storage += word
        offsets.append(storage.count)
        return true
    }

    /// Appends a word that is not there yet, which is not checked.
    mutating func appendNew(_ word: [UInt8]) {
        if (count + 1) * 2 > slots.count { enlarge() }
        let mask = slots.count - 1
        var slot = Self.hash(word) & mask
        while slots[slot] >= 0 { slot = (slot + 1) & mask }
        slots[slot] = Int32(count)
        storage += word
        offsets.append(storage.count)
    }

    mutating func reserveCapacity(words: Int) {
        offsets.reserveCapacity(words + 1)
        var size = slots.count
        while size < words * 2 { size *= 2 }
        if size > slots.count { index(slots: size) }
    }

    /// The slot that holds a word, or the empty one where it belongs.
    private func slot(of word: some Collection<UInt8>) -> Int {
        let mask = slots.count - 1
        var slot = Self.hash(word) & mask
        while slots[slot] >= 0, !bytes(at: Int(slots[slot])).elementsEqual(word) { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func enlarge() {
        index(slots: slots.count * 2)
    }

    private mutating func index(slots size: Int) {
        slots = [Int32](repeating: -1, count: size)
        for rank in 0..<count {
            var slot = Self.hash(bytes(at: rank)) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(rank)
        }
    }

    /// The high bits are folded down.
    private static func hash(_ word: some Collection<UInt8>) -> Int {
        var hash = FNV1a()
        hash.combine(word)
        return Int(truncatingIfNeeded: hash.value ^ hash.value >> 32)
    }
}

/// The hash FNV-1a of 64 bits (Fowler, Noll, Vo): fast, the same everywhere, and no guard against forgers.
struct FNV1a {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* Self.prime }
    }

    /// A step with 64 bits at once, which FNV-1a itself does not have: the high bits are folded down.
    @inline(__always)
    mutating func combine(_ word: UInt64) {
        let product = (value ^ word) &* Self.prime
        value = product ^ product >> 32
    }

    private static let prime: UInt64 = 0x100_0000_01B3
}

extension WordTable: Equatable {
    static func == (a: WordTable, b: WordTable) -> Bool {
        a.offsets == b.offsets && a.storage == b.storage
    }
}
