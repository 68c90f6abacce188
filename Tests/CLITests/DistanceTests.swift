import TestSupport
import Testing

@Suite struct DistanceTests {
    private let folder = try! TemporaryFolder()

    private func vectors() throws -> String {
        try folder.file(
            "v.txt",
            "5 2\n</s> 0.1 0.1\neast 1 0\nnorth 0 5\nnortheast 3 3.1\nvery-long-word-of-more-than-forty-nine-bytes-in-all 9 1\n"
        )
    }

    @Test func wordsAsArgumentsAskOnce() throws {
        let result = try CommandLineTool.run(["distance", vectors(), "east", "-count", "2"])
        #expect(result.status == 0 && result.error.isEmpty)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "Word: east  Position in vocabulary: 1")
        #expect(
            lines.suffix(2).map { $0.split(separator: " ").map(String.init) } == [
                ["very-long-word-of-more-than-forty-nine-bytes-in-all", "0.993884"], ["</s>", "0.707107"],
            ])
    }

    @Test func severalWordsAskForTheirSum() throws {
        let result = try CommandLineTool.run(["distance", vectors(), "east", "north", "--count", "1"])
        #expect(result.lastLine.hasSuffix("1.000000") && result.lastLine.contains("</s>"))
    }

    @Test func withoutWordsQuestionsComeFromStandardInput() throws {
        let result = try CommandLineTool.run(
            ["distance", vectors(), "-count", "1"], input: "east\n\nnowhere\nnorth east\nEXIT\nnorth\n")
        #expect(result.status == 0)
        #expect(result.output.contains("Word: east  Position in vocabulary: 1"))
        #expect(result.output.contains("nowhere: not in the vocabulary"))
        #expect(result.output.split(separator: "\n").count { $0.contains("Cosine") } == 2)
        #expect(try CommandLineTool.run(["distance", vectors()], input: "").status == 0)
    }

    @Test func whatIsMissingIsNamed() throws {
        let unknown = try CommandLineTool.run(["distance", vectors(), "nowhere"])
        #expect(unknown.status == 1 && unknown.firstErrorLine == "Error: nowhere: not in the vocabulary")
        let missing = try CommandLineTool.run(["distance", folder.path("missing"), "a"])
        #expect(missing.status == 1 && missing.firstErrorLine.contains("missing: cannot be read"))
        let broken = try CommandLineTool.run(["distance", folder.file("b", "2 2\na 1 2\nb 1\n"), "a"])
        #expect(broken.status == 1 && broken.firstErrorLine.contains("line 3: expected a word and 2 values"))
        let count = try CommandLineTool.run(["distance", vectors(), "east", "-count", "0"])
        #expect(count.status != 0 && count.firstErrorLine.contains("-count"))
    }

    @Test func vectorsTrainedOnTheBibleKnowNeighbors() throws {
        let path = folder.path("v.bin")
        let trained = try CommandLineTool.run(
            "train -cbow 0 -negative 5 -size 32 -iter 1 -train", Fixtures.bible, "-output", path)
        #expect(trained.status == 0)
        let result = try CommandLineTool.run(["distance", path, "jerusalem", "-count", "10"])
        #expect(result.status == 0 && result.output.split(separator: "\n").count == 13)
    }
}
