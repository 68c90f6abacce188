import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Searches on every instruction set of this processor and with several numbers of threads, against sorting all exact
/// similarities.
@Suite struct SearchTests {
    /// Rows of which some are equal, multiples, zero or not finite, so that there are ties of all kinds.
    private func vectors(_ words: Int, _ dimensions: Int, seed: UInt64 = 1) throws -> WordVectors {
        var random = SeededGenerator(seed: seed)
        var rows = (0..<words).map { _ in (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) } }
        for rank in stride(from: 7, to: words, by: 13) { rows[rank] = rows[rank / 2] }
        for rank in stride(from: 9, to: words, by: 17) { rows[rank] = rows[rank / 3].map { $0 * 4 } }
        for rank in stride(from: 11, to: words, by: 101) { rows[rank] = rows[rank].map { _ in 0 } }
        for rank in stride(from: 12, to: words, by: 211) { rows[rank][dimensions / 2] = .nan }
        return try WordVectors(words: (0..<words).map { "w\($0)" }, vectors: rows)
    }

    private func best(_ values: [Float], _ count: Int, without: [Int]) -> [Hit] {
        let hits = values.enumerated().filter { !without.contains($0.offset) }
            .map { Hit(row: $0.offset, similarity: $0.element) }
        return Array(
            hits.sorted { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row }
                .prefix(count))
    }

    private func searches(_ vectors: WordVectors, count: Int) throws -> [Search] {
        try KernelTable.present.flatMap { set in
            try [1, 2, 3, 8].map { threads in
                let index = SearchIndex(vectors.matrix)
                return Search(
                    tables: try index.tables(for: vectors.count, threads: threads, on: set), rows: vectors.count,
                    count: count, threads: threads, kernels: set)
            }
        }
    }

    @Test(arguments: [(1, 3), (31, 5), (500, 1), (700, 17), (2500, 48), (9000, 30)])
    func theAnswerIsTheSameEverywhere(words: Int, dimensions: Int) throws {
        let vectors = try vectors(words, dimensions)
        let ranks = (0..<min(words, 9)).map { $0 * 5 % words }
        let queries = ranks.map { SearchQuery(vector: vectors.vector(at: $0), excluded: [$0]) }
        let expected = ranks.map { rank in
            best((0..<words).map { vectors.matrix.similarity(rank, $0) }, 10, without: [rank])
        }
        for search in try searches(vectors, count: 10) {
            #expect(try search.nearest(to: queries) == expected, "\(search.kernels!.name), \(search.threads!)")
            #expect(try search.nearest(to: Array(queries.prefix(1))) == Array(expected.prefix(1)))
            #expect(
                try search.nearest(to: queries, where: { $0 % 2 == 0 })
                    == ranks.map { rank in
                        best((0..<words).map { vectors.matrix.similarity(rank, $0) }, words, without: [rank])
                            .filter { $0.row % 2 == 0 }.prefix(10).map { $0 }
                    })
        }
    }

    @Test func analogiesAreTheSameEverywhere() throws {
        let vectors = try vectors(1500, 24)
        let questions = (0..<60).map { AnalogyQuery(a: $0, b: $0 * 7 % 1500, c: 1499 - $0 * 3) }
        let squares = (0..<1500).map { vectors.matrix.product($0, $0) }
        func cosines(_ rank: Int) -> [Double] {
            (0..<1500).map { row in
                let square = squares[rank] * squares[row]
                return square > 0 ? vectors.matrix.product(rank, row) / square.squareRoot() : 0
            }
        }
        for multiplies in [false, true] {
            var answers: [[[Hit]]] = []
            for search in try searches(vectors, count: 5) {
                answers.append(try search.analogies(questions, multiplies: multiplies))
            }
            #expect(answers.allSatisfy { $0 == answers[0] })
            for (question, answer) in zip(questions, answers[0]) {
                let (a, b, c) = (cosines(question.a), cosines(question.b), cosines(question.c))
                let values: [Float]
                if multiplies {
                    values = (0..<1500).map { Float((1 + b[$0]) / 2 * ((1 + c[$0]) / 2) / ((1 + a[$0]) / 2 + 0.001)) }
                } else {
                    // b - a + c, of unit vectors, has a length of its own.
                    let query = try vectors.query(
                        positive: [WeightedWord("w\(question.b)"), WeightedWord("w\(question.c)")],
                        negative: [WeightedWord("w\(question.a)")])
                    values = (0..<1500).map { cosine(query.vector, vectors.vector(at: $0)) }
                }
                let expected = best(values, 5, without: [question.a, question.b, question.c])
                #expect(answer == expected)
            }
        }
    }

    @Test func aBatchIsAsOneByOne() throws {
        let vectors = try vectors(3000, 20)
        let words = (0..<1100).map { "w\($0)" }
        let together = try vectors.neighbors(ofAll: words, count: 3)
        #expect(together.count == 1100)
        for n in stride(from: 0, to: 1100, by: 61) {
            #expect(try vectors.neighbors(of: words[n], count: 3) == together[n])
        }
        #expect(
            try vectors.neighbors(ofAll: words.prefix(9).map { vectors[$0]! }, count: 1).map { $0[0].similarity }
                == words.prefix(9).map {
                    vectors[$0]!.allSatisfy(\.isFinite) && vectors[$0]!.contains { $0 != 0 } ? 1 : 0
                })
        #expect(try vectors.neighbors(ofAll: [String]()).isEmpty)
    }

    @Test func moreAnswersThanThereAre() throws {
        let vectors = try vectors(40, 4)
        #expect(try vectors.neighbors(of: "w0", count: .max).count == 39)
        #expect(try vectors.neighbors(ofAll: (0..<8).map { "w\($0)" }, count: .max).allSatisfy { $0.count == 39 })
        #expect(try vectors.neighbors(of: "w0", count: -1).isEmpty)
        #expect(try vectors.neighbors(of: "w0", count: 100, limit: 5).map(\.rank).sorted() == [1, 2, 3, 4])
        #expect(try vectors.neighbors(of: "w0", limit: 0).isEmpty && vectors.neighbors(of: "w0", limit: -3).isEmpty)
        let none = try WordVectors(words: [], vectors: [])
        #expect(try none.neighbors(of: [Float]()).isEmpty && none.neighbors(ofAll: [[Float]]()).isEmpty)
    }

    /// Rows that no float has room for in between: all are answered in double.
    @Test func veryLongAndVeryShortVectors() throws {
        let sizes: [Float] = [0x1p-149, 0x1p-130, 1e-30, 1e-20, 1, 1e20, 1e30, 3e38]
        let vectors = try WordVectors(
            words: sizes.map { "\($0)" } + ["other"], vectors: sizes.map { [$0, 0, $0] } + [[0, 1, 0.1]])
        for word in vectors.dropLast() {
            let found = try vectors.neighbors(of: word.word, count: 8)
            #expect(found.prefix(7).allSatisfy { $0.similarity == 1 } && found.last?.word == "other")
            #expect(found.prefix(7).map(\.rank) == found.prefix(7).map(\.rank).sorted())
            #expect(
                try vectors.neighbors(ofAll: [String](repeating: word.word, count: 5), count: 8)
                    == [[Neighbor]](repeating: found, count: 5))
        }
    }

    /// All rows are alike: nothing is ruled out, and rank alone decides.
    @Test func onlyTies() throws {
        let vectors = try WordVectors(
            words: (0..<5000).map { "w\($0)" }, vectors: [[Float]](repeating: [0.1, 0.2, 0.3], count: 5000))
        #expect(try vectors.neighbors(of: "w3", count: 4).map(\.rank) == [0, 1, 2, 4])
        #expect(
            try vectors.neighbors(ofAll: ["w0", "w1", "w2", "w3"], count: 2).map { $0.map(\.rank) } == [
                [1, 2], [0, 2], [0, 1], [0, 1],
            ])
    }
}
