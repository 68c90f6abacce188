import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// What the classifier is for: the classes of a graph's nodes, from vectors that were trained on walks.
@Suite struct NodeClassificationTests {
    private let folder = try! TemporaryFolder()

    /// A planted partition: `groups` x `size` nodes, an edge between two of one group with probability `inside`, else with
    /// `outside`.
    private func neighbors(groups: Int, size: Int, inside: Double, outside: Double, _ random: inout SeededGenerator)
        -> [[Int]]
    {
        let count = groups * size
        var neighbors = [[Int]](repeating: [], count: count)
        for a in 0..<count {
            for b in 0..<a {
                let probability = a / size == b / size ? inside : outside
                guard Double.random(in: 0..<1, using: &random) < probability else { continue }
                neighbors[a].append(b)
                neighbors[b].append(a)
            }
        }
        return neighbors
    }

    @Test func theGroupsOfAGraphsNodesAreLearnedFromWalks() throws {
        var random = SeededGenerator(seed: 2)
        let (groups, size) = (4, 40)
        let neighbors = neighbors(groups: groups, size: size, inside: 0.3, outside: 0.02, &random)
        var walks = ""
        for _ in 0..<20 {
            for start in neighbors.indices {
                var node = start
                for _ in 0..<20 {
                    walks += "n\(node) "
                    node = neighbors[node].randomElement(using: &random) ?? node
                }
                walks += "\n"
            }
        }
        var options = TrainingOptions()
        options.architecture = .skipGram
        (options.dimensions, options.minimumCount, options.sample, options.threads) = (16, 1, 0, 1)
        let vectors = try Trainer(options: options).train(Corpus(contentsOf: folder.file("walks.txt", walks)))

        // Ten nodes of each group are known; the rest is asked.
        func lines(_ isChosen: (Int) -> Bool) throws -> LabeledText {
            try LabeledText(
                neighbors.indices.filter { isChosen($0 % size) }.map { (label: "group \($0 / size)", text: "n\($0)") })
        }
        let classifier = try TextClassifier.train(on: lines { $0 < 10 }, vectors: vectors)
        let (report, coverage) = try classifier.evaluate(lines { $0 >= 10 })
        #expect(report.count == groups * 30 && coverage.unknownWords == 0)
        // Chance is a quarter.
        #expect(report.accuracy > 0.9, "\(report.table)")
    }
}
