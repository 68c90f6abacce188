/// Words as bytes, in order, with a hash index. A word from a corpus may be invalid UTF-8; its bytes are compared and
/// written as they are.
///
/// A table that is built word by word has each word once. A table that was read as a whole may have a word several
/// times and finds the first; its index is made when that pays.
public struct WordTable: Sendable {
    /// The bytes of all words in order, each followed by one other byte.
    @usableFromInline var storage: [UInt8] = []
    /// The offset of each word, and the end of the last.
    @usableFromInline var offsets: [Int] = [0]
    public private(set) var index = WordIndex(capacity: 0)
    /// Used in place of `index` if the words were read as a whole.
    private var lazyIndex: LazyWordIndex?

    /// The byte after each word.
    public static let separator = UInt8(ascii: " ")

    public init() {}

    /// Creates a table from joined words. Word r is `storage[offsets[r]..<offsets[r + 1] - 1]`; there is one offset
    /// more than there are words. O(1).
    public init(storage: [UInt8], offsets: [Int]) {
        precondition(offsets.first == 0 && offsets.last == storage.count)
        self.storage = storage
        self.offsets = offsets
        lazyIndex = LazyWordIndex()
    }

    @inlinable
    public var count: Int { offsets.count - 1 }

    /// The number of bytes of all words.
    public var byteCount: Int { storage.count - count }

    /// The bytes of a word. O(1).
    @inlinable
    public func bytes(at rank: Int) -> ArraySlice<UInt8> {
        storage[offsets[rank]..<offsets[rank + 1] - 1]
    }

    /// A word as text. Invalid UTF-8 becomes U+FFFD.
    public subscript(rank: Int) -> String {
        String(decoding: bytes(at: rank), as: UTF8.self)
    }

    /// All words, as text.
    public var words: [String] { (0..<count).map { self[$0] } }

    /// The rank of a word, the first of several equal ones. O(1) on average.
    @inlinable
    public func rank(of word: some Collection<UInt8>) -> Int? { word.withBytes { rank(of: $0) } }

    @usableFromInline
    func rank(of word: UnsafeBufferPointer<UInt8>) -> Int? {
        if let found = lazyIndex?.rank(of: word, in: self) { return found }
        if lazyIndex != nil { return nil }
        return index.find(WordIndex.hash(word)) { isWord(word, at: $0) }.rank
    }

    /// The rank of a word given as text. A word of invalid UTF-8 is found by the text that it reads as; of several that
    /// read alike, the first. O(1) on average; O(bytes of all words) for a text with U+FFFD.
    public func rank(of word: String) -> Int? {
        rank(of: word.utf8) ?? rank(readingAs: word.utf8)
    }

    /// The rank of the first word of invalid UTF-8 that reads as this text, with U+FFFD in place of each invalid part.
    public func rank(readingAs text: some Collection<UInt8>) -> Int? {
        guard text.contains(0xEF), String(decoding: text, as: UTF8.self).unicodeScalars.contains("\u{FFFD}") else {
            return nil
        }
        return (0..<count).first { rank in
            let word = bytes(at: rank)
            return !word.isValidUTF8 && String(decoding: word, as: UTF8.self).utf8.elementsEqual(text)
        }
    }

    /// The number of words that an earlier word equals. O(count) the first time.
    public var duplicates: Int {
        count - (lazyIndex?.count(in: self) ?? index.count)
    }

    /// Appends a word unless the table has it. Returns its rank: the last rank if the word is new, otherwise that of
    /// the equal word. O(1) on average.
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

    /// Prefetches what looking up or appending a word of this hash needs.
    public func prefetch(_ hash: UInt64) { index.prefetch(hash) }

    /// Appends a word that is known to be new.
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

    /// The first words, including equal ones. O(`limit`).
    public func prefix(_ limit: Int) -> WordTable {
        guard limit < count else { return self }
        return WordTable(storage: Array(storage[..<offsets[limit]]), offsets: Array(offsets[...limit]))
    }

    /// The words at these ranks, in this order, including equal ones: word n of the result is the word at `ranks[n]`.
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

    /// An index of all words. Of equal words it has the first.
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

    /// The number of words whose slots are prefetched together.
    public static let blockSize = 32

    func isWord(_ word: UnsafeBufferPointer<UInt8>, at rank: Int) -> Bool {
        storage.equal(word, in: offsets[rank]..<offsets[rank + 1] - 1)
    }

    /// The rank of a word, found by comparing all words in order. O(count).
    func position(of word: UnsafeBufferPointer<UInt8>) -> Int? {
        let length = word.count + 1
        guard let first = word.first else { return (0..<count).first { offsets[$0 + 1] - offsets[$0] == 1 } }
        var start = 0
        for rank in 0..<count {
            let end = offsets[rank + 1]
            // One comparison for both: a branch for each would be mispredicted.
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
