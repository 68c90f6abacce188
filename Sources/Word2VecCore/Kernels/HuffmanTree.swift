internal import CWord2Vec

/// The Huffman codes of hierarchical softmax (Mikolov et al. 2013a), as the original builds them.
///
/// Two queues: leaves from the rarest up, inner nodes in order of making. A leaf is taken before an inner node only if its
/// count is strictly smaller; a count of 10^15 stands for an inner node that is not made yet. The second of two
/// children gets code 1.
package struct HuffmanTree: Sendable {
    /// Word w has the steps `offsets[w]` ..< `offsets[w + 1]`, from the root down (V + 1).
    package private(set) var offsets: [Int64]
    /// The inner node at each step, a row of V - 1; the root is V - 2.
    package private(set) var points: [Int32] = []
    /// The branch taken at each step, 0 or 1.
    package private(set) var codes: [UInt8] = []
    /// Steps of the longest code.
    package private(set) var longestCode = 0

    /// The tree over words with these counts, in order of rank. O(V + the codes' total length).
    package init(counts words: [Int]) {
        let leaves = words.count
        offsets = [0]
        guard leaves > 1 else {
            offsets += Array(repeating: 0, count: leaves)
            return
        }
        var counts = words + Array(repeating: 1_000_000_000_000_000, count: leaves)
        var parents = [Int](repeating: 0, count: 2 * leaves)
        var branches = [UInt8](repeating: 0, count: 2 * leaves)
        var (leaf, inner) = (leaves - 1, leaves)
        func takeSmaller() -> Int {
            if leaf >= 0 && counts[leaf] < counts[inner] {
                leaf -= 1
                return leaf + 1
            }
            inner += 1
            return inner - 1
        }
        for new in leaves..<2 * leaves - 1 {
            let first = takeSmaller()
            let second = takeSmaller()
            counts[new] = counts[first] + counts[second]
            parents[first] = new
            parents[second] = new
            branches[second] = 1
        }

        let root = 2 * leaves - 2
        offsets.reserveCapacity(leaves + 1)
        for word in 0..<leaves {
            let start = points.count
            var node = word
            while node != root {
                codes.append(branches[node])
                node = parents[node]
                points.append(Int32(node - leaves))
            }
            codes[start...].reverse()
            points[start...].reverse()
            longestCode = max(longestCode, points.count - start)
            offsets.append(Int64(points.count))
        }
    }
}

/// A Huffman tree in memory that the C core can borrow.
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

    /// The C core's view; valid while this value is.
    var cTree: w2v_tree {
        w2v_tree(
            offsets: offsets.bound(to: Int64.self),
            points: points.bound(to: Int32.self),
            codes: codes.bound(to: UInt8.self))
    }
}
