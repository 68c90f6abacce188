internal import CWord2Vec

/// The count of each word of a vocabulary, by rank.
package struct WordCounts: Sendable {
    package let counts: [Int]
    /// Their sum.
    package let total: Int

    package init(_ counts: [Int], total: Int) {
        (self.counts, self.total) = (counts, total)
    }
}

/// The noise distribution: the unigram distribution raised to a power, 3/4 in Mikolov et al. 2013b.
package enum NoiseDistribution {
    /// The exponent of the original.
    package static let originalExponent = 0.75

    /// count^exponent of each word (`w2v_noise_weights`).
    package static func weights(counts: some Sequence<Int>, exponent: Double) -> [Double] {
        let counts = counts.map(Int64.init)
        return array(counts.count) { w2v_noise_weights(counts, counts.count, exponent, $0) }
    }
}

/// An alias table (`w2v_alias_fill`). It draws an index with a probability proportional to its weight, in constant
/// time.
package struct AliasTable: Sendable {
    let entries: [w2v_alias]

    /// Noise words: words 1 ... V - 1 at entries 0 ... V - 2, weighted by count^exponent.
    package init(negativesFor counts: [Int], exponent: Double) {
        self.init(weights: NoiseDistribution.weights(counts: counts.dropFirst(), exponent: exponent))
    }

    /// If all weights are 0, all entries have the same probability. O(n).
    package init(weights: [Double]) {
        var (weights, workspace) = (weights, [UInt32](repeating: 0, count: weights.count))
        entries = array(weights.count) { w2v_alias_fill(&weights, weights.count, &workspace, $0) }
    }

    /// The index for 64 random bits.
    func draw(_ bits: UInt64) -> UInt32 { w2v_alias_draw(entries, UInt32(entries.count), bits) }
}

/// Subsampling of frequent words (`w2v_keep_probabilities`).
package enum Subsampling {
    /// The probability of keeping each word, in the float arithmetic of the original. Nil if `sample` is 0, which keeps
    /// every word.
    package static func keepProbabilities(counts: [Int], totalCount: Int, sample: Float) -> [Float]? {
        guard sample > 0 else { return nil }
        let counts = counts.map(Int64.init)
        return array(counts.count) { w2v_keep_probabilities(counts, counts.count, Int64(totalCount), sample, $0) }
    }

    /// The same as integers: a word is kept if 32 random bits are at most its threshold.
    package static func keepThresholds(counts: [Int], totalCount: Int, sample: Float) -> [UInt32]? {
        guard sample > 0 else { return nil }
        let counts = counts.map(Int64.init)
        return array(counts.count) { w2v_keep_thresholds(counts, counts.count, Int64(totalCount), sample, $0) }
    }
}

/// The unigram table of the original, stored as its V boundaries (`w2v_unigram_fill`).
package struct UnigramTable: Sendable {
    package static let slots = Int(W2V_UNIGRAM_SLOTS)

    /// Word i owns the slots from `ends[i - 1]` to `ends[i] - 1` (V).
    package let ends: [UInt32]
    let guide: [UInt32]

    package init(counts: [Int]) {
        let counts = counts.map(Int64.init)
        var guide = [UInt32](repeating: 0, count: Int(W2V_UNIGRAM_GUIDE))
        ends = array(counts.count) { w2v_unigram_fill(counts, counts.count, $0, &guide) }
        self.guide = guide
    }
}

/// The Huffman codes of hierarchical softmax, as the original builds them (`w2v_huffman_build`).
package struct HuffmanTree: Sendable {
    /// Word w has the steps `offsets[w]` ..< `offsets[w + 1]`, from the root down (V + 1).
    let offsets: [Int64]
    /// The inner node at each step, a row of V - 1; the root is V - 2.
    let points: [Int32]
    /// The branch taken at each step, 0 or 1.
    let codes: [UInt8]
    /// Steps of the longest code.
    package let longestCode: Int

    /// The tree over words with these counts, in order of rank. O(V + the codes' total length).
    package init(counts: [Int]) {
        let counts = counts.map(Int64.init)
        var workspace = [Int64](repeating: 0, count: w2v_huffman_workspace(counts.count))
        var found = w2v_huffman(steps: 0, longest: 0)
        let offsets = array(counts.count + 1) { found = w2v_huffman_build(counts, counts.count, &workspace, $0) }
        var codes = [UInt8](repeating: 0, count: Int(found.steps))
        points = array(codes.count) { w2v_huffman_codes(counts.count, workspace, offsets, $0, &codes) }
        (self.offsets, self.codes, longestCode) = (offsets, codes, found.longest)
    }
}

/// A Huffman tree in memory for the C core.
package struct TreeMemory: Sendable {
    private let offsets: Memory
    private let points: Memory
    private let codes: Memory
    package let longestCode: Int

    package init(_ tree: HuffmanTree) throws(CoreError) {
        offsets = try Memory(copying: tree.offsets, for: "Huffman tree")
        points = try Memory(copying: tree.points, for: "Huffman tree")
        codes = try Memory(copying: tree.codes, for: "Huffman tree")
        longestCode = tree.longestCode
    }

    /// The view for the C core, valid as long as this value.
    var cTree: w2v_tree {
        w2v_tree(
            offsets: offsets.bound(to: Int64.self),
            points: points.bound(to: Int32.self),
            codes: codes.bound(to: UInt8.self))
    }
}

/// An array that the C core fills.
private func array<Element>(_ count: Int, _ fill: (UnsafeMutablePointer<Element>) -> Void) -> [Element] {
    [Element](unsafeUninitializedCapacity: max(count, 1)) { buffer, filled in
        if let base = buffer.baseAddress { fill(base) }
        filled = count
    }
}
