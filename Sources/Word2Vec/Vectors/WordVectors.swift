internal import Word2VecCore

/// Words and their vectors, most frequent first: a collection by rank. Immutable, and safe to query from any number of
/// threads.
///
/// The rows are those of `vectors.bin`: row 0 is `</s>`, which no training changes, the others follow by count.
///
/// The first search makes an int8 copy of the rows that it reads, which takes D + 12 bytes a row and about the time of two
/// passes over them; the vectors of a file are open before.
public struct WordVectors: Sendable {
    let words: WordTable
    /// V x D.
    let matrix: FloatMatrix
    /// How often each word occurred, by rank; nil if that is unknown. Of files only the native format tells.
    public let counts: [Int]?
    /// What was found in the file that the vectors were read from; nil if they were trained or made.
    public let loading: LoadingReport?
    let index: SearchIndex

    init(words: WordTable, matrix: FloatMatrix, counts: [Int]? = nil, loading: LoadingReport? = nil) {
        self.words = words
        self.matrix = matrix
        self.counts = counts
        self.loading = loading
        index = SearchIndex(matrix)
    }

    /// Vectors made elsewhere: `words`, each once, and as many rows of equal length.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if they do not fit together.
    public init(words: [String], vectors: [[Float]], counts: [Int]? = nil) throws(Word2VecError) {
        guard vectors.count == words.count else {
            throw .wrongCount(of: "vectors", found: vectors.count, expected: words.count)
        }
        if let counts { try Check.count(counts.count, of: "counts", words.count) }
        let dimensions = vectors.first?.count ?? 0
        let matrix = try core(FloatMatrix(rows: words.count, dimensions: dimensions, for: "vectors"))
        var table = WordTable()
        for (rank, word) in words.enumerated() {
            guard vectors[rank].count == dimensions else {
                throw .wrongCount(of: "values of '\(word)'", found: vectors[rank].count, expected: dimensions)
            }
            guard table.insert(word.utf8).isNew else {
                throw .wrongCount(of: "rows of '\(word)'", found: 2, expected: 1)
            }
            matrix.setRow(rank, to: vectors[rank])
        }
        self.init(words: table, matrix: matrix, counts: counts)
    }

    /// Words (V).
    public var count: Int { words.count }

    /// Values of a vector (D).
    public var dimensions: Int { matrix.dimensions }

    /// The word of a rank; bytes that are no UTF-8 read as U+FFFD. O(1).
    public func word(at rank: Int) -> String { words[rank] }

    /// The vector of a rank (D). O(D).
    public func vector(at rank: Int) -> [Float] { matrix[rank] }

    /// The rank of a word; nil if it is missing. A word that is not UTF-8 is found by the text that ``word(at:)`` gives for it;
    /// of several that read alike, the first.
    ///
    /// - Complexity: O(1); O(V) for a text with U+FFFD, and for the first lookups in vectors that stay in their file
    ///   (``VectorStorage/mapped``).
    public func rank(of word: String) -> Int? { words.rank(of: word) }

    /// Whether the vectors hold a word. O(1).
    public func contains(_ word: String) -> Bool { rank(of: word) != nil }

    /// The vector of a word (D); nil if it is missing. O(D).
    public subscript(word: String) -> [Float]? {
        rank(of: word).map { matrix[$0] }
    }

    /// The rank of a word that must be there.
    func knownRank(of word: String) throws(Word2VecError) -> Int {
        guard let rank = rank(of: word) else { throw .unknownWord(word) }
        return rank
    }
}

/// A word with its vector.
public struct WordVector: Equatable, Sendable {
    /// The word; bytes that are no UTF-8 read as U+FFFD.
    public var word: String
    /// Its vector (D).
    public var vector: [Float]
    /// How often it occurred, if that is known.
    public var count: Int?
}

extension WordVectors: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    /// The word and vector of a rank, 0 ..< V. O(D).
    public subscript(rank: Int) -> WordVector {
        WordVector(word: words[rank], vector: matrix[rank], count: counts?[rank])
    }
}
