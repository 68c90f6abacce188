import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs that are killed, stopped, short of space: nothing is lost. Where a run is when it is killed or stopped is read from its
/// log, which comes through a pipe; no test waits for time to pass.
@Suite struct LongRunTests {
    private let folder = try! TemporaryFolder()

    private static let verses = Result { try text(of: Fixtures.bible).split(separator: "\n").prefix(1500) }

    /// The first verses.
    private func corpus(lines: Int = 1500) throws -> String {
        try folder.file("corpus.txt", Self.verses.get().prefix(lines).joined(separator: "\n") + "\n")
    }

    private func arguments(_ output: String, lines: Int = 1500, _ flags: String...) throws -> [String] {
        let all = ["-size 12 -threads 1 -cbow 0 -iter 6 -debug 0"] + flags
        let words: [String] = all.flatMap { $0.split(separator: " ").map(String.init) }
        return try ["train", "-train", corpus(lines: lines), "-output", folder.path(output)] + words
    }

    private func checkpoint(_ name: String, every interval: String = "2%") -> String {
        "-checkpoint \(folder.path(name)) -checkpoint-every \(interval)"
    }

    /// Continues a run until it is at its end.
    private func resume(_ name: String) throws {
        let result = try CommandLineTool.run(["resume", folder.path(name), "-debug", "0"])
        #expect(result.status == 0 && !result.crashed, "\(result.error)")
    }

    /// Runs that are killed, up to three times each, and continue. A run writes a checkpoint as often as it can, up to fifty
    /// times, and its log has a line for each; it is killed after a number of lines that is drawn at random. How far it gets before
    /// the signal arrives, in a checkpoint or between two, is up to the system.
    @Test(arguments: ["", "-exact 1 -cbow 1 -hs 1"])
    func aKilledRunGivesTheSameBytes(flags: String) throws {
        let lines = 300  // some hundred runs
        let whole = try CommandLineTool.run(
            arguments("whole", lines: lines, checkpoint("whole.state"), flags, "-log -"))
        #expect(whole.status == 0, "\(whole.error)")
        let events = whole.output.count { $0 == "\n" }
        #expect(events > 10)
        var random = SeededGenerator(seed: 3)
        let wanted = runsLongTests ? 20 : 4
        var (kills, run) = (0, 0)
        while kills < wanted {
            run += 1
            let name = "run\(run)"
            var arguments = try arguments(name, lines: lines, checkpoint("\(name).state"), flags, "-log -")
            for _ in 0..<3 {
                let process = try CommandLineTool.start(arguments)
                _ = process.output(lines: Int.random(in: 0...events, using: &random))
                process.send(SIGKILL)
                let result = process.wait()
                if result.crashed { kills += 1 }
                #expect(result.crashed || result.status == 0, "\(result.error)")
                // What is there is whole; before the first checkpoint there is nothing.
                guard FileManager.default.fileExists(atPath: folder.path("\(name).state")) else { continue }
                arguments = ["resume", folder.path("\(name).state"), "-debug", "0"]
            }
            _ = try CommandLineTool.run(arguments)
            #expect(try bytes(of: folder.path(name)) == bytes(of: folder.path("whole")), "run \(run)")
            #expect(try folder.names.allSatisfy { !$0.hasSuffix(".tmp") }, "nothing is left over")
            for suffix in ["", ".state"] { try FileManager.default.removeItem(atPath: folder.path(name + suffix)) }
        }
    }

