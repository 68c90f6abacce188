import Foundation
import TestSupport
import Testing

@Suite struct InfoTests {
    private let folder = try! TemporaryFolder()

    @Test func itNamesWhatIsPresentAndChosen() throws {
        let result = try CommandLineTool.run(["info"])
        #expect(result.status == 0)
        #expect(result.output.contains("Instruction sets present: scalar"))
        #expect(result.output.contains("Instruction set chosen: "))
    }

    @Test func theEnvironmentForcesAnInstructionSet() throws {
        let info = try CommandLineTool.run(["info"], environment: ["W2V_ISA": "scalar"])
        #expect(info.output.contains("Instruction set chosen: scalar\n"))
        let text = try folder.file("text", (0..<50).map { _ in "one two three four\n" }.joined())
        let flags = ["-train", text, "-output", folder.path("v.bin"), "-threads", "1"]
        let run = try CommandLineTool.run(["train"] + flags, environment: ["W2V_ISA": "scalar"])
        #expect(run.status == 0 && run.output.contains(", scalar\n"))
    }

    @Test(arguments: [["info"], ["train", "-train", Fixtures.bible, "-output", "never.bin"]])
    func aSetThatIsNotThereIsAnErrorThatNamesThoseThatAre(arguments: [String]) throws {
        let result = try CommandLineTool.run(arguments, environment: ["W2V_ISA": "sse9"])
        #expect(result.status != 0 && !result.crashed)
        #expect(result.firstErrorLine.contains("W2V_ISA") && result.firstErrorLine.contains("scalar"))
        #expect(result.firstErrorLine.contains("sse9"))
    }

    @Test func aFileIsSummed() throws {
        let path = try folder.file(
            "v", Array("6 2\na 3 4\nb 0 0\nc nan 1\nd inf 1\na 1 1\n".utf8) + [0xFF] + Array(" 0 1\n".utf8))
        let result = try CommandLineTool.run(["info", path])
        #expect(result.status == 0 && result.error.isEmpty)
        let lines = result.output.split(separator: "\n").map(String.init)
        for line in [
            "Format: word2vec text", "Rows: 6", "Words: 5", "Dimensions: 2",
            "Lengths: least 0.0000, mean 2.0000, greatest 5.0000", "Zero vectors: 1", "Vectors with NaN: 1",
            "Vectors with infinite values: 1", "Duplicate words: 1", "Words that are not valid UTF-8: 1",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func machinesReadJSON() throws {
        let path = try folder.file("v \"1\"", "a 3 4\nb 0 1\n")
        let file = try CommandLineTool.run(["info", path, "-json"])
        let object = try #require(JSONSerialization.jsonObject(with: Data(file.output.utf8)) as? [String: Any])
        #expect(object["file"] as? String == path && object["format"] as? String == "glove")
        #expect(object["words"] as? Int == 2 && object["dimensions"] as? Int == 2)
        #expect((object["lengths"] as? [String: Double])?["greatest"] == 5)
        let machine = try CommandLineTool.run(["info", "--json"])
        let facts = try #require(JSONSerialization.jsonObject(with: Data(machine.output.utf8)) as? [String: Any])
        #expect((facts["instructionSetsPresent"] as? [String])?.contains("scalar") == true)
        #expect(facts["version"] is String && facts["processor"] is String)
    }

    @Test func aCheckpointTellsHowFarItsRunIs() throws {
        let state = folder.path("state")
        let run = try CommandLineTool.run([
            "train", "-train", folder.file("t", "a b c\na c b\n"), "-output", folder.path("v"), "-min-count", "1",
            "-iter",
            "3", "-size", "4", "-threads", "1", "-checkpoint", state,
        ])
        #expect(run.status == 0, "\(run.error)")
        let info = try CommandLineTool.run("info", state).output
        for line in ["Words: 4", "Trained: 100.0%", "Epochs done: 3 of 3", "Text: \(folder.path("t"))"] {
            #expect(info.contains("\n\(line)\n"), "\(line)")
        }
    }

    @Test func aBrokenFileIsAnErrorWithItsPlace() throws {
        let path = try folder.file("v", "2 2\na 1 2\nb 1\n")
        let result = try CommandLineTool.run(["info", path])
        #expect(result.status == 1 && result.firstErrorLine.contains("line 3: expected a word and 2 values"))
        #expect(try CommandLineTool.run(["info", folder.path("missing")]).status == 1)
        #expect(try CommandLineTool.run(["info", "-words", path]).status != 0)
    }
}
