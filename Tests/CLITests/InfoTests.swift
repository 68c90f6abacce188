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
}
