internal import Word2VecCore

extension WordVectors {
    /// The words for which `isIncluded` returns true, in the same order. If the vectors hold a word several times (a
    /// mapped file can), all its rows are kept. O(V x D).
    public func filtered(_ isIncluded: (String) -> Bool) throws(Word2VecError) -> WordVectors {
        try selected((0..<count).filter { isIncluded(words[$0]) })
    }

    /// The first `limit` words, which are the most frequent. O(`limit` x D).
    public func filtered(limit: Int) throws(Word2VecError) -> WordVectors {
        try selected(Array(0..<Swift.min(Swift.max(limit, 0), count)))
    }

    /// The words of these vectors and of others, each once. If one of the two holds a word several times, its first row
    /// and count are used. A word in both gets the vector that `combine` returns, or the vector of these if `combine`
    /// is nil.
    ///
    /// If both have counts, the counts are added and the words are sorted by them, most frequent first. Words with
    /// equal counts keep their order, and the first word of these vectors (`</s>`) stays first. Otherwise the words of
    /// these vectors come first, then the new words of the others.
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if the dimensions differ, or if a combined vector has
    ///   a different number of values.
    /// - Complexity: O(V x (D + log V)).
    public func merged(
        with other: WordVectors, uniquingWith combine: ((_ mine: [Float], _ theirs: [Float]) -> [Float])? = nil
    ) throws(Word2VecError) -> WordVectors {
        try Check.count(other.dimensions, of: "dimensions of the other vectors", dimensions)
        // Of equal words in one of the two, the first counts.
        let mine = (0..<count).filter { words.rank(of: words.bytes(at: $0)) == $0 }
        let new = (0..<other.count).filter { rank in
            let word = other.words.bytes(at: rank)
            return words.rank(of: word) == nil && other.words.rank(of: word) == rank
        }
        var entries: [(mine: Int?, theirs: Int?)] = mine.map { ($0, other.words.rank(of: words.bytes(at: $0))) }
        entries += new.map { (nil, $0) }
        var sums: [Int]?
        if let counts, let theirs = other.counts {
            let unordered = entries.map { ($0.mine.map { counts[$0] } ?? 0) + ($0.theirs.map { theirs[$0] } ?? 0) }
            let order = entries.indices.sorted { a, b in
                if a == 0 || b == 0 { return a < b }
                return unordered[a] != unordered[b] ? unordered[a] > unordered[b] : a < b
            }
            entries = order.map { entries[$0] }
            sums = order.map { unordered[$0] }
        }

        let result = try core(FloatMatrix(rows: entries.count, dimensions: dimensions, for: "vectors"))
        var table = WordTable()
        table.reserveCapacity(words: entries.count)
        for (rank, entry) in entries.enumerated() {
            switch entry {
            case (let mine?, let theirs?):
                if let combine {
                    let vector = combine(matrix[mine], other.matrix[theirs])
                    try Check.count(vector.count, of: "values of '\(words[mine])'", dimensions)
                    result.setRow(rank, to: vector)
                } else {
                    result.setRow(rank, toRow: mine, of: matrix)
                }
                table.appendNew(words.bytes(at: mine))
            case (let mine?, nil):
                result.setRow(rank, toRow: mine, of: matrix)
                table.appendNew(words.bytes(at: mine))
            case (nil, let theirs?):
                result.setRow(rank, toRow: theirs, of: other.matrix)
                table.appendNew(other.words.bytes(at: theirs))
            case (nil, nil): break
            }
        }
        return WordVectors(words: table, matrix: result, counts: sums)
    }

    private func selected(_ ranks: [Int]) throws(Word2VecError) -> WordVectors {
        let result = try core(FloatMatrix(rows: ranks.count, dimensions: dimensions, for: "vectors"))
        for (rank, source) in ranks.enumerated() { result.setRow(rank, toRow: source, of: matrix) }
        return WordVectors(
            words: words.selected(ranks), matrix: result, counts: counts.map { counts in ranks.map { counts[$0] } })
    }
}
