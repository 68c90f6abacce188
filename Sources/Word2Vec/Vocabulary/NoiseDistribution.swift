#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The distribution of negative samples: the unigram distribution raised to 3/4 (Mikolov et al. 2013b).
enum NoiseDistribution {
    /// count^0.75 of each word, not normalised.
    static func weights(counts: some Sequence<Int>) -> [Double] {
        counts.map { pow(Double($0), 0.75) }
    }
}
