internal import Word2VecCore

/// New vectors computed from these. All functions run on all cores.
extension WordVectors {
    /// The vectors scaled to length 1. A vector that is zero, or has a value that is not finite, becomes zero. Cosines
    /// do not change.
    ///
    /// - Complexity: O(V x D).
    public func normalized() throws(Word2VecError) -> WordVectors {
        WordVectors(words: words, matrix: try core(matrix.normalized()), counts: counts)
    }

    /// The vectors minus their mean. Optionally their projections on the first principal components are subtracted, too
    /// (Mu and Viswanath 2018, "All-but-the-Top", which removes D / 100 components).
    ///
    /// Vectors with a value that is not finite are excluded from the mean and from the components. Their result is
    /// meaningless.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` unless `components` is from 0 to D, or if the
    ///   values are too large for the components to be computed.
    /// - Complexity: O(V x D), with components O((V + D) x D x D).
    public func centered(removingComponents components: Int = 0) throws(Word2VecError) -> WordVectors {
        guard (0...dimensions).contains(components) else {
            throw .invalidArgument("removingComponents", found: "\(components)", expected: "from 0 to \(dimensions)")
        }
        let ranks = (0..<count).filter { matrix.product($0, $0).isFinite }
        let mean = matrix.sum(ranks.map { ($0, 1 / Double(ranks.count)) })
        var result = try core(matrix.shifted(by: mean.map { -$0 }))
        if components > 0 {
            let covariance = try core(
                result.products(with: result, of: ranks.map { ($0, $0, 1 / Double(ranks.count)) }))
            guard let (_, _, directions) = covariance.singularValues() else {
                throw .invalidArgument(
                    "vectors", found: "values too large", expected: "values whose squares are finite")
            }
            var projection = SquareMatrix(
                size: dimensions,
                values: (0..<dimensions * dimensions).map { $0 / dimensions == $0 % dimensions ? 1 : 0 })
            for k in 0..<components {
                for i in 0..<dimensions {
                    for j in 0..<dimensions { projection[i, j] -= directions[k, i] * directions[k, j] }
                }
            }
            result = try core(result.multiplied(by: projection))
        }
        return WordVectors(words: words, matrix: result, counts: counts)
    }

    /// The vectors rotated into the space of other vectors (orthogonal Procrustes, Schoenemann 1966). The rotation or
    /// reflection R minimizes the sum of |mine R - theirs|^2 over pairs of words, with vectors scaled to length 1.
    /// Smith et al. 2017 use this between languages, Hamilton et al. 2016 between time periods. Lengths, and cosines
    /// among the vectors, do not change.
    ///
    /// - Parameters:
    ///   - other: The vectors whose space is the target.
    ///   - anchors: Pairs of a word of these vectors and a word of the others with the same meaning. Pairs with an unknown
    ///     word are skipped. Nil: all words that both have.
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if the dimensions differ;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if no pair is left in which both vectors are finite and
    ///   not zero.
    /// - Complexity: O((V + pairs + D) x D x D).
    public func aligned(
        to other: WordVectors, using anchors: [(mine: String, theirs: String)]? = nil
    ) throws(Word2VecError) -> WordVectors {
        try Check.count(other.dimensions, of: "dimensions of the other vectors", dimensions)
        let ranks: [(mine: Int, theirs: Int)]
        if let anchors {
            ranks = anchors.compactMap { pair in
                rank(of: pair.mine).flatMap { mine in other.rank(of: pair.theirs).map { (mine, $0) } }
            }
        } else {
            ranks = (0..<count).compactMap { mine in
                other.words.rank(of: words.bytes(at: mine)).map { (mine, $0) }
            }
        }
        let pairs = ranks.map { pair in
            (
                pair.mine, pair.theirs,
                matrix.inverseLength(of: pair.mine) * other.matrix.inverseLength(of: pair.theirs)
            )
        }.filter { $0.2 > 0 }
        try Check.notEmpty(pairs.count, "anchors that both have, with nonzero finite vectors")
        guard let (left, _, right) = try core(matrix.products(with: other.matrix, of: pairs).singularValues()) else {
            throw .invalidArgument("vectors", found: "values too large", expected: "values whose squares are finite")
        }
        var rotation = SquareMatrix(
            size: dimensions, values: [Double](repeating: 0, count: dimensions * dimensions))
        for k in 0..<dimensions {
            for i in 0..<dimensions {
                for j in 0..<dimensions { rotation[i, j] += left[k, i] * right[k, j] }
            }
        }
        return WordVectors(words: words, matrix: try core(matrix.multiplied(by: rotation)), counts: counts)
    }
}
