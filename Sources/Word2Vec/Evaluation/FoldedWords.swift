internal import Word2VecCore

/// Case-insensitive lookup of the words of vectors, for evaluation files. Among words that differ only in case, the
/// most frequent one is found.
struct FoldedWords {
    private var table = WordTable()
    /// The rank of each entry of the table.
    private var ranks: [Int32] = []

    /// Uses the first `limit` words. O(their bytes).
    init(_ vectors: WordVectors, limit: Int) {
        table.reserveCapacity(words: limit)
        for rank in 0..<limit where table.insert(CaseFolding.folded(vectors.words.bytes(at: rank))).isNew {
            ranks.append(Int32(rank))
        }
    }

    /// The rank of a word. Nil if it is unknown.
    func rank(of word: String) -> Int? {
        table.rank(of: CaseFolding.folded(word.utf8)).map { Int(ranks[$0]) }
    }
}

/// Case folding: words that differ only in case become equal. Unicode's default full case folding is used (The Unicode
/// Standard, section 3.13.3), for all scripts and without rules for single languages: ß becomes ss, ς becomes σ, İ
/// becomes i followed by a combining dot, and ı does not change.
enum CaseFolding {
    /// The folded word as UTF-8. Words that differ only in case have equal results. Invalid UTF-8 does not change.
    /// O(bytes).
    static func folded(_ word: some Collection<UInt8>) -> [UInt8] {
        if word.allSatisfy({ $0 < 0x80 }) { return word.map(folded) }
        let bytes = Array(word)
        var (result, place) = ([UInt8](), 0)
        var (parser, rest) = (Unicode.UTF8.ForwardParser(), bytes.makeIterator())
        while true {
            switch parser.parseScalar(from: &rest) {
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                if scalar.isASCII {
                    result.append(folded(bytes[place]))
                } else {
                    result += foldings[scalar.value] ?? Array(encoded)
                }
                place += encoded.count
            case .error(let length):
                result += bytes[place..<place + length]
                place += length
            case .emptyInput: return result
            }
        }
    }

    private static func folded(_ ascii: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(ascii) ? ascii + 32 : ascii
    }

    /// The characters beyond ASCII that change, and their replacements. Computed once, in 20 ms.
    ///
    /// The standard library has no case folding. Lowercase of uppercase of lowercase makes the same characters equal,
    /// except for the dotless i, whose uppercase is I.
    private static let foldings: [UInt32: [UInt8]] = {
        var foldings: [UInt32: [UInt8]] = [:]
        for value in UInt32(0x80)..<0x20000 where value != dotlessI {
            guard let scalar = Unicode.Scalar(value), isCased(scalar) else { continue }
            let small = mapped(scalar.properties.lowercaseMapping, \.uppercaseMapping)
            let folded = Array(mapped(small, \.lowercaseMapping).utf8)
            if folded != Array(String(scalar).utf8) { foldings[value] = folded }
        }
        return foldings
    }()

    private static let dotlessI: UInt32 = 0x131

    private static func isCased(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.changesWhenLowercased || scalar.properties.changesWhenUppercased
    }

    /// Each character is mapped by itself, whatever its neighbors are.
    private static func mapped(_ text: String, _ mapping: KeyPath<Unicode.Scalar.Properties, String>) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += $1.properties[keyPath: mapping] }
    }
}
