import Foundation
import TestSupport
import Testing

/// Flags that say how the text is read.
@Suite struct TextFlagTests {
    private let folder = try! TemporaryFolder()

    private func vocabulary(_ flags: String, _ text: String) throws -> String {
        let result = try CommandLineTool.run(
            "train -min-count 1 -threads 2 \(flags) -save-vocab \(folder.path("vocab")) -train",
            folder.file("text", text))
        #expect(result.status == 0 && result.error.isEmpty)
        return try TestSupport.text(of: folder.path("vocab"))
    }

    @Test func wordsAreReadInSmallLettersOnRequest() throws {
        let text = "\u{FEFF}Ä ä\u{A0}Ä b B\n"
        #expect(try vocabulary("", text) == "</s> 1\nÄ 1\nä\u{A0}Ä 1\nb 1\nB 1\n")
        #expect(try vocabulary("-lowercase 1", text) == "</s> 1\nb 2\nä 1\nä\u{A0}ä 1\n")
        #expect(try vocabulary("-unicode-space 1", text) == "</s> 1\nÄ 2\nä 1\nb 1\nB 1\n")
        #expect(try vocabulary("--lowercase 1 --unicode-space 1", text) == "</s> 1\nä 3\nb 2\n")
    }

    @Test func exactModeHasNeither() throws {
        let path = try folder.file("text", "a\n")
        for flag in ["lowercase", "unicode-space"] {
            let result = try CommandLineTool.run(
                "train -exact 1 -\(flag) 1 -output \(folder.path("v")) -train", path)
            #expect(result.status != 0)
            #expect(result.error.contains("-\(flag) must be 0 with -exact 1, found 1"))
        }
    }

    @Test func textsThatCannotBeReadAreOneLineOnStandardError() throws {
        for (path, reason) in [
            (folder.path, "it is a directory"), (folder.path("missing"), "No such file or directory"),
            (try folder.file("empty", ""), "the file is empty"),
            (try folder.file("blank", "\n \n"), "the text has no words"),
        ] {
            let result = try CommandLineTool.run("train -output \(folder.path("v")) -train", path)
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.error.contains(reason) && result.error.split(separator: "\n").count == 1)
        }
        #expect(try !folder.names.contains("v"))
    }
}
