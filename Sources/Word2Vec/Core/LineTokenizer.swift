internal import CWord2Vec

/// The words of single lines, by the token rules that corpora are read by. Knows the vectors' words; remembers what each
/// word that it has met is, so that a word is looked up once.
final class LineTokenizer {
    private let vectors: WordVectors
    private let encoder: TextEncoder
    /// The vectors' row of each word met, or one of the two below.
    private var ranks: [Int32] = []

    private static let unknown: Int32 = -1
    private static let sentenceEnd: Int32 = -2

    init(_ vectors: WordVectors) throws(Word2VecError) {
        self.vectors = vectors
        encoder = try TextEncoder(rules: .standard, words: WordTable(), grows: true)
    }

    /// The rows of a line's known words, in order, and how many words the vectors lack. Sentence ends are left out.
    func rows(of line: ArraySlice<UInt8>) throws(Word2VecError) -> (known: [Int32], unknown: Int) {
        let entries = try encoder.entries(ofLine: line)
        for entry in ranks.count..<max(ranks.count, encoder.wordCount) {
            let word = encoder.dictionary.word(at: entry)
            let isEnd = word.elementsEqual(TokenRules.sentenceEnd.utf8)
            ranks.append(isEnd ? Self.sentenceEnd : vectors.words.rank(of: word).map(Int32.init) ?? Self.unknown)
        }
        var (known, unknown): ([Int32], Int) = ([], 0)
        for entry in entries {
            let rank = ranks[Int(entry)]
            if rank >= 0 { known.append(rank) }
            if rank == Self.unknown { unknown += 1 }
        }
        return (known, unknown)
    }
}

extension FloatMatrix {
    /// Replaces a row by the mean of some rows of a matrix of as many columns, each counted as often as it is named.
    /// O(n x S).
    func setRow(_ row: Int, toMeanOf rows: [Int32], of matrix: FloatMatrix) {
        precondition(row >= 0 && row < self.rows && dimensions == matrix.dimensions && !rows.isEmpty)
        precondition(rows.allSatisfy { $0 >= 0 && $0 < matrix.rows })
        w2v_mean_of_rows(matrix.pointer, matrix.stride, dimensions, rows, rows.count, pointer + row * stride)
    }

    /// A number that names the values, as far as six decimals show them: so text and binary files of the same vectors have
    /// the same. O(V x D).
    var fingerprint: UInt64 {
        var hash = FNV1a()
        for row in 0..<rows {
            let values = pointer + row * stride
            for d in 0..<dimensions {
                // -0 becomes 0, as which it may be written and read.
                let millionths = (Double(values[d]) * 1e6).rounded(.toNearestOrEven) + 0
                hash.combine(millionths.isNaN ? UInt64.max : millionths.bitPattern)
            }
        }
        return hash.value
    }
}
