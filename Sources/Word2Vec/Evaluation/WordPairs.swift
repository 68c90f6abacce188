/// Word pairs with human similarity scores, as in WordSim-353, SimLex-999 or MEN.
///
/// A file has one pair per line: two words and a number, separated by tabs, commas or spaces. Lines that begin with `#`
/// are comments. The first line may be a header. Further columns are ignored.
public struct WordPairs: Equatable, Sendable {
    /// Two words and their human similarity score.
    public struct Pair: Equatable, Sendable {
        /// The first word.
        public var first: String
        /// The second word.
        public var second: String
        /// The score, on any scale, higher for more similar words.
        public var score: Double

        /// A pair of words with its score.
        public init(_ first: String, _ second: String, _ score: Double) {
            (self.first, self.second, self.score) = (first, second, score)
        }
    }

    /// The pairs, in order.
    public var pairs: [Pair]

    /// Creates pairs from memory.
    public init(pairs: [Pair]) {
        self.pairs = pairs
    }

    /// Reads a file.
    ///
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``; ``Word2VecError/malformed(path:place:found:expected:)``
    ///   for the first line that is not a pair.
    public init(contentsOf path: String) throws(Word2VecError) {
        try self.init(TextLines(path: path))
    }

    init(_ lines: TextLines) throws(Word2VecError) {
        let path = lines.path
        pairs = []
        var isFirst = true
        for line in lines {
            guard line.bytes.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }),
                line.bytes.first != UInt8(ascii: "#")
            else { continue }
            if let pair = Self.pair(in: line.bytes) {
                pairs.append(pair)
            } else if !isFirst {
                throw .malformed(
                    path: path, place: .line(line.number), found: Word2VecError.quoted(line.bytes),
                    expected: "two words and a number")
            }
            isFirst = false
        }
        guard !pairs.isEmpty else {
            throw .malformed(path: path, place: .line(1), found: "no pair", expected: "lines of two words and a number")
        }
    }

    /// A phrase may contain spaces if tabs or commas separate the columns.
    private static func pair(in line: ArraySlice<UInt8>) -> Pair? {
        let separators = [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: " ")]
        let separator = separators.first { line.contains($0) } ?? UInt8(ascii: " ")
        let fields = line.split(separator: separator, omittingEmptySubsequences: separator == UInt8(ascii: " "))
            .map { trimmed($0) }
        guard fields.count >= 3, !fields[0].isEmpty, !fields[1].isEmpty, let score = Double(fields[2]), score.isFinite
        else { return nil }
        return Pair(fields[0], fields[1], score)
    }

    private static func trimmed(_ field: ArraySlice<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\r") }
        let field = field.drop(while: isSpace)
        return String(
            decoding: field.prefix(field.count - field.reversed().prefix(while: isSpace).count), as: UTF8.self)
    }
}

/// The correlation between the cosines of vectors and the scores of ``WordPairs``.
public struct SimilarityCorrelation: Equatable, Sendable {
    /// Spearman's rho: the correlation of the ranks, where equal values share their mean rank. Nil if there are fewer
    /// than two pairs, or if all cosines or all scores are equal.
    public var spearman: Double?
    /// Pearson's r: the correlation of the values. Nil as `spearman`.
    public var pearson: Double?
    /// The number of pairs that were compared: the vectors contain both words.
    public var compared: Int
    /// The number of all pairs.
    public var total: Int
    /// The unknown words, each once, in the order of the file.
    public var unknownWords: [String]
}

extension WordVectors {
    /// Compares cosines with scores. If a word is unknown, it is looked up again ignoring case, by Unicode's default
    /// case folding. Pairs with a word that is still unknown are skipped.
    ///
    /// - Complexity: O(pairs x D + V).
    public func correlation(with pairs: WordPairs) -> SimilarityCorrelation {
        let (known, unknownWords) = known(pairs)
        let scores = known.map(\.score)
        let cosines = known.map { Double(matrix.similarity($0.first, $0.second)) }
        return SimilarityCorrelation(
            spearman: Correlation.spearman(scores, cosines), pearson: Correlation.pearson(scores, cosines),
            compared: known.count, total: pairs.pairs.count, unknownWords: unknownWords)
    }

    /// The pairs of known words as ranks, and the unknown words, each once.
    func known(
        _ pairs: WordPairs
    ) -> (pairs: [(first: Int, second: Int, score: Double)], unknownWords: [String]) {
        let folded = FoldedWords(self, limit: count)
        var known: [(first: Int, second: Int, score: Double)] = []
        var (unknown, seen): ([String], Set<String>) = ([], [])
        for pair in pairs.pairs {
            let ranks = [pair.first, pair.second].map { word in
                let rank = rank(of: word) ?? folded.rank(of: word)
                if rank == nil, seen.insert(word).inserted { unknown.append(word) }
                return rank
            }
            if let first = ranks[0], let second = ranks[1] { known.append((first, second, pair.score)) }
        }
        return (known, unknown)
    }
}

enum Correlation {
    /// Nil if there are fewer than two values, or if all values of one side are equal.
    static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
        guard x.count == y.count, x.count > 1 else { return nil }
        let (xMean, yMean) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
        var (product, xSquare, ySquare) = (0.0, 0.0, 0.0)
        for (x, y) in zip(x, y) {
            product += (x - xMean) * (y - yMean)
            xSquare += (x - xMean) * (x - xMean)
            ySquare += (y - yMean) * (y - yMean)
        }
        let scale = (xSquare * ySquare).squareRoot()
        return scale > 0 && scale.isFinite ? Swift.min(1, Swift.max(-1, product / scale)) : nil
    }

    static func spearman(_ x: [Double], _ y: [Double]) -> Double? {
        pearson(ranks(of: x), ranks(of: y))
    }

    /// The ranks of the values, counted from 1. Equal values share their mean rank.
    static func ranks(of values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }
}
