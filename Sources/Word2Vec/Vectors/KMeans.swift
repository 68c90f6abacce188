internal import Word2VecCore

/// K-means over rows of length 1. A zero row represents a vector that is zero or not finite. It has cosine 0 to every
/// center, is never chosen as a seed and never moved to refill an empty class.
struct KMeans {
    private let rows: ClusterRows
    private let options: ClassOptions
    /// The rows that are not zero.
    private let members: [Int]
    /// The number of rounds that were run.
    private(set) var rounds = 0

    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` if there are more classes than nonzero rows.
    init(
        _ matrix: FloatMatrix, options: ClassOptions, on instructionSet: InstructionSet? = nil
    ) throws(Word2VecError) {
        rows = try core(ClusterRows(matrix, on: instructionSet?.kernels))
        self.options = options
        members = (0..<matrix.rows).filter { matrix.squaredLength(ofRow: $0) > 0 }
        guard options.count <= members.count else {
            throw .invalidOption(
                "classes", found: "\(options.count)",
                expected: "at most \(members.count), the number of words with a nonzero vector")
        }
    }

    /// Runs k-means and returns the class of each row. O(V x classes x D) for the seeds and for each round.
    mutating func run() throws(Word2VecError) -> [Int] {
        var centers = try seeds().map { rows.matrix[$0] }
        while rounds < options.iterations {
            rounds += 1
            let moved = try core(rows.assign(to: centers))
            let refilled = refill()
            if moved + refilled == 0 || rounds == options.iterations { break }
            centers = try sums()
        }
        return (0..<rows.matrix.rows).map { rows[$0] }
    }

    /// Draws the seeds (k-means++). The first is drawn uniformly, each other with a probability proportional to its
    /// squared distance from the nearest seed.
    private func seeds() throws(Word2VecError) -> [Int] {
        var random = SeededRandom(seed: options.seed, stream: .classes)
        var isSeed = [Bool](repeating: false, count: rows.matrix.rows)
        var seeds: [Int] = []
        var weights = [Double](repeating: 1, count: members.count)
        for _ in 0..<options.count {
            let seed = members[Self.draw(weights, random.nextDouble())]
            isSeed[seed] = true
            seeds.append(seed)
            guard seeds.count < options.count else { break }
            try core(rows.seed(seed))
            var anyIsLeft = false
            for (n, row) in members.enumerated() {
                // |a - b|^2 for vectors of length 1.
                weights[n] = isSeed[row] ? 0 : max(0, 2 - 2 * rows.product(row))
                anyIsLeft = anyIsLeft || weights[n] > 0
            }
            // All remaining rows are equal to a seed: draw them uniformly.
            if !anyIsLeft { for (n, row) in members.enumerated() where !isSeed[row] { weights[n] = 1 } }
        }
        return seeds
    }

    /// Draws an index with a probability proportional to its weight, given a uniform random number `part` in 0 ..< 1.
    /// At least one weight must be above 0.
    private static func draw(_ weights: [Double], _ part: Double) -> Int {
        let goal = part * weights.reduce(0, +)
        var (sum, last) = (0.0, 0)
        for (n, weight) in weights.enumerated() where weight > 0 {
            sum += weight
            last = n
            if sum > goal { break }
        }
        return last
    }

    /// Gives each empty class the row that is farthest from its own center, among rows whose class has other rows.
    /// Returns the number of rows that moved.
    private func refill() -> Int {
        var sizes = [Int](repeating: 0, count: options.count)
        for row in members { sizes[rows[row]] += 1 }
        let empty = sizes.indices.filter { sizes[$0] == 0 }
        guard !empty.isEmpty else { return 0 }
        let farthest = members.sorted {
            (rows.product($0), $0) < (rows.product($1), $1)
        }
        var next = farthest.makeIterator()
        for group in empty {
            while let row = next.next() {
                guard sizes[rows[row]] > 1 else { continue }
                sizes[rows[row]] -= 1
                rows[row] = group
                sizes[group] = 1
                break
            }
        }
        return empty.count
    }

    /// The sum of the rows of each class (D each), in double, rounded once.
    private func sums() throws(Word2VecError) -> [[Float]] {
        try rows.matrix.sums(of: (0..<rows.matrix.rows).map { rows[$0] }, classes: options.count)
    }
}

extension FloatMatrix {
    /// The sum of the rows of each class (D each), added in order of the rows in double and rounded once. O(V x D).
    func sums(of assignment: [Int], classes: Int) throws(Word2VecError) -> [[Float]] {
        var terms = [[(row: Int, weight: Double)]](repeating: [], count: classes)
        for (row, group) in assignment.enumerated() { terms[group].append((row, 1)) }
        let groups = terms
        return inParallelRanges(of: classes, least: 1) { classes in
            classes.map { sum(groups[$0]) }
        }.flatMap { $0 }
    }
}
