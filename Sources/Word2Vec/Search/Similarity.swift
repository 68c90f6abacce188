internal import Word2VecCore

extension WordVectors {
    /// The cosine of the angle between the vectors of two words, from -1 to 1. It is 0 if a vector is zero or not
    /// finite. O(D).
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)``.
    public func similarity(between first: String, and second: String) throws(Word2VecError) -> Float {
        matrix.similarity(try knownRank(of: first), try knownRank(of: second))
    }

    /// The mean of the vectors of some words (D). A word that occurs twice counts twice. O(words x D).
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)`` for the first unknown word;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if there are no words.
    public func centroid(of words: [String]) throws(Word2VecError) -> [Float] {
        try Check.notEmpty(words.count, "words")
        var ranks: [Int] = []
        for word in words { ranks.append(try knownRank(of: word)) }
        return mean(of: ranks)
    }

    /// The cosine between the mean word vectors of two texts. The texts are split into words at spaces, tabs and line
    /// ends. Unknown words are skipped. Nil if a text has no known word.
    public func similarity(betweenTexts first: String, and second: String) -> Float? {
        let (first, second) = (knownRanks(in: first), knownRanks(in: second))
        guard !first.isEmpty, !second.isEmpty else { return nil }
        return cosine(mean(of: first), mean(of: second))
    }

    /// The word that fits least with the others. Its vector has the smallest cosine with the mean of all the vectors,
    /// each scaled to length 1. If several are equal, it is the first.
    ///
    /// - Throws: ``Word2VecError/unknownWord(_:)`` for the first unknown word;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if there are fewer than two words.
    public func oddOneOut(of words: [String]) throws(Word2VecError) -> String {
        guard words.count > 1 else {
            throw .invalidArgument("the number of words", found: "\(words.count)", expected: "at least 2")
        }
        let sum = try query(positive: words.map { WeightedWord($0) }, negative: []).vector
        var odd = (word: words[0], similarity: Float.infinity)
        for word in words {
            let similarity = cosine(matrix[try knownRank(of: word)], sum)
            if similarity < odd.similarity { odd = (word, similarity) }
        }
        return odd.word
    }

    /// The ranks of the known words of a text, in order.
    func knownRanks(in text: String) -> [Int] {
        text.utf8.split { $0 == UInt8(ascii: " ") || (9...13).contains($0) }.compactMap {
            words.rank(of: $0) ?? words.rank(readingAs: $0)
        }
    }

    private func mean(of ranks: [Int]) -> [Float] {
        matrix.sum(ranks.map { ($0, 1 / Double(ranks.count)) })
    }
}
