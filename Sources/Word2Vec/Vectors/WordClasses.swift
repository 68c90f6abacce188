/// Words grouped by k-means over their vectors, as the original's -classes.
public struct WordClasses: Sendable {
    let words: WordTable
    /// The class of each word by rank, 0 ..< the number of classes.
    public let assignment: [Int]

    /// Writes `word class` lines in order of rank. The file appears whole or not at all.
    public func write(to path: String) throws(Word2VecError) {
        let file = try OutputFile(path: path)
        for (rank, group) in assignment.enumerated() {
            try file.write(words.bytes(at: rank))
            try file.write(" \(group)\n".utf8)
        }
        try file.commit()
    }
}

extension WordVectors {
    /// Groups the words into `count` classes by ten rounds of k-means in the original's arithmetic.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` unless `count` is from 1 to a million.
    /// - Complexity: O(10 x V x `count` x D).
    public func classes(_ count: Int) throws(Word2VecError) -> WordClasses {
        guard (1...1_000_000).contains(count) else {
            throw .invalidOption("classes", found: "\(count)", expected: "from 1 to 1000000")
        }
        return WordClasses(words: words, assignment: try originalClasses(of: matrix, count: count))
    }
}
