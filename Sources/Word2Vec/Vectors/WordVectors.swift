internal import Word2VecCore

/// Words and their vectors: a collection, sorted by rank (most frequent first). It is immutable and can be queried from
/// any number of threads.
///
/// The rows are in the order of `vectors.bin`. Row 0 is `</s>`, which training does not change; the other words are
/// sorted by count.
///
/// The first search makes an int8 copy of the rows that it reads. The copy takes D + 12 bytes per row, and about the
/// time of two passes over the rows. Opening a file does not wait for it.
public struct WordVectors: Sendable {
    let words: WordTable
    /// V x D.
    let matrix: FloatMatrix
    /// The count of each word in the training text, by rank. Nil if it is unknown. Of the file formats, only the native
    /// one stores counts.
    public let counts: [Int]?
    /// What was noticed while the vectors were read from a file. Nil if they do not come from a file.
    public let loading: LoadingReport?
    let index: SearchIndex

    init(words: WordTable, matrix: FloatMatrix, counts: [Int]? = nil, loading: LoadingReport? = nil) {
        self.words = words
        self.matrix = matrix
        self.counts = counts
        self.loading = loading
        index = SearchIndex(matrix)
    }

    /// Creates vectors from distinct words and one row per word. All rows have the same length.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if the numbers of words, rows or values do not match.
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

    /// The number of words (V).
    public var count: Int { words.count }

    /// The number of dimensions (D).
    public var dimensions: Int { matrix.dimensions }

    /// The word at a rank. Invalid UTF-8 reads as U+FFFD. O(1).
    public func word(at rank: Int) -> String { words[rank] }

    /// The vector at a rank (D). O(D).
    public func vector(at rank: Int) -> [Float] { matrix[rank] }

    /// The rank of a word. Nil if it is unknown. A word of invalid UTF-8 is found by the text that ``word(at:)``
    /// returns for it. If several words read alike, the first is found.
    ///
    /// - Complexity: O(1); O(V) for a text with U+FFFD, and for the first lookups in vectors that stay in their file
    ///   (``VectorStorage/mapped``).
    public func rank(of word: String) -> Int? { words.rank(of: word) }

    /// Whether the vectors contain a word. O(1).
    public func contains(_ word: String) -> Bool { rank(of: word) != nil }

    /// The vector of a word (D). Nil if the word is unknown. O(D).
    public subscript(word: String) -> [Float]? {
        rank(of: word).map { matrix[$0] }
    }

    /// The rank of a word, or an error if it is unknown.
    func knownRank(of word: String) throws(Word2VecError) -> Int {
        guard let rank = rank(of: word) else { throw .unknownWord(word) }
        return rank
    }
}

/// A word with its vector.
public struct WordVector: Equatable, Sendable {
    /// The word. Invalid UTF-8 reads as U+FFFD.
    public var word: String
    /// Its vector (D).
    public var vector: [Float]
    /// Its count in the training text. Nil if it is unknown.
    public var count: Int?
}

extension WordVectors: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    /// The word and the vector at a rank, 0 ..< V. O(D).
    public subscript(rank: Int) -> WordVector {
        WordVector(word: words[rank], vector: matrix[rank], count: counts?[rank])
    }
}
