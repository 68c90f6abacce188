import Foundation
import TestSupport
import Testing

/// The name - where a file would be written: standard output with nothing else in it, or an error; never a file of that name.
@Suite struct StandardOutputTests {
    private let folder = try! TemporaryFolder()

    private func run(_ arguments: String, input: String = "") throws -> ProcessResult {
        let result = try CommandLineTool.run(
            arguments.split(separator: " ").map(String.init), input: input, in: folder.path)
        #expect(!result.crashed)
        #expect(try !folder.names.contains { $0.hasPrefix("-") }, "\(arguments)")
        return result
    }

    private func prepare() throws {
        _ = try folder.file("corpus", String(repeating: "a b c d e f g\nb c a g f e d\n", count: 40))
        #expect(try run("train -train corpus -output v.bin -size 4 -threads 1").status == 0)
    }

    /// Command lines with OUT for the file.
    static let writers = [
        "train -train corpus -size 4 -threads 1 -output OUT",
        "train -train corpus -size 4 -threads 1 -binary 1 -output OUT",
        "train -train corpus -size 4 -classes 3 -threads 1 -debug 0 -output OUT", "train -train corpus -save-vocab OUT",
        "train -train corpus -size 4 -threads 1 -exact 1 -output v2 -save-vocab OUT",
        "-train corpus -size 4 -seed 7 -threads 1 -output OUT",
        "vocab -train corpus -output OUT", "vocab -train corpus -json -output OUT",
        "classes v.bin -classes 3 -output OUT",
        "classes v.bin -classes 3 -json -output OUT", "phrase -train corpus -threshold 1 -output OUT",
        "phrase -train corpus -threshold 1 -exact 1 -passes 2 -output OUT", "export v.bin -output OUT",
        "export v.bin -format safetensors -output OUT", "export v.bin -format numpy -output-words w -output OUT",
        "export v.bin -format projector -output-words OUT -output x.tsv", "resume STATE -output OUT",
    ]

    @Test(arguments: writers)
    func aResultOnStandardOutputIsTheFile(command: String) throws {
        try prepare()
        var command = command
        if command.contains("STATE") {
            #expect(try run("train -train corpus -output v2 -size 4 -threads 1 -checkpoint state").status == 0)
            command.replace("STATE", with: "state")
        }
        let file = try run(command.replacing("OUT", with: "file"))
        #expect(file.status == 0, "\(file.error)")
        let expected = try bytes(of: folder.path("file"))
        for name in ["-", "/dev/stdout"] {
            let path = folder.path("piped")
            let script = "cd \(folder.path) && exec \"$0\" $1 >\(path)"
            let piped = try CommandLineTool.run(
                executable: "/bin/sh", ["-c", script, CommandLineTool.path, command.replacing("OUT", with: name)])
            #expect(piped.status == 0, "\(piped.error)")
            #expect(try bytes(of: path) == expected, "\(name)")
            #expect(try !folder.names.contains("-"))
        }
    }

    @Test func aLogOnStandardOutputIsLinesOfJSON() throws {
        try prepare()
        let result = try run("train -train corpus -output v2 -size 4 -threads 1 -log - -checkpoint state")
        #expect(result.status == 0 && result.error.contains("Vocab size: 8"))
        let lines = try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
        #expect(
            lines.compactMap { $0["event"] as? String }.filter { $0 != "progress" && $0 != "checkpoint" }
                == ["start"] + Array(repeating: "epoch", count: 5) + ["end"])
        let again = try run("resume state")
        #expect(again.status == 0 && again.output.hasPrefix("{\"event\": \"resume\""), "\(again.error)")
    }

    @Test(arguments: [
        ("train -train corpus -output v -checkpoint -", "-checkpoint must be a file"),
        ("train -train corpus -output - -save-vocab -", "-output and -save-vocab cannot both be standard output"),
        ("train -train corpus -output - -log /dev/stdout", "-output and -log cannot both be standard output"),
        ("train -train corpus -output - -json", "-output and -json cannot both be standard output"),
        ("phrase -train corpus -output - -json", "-output and -json cannot both be standard output"),
        ("export v.bin -output - -json", "-output and -json cannot both be standard output"),
        ("export v.bin -format numpy -output -", "-output-words is missing"),
        ("export v.bin -format projector -output - -output-words -", "cannot both be standard output"),
        ("classify -vectors v.bin -train labels -save -", "-save must be a file"),
    ])
    func whatStandardOutputCannotBeIsRefused(command: String, message: String) throws {
        try prepare()
        _ = try folder.file("labels", "x\ta\ny\tb\n")
        let before = try folder.names
        let result = try run(command)
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.firstErrorLine.contains(message), "\(result.error)")
        #expect(try folder.names == before)
    }

    @Test func theEndOfARunThatWritesToStandardOutputIsAnError() throws {
        try prepare()
        let script = "exec \"$0\" train -train corpus -size 4 -output - >&-"
        let result = try CommandLineTool.run(
            executable: "/bin/sh", ["-c", "cd \(folder.path) && " + script, CommandLineTool.path])
        #expect(result.status == 1 && result.error.contains("standard output: cannot be written"), "\(result.error)")
        let full = try CommandLineTool.run(
            executable: "/bin/sh",
            [
                "-c", "cd \(folder.path) && exec \"$0\" train -train corpus -size 4 -output - >/dev/full",
                CommandLineTool.path,
            ])
        #expect(full.status == 1 && full.error.contains("standard output: cannot be written: No space left"))
    }
}
