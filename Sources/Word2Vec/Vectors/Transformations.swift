/// Vectors made of these: lengths, means, rotations. All work on all cores.
extension WordVectors {
    /// The vectors scaled to length 1. One without length, or with a value that is not finite, becomes zero. Cosines stay.
    ///
    /// - Complexity: O(V x D).
    public func normalized() throws(Word2VecError) -> WordVectors {
        WordVectors(words: words, matrix: try matrix.normalized(), counts: counts)
    }

    /// The vectors without their mean, and without what they have in common besides: their parts along the first principal
    /// components are taken away (Mu and Viswanath 2018, "All-but-the-Top", who take away D / 100 of them).
    ///
    /// Vectors with a value that is not finite take no part in the mean, and stay without sense.
    ///
    /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` unless `components` is from 0 to D.
    /// - Complexity: O(V x D), with components O((V + D) x D x D).
    public func centered(removingComponents components: Int = 0) throws(Word2VecError) -> WordVectors {
        guard (0...dimensions).contains(components) else {
            throw .invalidArgument("removingComponents", found: "\(components)", expected: "from 0 to \(dimensions)")
        }
        let ranks = (0..<count).filter { matrix.product($0, $0).isFinite }
        let mean = matrix.sum(ranks.map { ($0, 1 / Double(ranks.count)) })
        var result = try matrix.shifted(by: mean.map { -$0 })
        if components > 0 {
            let covariance = try result.products(with: result, of: ranks.map { ($0, $0, 1 / Double(ranks.count)) })
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
            result = try result.multiplied(by: projection)
        }
        return WordVectors(words: words, matrix: result, counts: counts)
    }

    /// The vectors turned so that they lie on those of another space: by the rotation (or reflection) R that makes
    /// the sum over pairs of words |mine R - theirs|^2 the least, vectors scaled to length 1 (orthogonal Procrustes,
    /// Schoenemann 1966; between languages Smith et al. 2017, between times Hamilton et al. 2016). Lengths and cosines among
    /// them stay.
    ///
    /// - Parameter anchors: pairs of a word of mine and one of theirs that mean the same; pairs with a word that is missing
    ///   are left out. Nil: all words that both have.
    /// - Throws: ``Word2VecError/wrongCount(of:found:expected:)`` if the dimensions differ;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` if no pair is left.
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
        try Check.notEmpty(pairs.count, "anchors that both have, with vectors that have lengths")
        guard let (left, _, right) = try matrix.products(with: other.matrix, of: pairs).singularValues() else {
            throw .invalidArgument("vectors", found: "values too large", expected: "values whose squares are finite")
        }
        var rotation = SquareMatrix(
            size: dimensions, values: [Double](repeating: 0, count: dimensions * dimensions))
        for k in 0..<dimensions {
            for i in 0..<dimensions {
                for j in 0..<dimensions { rotation[i, j] += left[k, i] * right[k, j] }
            }
        }
        return WordVectors(words: words, matrix: try matrix.multiplied(by: rotation), counts: counts)
    }
}
