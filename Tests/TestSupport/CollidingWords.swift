/// Words chosen to fall on one slot of hash tables whose hash has no key, as those of version 0.1 had none.
public enum CollidingWords {
    private static let multiplier: UInt64 = 0x9FB2_1C65_1E98_DF25

    /// The number whose product with an odd one is 1, modulo 2^64: Newton's iteration doubles the right bits.
    private static let inverse: UInt64 = {
        var inverse = multiplier
        for _ in 0..<6 { inverse = inverse &* (2 &- multiplier &* inverse) }
        return inverse
    }()

    /// Words of 8 bytes, none of them white space or NUL, that the dictionary of the tokenizer searched from one slot on.
    public static func ofDictionary(_ count: Int) -> [[UInt8]] {
        words(count) { random in
            let folded = (random & 0xFFFF_FFFF) &* inverse
            return (folded ^ folded >> 32) &* inverse
        }
    }

    /// The slot, before the mask, that the dictionary had for a word of 8 bytes.
    public static func dictionaryHome(_ word: [UInt8]) -> UInt64 {
        var hash = number(word) &* multiplier
        hash ^= hash >> 32
        return (hash &* multiplier) >> 32
    }

    /// The same for the index of a word table.
    public static func ofIndex(_ count: Int) -> [[UInt8]] {
        words(count) { random in
            let hash = random << 32
            var mixed = hash ^ hash >> 29 ^ hash >> 58
            mixed ^= mixed >> 32
            mixed = mixed &* inverse
            mixed ^= mixed >> 32
            return (mixed &* inverse) ^ 8
        }
    }

    /// The hash that the index had for a word of 8 bytes; the low bits are the slot.
    public static func indexHash(_ word: [UInt8]) -> UInt64 {
        var hash = (8 ^ number(word)) &* multiplier
        hash ^= hash >> 32
        hash = hash &* multiplier
        hash ^= hash >> 32
        return hash ^ hash >> 29
    }

    /// Pairs of numbers from 1 to `numbers` whose keys had the same `bits` low bits of the hash of pairs.
    public static func pairs(of numbers: Int, bits: UInt64) -> [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        for first in 1...numbers {
            for second in 1...numbers where pairHash(first, second) & ((1 << bits) - 1) == 0 {
                pairs.append((first, second))
            }
        }
        return pairs
    }

    private static func pairHash(_ first: Int, _ second: Int) -> UInt64 {
        var hash = UInt64(first) << 32 | UInt64(second)
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        return hash ^ hash >> 31
    }

    private static func number(_ word: [UInt8]) -> UInt64 {
        word.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func words(_ count: Int, _ solve: (UInt64) -> UInt64) -> [[UInt8]] {
        var generator = SeededGenerator(seed: 1)
        var words: Set<[UInt8]> = []
        while words.count < count {
            let number = solve(generator.next())
            let word = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            if !word.contains(where: { $0 <= 32 }) { words.insert(word) }
        }
        return Array(words)
    }
}
