import Foundation
import TestSupport
import Testing

/// `phrase` and `vocab`.
@Suite struct TextToolTests {
    private let folder = try! TemporaryFolder()

    private func corpus() throws -> String {
        try folder.file(
            "corpus.txt", String(repeating: "we saw new york city\nnew things in a new city of york\n", count: 10))
    }

    @Test func theOriginalsPhrasesComeOut() throws {
        let path = folder.path("phrases")
        let result = try CommandLineTool.run(
            "phrase -train \(Fixtures.bible) -output \(path) -threshold 100 -min-count 5 -exact 1")
        #expect(result.status == 0 && result.error.isEmpty)
        #expect(
            try CommandLineTool.sha256(of: path) == "24aac362ed38f3afddd21f1ce4035386cc89e4dd5503e39d8eaa5d6ec10e83b9")
        #expect(result.output.contains("  thou_shalt 1250  score 111.4\n  thou_hast 769  score 103.2\n"))
        #expect(result.lastLine == "Wrote 774315 words to \(path), 17717 of them joined pairs")
    }

    @Test func phrasesOfAPipeAndOfAFileAreTheSameAndLeaveNoFile() throws {
        let temporary = try TemporaryFolder()
        func run(_ input: String, _ file: String, _ flags: [String], folder: String) throws -> ProcessResult {
            try CommandLineTool.run(
                ["phrase", "-train", file, "--output", self.folder.path("out"), "-threshold", "1"] + flags,
                input: input, environment: ["TMPDIR": folder])
        }
        let text = try text(of: corpus())
        for exact in ["0", "1"] {
            let flags = ["-passes", "2", "-exact", exact]
            let ofFile = try run("", corpus(), flags, folder: temporary.path)
            #expect(ofFile.status == 0 && ofFile.output.contains("Pass 2 of 2"))
            let written = try bytes(of: folder.path("out"))
            #expect(String(decoding: written, as: UTF8.self).contains("we_saw_new_york city\n"))
            let ofPipe = try run(text, "-", flags, folder: temporary.path)
            #expect(ofPipe.output == ofFile.output && ofPipe.status == 0)
            #expect(try bytes(of: folder.path("out")) == written)
        }
        #expect(try temporary.names.isEmpty && folder.names == ["corpus.txt", "out"])
        let nowhere = try run(text, "-", [], folder: "/no/such")
        #expect(
            nowhere.firstErrorLine
                == "Error: the temporary file of text in /no/such: cannot be written: No such file or directory")
        #expect(try run("", "-", [], folder: temporary.path).firstErrorLine == "Error: -: the file is empty")
    }

    @Test func debugSaysMoreOrLess() throws {
        func output(_ level: Int) throws -> String {
            try CommandLineTool.run(
                "phrase -train \(corpus()) -output \(folder.path("out")) -threshold 1 -debug \(level)"
            )
            .output
        }
        #expect(try output(0).split(separator: "\n").count == 1)
        #expect(try output(1).contains("Words in train file: 130") && !output(1).contains("score"))
        #expect(try output(2).contains("  we_saw 10  score "))
    }

    @Test func theVocabularyIsTheOneThatTrainingSaves() throws {
        let saved = folder.path("saved")
        for flags in ["-min-count 1", "-min-count 3 -limit 6", "-threads 1"] {
            #expect(try CommandLineTool.run("train \(flags) -train \(corpus()) -save-vocab \(saved)").status == 0)
            let shown = try CommandLineTool.run("vocab \(flags) -train", corpus())
            #expect(try shown.status == 0 && shown.output == text(of: saved))
            let written = try CommandLineTool.run("vocab \(flags) -output \(folder.path("vocab")) -train", corpus())
            #expect(written.status == 0 && written.output.isEmpty)
            #expect(try bytes(of: folder.path("vocab")) == bytes(of: saved))
        }
        let piped = try CommandLineTool.run(["vocab", "-train", "-", "--min-count", "2"], input: "b a b\nc \u{e4} c")
        #expect(piped.output == "</s> 2\nb 2\nc 2\n")
        #expect(piped.error == "Words: 6, distinct: 4\nKept: 2 distinct, which are 66.67 % of the words\n")
    }

    @Test func wordsThatAreNoTextKeepTheirBytes() throws {
        let path = try folder.file("odd", [0xFF, 0x20, 0xFE, 0x0A] as [UInt8])
        #expect(try CommandLineTool.run("vocab -min-count 1 -train \(path) -output \(folder.path("v"))").status == 0)
        #expect(
            try bytes(of: folder.path("v")) == Array("</s> 1\n".utf8) + [0xFF] + Array(" 1\n".utf8) + [0xFE]
                + Array(" 1\n".utf8))
    }

    @Test func theVocabularyAsJSON() throws {
        let result = try CommandLineTool.run(
            ["vocab", "-train", "-", "-min-count", "2", "-json"], input: "b a \"b\" b\n")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(object["words"] as? Int == 4 && object["distinct"] as? Int == 3 && object["kept"] as? Int == 1)
        #expect(object["coverage"] as? Double == 0.5)
        let words = try #require(object["vocabulary"] as? [[String: Any]])
        #expect(words.map { $0["word"] as? String } == ["</s>", "b"] && words.map { $0["count"] as? Int } == [1, 2])
    }

    static let misuse: [(command: String, flags: String, firstLineNames: String)] = [
        ("phrase", "-treshold 3", "-treshold"), ("phrase", "-threshold x", "-threshold"),
        ("phrase", "-threshold -1", "-threshold"), ("phrase", "-threshold nan", "-threshold"),
        ("phrase", "-threshold 1e39", "-threshold"), ("phrase", "-min-count -1", "-min-count"),
        ("phrase", "-passes 0", "-passes"), ("phrase", "-passes 101", "-passes"), ("phrase", "-exact 2", "-exact"),
        ("phrase", "-debug -1", "-debug"), ("phrase", "stray", "stray"), ("phrase", "-train - -train -", "-: "),
        ("vocab", "-min-cuont 3", "-min-cuont"), ("vocab", "-min-count -1", "-min-count"),
        ("vocab", "-limit 1", "-limit"), ("vocab", "-limit 2 -max-vocab 2", "-max-vocab"),
        ("vocab", "-threads 0", "-threads"), ("vocab", "-json 1", "1"),
    ]

    @Test(arguments: misuse.indices)
    func misuseIsNamedInTheFirstLine(index: Int) throws {
        let (command, flags, name) = Self.misuse[index]
        let result = try CommandLineTool.run("\(command) -train \(corpus()) -output \(folder.path("out")) \(flags)")
        #expect(result.status != 0 && !result.crashed && result.output.isEmpty)
        #expect(result.firstErrorLine.contains(name), "\(result.error)")
        #expect(try folder.names == ["corpus.txt"])
    }

    @Test(arguments: ["phrase", "vocab"])
    func whatCannotBeReadOrWrittenIsNamed(command: String) throws {
        func firstErrorLine(_ input: String, _ output: String) throws -> String {
            let result = try CommandLineTool.run("\(command) -train \(input) -output \(output)")
            #expect(result.status != 0 && !result.crashed)
            return result.firstErrorLine
        }
        let missing = folder.path("missing")
        #expect(
            try firstErrorLine(missing, folder.path("o"))
                == "Error: \(missing): cannot be read: No such file or directory")
        #expect(try firstErrorLine(folder.path, folder.path("o")).hasSuffix("it is a directory"))
        #expect(try firstErrorLine(folder.file("empty", ""), folder.path("o")).hasSuffix("empty: the file is empty"))
        #expect(try firstErrorLine(corpus(), "/no/such/o").contains("/no/such/o: cannot be written"))
        #expect(try firstErrorLine(corpus(), folder.path).contains("cannot be written: it is a directory"))
        #expect(try firstErrorLine(corpus(), corpus()).contains("the file of -train would be overwritten"))
        #expect(try folder.names == ["corpus.txt", "empty"])
        if command == "vocab" {
            #expect(
                try firstErrorLine(folder.file("rare", "a b\n"), folder.path("o")).contains("no word occurs at least 5")
            )
        }
    }

    @Test func theManualsStateEveryFlag() throws {
        let flags = [
            "phrase": ["train", "output", "min-count", "threshold", "passes", "exact", "debug", "json"],
            "vocab": ["train", "output", "min-count", "limit", "threads", "json"],
            "classes": ["classes", "output", "method", "seed", "iter", "sort", "json"],
        ]
        for (command, flags) in flags {
            let help = try CommandLineTool.run("help \(command)")
            #expect(help.status == 0)
            for flag in flags { #expect(help.output.contains("  -\(flag), --\(flag)"), "\(command) -\(flag)") }
            for flag in ["-help", "--help", "-h"] {
                #expect(try CommandLineTool.run("\(command) \(flag)").output == help.output)
            }
            #expect(try CommandLineTool.run("--help").output.contains("  \(command) "))
        }
    }
}
