/// Subsampling of frequent words (Mikolov et al. 2013b, in the original program's form): an occurrence of a word with
/// count c is kept with probability p = (sqrt(c / (s * N)) + 1) * s * N / c, N the words of the corpus, s = `sample`.
package enum Subsampling {
    /// p for each word, in the original's float arithmetic; nil if `sample` is 0, which keeps every word.
    package static func keepProbabilities(counts: [Int], totalCount: Int, sample: Float) -> [Float]? {
        guard sample > 0 else { return nil }
        let threshold = sample * Float(totalCount)
        return counts.map { count in
            let root = Double(Float(count) / threshold).squareRoot()
            return Float((root + 1) * Double(threshold) / Double(count))
        }
    }

    /// The same as integers: a word is kept if 32 random bits are at most its threshold.
    package static func keepThresholds(counts: [Int], totalCount: Int, sample: Float) -> [UInt32]? {
        keepProbabilities(counts: counts, totalCount: totalCount, sample: sample)?.map { probability in
            // A count of 0 gives NaN or infinity: such a word is kept.
            guard probability < 1 else { return UInt32.max }
            return UInt32(max(0, Double(probability) * 4_294_967_296 - 1))
        }
    }
}
