/// The original's table of negative samples: 10^8 slots shared out by count^0.75, kept as its V boundaries.
package struct UnigramTable: Sendable {
    package static let slots = 100_000_000
    /// Slots behind one entry of the guide, as a shift: the C core's W2V_UNIGRAM_GUIDE_SHIFT.
    package static let guideShift = 12

    /// Word i owns the slots from `ends[i - 1]` to `ends[i] - 1` (V).
    package let ends: [UInt32]
    /// The word that owns slot `i << guideShift`, and one entry more.
    package let guide: [UInt32]

    /// The original fills slot after slot, and goes to the next word after the first slot whose share of the table
    /// exceeds the words' cumulated share: at most one word further a slot, in double. O(V).
    package init(counts: [Int]) {
        let powers = NoiseDistribution.weights(
            counts: counts, exponent: NoiseDistribution.originalExponent)
        let total = powers.reduce(0, +)
        var ends: [UInt32] = []
        ends.reserveCapacity(counts.count)
        var cumulated = 0.0
        var start = 0
        for (word, power) in powers.enumerated() {
            cumulated += power / total
            var slot = Self.slots
            if word < counts.count - 1 && cumulated < 1 {
                // Near the boundary by arithmetic, then exactly by the original's own comparison.
                slot = max(start, Int(cumulated * Double(Self.slots)) - 2)
                while slot < Self.slots && !(Double(slot) / Double(Self.slots) > cumulated) { slot += 1 }
            }
            start = min(slot + 1, Self.slots)
            ends.append(UInt32(start))
        }

        var guide: [UInt32] = []
        var word = 0
        for slot in stride(from: 0, to: Self.slots, by: 1 << Self.guideShift) {
            while word < counts.count - 1 && slot >= Int(ends[word]) { word += 1 }
            guide.append(UInt32(word))
        }
        guide.append(UInt32(max(counts.count - 1, 0)))
        self.ends = ends
        self.guide = guide
    }
}
