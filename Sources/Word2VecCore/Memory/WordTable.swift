/// Words as bytes, in order, with a hash index. A word from a corpus need not be valid UTF-8; its bytes are what is
/// compared and written.
///
/// A table that is built word by word holds each word once. One that came as a whole may hold a word several times, and
/// finds the first; its index is made when it is worth it.
public struct WordTable: Sendable {
    /// All words' bytes in order, and a byte behind each.
    @usableFromInline var storage: [UInt8] = []
    /// Where each word begins, and where the next one would.
    @usableFromInline var offsets: [Int] = [0]
    public private(set) var index = WordIndex(capacity: 0)
    /// In place of `index`, if the words came as a whole.
    private var lazyIndex: LazyWordIndex?

    /// What stands behind each word.
    public static let separator = UInt8(ascii: " ")

    public init() {}

    /// Words that are together already. Word r is `storage[offsets[r]..<offsets[r + 1] - 1]`; there is one offset more than
    /// words. O(1).
    public init(storage: [UInt8], offsets: [Int]) {
        precondition(offsets.first == 0 && offsets.last == storage.count)
        self.storage = storage
        self.offsets = offsets
        lazyIndex = LazyWordIndex()
    }

    @inlinable
    public var count: Int { offsets.count - 1 }

    /// Bytes of all words.
    public var byteCount: Int { storage.count - count }

    /// The bytes of a word. O(1).
    @inlinable
    public func bytes(at rank: Int) -> ArraySlice<UInt8> {
        storage[offsets[rank]..<offsets[rank + 1] - 1]
    }

    /// A word as text; bytes that are no UTF-8 become U+FFFD.
    public subscript(rank: Int) -> String {
        String(decoding: bytes(at: rank), as: UTF8.self)
    }

    /// All words, as text.
    public var words: [String] { (0..<count).map { self[$0] } }

    /// The rank of a word, the first that has it. O(1) on average.
    @inlinable
    public func rank(of word: some Collection<UInt8>) -> Int? { word.withBytes { rank(of: $0) } }

    @usableFromInline
    func rank(of word: UnsafeBufferPointer<UInt8>) -> Int? {
        if let found = lazyIndex?.rank(of: word, in: self) { return found }
        if lazyIndex != nil { return nil }
        return index.find(WordIndex.hash(word)) { isWord(word, at: $0) }.rank
    }

    /// The rank of a word as text. A word that is not UTF-8 is found by what it reads as, the first of several that read alike.
    /// O(1) on average; O(bytes of all words) for a text with U+FFFD.
    public func rank(of word: String) -> Int? {
        rank(of: word.utf8) ?? rank(readingAs: word.utf8)
    }

    /// The rank of the first word that is not UTF-8 and reads as this text, which has U+FFFD in the place of each invalid part.
    public func rank(readingAs text: some Collection<UInt8>) -> Int? {
        guard text.contains(0xEF), String(decoding: text, as: UTF8.self).unicodeScalars.contains("\u{FFFD}") else {
            return nil
        }
        return (0..<count).first { rank in
            let word = bytes(at: rank)
            return !word.isValidUTF8 && String(decoding: word, as: UTF8.self).utf8.elementsEqual(text)
        }
    }

    /// Words that stand before, too. O(count) the first time.
    public var duplicates: Int {
        count - (lazyIndex?.count(in: self) ?? index.count)
    }

    /// Appends a word unless the table has it. Returns its rank: the last one if the word is new, else that of the first
    /// word that equals it. O(1) on average.
    @inlinable
    public mutating func insert(_ word: some Collection<UInt8>) -> (isNew: Bool, rank: Int) {
        word.withBytes { insert($0, hash: WordIndex.hash($0)) }
    }

    /// The same for a word whose hash is known.
    @inlinable
    public mutating func insert(_ word: some Collection<UInt8>, hash: UInt64) -> (isNew: Bool, rank: Int) {
        word.withBytes { insert($0, hash: hash) }
    }

