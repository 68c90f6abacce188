import Foundation
import TestSupport
import Testing

@Suite struct TrainTests {
    private let folder = try! TemporaryFolder()

    /// A small corpus in the folder.
    private func corpus() throws -> String {
        try folder.file("corpus.txt", String(repeating: "a b c d e f g\nb c a g f e d\n", count: 40))
    }

    private func train(_ flags: String, _ output: String) throws -> ProcessResult {
        try CommandLineTool.run("train -size 8 -threads 1 \(flags) -train", corpus(), "-output", output)
    }

    @Test func theNameDecidesTheFormatAndTheLastLineSaysIt() throws {
        let binary = try train("", folder.path("v.bin"))
        #expect(binary.status == 0 && binary.error.isEmpty)
        #expect(binary.lastLine == "Wrote 8 vectors of 8 dimensions to \(folder.path("v.bin")) (word2vec binary)")
        #expect(try bytes(of: folder.path("v.bin")).starts(with: "8 8\n</s> ".utf8))
        let text = try train("-debug 0", folder.path("v.vec"))
        #expect(text.output == "Wrote 8 vectors of 8 dimensions to \(folder.path("v.vec")) (word2vec text)\n")
        #expect(try TestSupport.text(of: folder.path("v.vec")).split(separator: "\n").count == 9)
    }

    @Test func binaryOverrulesTheName() throws {
        #expect(try train("-binary 0", folder.path("v.bin")).lastLine.hasSuffix("(word2vec text)"))
        #expect(try train("-binary 1", folder.path("v.txt")).lastLine.hasSuffix("(word2vec binary)"))
    }

    @Test func everyFlagWorksWithOneDashAndWithTwo() throws {
        let flags = [
            "cbow 0", "negative 3", "hs 1", "window 3", "sample 1e-2", "iter 2", "min-count 2", "alpha 0.03",
            "classes 0", "limit 9", "token-memory 100K", "debug 1", "binary 1", "seed 7", "exact 0",
            "save-vocab \(folder.path("vocab"))",
        ]
        let single = try train(flags.map { "-\($0)" }.joined(separator: " "), folder.path("1"))
        let double = try train(flags.map { "--\($0)" }.joined(separator: " "), folder.path("2"))
        #expect(single.status == 0 && double.status == 0)
        #expect(try bytes(of: folder.path("1")) == bytes(of: folder.path("2")))
        let readBack = try train("-read-vocab \(folder.path("vocab"))", folder.path("3"))
        #expect(readBack.status == 0)
    }

    @Test func hierarchicalSoftmaxLeavesNegativeSamplingOnAndSaysSo() throws {
        let both = try train("-hs 1", folder.path("v"))
        #expect(both.output.contains("hierarchical softmax and 5 negative samples"))
        #expect(both.output.contains("Note: -hs 1 leaves negative sampling on"))
        let alone = try train("-hs 1 -negative 0", folder.path("v"))
        #expect(!alone.output.contains("Note") && !alone.output.contains("negative samples"))
    }

    @Test func withoutOutputTheWordsAreCounted() throws {
        let result = try CommandLineTool.run("train -save-vocab \(folder.path("vocab")) -train", corpus())
        #expect(result.status == 0)
        #expect(try text(of: folder.path("vocab")).hasPrefix("</s> 80\na 80\nb 80\n"))
    }

    @Test func aSeedRepeatsTheBytes() throws {
        for path in ["1", "2"] { _ = try train("-seed 5 -iter 2", folder.path(path)) }
        _ = try train("-seed 6 -iter 2", folder.path("3"))
        #expect(try bytes(of: folder.path("1")) == bytes(of: folder.path("2")))
        #expect(try bytes(of: folder.path("1")) != bytes(of: folder.path("3")))
    }

