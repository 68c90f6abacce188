import Foundation
import TestSupport
import Testing

@Suite struct ExportTests {
    private let folder = try! TemporaryFolder()

    private func vectors() throws -> String {
        try folder.file("v.txt", "3 2\n</s> 0.5 -0.25\nking 1 2\nqueen 0.1 1e-7\n")
    }

    private func export(_ arguments: String...) throws -> ProcessResult {
        try CommandLineTool.run(["export"] + arguments)
    }

    @Test func anyFormatBecomesAnyOther() throws {
        // Round and round, to the first again.
        var path = try vectors()
        for (flag, name) in [
            ("binary", "a"), ("safetensors", "b"), ("numpy", "c.npy"), ("glove", "d"), ("safetensors", "e"),
            ("text", "f"),
        ] {
            let result = try export(path, "-output", folder.path(name), "-format", flag)
            #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
            #expect(result.lastLine.hasPrefix("Wrote 3 vectors of 2 dimensions to "))
            path = folder.path(name)
        }
        #expect(try text(of: path) == "3 2\n</s> 0.5 -0.25\nking 1.0 2.0\nqueen 0.1 1e-07\n")
    }

    @Test func theNameChoosesTheFormatAndConvertIsTheSame() throws {
        let result = try CommandLineTool.run(["convert", vectors(), "--output", folder.path("w.bin")])
        #expect(result.status == 0 && result.output.hasSuffix("(word2vec binary)\n"))
        #expect(try bytes(of: folder.path("w.bin")).starts(with: Array("3 2\n</s> ".utf8) + [0, 0, 0, 0x3F]))
        #expect(try export(folder.path("w.bin"), "-output", folder.path("w.tsv")).status == 0)
        #expect(try text(of: folder.path("w.metadata.tsv")) == "</s>\nking\nqueen\n")
    }

    @Test func theOriginalsTextComesOnRequest() throws {
        let result = try export(vectors(), "-output", folder.path("w.txt"), "-numbers", "original", "-limit", "2")
        #expect(result.status == 0)
        #expect(try text(of: folder.path("w.txt")) == "2 2\n</s> 0.500000 -0.250000 \nking 1.000000 2.000000 \n")
    }

    @Test func wordsAndPrecisionAreAsTheFlagsSay() throws {
        let names = ["n.npy", "m.npy", "list", "other", "h"].map { folder.path($0) }
        let toNumPy = try export(
            vectors(), "-output", names[0], "-output-words", names[2], "-precision", "f16", "-format", "numpy")
        #expect(toNumPy.status == 0 && toNumPy.output.contains(" and \(names[2])"))
        #expect(try export(names[0], "-output", names[1]).status == 1)  // no words beside it
        #expect(try export(names[0], "-words", names[2], "-output", names[1], "-output-words", names[3]).status == 0)
        #expect(try bytes(of: names[2]) == bytes(of: names[3]))
        let half = try export(vectors(), "-output", names[4], "-format", "safetensors", "-precision", "bf16")
        #expect(half.status == 0)
    }

    @Test func wordsThatAreNoUTF8AreToldOf() throws {
        let path = try folder.file("v", Array("a 1\n".utf8) + [0xFF] + Array(" 2\na 3\n".utf8))
        let kept = try export(path, "-output", folder.path("k"), "-format", "glove")
        #expect(kept.status == 0 && kept.error.contains("1 words that are not valid UTF-8 were kept as they are"))
        #expect(kept.error.contains("1 rows were left out"))
        #expect(try bytes(of: folder.path("k")) == Array("a 1.0\n".utf8) + [0xFF] + Array(" 2.0\n".utf8))
        let skipped = try export(path, "-output", folder.path("s"), "-format", "glove", "-invalid-utf8", "skip")
        #expect(skipped.error.contains("left out"))
        #expect(try text(of: folder.path("s")) == "a 1.0\n")
        let failed = try export(path, "-output", folder.path("f"), "-invalid-utf8", "fail")
        #expect(failed.status == 1 && failed.firstErrorLine.contains("line 2: expected a word in UTF-8"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("f")))
    }