    @usableFromInline
    mutating func insert(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64) -> (isNew: Bool, rank: Int) {
        makeRoom()
        let (found, slot) = index.find(hash) { isWord(word, at: $0) }
        if let found { return (false, found) }
        index.insert(count, hash, at: slot)
        store(word)
        return (true, count - 1)
    }

    /// Gets ready to look for a word of this hash, or to append it.
    public func prefetch(_ hash: UInt64) { index.prefetch(hash) }

    /// Appends a word that the table must not have yet.
    @inlinable
    public mutating func appendNew(_ word: some Collection<UInt8>) {
        let isNew = insert(word).isNew
        precondition(isNew, "a word again")
    }

    public mutating func reserveCapacity(words: Int, bytes: Int = 0) {
        offsets.reserveCapacity(words + 1)
        storage.reserveCapacity(bytes + words)
        index = makeIndex(capacity: words)
        lazyIndex = nil
    }

    /// The first words alone, equal ones among them. O(`limit`).
    public func prefix(_ limit: Int) -> WordTable {
        guard limit < count else { return self }
        return WordTable(storage: Array(storage[..<offsets[limit]]), offsets: Array(offsets[...limit]))
    }

    /// The words of these ranks, in this order, equal ones among them: word n of the result is that of `ranks[n]`.
    /// O(bytes of the words).
    public func selected(_ ranks: [Int]) -> WordTable {
        var (storage, offsets) = ([UInt8](), [0])
        storage.reserveCapacity(ranks.reduce(0) { $0 + self.offsets[$1 + 1] - self.offsets[$1] })
        offsets.reserveCapacity(ranks.count + 1)
        for rank in ranks {
            storage.append(contentsOf: self.storage[self.offsets[rank]..<self.offsets[rank + 1]])
            offsets.append(storage.count)
        }
        return WordTable(storage: storage, offsets: offsets)
    }

    private mutating func store(_ word: UnsafeBufferPointer<UInt8>) {
        storage.append(contentsOf: word)
        storage.append(Self.separator)
        offsets.append(storage.count)
    }

    /// Makes room in the index for a word.
    private mutating func makeRoom() {
        if index.isFull || lazyIndex != nil {
            index = makeIndex(capacity: 2 * count + 8)
            lazyIndex = nil
        }
    }

    /// An index of all words; of equal ones it has the first.
    public func makeIndex(capacity: Int = 0) -> WordIndex {
        var index = WordIndex(capacity: max(capacity, count))
        var hashes: [UInt64] = []
        for start in stride(from: 0, to: count, by: Self.blockSize) {
            let block = start..<min(start + Self.blockSize, count)
            hashes.removeAll(keepingCapacity: true)
            for rank in block {
                hashes.append(WordIndex.hash(bytes(at: rank)))
                index.prefetch(hashes[rank - start])
            }
            for rank in block {
                let (found, slot) = bytes(at: rank).withBytes { word in
                    index.find(hashes[rank - start]) { isWord(word, at: $0) }
                }
                if found == nil { index.insert(rank, hashes[rank - start], at: slot) }
            }
        }
        return index
    }

    /// Words whose slots are fetched together.
    public static let blockSize = 32

    func isWord(_ word: UnsafeBufferPointer<UInt8>, at rank: Int) -> Bool {
        storage.equal(word, in: offsets[rank]..<offsets[rank + 1] - 1)
    }

    /// The rank of a word, found by comparing it with all from the front. O(count).
    func position(of word: UnsafeBufferPointer<UInt8>) -> Int? {
        let length = word.count + 1
        guard let first = word.first else { return (0..<count).first { offsets[$0 + 1] - offsets[$0] == 1 } }
        var start = 0
        for rank in 0..<count {
            let end = offsets[rank + 1]
            // One comparison for both: which of them fails cannot be foretold.
            if (end - start) ^ length | Int(storage[start] ^ first) == 0, isWord(word, at: rank) { return rank }
            start = end
        }
        return nil
    }
}

extension WordTable: Equatable {
    public static func == (a: WordTable, b: WordTable) -> Bool {
        a.offsets == b.offsets && a.storage == b.storage
    }
}