    @Test func standardInputAndSeveralFilesReadLikeOneFile() throws {
        let text = try text(of: corpus())
        _ = try train("-seed 5", folder.path("1"))
        func run(_ output: String, input: String = "", _ files: String...) throws {
            let result = try CommandLineTool.run(
                ["train", "-size", "8", "-threads", "1", "-seed", "5", "-output", folder.path(output)]
                    + files.flatMap { ["-train", $0] }, input: input)
            #expect(result.status == 0, "\(result.error)")
            #expect(try bytes(of: folder.path(output)) == bytes(of: folder.path("1")))
        }
        try run("2", input: text, "-")
        try run("3", input: text, "/dev/stdin")
        let half = text.index(text.startIndex, offsetBy: text.count / 2)
        try run("4", input: String(text[half...]), folder.file("half", String(text[..<half])), "-")
        let empty = try CommandLineTool.run(["train", "-train", "-", "-output", folder.path("5")])
        #expect(empty.status == 1 && empty.firstErrorLine == "Error: -: the file is empty")
    }

    @Test func theMostFrequentWordsAreKept() throws {
        #expect(try train("-limit 3", folder.path("v")).output.contains("Vocab size: 3"))
    }

    @Test func tokensInATemporaryFileGiveTheSameBytesAndLeaveNoFile() throws {
        _ = try train("-exact 0", folder.path("1"))
        let temporary = try TemporaryFolder()
        func run(_ folder: String, _ flags: String...) throws -> ProcessResult {
            try CommandLineTool.run(
                ["train", "-size", "8", "-threads", "1", "-train", corpus(), "-output", self.folder.path("2")] + flags,
                environment: ["TMPDIR": folder])
        }
        for size in ["0", "0K", "1k", "1", "1G"] {
            #expect(try run(temporary.path, "-token-memory", size).status == 0)
            #expect(try bytes(of: folder.path("1")) == bytes(of: folder.path("2")))
            #expect(try temporary.names.isEmpty)
        }
        let nowhere = try run("/no/such", "-token-memory", "0")
        #expect(nowhere.status == 1)
        #expect(
            nowhere.firstErrorLine
                == "Error: the temporary file of token ids in /no/such: cannot be written: No such file or directory")
    }

    @Test func theExactModeSaysThatASeedDoesNothing() throws {
        #expect(try train("-exact 1 -seed 3", folder.path("v")).output.contains("-seed has no effect"))
        #expect(try !train("-exact 1", folder.path("v")).output.contains("-seed"))
    }

    static let misuse: [(flags: String, firstLineNames: String)] = [
        ("-cbwo 0", "-cbwo"), ("--minn-count 3", "--minn-count"), ("-size", "-size"), ("-size -window 5", "-size"),
        ("-size 0", "-size"), ("-size -5", "-size"), ("-size ten", "-size"), ("-size 1.5", "-size"),
        ("-size 99999999999999999999", "-size"), ("-window 0", "-window"), ("-window -2", "-window"),
        ("-threads 0", "-threads"), ("-threads -1", "-threads"), ("-iter 0", "-iter"), ("-iter -1", "-iter"),
        ("-negative 0", "-negative"), ("-negative 0 -hs 0", "-negative"), ("-negative -1", "-negative"),
        ("-alpha 0", "-alpha"), ("-alpha -0.05", "-alpha"), ("-alpha nan", "-alpha"), ("-alpha inf", "-alpha"),
        ("-alpha x", "-alpha"), ("-sample -1", "-sample"), ("-sample nan", "-sample"), ("-hs 2", "-hs"),
        ("-cbow yes", "-cbow"), ("-binary 3", "-binary"), ("-exact 2", "-exact"), ("-min-count -1", "-min-count"),
        ("-classes -1", "-classes"), ("-classes 1000001", "-classes"), ("-debug -1", "-debug"),
        ("-exact 1 -threads 2", "-threads"),
        ("-cbow 0 -cbow-gradient divided", "-cbow-gradient"), ("-cbow-gradient half", "-cbow-gradient"),
        ("-loss softmax -negative 5", "-negative"), ("-loss softmax -share pair", "-share"),
        ("-loss softmax -hs 1", "-hs"), ("-loss sofmax", "-loss"), ("-loss softmax -exact 1", "-loss"),
        ("-seed -1", "-seed"), ("stray", "stray"), ("-limit 1", "-limit"), ("-limit x", "-limit"),
        ("-max-vocab x", "-max-vocab"),
        ("-token-memory -1", "-token-memory"), ("-token-memory 1X", "-token-memory"),
        ("-token-memory M", "-token-memory"), ("-token-memory 99999999999999G", "-token-memory"),
        ("-train - -train -", "-: "), ("-holdout 1", "-holdout"), ("-holdout -0.5", "-holdout"),
        ("-holdout nan", "-holdout"), ("-holdout x", "-holdout"), ("-holdout 5%", "-holdout"),
    ]

    @Test(arguments: misuse.indices)
    func misuseIsNamedInTheFirstLine(index: Int) throws {
        let (flags, name) = Self.misuse[index]
        let output = folder.path("v.bin")
        let result = try CommandLineTool.run("train -train \(corpus()) -output \(output) \(flags)")
        #expect(result.status != 0 && !result.crashed)
        #expect(result.firstErrorLine.contains(name), "\(result.error)")
        #expect(result.output.isEmpty)
        #expect(try folder.names == ["corpus.txt"], "nothing is written")
    }

    @Test func nothingTrainedIsAWarning() throws {
        func lastLines(_ text: String, _ flags: String) throws -> [Substring] {
            let result = try CommandLineTool.run(
                "train -train \(folder.file("text", text)) -output \(folder.path("v")) -min-count 1 -size 2 \(flags)")
            #expect(result.status == 0 && result.error.isEmpty)
            return result.output.split(separator: "\n").suffix(2)
        }
        let lonely = String(repeating: "a,b,c\nd,e\nf\n", count: 100)
        let text = String(repeating: "a b c d e f\n", count: 100)
        for threads in ["-threads 1", "-threads 2", "-exact 1"] {
            let one = try lastLines(lonely, "-sample 0 \(threads)")
            #expect(one[0].hasPrefix("Warning: no pair of words was trained: the vectors are the random start. "))
            #expect(one[0].contains("(-sample 0.0): 1500 of 3000;") && one[1].hasPrefix("Wrote "))
            let none = try lastLines(text, "-sample 1e-12 -cbow 0 \(threads)")
            #expect(none[0].hasPrefix("Warning: no pair") && none[0].contains("(-sample 1e-12): 0 of 3500;"))
            let few = try lastLines("a b c\n", "-sample 0 -iter 1 \(threads)")
            #expect(few[0].hasPrefix("Warning: hardly any pair of words was trained ("))
            #expect(try !lastLines(text, "-sample 0 \(threads)")[0].hasPrefix("Warning"))
        }
        let quiet = try CommandLineTool.run(
            "train -train \(folder.path("text")) -output \(folder.path("v")) -sample 1e-12 -debug 0")
        #expect(quiet.output.hasPrefix("Wrote ") && quiet.error.hasPrefix("Warning: no pair"))
    }

    @Test func linesThatAreHeldOutAreTold() throws {
        let path = try folder.file("text", String(repeating: "a b c d\ne f g h\n", count: 200))
        func run(_ flags: String) throws -> ProcessResult {
            try CommandLineTool.run(
                "train -train \(path) -output \(folder.path("v")) -size 8 -threads 1 -sample 0 \(flags)")
        }
        let result = try run("-holdout .1 -iter 3")
        let counted = try #require(result.output.firstMatch(of: #/Held out: (\d+) of 400 lines, (\d+) words\n/#))
        let lines = try #require(Int(counted.1))
        #expect((15...70).contains(lines) && Int(counted.2) == 5 * lines)
        #expect(result.output.contains("Trained \(3 * 5 * (400 - lines)) words"))
        let losses = try #require(
            result.output.firstMatch(of: #/Mean loss per pair of held-out lines, by epoch: (.*)\n/#))
        #expect(losses.1.split(separator: " ").count == 3)
        #expect(try run("").output.contains("Mean loss per pair, by epoch: "))
        let nothing = try run("-holdout 1e-9")
        #expect(
            nothing.status == 1 && nothing.firstErrorLine.hasPrefix("Error: -holdout must be a share that leaves words")
        )
        let unused = try CommandLineTool.run("train -train \(path) -save-vocab \(folder.path("w")) -holdout .1")
        #expect(unused.firstErrorLine.contains("-holdout needs -output"))
    }

    @Test func theExactModesThreadsAreRefusedWithAReason() throws {
        let result = try CommandLineTool.run("train -exact 1 -threads 2 -train x -output y")
        #expect(result.firstErrorLine.contains("1 with -exact 1") && result.firstErrorLine.contains("chance"))
    }

    @Test func whatCannotBeReadIsNamed() throws {
        let output = folder.path("v.bin")
        func firstErrorLine(_ path: String, _ flags: String = "") throws -> String {
            let result = try CommandLineTool.run("train \(flags) -output \(output) -train", path)
            #expect(result.status == 1 && !result.crashed)
            #expect(!FileManager.default.fileExists(atPath: output))
            return result.firstErrorLine
        }
        let missing = folder.path("missing")
        #expect(try firstErrorLine(missing) == "Error: \(missing): cannot be read: No such file or directory")
        #expect(try firstErrorLine(folder.path).hasSuffix("it is a directory"))
        #expect(try firstErrorLine(folder.file("empty", "")).hasSuffix("empty: the file is empty"))
        let rare = try firstErrorLine(folder.file("rare", "a a a b b c\n"))
        #expect(rare.contains("6 words were read, 3 of them distinct, and the most frequent occurs 3 times"))
        let vocabulary = try folder.file("vocab", "</s> 3\na 9\nbroken\n")
        #expect(try firstErrorLine(corpus(), "-read-vocab \(vocabulary)").contains("vocab, line 3: expected"))
        for flags in ["", "-exact 1", "-hs 1"] {
            let huge = try folder.file("huge", "</s> 3\na 9000000000000000000\nb 1000000000000000\n")
            #expect(
                try firstErrorLine(corpus(), "-read-vocab \(huge) \(flags)").contains("huge, line 2: expected counts"))
        }
        #expect(try firstErrorLine(corpus(), "-alpha 1e30").contains("diverged in epoch 1"))
    }

    @Test func anOutputThatCannotBeWrittenIsFoundOutBeforeTraining() throws {
        for output in ["/no/such/folder/v.bin", folder.path, "/proc/v.bin"] {
            // A run that would take hours.
            let result = try train("-iter 1000000 -size 1000", output)
            #expect(result.status == 1 && result.firstErrorLine.contains("\(output): cannot be written"))
            let vocabulary = try train("-iter 1000000 -save-vocab \(output)", folder.path("v.bin"))
            #expect(vocabulary.status == 1 && vocabulary.firstErrorLine.contains("\(output): cannot be written"))
        }
        #expect(try folder.names == ["corpus.txt"])
    }

    @Test func theCorpusIsNeverOverwritten() throws {
        let before = try bytes(of: corpus())
        let result = try train("", folder.path + "/../" + URL(filePath: folder.path).lastPathComponent + "/corpus.txt")
        #expect(result.status != 0 && result.firstErrorLine.contains("-train would be overwritten"))
        #expect(try bytes(of: folder.path("corpus.txt")) == before)
        let both = try train("-save-vocab \(folder.path("v"))", folder.path("v"))
        #expect(both.firstErrorLine.contains("-output would be overwritten by that of -save-vocab"))
        let second = try train("-train \(folder.file("second", "a b\n"))", folder.path("second"))
        #expect(second.firstErrorLine.contains("second: the file of -train would be overwritten"))
    }

    @Test func theManualStatesEveryFlag() throws {
        let help = try CommandLineTool.run("help train")
        #expect(help.status == 0)
        for flag in [
            "train", "output", "size", "window", "sample", "hs", "negative", "threads", "iter", "min-count", "alpha",
            "classes", "debug", "binary", "save-vocab", "read-vocab", "cbow", "seed", "exact", "limit",
            "token-memory", "holdout",
        ] {
            #expect(help.output.contains("  -\(flag), --\(flag) "), "-\(flag)")
        }
        for title in ["FILES:", "MODEL:", "TRAINING:", "RUN:"] { #expect(help.output.contains(title)) }
        #expect(try CommandLineTool.run("train -help").output == help.output)
        #expect(try CommandLineTool.run("--version").output.hasPrefix("0."))
    }
}
