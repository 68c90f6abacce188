import Foundation
import TestSupport
import Testing

/// Files that the original program wrote from the shipped corpus, one thread, by their SHA-256. Every flag that is not
/// named has the original's default but -size 16 -iter 1.
struct GoldenRun: Sendable, CustomTestStringConvertible {
    var file: String
    var sha256: String
    var flags: String
    /// Whether it takes a quarter of a minute without optimization.
    var isLong = false
    var testDescription: String { file }

    static let all = [
        GoldenRun(
            file: "sg_ns5_d16.bin", sha256: "d3dc803b3b2d87351e0084e0e69d5bdc61fa52858903b2146e6a725e52bf1072",
            flags: "-binary 1 -cbow 0 -negative 5 -hs 0 -size 16 -window 5 -sample 1e-3 -min-count 5 -iter 1"),
        GoldenRun(
            file: "cbow_ns5_d16.bin", sha256: "a50a93f10c96fdbc1d5f3247e7bee1bf2fdb06f66684bc5c02559ddab6739cf4",
            flags: "-binary 1 -cbow 1 -negative 5 -hs 0 -size 16 -window 5 -sample 1e-3 -min-count 5 -iter 1"),
        GoldenRun(
            file: "sg_hs_d16.bin", sha256: "1cd7181c755f93db9abba7c5c03eca2a51339b39ea148b31b1e8d42baf2d7d8d",
            flags: "-binary 1 -cbow 0 -negative 0 -hs 1 -size 16 -window 5 -sample 1e-3 -min-count 5 -iter 1"),
        GoldenRun(
            file: "cbow_hs_d16.bin", sha256: "72fdadc6d9640817c2b6b659ee080d87726fae8565b6c6d85c01b3bcb6a32a77",
            flags: "-binary 1 -cbow 1 -negative 0 -hs 1 -size 16 -window 5 -sample 1e-3 -min-count 5 -iter 1"),
        GoldenRun(
            file: "sg_hs_ns5_d16.bin", sha256: "294a983eb2041ed22ef812caa38ba27173bb6b1114183965964d30b90097915d",
            flags: "-binary 1 -cbow 0 -negative 5 -hs 1 -size 16 -window 5 -sample 1e-3 -min-count 5 -iter 1"),
        GoldenRun(
            file: "cbow_ns5_d16.txt", sha256: "d4188a5ac0149819629d46550e562a16ae413e3265f97778f4a373c2ce21cebe",
            flags: "-binary 0 -cbow 1 -negative 5 -hs 0 -size 16 -window 5 -sample 1e-3 -min-count 20 -iter 1"),
        GoldenRun(
            file: "sg_ns15_d8_w8_all_iter3.bin",
            sha256: "66f10f754a919aa26906dbc07e8ada335e22de097755e345ff810676448eccc0",
            flags: "-binary 1 -cbow 0 -negative 15 -hs 0 -size 8 -window 8 -sample 0 -min-count 1 -iter 3",
            isLong: true),
        GoldenRun(
            file: "classes_50.txt", sha256: "a5ba44496d8b141b4bc02d1dae5101291baad84056c174087cb596b21e04c7be",
            flags: "-cbow 0 -negative 5 -hs 0 -size 16 -window 5 -sample 1e-3 -min-count 20 -iter 1 -classes 50"),
        GoldenRun(
            file: "sg_ns5_d100_iter3.bin",
            sha256: "4b701ee3f9cb7d47580615e27aea1e4c2eea92627f8c362500b2971f40d4586f",
            flags: "-binary 1 -cbow 0 -negative 5 -hs 0 -size 100 -window 5 -sample 1e-3 -min-count 5 -iter 3",
            isLong: true),
    ].filter { runsLongTests || !$0.isLong }

    /// Two minutes without optimization.
    static let long = GoldenRun(
        file: "sg_ns5_d100_iter15_alpha.bin",
        sha256: "ec9c8f1b6d10465bbb03c847926b19398d1f229a7c49e94908a385d705c67413",
        flags: """
            -binary 1 -cbow 0 -negative 5 -hs 0 -size 100 -window 5 -sample 1e-4 -min-count 5 -iter 15 -alpha 0.05
            """)
}

