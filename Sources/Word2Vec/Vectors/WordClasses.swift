/// How to group words. Each property names its flag of `w2v-c classes`.
public struct ClassOptions: Codable, Equatable, Sendable {
    /// A way of k-means.
    public enum Method: String, Codable, Sendable, CaseIterable {
        /// From seeds that lie apart (Arthur and Vassilvitskii 2007), until no word moves; of vectors scaled to length 1, so by
        /// cosine (spherical k-means: Dhillon and Modha 2001).
        case plusPlus = "kmeans++"
        /// The original's -classes, in its arithmetic: word r starts in class r mod count, and ten rounds are run. Long
        /// vectors weigh more.
        case original
    }

    /// `-classes`: how many.
    public var count: Int
    /// `-method`
    public var method = Method.plusPlus
    /// `-seed`: of the seeds' draws.
    public var seed: UInt64 = 1
    /// `-iter`: rounds at the most.
    public var iterations = 100

    /// The defaults.
    public init(count: Int) {
        self.count = count
    }

    /// Checks every option.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first that no run can have.
    public func validate() throws(Word2VecError) {
        guard (1...Self.most).contains(count) else {
            throw .invalidOption("classes", found: "\(count)", expected: "from 1 to \(Self.most)")
        }
        guard (1...Self.most).contains(iterations) else {
            throw .invalidOption("iter", found: "\(iterations)", expected: "from 1 to \(Self.most)")
        }
    }

    private static let most = 1_000_000
}

/// Words grouped by k-means over their vectors.
public struct WordClasses: Sendable {
    let words: WordTable
    /// The class of each word by rank, 0 ..< the number of classes.
    public let assignment: [Int]
    /// How many classes there are.
    public let count: Int
    /// Rounds of k-means that were run.
    public let rounds: Int

    /// Writes `word class` lines in order of rank, or with `sorted` in order of class and then of rank. The file appears
    /// whole or not at all.
    public func write(to path: String, sorted: Bool = false) throws(Word2VecError) {
        try write(to: OutputFile(path: path), sorted: sorted)
    }

    /// The same to standard output if `path` is nil.
    package func writeAnswer(to path: String?, sorted: Bool) throws(Word2VecError) {
        try write(to: OutputFile.forAnswer(path), sorted: sorted)
    }

    private func write(to file: OutputFile, sorted: Bool) throws(Word2VecError) {
        for rank in sorted ? members.flatMap({ $0 }) : Array(assignment.indices) {
            try file.write(words.bytes(at: rank))
            try file.write(" \(assignment[rank])\n".utf8)
        }
        try file.commit()
    }

    /// The ranks of each class's words, ascending.
    public var members: [[Int]] {
        var members = [[Int]](repeating: [], count: count)
        for (rank, group) in assignment.enumerated() { members[group].append(rank) }
        return members
    }
}

/// How close the words of classes stand together, by cosine.
public struct ClassCohesion: Sendable {
    /// Words of each class.
    public let sizes: [Int]
    /// The mean cosine of each class's words to its centre, the direction of the sum of their vectors, each scaled to length 1;
    /// nil if the sum has none. Words whose vector has no length or is not finite are left out.
    public let meanCosines: [Double?]
    /// The sum over all words of the squared distance from the class's centre, of vectors of length 1: 2 - 2 cosine.
    public let inertia: Double
    /// Words that were left out.
    public let wordsWithoutDirection: Int
    /// The mean cosine of all words to the centres of their classes; nil without words.
    public let meanCosine: Double?
}

extension WordVectors {
    /// Groups the words into `count` classes as the original's -classes: by ten rounds of k-means in its arithmetic.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` unless `count` is from 1 to a million.
    /// - Complexity: O(10 x V x `count` x D).
    public func classes(_ count: Int) throws(Word2VecError) -> WordClasses {
        var options = ClassOptions(count: count)
        options.method = .original
        return try classes(options)
    }

    /// Groups the words by k-means.
    ///
    /// With ``ClassOptions/Method/plusPlus`` no class is empty: one that becomes so takes the word that lies farthest from its
    /// own centre. A word stays in its class while no other centre is nearer. A vector without length, or with a value that is
    /// not finite, is at cosine 0 from every centre. The result is the same on every instruction set and at any number of
    /// threads.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)``, for k-means++ also if there are more classes than words
    ///   whose vector has a length.
    /// - Complexity: O(V x classes x D) for the seeds and for each round.
    public func classes(_ options: ClassOptions) throws(Word2VecError) -> WordClasses {
        try classes(options, on: nil)
    }

    func classes(_ options: ClassOptions, on instructionSet: InstructionSet?) throws(Word2VecError) -> WordClasses {
        try options.validate()
        switch options.method {
        case .original:
            return WordClasses(
                words: words, assignment: try originalClasses(of: matrix, count: options.count), count: options.count,
                rounds: originalClassRounds)
        case .plusPlus:
            var means = try KMeans(matrix.normalized(), options: options, on: instructionSet)
            let assignment = try means.run()
            return WordClasses(words: words, assignment: assignment, count: options.count, rounds: means.rounds)
        }
    }

    /// How close the words of classes of these vectors stand together. O(V x D).
    ///
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if they are classes of a different number of words.
    public func cohesion(of classes: WordClasses) throws(Word2VecError) -> ClassCohesion {
        try Check.count(classes.assignment.count, of: "words of the classes", count)
        let units = try matrix.normalized()
        let sums = try units.sums(of: classes.assignment, classes: classes.count)
        var (sizes, directed) = ([Int](repeating: 0, count: classes.count), [Int](repeating: 0, count: classes.count))
        for (rank, group) in classes.assignment.enumerated() {
            sizes[group] += 1
            if units.squaredLength(ofRow: rank) > 0 { directed[group] += 1 }
        }
        // The cosines of unit vectors to the direction of their sum add up to its length.
        let lengths = sums.map { sum in sum.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
        let total = directed.reduce(0, +)
        let cosines = lengths.reduce(0, +)
        return ClassCohesion(
            sizes: sizes, meanCosines: zip(lengths, directed).map { $0 > 0 ? $0 / Double($1) : nil },
            inertia: 2 * (Double(total) - cosines), wordsWithoutDirection: count - total,
            meanCosine: total > 0 ? cosines / Double(total) : nil)
    }
}
