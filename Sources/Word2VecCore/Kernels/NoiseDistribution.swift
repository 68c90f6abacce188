#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The distribution of negative samples: the unigram distribution raised to a power, 3/4 in Mikolov et al. 2013b.
package enum NoiseDistribution {
    /// The original's power.
    package static let originalExponent = 0.75

    /// count^exponent of each word, not normalised; a word that does not occur weighs nothing, whatever the exponent.
    package static func weights(counts: some Sequence<Int>, exponent: Double) -> [Double] {
        counts.map { $0 > 0 ? pow(Double($0), exponent) : 0 }
    }
}
