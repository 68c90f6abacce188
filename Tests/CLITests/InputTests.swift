import Foundation
import TestSupport
import Testing

/// What the built command makes of the files and streams that it is given.
@Suite struct InputTests {
    private let folder = try! TemporaryFolder()
    private static let text = (0..<300).map { "the king w\($0 % 40) and the queen w\($0 % 7)\n" }.joined()

    private func vocabulary(of path: String, environment: [String: String] = [:]) throws -> ProcessResult {
        try CommandLineTool.run(["vocab", "-train", path, "-min-count", "1"], environment: environment)
    }

    /// A folder for PATH with a `gzip` of this text.
    private func path(gzip script: String? = nil) throws -> [String: String] {
        let programs = folder.path("programs")
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        if let script {
            let program = try folder.file("programs/gzip", "#!/bin/sh\n\(script)\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        }
        return ["PATH": programs]
    }

    @Test func aMissingProgramIsNamedWithItsPackage() throws {
        let text = try folder.file("text.gz", Self.text.utf8, compressedBy: "gzip")
        let result = try vocabulary(of: text, environment: path())
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(
            result.firstErrorLine
                == "Error: \(text): cannot be read: it is compressed, and the program gzip, which unpacks it, was not found; "
                + "it is in the package gzip")
        let vectors = try folder.file("v.gz", "king 1 2\n".utf8, compressedBy: "gzip")
        let info = try CommandLineTool.run(["info", vectors], environment: path())
        #expect(info.status == 1 && info.error.contains("the program gzip"))
    }

    @Test func theEndOfTheProgramIsHeeded() throws {
        let text = try folder.file("text.gz", Self.text.utf8, compressedBy: "gzip")
        let output = "printf 'a b a\\n'"
        let noise = "i=0; while [ $i -lt 3000 ]; do echo \(String(repeating: "x", count: 99)) >&2; i=$((i+1)); done"
        for (script, status, says) in [
            (output, 0, "distinct: 2"), ("\(output); exit 2", 1, "gzip -dc ended with exit status 2"),
            ("\(output); echo 'out of  luck' >&2; exit 1", 1, "exit status 1: out of luck"),
            ("\(output); kill -9 $$", 1, "gzip -dc was ended by signal 9"),
            // It writes more than a pipe holds, where nobody listens at first.
            ("\(noise); \(output)", 0, "distinct: 2"), ("\(output); \(noise); exit 3", 1, "exit status 3: xxxxx"),
            ("exec >&-; \(noise); exit 4", 1, "exit status 4"),
            ("echo 'decompression OK, trailing garbage ignored' >&2; \(output)", 1, "trailing garbage ignored"),
        ] {
            let result = try vocabulary(of: text, environment: path(gzip: script))
            #expect(result.status == Int32(status), "\(script.prefix(80)): \(result.error.prefix(300))")
            #expect(result.error.contains(says), "\(script.prefix(80)): \(result.error.prefix(300))")
        }
    }

    @Test(arguments: [
        #"exec "$@" < "$0""#, #"cat "$0" | "$@""#, #"trap "" CHLD PIPE; "$@" < "$0""#, #"exec 2>&-; "$@" < "$0""#,
    ])
    func standardInputMayBeCompressed(script: String) throws {
        let plain = try vocabulary(of: folder.file("text", Self.text)).output
        let packed = try folder.file("packed", Self.text.utf8, compressedBy: "gzip")
        let result = try CommandLineTool.run(
            shell: script, file: packed, ["vocab", "-train", "-", "-min-count", "1"])
        #expect(result.status == 0 && result.output == plain, "\(result.error)")
        let cut = try folder.file("cut", bytes(of: packed).dropLast(9))
        let broken = try CommandLineTool.run(shell: script, file: cut, ["vocab", "-train", "-", "-min-count", "1"])
        #expect(broken.status == 1 && broken.output.isEmpty)
        if !script.contains("2>&-") { #expect(broken.error.contains("-: cannot be read: it is compressed")) }
    }

    @Test func standardInputIsReadFromWhereItStands() throws {
        let packed = try bytes(of: folder.file("packed", Self.text.utf8, compressedBy: "gzip"))
        let file = try folder.file("file", Array("a line\n".utf8) + packed)
        let result = try CommandLineTool.run(
            shell: #"{ head -c 7 > /dev/null; "$@"; } < "$0""#, file: file, ["vocab", "-train", "-", "-min-count", "1"])
        #expect(try result.output == vocabulary(of: folder.file("text", Self.text)).output)
    }

    @Test func vectorsAreReadFromStandardInput() throws {
        let vectors = try folder.file("v.gz", "king 1 2\nqueen 1 1\n".utf8, compressedBy: "gzip")
        for script in [#"exec "$@" < "$0""#, #"cat "$0" | "$@""#, #"gzip -dc "$0" | "$@""#] {
            let result = try CommandLineTool.run(
                shell: script, file: vectors, ["distance", "-", "king", "-count", "1"])
            #expect(result.status == 0 && result.output.contains("queen"), "\(result.error)")
        }
        // It cannot be both.
        let both = try CommandLineTool.run(
            shell: #"cat "$0" | "$@""#, file: vectors, ["similarity", "-"])
        #expect(both.status == 1 && both.error.contains("can be read only once"))
    }

    @Test func questionsMayHaveAMarkAndAnyLineEnds() throws {
        let vectors = try folder.file("v", "king 1 2\nqueen 1 1\nman 0 1\n")
        let expected = try CommandLineTool.run(["distance", vectors, "-json"], input: "king\nqueen\n").output
        for input in ["\u{FEFF}king\nqueen\n", "king\r\nqueen\r\n", "king\rqueen\r", "\u{FEFF}king\rqueen"] {
            #expect(try CommandLineTool.run(["distance", vectors, "-json"], input: input).output == expected)
            let file = try folder.file("questions", input)
            #expect(try CommandLineTool.run(["distance", vectors, "-json", "-file", file]).output == expected)
        }
        let packed = try folder.file("questions.gz", "\u{FEFF}king\rqueen".utf8, compressedBy: "gzip")
        #expect(try CommandLineTool.run(["distance", vectors, "-json", "-file", packed]).output == expected)
        #expect(
            try CommandLineTool.run(shell: #"exec "$@" < "$0""#, file: packed, ["distance", vectors, "-json"]).output
                == expected)
    }

    @Test func resumeAsksForATextThatCameFromAStream() throws {
        let text = try folder.file("text", Self.text)
        let state = folder.path("state")
        let (piped, redirected) = (#"cat "$0" | "$@""#, #"exec "$@" < "$0""#)
        for (script, name) in [(piped, "-"), (piped, "/dev/stdin"), (redirected, "-"), (redirected, "/dev/stdin")] {
            let trained = try CommandLineTool.run(
                shell: script, file: text,
                ["train", "-train", name, "-output", folder.path("o.txt"), "-min-count", "1", "-size", "4"]
                    + ["-threads", "1", "-checkpoint", state, "-iter", "2"])
            #expect(trained.status == 0, "\(trained.error)")
            let asked = try CommandLineTool.run(["resume", state])
            #expect(asked.status == 64)
            #expect(
                asked.firstErrorLine.hasPrefix("Error: -train is missing: the run read its text from standard input"))
            let whole = try bytes(of: folder.path("o.txt"))
            try FileManager.default.removeItem(atPath: folder.path("o.txt"))
            #expect(try CommandLineTool.run(["resume", state, "-train", text]).status == 0)
            #expect(try bytes(of: folder.path("o.txt")) == whole)
            let again = try CommandLineTool.run(
                shell: #"cat "$0" | "$@""#, file: text, ["resume", state, "-train", "-"])
            #expect(again.status == 0, "\(again.error)")
        }
    }
}