    @Test func mistakesAreFoundBeforeAnythingIsWritten() throws {
        let path = try vectors()
        for (arguments, message) in [
            (["-output", path], "would be overwritten"),
            (["-output", folder.path("no/folder/x")], "cannot be written"),
            (["-output", folder.path("x"), "-limit", "0"], "-limit must be 1 or above"),
            (["-output", folder.path("x"), "-format", "word"], "-format"),
            (["-output", folder.path("x.bin"), "-precision", "f16"], "-precision must be f32 for binary"),
            (["-output", folder.path("x.npy"), "-precision", "bf16"], "-precision must be f32 or f16 for numpy"),
            (["-output", folder.path("x.bin"), "-output-words", folder.path("y")], "-output-words is for"),
            (["-output", folder.path("x.npy"), "-output-words", folder.path("x.npy")], "the same file"),
            (["-output", folder.path("x"), "-formt", "text"], "-formt"),
            ([], "-output"),
        ] {
            let result = try CommandLineTool.run(["export", path] + arguments)
            #expect(
                result.status != 0 && !result.crashed && result.error.contains(message), "\(arguments): \(result.error)"
            )
        }
        #expect(try folder.names == ["v.txt"])
        let spaced = try folder.file("g", "a b 1 2\nc 3 4\n")
        let refused = try export(spaced, "-output", folder.path("x.bin"))
        #expect(refused.status == 1 && refused.firstErrorLine.contains("the word 'a b' of row 1 holds a space"))
        #expect(refused.firstErrorLine.contains("-spaces"))
    }

    @Test func aWordThatEndsWithANumberNeedsAFirstLine() throws {
        let path = try folder.file("n", "3 2\nRoute 66 1 2\nWorld War II 3 4\nfoo 5 6\n")
        let glove = try export(path, "-output", folder.path("g"), "-format", "glove")
        #expect(glove.status == 1 && glove.firstErrorLine.contains("'Route 66' of row 1 holds a number behind a space"))
        #expect(glove.firstErrorLine.contains("word2vec text takes this one"))
        #expect(try export(path, "-output", folder.path("t.txt")).status == 0)
        #expect(try text(of: folder.path("t.txt")) == "3 2\nRoute 66 1.0 2.0\nWorld War II 3.0 4.0\nfoo 5.0 6.0\n")
        #expect(try export(path, "-output", folder.path("h"), "-format", "glove", "-spaces", "_").status == 0)
    }

    @Test func spacesInWordsGiveWay() throws {
        let path = try folder.file("g", "a b 1 2\nc 3 4\nwindows\t95x 5 6\na_b 7 8\n")
        let result = try export(path, "-output", folder.path("x.bin"), "-spaces", "_")
        #expect(result.status == 0 && result.error == "Note: 1 rows were left out, whose words stand before\n")
        #expect(try export(folder.path("x.bin"), "-output", folder.path("x.txt")).status == 0)
        #expect(try text(of: folder.path("x.txt")) == "3 2\na_b 1.0 2.0\nc 3.0 4.0\nwindows_95x 5.0 6.0\n")
        #expect(try export(path, "-output", folder.path("x.bin"), "-spaces", " ").status != 0)
    }

    @Test func trainingWritesTheNativeFormat() throws {
        let text = try folder.file("text", (0..<50).map { _ in "one two three four\n" }.joined())
        let path = folder.path("v.safetensors")
        let trained = try CommandLineTool.run(
            ["train", "-train", text, "-output", path, "-size", "7", "-threads", "1", "-debug", "0"])
        #expect(trained.status == 0 && trained.lastLine.hasSuffix("(safetensors)"))
        #expect(try export(path, "-output", folder.path("v.bin")).status == 0)
        let neighbors = try CommandLineTool.run(["distance", path, "one", "-count", "2"])
        #expect(
            try neighbors.output
                == CommandLineTool.run(["distance", folder.path("v.bin"), "one", "-count", "2"]).output)
    }
}
