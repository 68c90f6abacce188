/// The words of some vectors without regard to the case of ASCII letters, as the original's `compute-accuracy` reads them:
/// of several that differ in case alone, the most frequent one is found.
struct FoldedWords {
    private var table = WordTable()
    /// The rank of each entry of the table.
    private var ranks: [Int32] = []

    /// The first `limit` words. O(their bytes).
    init(_ vectors: WordVectors, limit: Int) {
        table.reserveCapacity(words: limit)
        for rank in 0..<limit where table.insert(Self.folded(vectors.words.bytes(at: rank))).isNew {
            ranks.append(Int32(rank))
        }
    }

    /// The rank of a word; nil if it is missing.
    func rank(of word: String) -> Int? {
        table.rank(of: Self.folded(word.utf8)).map { Int(ranks[$0]) }
    }

    /// The bytes in upper case.
    static func folded(_ word: some Collection<UInt8>) -> [UInt8] {
        word.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 }
    }
}