    /// On a busy machine a run may be over when the signal arrives: then there is a longer one.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalEndsARunInOrder(signal: Int32) throws {
        for epochs in [30, 150, 750] {
            for name in ["v", "state"] { try? FileManager.default.removeItem(atPath: folder.path(name)) }
            let flags = "-log - -iter \(epochs)"
            let run = try CommandLineTool.start(arguments("v", lines: 300, checkpoint("state", every: "1000"), flags))
            _ = run.output(lines: 3)  // the start and two epochs
            run.send(signal)
            let result = run.wait()
            guard result.status != 0 else { continue }
            #expect(result.status == 128 + signal && !result.crashed)
            #expect(result.output.contains("\"ending\": \"interrupted\""))
            #expect(result.error.contains("To go on: w2v-c resume \(folder.path("state"))"), "\(result.error)")
            #expect(try folder.names == ["corpus.txt", "state"])
            try resume("state")
            #expect(try CommandLineTool.run(arguments("whole", lines: 300, "-iter \(epochs)")).status == 0)
            #expect(try bytes(of: folder.path("v")) == bytes(of: folder.path("whole")))
            return
        }
        Issue.record("no run was stopped")
    }

    /// A run that would take hours, and trains.
    private func endlessRun(output: String = "v.bin", shell script: String = "exec \"$@\"") throws -> RunningTool {
        var arguments = try arguments("v.bin", lines: 300, "-log - -iter 1000000")
        if output.hasPrefix("/") { arguments[arguments.firstIndex(of: "-output")! + 1] = output }
        let process = try CommandLineTool.start(shell: script, arguments)
        let log = process.output(lines: 2)
        #expect(log.contains("\"event\": \"epoch\""))
        return process
    }

    @Test func withoutACheckpointTheVectorsSoFarAreWritten() throws {
        _ = try folder.file("v.bin", "old")
        let process = try endlessRun()
        process.send(SIGINT)
        let result = process.wait()
        #expect(
            result.status == 130 && result.error.contains("The vectors so far are in \(folder.path("v.bin.partial"))"))
        #expect(try text(of: folder.path("v.bin")) == "old")
        #expect(try CommandLineTool.run("info", folder.path("v.bin.partial")).output.contains("word2vec binary"))
        #expect(try folder.names == ["corpus.txt", "v.bin", "v.bin.partial"])
        #expect(result.output.contains("\"ending\": \"interrupted\""))
    }

    @Test func aSecondSignalEndsItAtOnceAndLeavesFilesWhole() throws {
        _ = try folder.file("v.bin", "old")
        let process = try endlessRun()
        // The second comes while the first is obeyed, or finds the process gone.
        for _ in 0..<50 { process.send(SIGTERM) }
        let result = process.wait()
        #expect(result.status == 143)
        #expect(try text(of: folder.path("v.bin")) == "old")
        #expect(try folder.names.allSatisfy { ["corpus.txt", "v.bin", "v.bin.partial"].contains($0) })
    }

    /// It trains on after the hang-up, and it is the other signal that ends it, in order.
    @Test func anIgnoredHangUpStaysIgnored() throws {
        let process = try endlessRun(shell: "trap '' HUP; exec \"$@\"")
        process.send(SIGHUP)
        let before = process.output(lines: 0).count { $0 == "\n" }
        #expect(process.output(lines: before + 3).count { $0 == "\n" } >= before + 3)
        process.send(SIGTERM)
        let result = process.wait()
        #expect(result.status == 143 && result.error.contains("Stopped by signal 15"), "\(result.error)")
    }

    /// Flags, the size that a file may have in blocks of 512 bytes, and the file that does not fit.
    static let shortages: [(flags: String, blocks: Int, file: String)] = [
        ("", 20, "v"), ("-size 200 -binary 1", 100, "v"), ("-save-vocab SAVED -min-count 1", 20, "saved"),
        ("-classes 30 -min-count 1", 40, "v"), ("-checkpoint STATE -size 100 -binary 1 -min-count 60", 140, "state"),
        ("-token-memory 0", 100, "token ids"),
    ]

    /// ThreadSanitizer's own beginning writes a file, and does not bear the limit.
    private static let bearsLimits = ProcessInfo.processInfo.environment["TSAN_OPTIONS"] == nil

    @Test(.enabled(if: bearsLimits), arguments: shortages.indices)
    func aFullDiskIsAnErrorAndOldFilesStay(index: Int) throws {
        let (flags, blocks, file) = Self.shortages[index]
        let names = ["v", "saved", "state"]
        for name in names { _ = try folder.file(name, "old") }
        let given = flags.replacing("SAVED", with: folder.path("saved")).replacing("STATE", with: folder.path("state"))
        let result = try CommandLineTool.run(arguments("v", given), limits: "-f \(blocks)")
        #expect(result.status == 1 && !result.crashed, "\(result.error)")
        #expect(result.error.contains("\(file)") && result.error.contains("File too large"), "\(result.error)")
        for name in names where name == file || !FileManager.default.fileExists(atPath: folder.path(name)) {
            #expect(try text(of: folder.path(name)) == "old", "\(name)")
        }
        #expect(try folder.names == ["corpus.txt"] + names.sorted())
        // A checkpoint that does not fit costs no vectors.
        if file == "state" { #expect(try text(of: folder.path("v")) != "old") }
    }

    /// The lines of a log, but for those whose number depends on time.
    private func logged(_ log: String) throws -> [[String: Any]] {
        try log.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }.filter { !["progress", "checkpoint"].contains($0["event"] as? String) }
    }

    @Test func theLogTellsTheRun() throws {
        let log = folder.path("log.jsonl")
        let pairs = try folder.file("pairs", "lord god 9\nearth heaven 7\nlord earth 2\nsons daughters 8\n")
        let result = try CommandLineTool.run(
            arguments("v", "-log \(log) -eval \(pairs) -seed 18446744073709551615", checkpoint("state", every: "50%")))
        #expect(result.status == 0, "\(result.error)")
        let lines = try logged(text(of: log))
        #expect(
            lines.compactMap { $0["event"] as? String } == ["start"] + Array(repeating: "epoch", count: 6) + ["end"])
        let start = try #require(lines.first)
        let end = try #require(lines.last)
        #expect((start["options"] as? [String: Any])?["dimensions"] as? Int == 12)
        #expect(start["instructionSet"] as? String != nil && start["version"] as? String == end["version"] as? String)
        #expect(end["seed"] as? UInt64 == .max && end["ending"] as? String == "complete")
        let losses = try #require(end["losses"] as? [Double])
        #expect(losses.count == 6 && losses == lines[1...6].compactMap { $0["loss"] as? Double })
        #expect(losses[5] < losses[0])
        #expect((end["scores"] as? [Double])?.count == 6)
        #expect(end["words"] as? Int == lines[6]["totalWords"] as? Int)
        #expect((end["keptWords"] as? Int ?? 0) > 0 && (end["pairs"] as? Int ?? 0) > 0)
        // A run that goes on goes on with its log.
        let again = try CommandLineTool.run(["resume", folder.path("state"), "-output", folder.path("again")])
        #expect(again.status == 0, "\(again.error)")
        #expect(try logged(text(of: log)).compactMap { $0["event"] as? String }.suffix(2) == ["resume", "end"])
        #expect(try bytes(of: folder.path("again")) == bytes(of: folder.path("v")))
    }

    /// As `tail -f` does: the file that was opened is the one that grows.
    @Test func theLogGrowsInPlace() throws {
        let log = try folder.file("log", "an old line\n")
        let reader = try #require(FileHandle(forReadingAtPath: log))
        #expect(try CommandLineTool.run(arguments("v", "-log \(log)", checkpoint("state"))).status == 0)
        let whole = try text(of: log)
        #expect(String(decoding: try reader.readToEnd() ?? Data(), as: UTF8.self) == whole)
        #expect(try logged(whole).count == 8, "the old line is gone")
        // A crash may leave a part of a line; a run that is resumed goes on behind the last whole one.
        _ = try folder.file("log", whole + "{\"event\": \"progress\", \"epo")
        #expect(try CommandLineTool.run(["resume", folder.path("state"), "-debug", "0"]).status == 0)
        #expect(try logged(text(of: log)).compactMap { $0["event"] as? String }.suffix(3) == ["end", "resume", "end"])
        #expect(try text(of: log).hasPrefix(whole))
    }

    @Test(.enabled(if: bearsLimits)) func linesThatCouldNotBeWrittenComeLater() throws {
        // The first line is longer than the limit of 512 bytes, and never there in part.
        let result = try CommandLineTool.run(
            arguments("v", "-log \(folder.path("log"))", "-output /dev/null"), limits: "-f 1")
        #expect(
            result.status == 1 && result.error.contains("log: cannot be written: File too large"), "\(result.error)")
        let lines = try text(of: folder.path("log"))
        #expect(lines.isEmpty || lines.hasSuffix("\n"))
    }

    @Test func aLogThatIsNoFileIsGivenEachLineOnce() throws {
        let result = try CommandLineTool.run(arguments("v", "-log /dev/stderr", checkpoint("state")))
        #expect(result.status == 0)
        #expect(try logged(result.error).count == 8)
        #expect(try CommandLineTool.run(["resume", folder.path("state"), "-debug", "0"]).status == 0)
    }

    @Test func everyEpochHasItsLine() throws {
        let vocabulary = try folder.file("vocabulary", "</s> 5\nthe 90000\nand 70000\nof 9\n")
        for flags in ["-exact 1 -cbow 1", "-threads 2", "-exact 1 -read-vocab \(vocabulary)"] {
            let log = folder.path("log")
            #expect(try CommandLineTool.run(arguments("v", "-log \(log) \(flags)")).status == 0)
            let epochs = try text(of: log).split(separator: "\n").filter { $0.contains("\"event\": \"epoch\"") }
            #expect(epochs.count == 6, "\(flags)")
        }
    }

    @Test func aDeviceHasNothingBesideIt() throws {
        let process = try endlessRun(output: "/dev/null")
        process.send(SIGTERM)
        let result = process.wait()
        #expect(result.status == 143 && result.error.contains("/dev/null is no regular file"), "\(result.error)")
        #expect(!FileManager.default.fileExists(atPath: "/dev/null.partial"))
    }

    @Test func earlyStoppingKeepsTheBestVectors() throws {
        // Scores that only fall, or only rise, cannot be had from outside; but two epochs suffice to see the rule.
        let pairs = try folder.file("pairs", "lord god 9\nearth heaven 7\nlord earth 2\nsons daughters 8\n")
        let result = try CommandLineTool.run(
            arguments("v", "-eval \(pairs) -early-stop 1 -debug 1", "-log \(folder.path("log"))"))
        #expect(result.status == 0, "\(result.error)")
        let text = result.output
        let scores = try #require(text.split(separator: "\n").first { $0.hasPrefix("Evaluation, Spearman's rho") })
            .split(separator: ":")[1].split(separator: " ").compactMap { Double($0) }
        let best = try #require(scores.firstIndex(of: scores.max() ?? 0)) + 1
        #expect(text.contains("vectors are those of epoch \(best), the best"), "\(text)")
        #expect(scores.count == min(6, best + 1))
        // The alpha of an epoch depends on the number of all, so the same epochs are trained in a run that is longer.
        #expect(
            try CommandLineTool.run(["similarity", folder.path("v"), pairs]).output.contains("\(scores[best - 1])"))
    }

    /// A file that cannot score these vectors is an error before they are trained.
    @Test func anEvaluationThatCanAskNothingIsAnError() throws {
        let files = [
            ("a1 b1 8.5\nc1 d1 3\n", "two pairs of words", "0"), ("lord god 9\nx y 3\n", "two pairs of words", "1"),
            ("lord god 9\nearth heaven 9\n", "and different scores", "2"),
            (": s\na1 b1 c1 d1\nlord god lord nobody\n", "an analogy of four words", "0"),
        ]
        for (text, wanted, asked) in files {
            let file = try folder.file("eval", text)
            for flags in ["-early-stop 1", "-exact 1"] {
                let result = try CommandLineTool.run(arguments("v", "-eval \(file) \(flags)"))
                #expect(result.status == 1 && !result.crashed)
                #expect(
                    result.firstErrorLine.hasPrefix("Error: -eval must be a file with \(wanted)")
                        || result.firstErrorLine.contains(wanted), "\(result.error)")
                #expect(
                    result.firstErrorLine.contains("\(file), with \(asked) usable lines of 2"), "\(result.error)"
                )
            }
        }
        #expect(try folder.names == ["corpus.txt", "eval"])
        // In any case that the words are known by, as when they are asked.
        let upper = try folder.file("eval", "LORD GOD 9\nEarth Heaven 7\n")
        #expect(try CommandLineTool.run(arguments("v", "-eval \(upper) -iter 1")).status == 0)
    }

    @Test func trainingGoesOnFromOtherVectors() throws {
        let vectors = try folder.file(
            "start.txt",
            "3 12\nlord\(String(repeating: " 0.5", count: 12))\nx\(String(repeating: " 1", count: 12))\ngod\(String(repeating: " -0.25", count: 12))\n"
        )
        let result = try CommandLineTool.run(
            arguments("v", "-init \(vectors) -alpha 1e-30 -iter 1 -binary 0 -debug 1"))
        #expect(result.status == 0, "\(result.error)")
        let start = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("Start: 2 of ") })
        #expect(
            start.hasSuffix(
                "words from \(vectors), the others at random; 1 word of \(vectors) is not in the vocabulary and is dropped: x"
            ))
        let rows = try text(of: folder.path("v")).split(separator: "\n")
        #expect(rows.contains { $0 == "lord" + String(repeating: " 0.500000", count: 12) + " " })
        #expect(rows.contains { $0 == "god" + String(repeating: " -0.250000", count: 12) + " " })
        let wrong = try CommandLineTool.run(arguments("v", "-init \(vectors) -size 13"))
        #expect(wrong.status == 1 && wrong.firstErrorLine.contains("-size must be 12"), "\(wrong.error)")
    }

    static let misuse: [(arguments: String, firstLineNames: String)] = [
        ("-checkpoint-every 5", "-checkpoint-every needs -checkpoint"),
        ("-checkpoint c -checkpoint-every 0", "-checkpoint-every"),
        ("-checkpoint c -checkpoint-every 101%", "-checkpoint-every"),
        ("-checkpoint c -checkpoint-every x%", "-checkpoint-every"),
        ("-early-stop 2", "-early-stop needs -eval"), ("-early-stop 0 -eval CORPUS", "-early-stop"),
        ("-eval CORPUS", "expected two words and a number"), ("-eval /no/such", "/no/such: cannot be read"),
        ("-init /no/such", "/no/such: cannot be read"), ("-init CORPUS -exact 1", "-init"),
        ("-checkpoint /no/such/c", "/no/such/c: cannot be written"), ("-log /no/such/l", "/no/such/l: cannot be"),
        ("-eval PAIRS -save-vocab PAIRS", "PAIRS: the file of -eval would be overwritten"),
        ("-checkpoint FOLDER/./v", "would be overwritten by that of -checkpoint"),
        ("-save-vocab FOLDER/../NAME/v", "would be overwritten by that of -save-vocab"),
        ("-init START -size 13", "-size must be 12"),
        ("-checkpoint CORPUS", "the file of -train would be overwritten"),
        ("-log OUTPUT", "OUTPUT: the file of -output would be overwritten by that of -log"),
    ]

    @Test(arguments: misuse.indices)
    func misuseIsNamedBeforeAnyWorkIsDone(index: Int) throws {
        let (flags, name) = Self.misuse[index]
        func filled(_ text: String) throws -> String {
            try text.replacing("CORPUS", with: corpus()).replacing("OUTPUT", with: folder.path("v"))
                .replacing("PAIRS", with: given.file("pairs", "a b 1\nc d 2\n"))
                .replacing("START", with: given.file("start", "1 12\na" + String(repeating: " 1", count: 12)))
                .replacing("FOLDER", with: folder.path)
                .replacing("NAME", with: URL(filePath: folder.path).lastPathComponent)
        }
        let given = try TemporaryFolder()
        let result = try CommandLineTool.run(arguments("v", filled(flags)))
        #expect(result.status != 0 && !result.crashed && result.output.isEmpty)
        #expect(try result.firstErrorLine.contains(filled(name)), "\(result.error)")
        #expect(try folder.names == ["corpus.txt"])
    }

    @Test func whatCannotBeResumedIsNamed() throws {
        _ = try CommandLineTool.run(arguments("v", checkpoint("state", every: "50%")))
        func firstErrorLine(_ arguments: String...) throws -> String {
            let result = try CommandLineTool.run(["resume"] + arguments)
            #expect(result.status != 0 && !result.crashed)
            return result.firstErrorLine
        }
        let state = folder.path("state")
        #expect(try firstErrorLine(folder.path("v")).contains("expected a checkpoint of w2v-c"))
        #expect(try firstErrorLine(folder.path("none")).contains("cannot be read"))
        #expect(try firstErrorLine(state, "-threads", "0").contains("-threads"))
        #expect(try CommandLineTool.run(["resume", state, "-threads", "0"]).status == 64)
        #expect(try firstErrorLine(state, "-output", corpus()).contains("would be overwritten"))
        #expect(try firstErrorLine(state, "-outptu", "x").contains("-outptu"))
        var damaged = try bytes(of: state)
        damaged[damaged.count / 2] ^= 1
        #expect(try firstErrorLine(folder.file("damaged", damaged)).contains("the file is damaged"))
        _ = try folder.file("corpus.txt", "another text\n")
        #expect(try firstErrorLine(state).contains("corpus.txt: the text changed since the checkpoint was written"))
        try FileManager.default.removeItem(atPath: folder.path("corpus.txt"))
        #expect(try firstErrorLine(state).contains("corpus.txt: cannot be read: No such file"))
    }

    @Test func theManualStatesEveryFlag() throws {
        let train = try CommandLineTool.run("help train").output
        let words = train.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for flag in ["checkpoint", "checkpoint-every", "log", "eval", "early-stop", "init"] {
            #expect(train.contains("  -\(flag), --\(flag) "), "-\(flag)")
        }
        #expect(train.contains("LONG RUNS:") && words.contains("130, 143 and 129 after Ctrl-C, SIGTERM and SIGHUP"))
        let resume = try CommandLineTool.run("help resume").output
        for flag in ["train", "output", "binary", "threads", "token-memory", "checkpoint-every", "log", "debug"] {
            #expect(resume.contains("  -\(flag), --\(flag) "), "-\(flag)")
        }
    }
}