@Suite struct GoldenTests {
    private let folder = try! TemporaryFolder()

    /// Returns the path of the file.
    @discardableResult
    private func reproduce(_ golden: GoldenRun) throws -> String {
        let path = folder.path(golden.file)
        let result = try CommandLineTool.run(
            "train \(golden.flags) -exact 1 -threads 1 -debug 0 -train", Fixtures.bible, "-output", path)
        #expect(result.status == 0 && result.error.isEmpty)
        #expect(try CommandLineTool.sha256(of: path) == golden.sha256)
        return path
    }

    @Test(arguments: GoldenRun.all)
    func theOriginalsBytesComeOut(golden: GoldenRun) throws {
        try reproduce(golden)
    }

    @Test(.enabled(if: runsLongTests, "W2V_LONG_TESTS=1 runs it"))
    func theLongestRunsBytesAndAnswersComeOut() throws {
        let vectors = try reproduce(GoldenRun.long)
        let distances = try answers(of: "kjv_distance.out")
        let asked = [["jerusalem"], ["king", "david"], ["moses"], ["bread"]]
        #expect(distances.count == asked.count)
        for (words, expected) in zip(asked, distances) {
            let found = rows(try CommandLineTool.run(["distance", vectors] + words).output)
            #expect(found == expected && found.count == 40)
        }
        let analogies = try answers(of: "kjv_analogy.out")
        let questions = [["king", "queen", "man"], ["father", "mother", "son"]]
        #expect(analogies.count == questions.count)
        for (words, expected) in zip(questions, analogies) {
            let found = rows(try CommandLineTool.run(["analogy", vectors] + words).output)
            #expect(found == expected && found.count == 40)
        }
    }

    /// W2V_QUESTIONS names questions-words.txt, which is not ours to ship; the figures are those of compute-accuracy.
    private static let questions = ProcessInfo.processInfo.environment["W2V_QUESTIONS"]

    @Test(
        .enabled(if: runsLongTests && questions != nil, "W2V_LONG_TESTS=1 and W2V_QUESTIONS=questions-words.txt run it")
    )
    func theOriginalsAccuracyComesOut() throws {
        let vectors = try reproduce(GoldenRun.long)
        let path = try #require(Self.questions)
        let accuracy = try CommandLineTool.run(["accuracy", vectors, path, "-limit", "5282"]).output
        #expect(
            accuracy.hasSuffix(
                """
                Total accuracy: 6.40 %   Semantic accuracy: 31.94 %   Syntactic accuracy: 4.20 %
                Questions seen / total: 906 19544   4.64 %

                """))
        let right = accuracy.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 6 }
            .map { "\($0[0]) \($0[1]) \($0[3]) / \($0[4])" }
        #expect(
            right == [
                "family 31.94 23 / 72", "gram1-adjective-to-adverb 0.00 0 / 6", "gram2-opposite 50.00 1 / 2",
                "gram3-comparative 4.17 3 / 72", "gram4-superlative 0.00 0 / 20",
                "gram5-present-participle 2.20 4 / 182", "gram7-past-tense 7.02 24 / 342", "gram8-plural 1.43 3 / 210",
            ])
    }

    /// Words and values of a table behind its rule.
    private func rows(_ output: some StringProtocol) -> [[String]] {
        output.split(separator: "\n").drop { !$0.hasPrefix("--") }.dropFirst()
            .map { $0.components(separatedBy: .whitespaces).filter { !$0.isEmpty } }
    }

    /// The tables of a file that the original's `distance` or `word-analogy` wrote.
    private func answers(of fixture: String) throws -> [[[String]]] {
        try text(of: Fixtures.path(fixture)).components(separatedBy: "Enter ").map { rows($0) }.filter { !$0.isEmpty }
    }
}
