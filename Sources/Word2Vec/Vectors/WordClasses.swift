internal import Word2VecCore

/// The options for grouping words into classes. Each property names the flag of `w2v-c classes` that sets it.
public struct ClassOptions: Codable, Equatable, Sendable {
    /// A variant of k-means.
    public enum Method: String, Codable, Sendable, CaseIterable {
        /// K-means++ seeding (Arthur and Vassilvitskii 2007), then rounds until no word changes its class. The vectors
        /// are scaled to length 1, so words are compared by cosine (spherical k-means: Dhillon and Modha 2001).
        case plusPlus = "kmeans++"
        /// The `-classes` of the original, with the same arithmetic. Word r starts in class r mod count, and ten rounds
        /// are run. Longer vectors have more weight.
        case original
    }

    /// `-classes`: the number of classes.
    public var count: Int
    /// `-method`: the variant of k-means.
    public var method = Method.plusPlus
    /// `-seed`: the seed of the random numbers that choose the first centers.
    public var seed: UInt64 = 1
    /// `-iter`: the maximum number of rounds.
    public var iterations = 100

    /// Creates options with default values for everything but the number of classes.
    public init(count: Int) {
        self.count = count
    }

    /// Checks all options.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first invalid option.
    public func validate() throws(Word2VecError) {
        guard (1...Self.maximum).contains(count) else {
            throw .invalidOption("classes", found: "\(count)", expected: "from 1 to \(Self.maximum)")
        }
        guard (1...Self.maximum).contains(iterations) else {
            throw .invalidOption("iter", found: "\(iterations)", expected: "from 1 to \(Self.maximum)")
        }
    }

    private static let maximum = 1_000_000
}

/// Words grouped into classes by k-means over their vectors.
public struct WordClasses: Sendable {
    let words: WordTable
    /// The class of each word by rank, from 0 to `count` - 1.
    public let assignment: [Int]
    /// The number of classes.
    public let count: Int
    /// The number of k-means rounds that were run.
    public let rounds: Int

    /// Writes one line `word class` per word, in order of rank. With `sorted` the lines are in order of class, then of
    /// rank. The file is written completely or not at all; `-` is standard output.
    ///
    /// - Throws: ``Word2VecError/cannotWrite(path:reason:)``.
    public func write(to path: String, sorted: Bool = false) throws(Word2VecError) {
        let file = try core(OutputFile(path: path))
        for rank in sorted ? members.flatMap({ $0 }) : Array(assignment.indices) {
            try core(file.write(words.bytes(at: rank)))
            try core(file.write(" \(assignment[rank])\n".utf8))
        }
        try core(file.commit())
    }

    /// The ranks of the words of each class, ascending. O(V).
    public var members: [[Int]] {
        var members = [[Int]](repeating: [], count: count)
        for (rank, group) in assignment.enumerated() { members[group].append(rank) }
        return members
    }
}

/// How similar the words within each class are, by cosine.
public struct ClassCohesion: Sendable {
    /// The number of words in each class.
    public let sizes: [Int]
    /// For each class, the mean cosine between its words and its center. The center is the direction of the sum of the
    /// words' vectors, each scaled to length 1. Nil if that sum is zero. Words whose vector is zero or not finite are
    /// excluded.
    public let meanCosines: [Double?]
    /// The sum over all words of the squared distance to the center of the class, of vectors of length 1. For one word
    /// it is 2 - 2 cosine.
    public let inertia: Double
    /// The number of words that were excluded, because their vector is zero or not finite.
    public let wordsWithoutDirection: Int
    /// The mean cosine between all words and the centers of their classes. Nil if all words were excluded.
    public let meanCosine: Double?
}

extension WordVectors {
    /// Groups the words into `count` classes with the default options: the same as `classes(ClassOptions(count: count))`.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` unless `count` is from 1 to a million, or if there are
    ///   more classes than words whose vector has a length.
    /// - Complexity: O(V x `count` x D) for the seeds and for each round.
    public func classes(_ count: Int) throws(Word2VecError) -> WordClasses {
        try classes(ClassOptions(count: count))
    }

    /// Groups the words by k-means.
    ///
    /// With ``ClassOptions/Method/plusPlus`` no class is empty: a class that loses all its words receives the word that
    /// is farthest from its own center. A word changes its class only if another center is strictly nearer. A vector
    /// that is zero, or has a value that is not finite, has cosine 0 to every center. The result does not depend on the
    /// instruction set or on the number of threads.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)``, for k-means++ also if there are more classes than
    ///   words with a nonzero finite vector.
    /// - Complexity: O(V x classes x D) for the seeds and for each round.
    public func classes(_ options: ClassOptions) throws(Word2VecError) -> WordClasses {
        try classes(options, on: nil)
    }

    func classes(_ options: ClassOptions, on instructionSet: InstructionSet?) throws(Word2VecError) -> WordClasses {
        try options.validate()
        switch options.method {
        case .original:
            return WordClasses(
                words: words, assignment: try core(originalClasses(of: matrix, count: options.count)),
                count: options.count,
                rounds: originalClassRounds)
        case .plusPlus:
            var means = try KMeans(core(matrix.normalized()), options: options, on: instructionSet)
            let assignment = try means.run()
            return WordClasses(words: words, assignment: assignment, count: options.count, rounds: means.rounds)
        }
    }

    /// Measures how similar the words within each class are. O(V x D).
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if the classes are of a different number of words.
    public func cohesion(of classes: WordClasses) throws(Word2VecError) -> ClassCohesion {
        try Check.count(classes.assignment.count, of: "words of the classes", count)
        let units = try core(matrix.normalized())
        let sums = try units.sums(of: classes.assignment, classes: classes.count)
        var (sizes, directed) = ([Int](repeating: 0, count: classes.count), [Int](repeating: 0, count: classes.count))
        for (rank, group) in classes.assignment.enumerated() {
            sizes[group] += 1
            if units.squaredLength(ofRow: rank) > 0 { directed[group] += 1 }
        }
        // The cosines between unit vectors and the direction of their sum add up to the length of the sum.
        let lengths = sums.map { sum in sum.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
        let total = directed.reduce(0, +)
        let cosines = lengths.reduce(0, +)
        return ClassCohesion(
            sizes: sizes, meanCosines: zip(lengths, directed).map { $0 > 0 ? $0 / Double($1) : nil },
            inertia: 2 * (Double(total) - cosines), wordsWithoutDirection: count - total,
            meanCosine: total > 0 ? cosines / Double(total) : nil)
    }
}
