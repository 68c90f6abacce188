internal import CWord2Vec
import Synchronization

/// Ranks of words by hash: open addressing, where each slot has half of the hash beside the rank, so that hardly a word is
/// compared that is not the one.
public struct WordIndex: Sendable {
    /// The high half of a word's hash above its rank plus 1; 0 is empty. A power of two, at least twice the number of words.
    public private(set) var slots: [UInt64]
    public private(set) var count = 0

    /// Room for so many words.
    public init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = Array(unsafeUninitializedCapacity: size) { slots, count in
            adviseHugePages(UnsafeMutableRawBufferPointer(slots))
            slots.initialize(repeating: 0)
            count = size
        }
    }

    /// Whether another word would leave less than half of the slots empty.
    public var isFull: Bool { (count + 1) * 2 > slots.count }

    /// The rank of the word of this hash for which `isWord` is true; else `nil`, and the slot where it belongs.
    public func find(_ hash: UInt64, isWord: (Int) -> Bool) -> (rank: Int?, slot: Int) {
        slots.withUnsafeBufferPointer { Self.find(hash, in: $0, isWord: isWord) }
    }

    /// The same over the slots of an index.
    fileprivate static func find(
        _ hash: UInt64, in slots: UnsafeBufferPointer<UInt64>, isWord: (Int) -> Bool
    ) -> (rank: Int?, slot: Int) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return (nil, slot) }
            if (entry ^ hash) >> 32 == 0 {
                let rank = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1
                if isWord(rank) { return (rank, slot) }
            }
            slot = (slot + 1) & mask
        }
    }

    /// Brings the slot where the search for a hash begins to the cache. Many are brought together faster than one by one.
    public func prefetch(_ hash: UInt64) {
        slots.withUnsafeBufferPointer { slots in
            if let base = slots.baseAddress { w2v_prefetch(base + (Int(truncatingIfNeeded: hash) & (slots.count - 1))) }
        }
    }

    /// Enters a word into the slot where it belongs.
    public mutating func insert(_ rank: Int, _ hash: UInt64, at slot: Int) {
        slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(rank + 1)
        count += 1
    }

    /// The keyed hash of a word: the same for the same bytes, wherever they are kept, until the process ends.
    @inlinable
    public static func hash(_ word: some Collection<UInt8>) -> UInt64 { word.withBytes { hash($0) } }

    @usableFromInline
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        // An empty word may have no address.
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return 0 }
        return withUnsafePointer(to: HashKey.ofProcess) { w2v_hash_bytes($0, base, bytes.count) }
    }
}

/// The key of all hash tables of this process, drawn from the system's source of random numbers: words cannot be chosen to
/// fall on each other. No result depends on it.
public enum HashKey {
    static let ofProcess: w2v_hash_key = {
        var generator = SystemRandomNumberGenerator()
        return w2v_hash_key(a: generator.next(), b: generator.next(), c: generator.next(), d: generator.next())
    }()
}

/// The index of a table that came as a whole, made when it is worth its time: the first words are looked for one by one from
/// the front, and when that has cost about as much as the index would, it is made. Lookups wait for no lock: only a thread
/// that needs the index while another makes it waits for that one.
public final class LazyWordIndex: Sendable {
    /// Words that are compared in the time in which the index takes in one.
    private static let comparisonsPerEntry = 32

    private let isMade = Atomic(false)
    /// The index's slots and the number of its words: written once, before `isMade` is set, and read after. No array: every
    /// lookup would count a reference to it, and threads would wait for each other's counts.
    nonisolated(unsafe) private var slots = UnsafeMutableBufferPointer<UInt64>(start: nil, count: 0)
    nonisolated(unsafe) private var words = 0
    private let making = Locked(())
    /// Words that were compared so far.
    private let compared = Atomic(0)

    deinit { slots.deallocate() }

    /// The rank of the first of equal words.
    func rank(of word: UnsafeBufferPointer<UInt8>, in table: WordTable) -> Int? {
        if !isMade.load(ordering: .acquiring) {
            guard compared.load(ordering: .relaxed) >= Self.comparisonsPerEntry * table.count else {
                let position = table.position(of: word)
                compared.wrappingAdd((position ?? table.count) + 1, ordering: .relaxed)
                return position
            }
            make(for: table)
        }
        return WordIndex.find(WordIndex.hash(word), in: UnsafeBufferPointer(slots)) { table.isWord(word, at: $0) }.rank
    }

    /// How many different words the table has.
    public func count(in table: WordTable) -> Int {
        make(for: table)
        return words
    }

    private func make(for table: WordTable) {
        making.withLock { _ in
            guard !isMade.load(ordering: .acquiring) else { return }
            let index = table.makeIndex()
            slots = .allocate(capacity: index.slots.count)
            adviseHugePages(UnsafeMutableRawBufferPointer(slots))
            _ = slots.initialize(from: index.slots)
            words = index.count
            isMade.store(true, ordering: .releasing)
        }
    }
}
