internal import CWord2Vec
import Synchronization

/// A hash table from words to ranks, with open addressing. Each slot holds half of the hash beside the rank, so that
/// words with another hash are hardly ever compared.
public struct WordIndex: Sendable {
    /// A slot is the high half of the word's hash, then its rank plus 1; 0 is empty. The number of slots is a power of
    /// two, at least twice the number of words.
    public private(set) var slots: [UInt64]
    public private(set) var count = 0

    /// Creates an index with room for this many words.
    public init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = Array(unsafeUninitializedCapacity: size) { slots, count in
            adviseHugePages(UnsafeMutableRawBufferPointer(slots))
            slots.initialize(repeating: 0)
            count = size
        }
    }

    /// Whether one more word would fill more than half of the slots.
    public var isFull: Bool { (count + 1) * 2 > slots.count }

    /// The rank of the word with this hash for which `isWord` is true; otherwise nil, and the slot for the word.
    public func find(_ hash: UInt64, isWord: (Int) -> Bool) -> (rank: Int?, slot: Int) {
        slots.withUnsafeBufferPointer { Self.find(hash, in: $0, isWord: isWord) }
    }

    /// The same for the slots of an index.
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

    /// Prefetches the slot where the search for a hash begins. Prefetching many words together hides the cache misses.
    public func prefetch(_ hash: UInt64) {
        slots.withUnsafeBufferPointer { slots in
            if let base = slots.baseAddress { w2v_prefetch(base + (Int(truncatingIfNeeded: hash) & (slots.count - 1))) }
        }
    }

    /// Enters a word into its slot.
    public mutating func insert(_ rank: Int, _ hash: UInt64, at slot: Int) {
        slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(rank + 1)
        count += 1
    }

    /// The keyed hash of a word. It depends on the bytes only, and differs from process to process.
    @inlinable
    public static func hash(_ word: some Collection<UInt8>) -> UInt64 { word.withBytes { hash($0) } }

    @usableFromInline
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        // An empty word may have no address.
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return 0 }
        return withUnsafePointer(to: HashKey.ofProcess) { w2v_hash_bytes($0, base, bytes.count) }
    }
}

/// The key of all hash tables of this process, from the system's random numbers, so that a file cannot be made whose
/// words collide. No result depends on it.
public enum HashKey {
    static let ofProcess: w2v_hash_key = {
        var generator = SystemRandomNumberGenerator()
        return w2v_hash_key(a: generator.next(), b: generator.next(), c: generator.next(), d: generator.next())
    }()
}

/// The index of a table that was read as a whole. It is made when that pays: the first lookups compare all words, and
/// when this has cost about as much as making the index, it is made. Lookups take no lock; only a thread that needs the
/// index while another one makes it waits.
public final class LazyWordIndex: Sendable {
    /// The number of comparisons that take as long as entering one word into the index.
    private static let comparisonsPerEntry = 32

    private let isMade = Atomic(false)
    /// The slots and the number of words: written once, before `isMade` is set, and read after that. It is not an
    /// array, because each lookup would then count a reference, and threads would wait for each other's counts.
    nonisolated(unsafe) private var slots = UnsafeMutableBufferPointer<UInt64>(start: nil, count: 0)
    nonisolated(unsafe) private var words = 0
    private let making = Locked(())
    /// The number of comparisons so far.
    private let compared = Atomic(0)

    deinit { slots.deallocate() }

    /// The rank of a word, the first of several equal ones.
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

    /// The number of distinct words.
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
