import TestSupport
import Testing

@Suite struct GradCheckTests {
    @Test(arguments: [["gradcheck"], ["gradcheck", "-seed", "7"], ["gradcheck", "--seed", "7"]])
    func gradientsThatHoldExitWithZero(arguments: [String]) throws {
        let result = try CommandLineTool.run(arguments)
        #expect(result.status == 0 && result.error.isEmpty)
        #expect(result.output.contains("skip-gram, negative sampling"))
        #expect(result.output.contains("scalar update_mean") && result.output.contains("-exact 1, CBOW"))
        #expect(!result.output.contains("FAILED"))
        #expect(result.lastLine == "All differences are within their bounds (seed \(arguments.count == 1 ? 1 : 7))")
        #expect(try CommandLineTool.run(arguments).output == result.output)
    }

    @Test func seedsGiveOtherValues() throws {
        let outputs = try ["1", "2"].map { try CommandLineTool.run(["gradcheck", "-seed", $0]).output }
        #expect(outputs[0] != outputs[1])
    }

    @Test func aDifferenceAboveItsBoundExitsWithOne() throws {
        let result = try CommandLineTool.run(["gradcheck", "-bound", "1e-12"])
        #expect(result.status == 1 && !result.crashed)
        #expect(result.output.contains("FAILED") && result.lastLine.contains("above their bounds"))
    }

    @Test(arguments: [
        ["-sead", "7"], ["-seed"], ["-seed", "x"], ["-seed", "-1"], ["-bound", "0"], ["-bound", "nan"], ["extra"],
    ])
    func mistypedFlagsAndValuesAreErrors(arguments: [String]) throws {
        let result = try CommandLineTool.run(["gradcheck"] + arguments)
        #expect(result.status != 0 && result.status != 1 && !result.crashed)
        #expect(result.output.isEmpty && result.firstErrorLine.hasPrefix("Error: "))
    }
}
