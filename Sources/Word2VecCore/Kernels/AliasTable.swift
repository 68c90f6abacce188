#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An alias table (Walker 1977; built as Vose 1991): draws index i with a probability proportional to its weight, in
/// constant time and 8 bytes an entry.
package struct AliasTable: Sendable {
    /// Entry i answers i with probability `thresholds[i]` / 2^32, else `aliases[i]`.
    package private(set) var thresholds: [UInt32]
    package private(set) var aliases: [UInt32]

    /// Negative samples: words 1 ... V - 1 at entries 0 ... V - 2, weighted by count^exponent.
    package init(negativesFor counts: [Int], exponent: Double) {
        self.init(weights: NoiseDistribution.weights(counts: counts.dropFirst(), exponent: exponent))
    }

    /// If no weight is above 0, all entries are drawn alike. O(n).
    package init(weights: [Double]) {
        let count = weights.count
        let total = weights.reduce(0, +)
        var shares = total > 0 ? weights.map { $0 * Double(count) / total } : Array(repeating: 1, count: count)
        thresholds = Array(repeating: UInt32.max, count: count)
        aliases = (0..<count).map(UInt32.init)
        var small = shares.indices.filter { shares[$0] < 1 }
        var large = shares.indices.filter { shares[$0] >= 1 }
        while let poor = small.popLast(), let rich = large.last {
            thresholds[poor] = UInt32(min(shares[poor] * 4_294_967_296, 4_294_967_295))
            aliases[poor] = UInt32(rich)
            shares[rich] -= 1 - shares[poor]
            if shares[rich] < 1 {
                large.removeLast()
                small.append(rich)
            }
        }
    }
}

/// The distribution of negative samples: the unigram distribution raised to a power, 3/4 in Mikolov et al. 2013b.
package enum NoiseDistribution {
    /// The original's power.
    package static let originalExponent = 0.75

    /// count^exponent of each word, not normalised; a word that does not occur weighs nothing, whatever the exponent.
    package static func weights(counts: some Sequence<Int>, exponent: Double) -> [Double] {
        counts.map { $0 > 0 ? pow(Double($0), exponent) : 0 }
    }
}
