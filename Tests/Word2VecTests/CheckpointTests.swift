import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Text about four subjects, whose words never meet another's.
func subjectsText(lines: Int, seed: UInt64 = 11) -> String {
    var random = SeededGenerator(seed: seed)
    var text = ""
    for _ in 0..<lines {
        let subject = Int.random(in: 0..<4, using: &random)
        text += (0..<8).map { _ in "s\(subject)w\(Int.random(in: 0..<12, using: &random))" }.joined(separator: " ")
        text += "\n"
    }
    return text
}

@Suite struct CheckpointTests {
    private let folder = try! TemporaryFolder()

    private var corpus: Corpus {
        get throws { try Corpus(contentsOf: folder.file("text", subjectsText(lines: 700))) }
    }

    private func options(_ setup: Setup, _ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
        var options = setup.options
        options.epochs = 4
        options.dimensions = 9
        options.sample = 1e-2
        options.seed = .max
        change(&options)
        return options
    }

    /// Control that keeps checkpoints at the end only, and stops the run once so many chunks were begun.
    private func control(stopAfter chunks: Int = .max, _ name: String = "state") -> TrainingControl {
        var control = TrainingControl()
        control.checkpoints = CheckpointPlan(path: folder.path(name), interval: .minutes(1000))
        let asked = Mutex(0)
        control.shouldStop = {
            asked.withLock { asked in
                asked += 1
                return asked > chunks
            }
        }
        return control
    }

    /// All bytes of a run's vectors.
    private func rows(_ vectors: WordVectors) -> [[UInt32]] {
        (0..<vectors.count).map { vectors.vector(at: $0).map(\.bitPattern) }
    }

    private struct Way: Sendable {
        var setup = Setup.all[0]
        var change: @Sendable (inout TrainingOptions) -> Void = { _ in }
    }

    private static let ways: [Way] =
        Setup.all.filter { $0.threads == 1 }.map { Way(setup: $0) } + [
            Way { ($0.negatives, $0.loss) = (0, .softmax) },
            Way { ($0.sharing, $0.negativeReuse) = (.pair, 1) },
            Way { ($0.architecture, $0.variance) = (.skipGram, .reduced) },
            Way { ($0.maximumVocabulary, $0.noiseExponent) = (20, -0.5) },
        ]

    @Test(arguments: ways.indices)
    func aRunThatWasStoppedGivesTheBytesOfOneThatWasNot(way: Int) throws {
        let options = options(Self.ways[way].setup, Self.ways[way].change)
        let trainer = try Trainer(options: options)
        let whole = try trainer.run(corpus.encoded(options: options))
        #expect(whole.ending == .complete && whole.checkpointFailure == nil)

        var result = try trainer.run(corpus.encoded(options: options), control: control(stopAfter: 2))
        var stops = 0
        while result.ending == .interrupted {
            stops += 1
            let checkpoint = try Checkpoint(contentsOf: folder.path("state"))
            #expect(!checkpoint.hasEnded && checkpoint.fraction < 1)
            #expect(checkpoint.options == options && checkpoint.vocabulary == whole.vocabulary)
            result = try Trainer(resuming: checkpoint)
                .run(checkpoint.corpus(), from: checkpoint, control: control(stopAfter: 7 * stops))
        }
        #expect(stops > 0)
        #expect(rows(result.vectors) == rows(whole.vectors))
        #expect(result.progress.losses == whole.progress.losses)
        #expect(result.progress.words == whole.progress.words)
        // The last checkpoint is the run's end.
        let last = try Checkpoint(contentsOf: folder.path("state"))
        #expect(last.hasEnded && last.fraction == 1 && last.epochsDone == 4)
        #expect(try rows(last.vectors()) == rows(whole.vectors))
        let again = try Trainer(resuming: last).run(last.corpus(), from: last)
        #expect(again.ending == .complete && rows(again.vectors) == rows(whole.vectors))
    }

    @Test func severalThreadsGoOnAtTheRightPlace() throws {
        let options = options(Setup.all[1]) { $0.epochs = 8 }
        let corpus = try corpus.encoded(options: options)
        let first = try Trainer(options: options).run(corpus, control: control(stopAfter: 9))
        #expect(first.ending == .interrupted)
        let checkpoint = try Checkpoint(contentsOf: folder.path("state"))
        // Every chunk that was begun is trained.
        #expect(checkpoint.state.words == checkpoint.state.epoch * corpus.tokenCount + checkpoint.state.position)
        #expect(checkpoint.state.words == first.progress.words && first.progress.words > 0)
        let second = try Trainer(resuming: checkpoint, threads: 2).run(checkpoint.corpus(), from: checkpoint)
        #expect(second.ending == .complete && second.progress.words == 8 * corpus.tokenCount)
        let rest = try Trainer(options: options).run(corpus)
        // Threads write over each other as chance has it; a run at another place, or another rate, would be far off at its end.
        let (resumed, whole) = try (#require(second.progress.losses.last), #require(rest.progress.losses.last))
        #expect(second.progress.losses.count == 8 && resumed > whole / 3 && resumed < 3 * whole)
    }

    @Test func checkpointsComeAsOftenAsTheyShouldAndCostNothing() throws {
        let options = options(Setup.all[0])
        let reports = Mutex(0)
        var control = TrainingControl()
        control.checkpoints = CheckpointPlan(path: folder.path("state"), interval: .percent(10))
        control.checkpoints?.note = "mine: \"\\\n\u{1}ü"
        control.checkpoints?.report = { error in
            #expect(error == nil)
            reports.withLock { $0 += 1 }
        }
        let result = try Trainer(options: options).run(corpus.encoded(options: options), control: control)
        #expect(reports.withLock { $0 } == 10)
        #expect(try rows(result.vectors) == rows(Trainer(options: options).train(corpus)))
        #expect(try Checkpoint(contentsOf: folder.path("state")).note == "mine: \"\\\n\u{1}ü")
        #expect(try folder.names == ["state", "text"])
        for interval in [CheckpointPlan.Interval.percent(0), .percent(101), .minutes(-1), .minutes(.nan)] {
            control.checkpoints?.interval = interval
            #expect(throws: Word2VecError.self) {
                try Trainer(options: options).run(corpus.encoded(options: options), control: control)
            }
        }
    }

    /// Where rounding had the next one due at once, nothing was trained any more.
    @Test(arguments: [33.4, 100.0 / 3, 1e-7, 99.99])
    func anyShareOfTheRunIsAnInterval(percent: Double) throws {
        var options = options(Setup.all[0]) { $0.epochs = 3 }
        let text = try folder.file("tiny", String(repeating: "a b c d\n", count: 20))
        for exact in [false, true] {
            options.exact = exact
            var control = TrainingControl()
            control.checkpoints = CheckpointPlan(path: folder.path("state"), interval: .percent(percent))
            let result = try Trainer(options: options)
                .run(Corpus(contentsOf: text).encoded(options: options), control: control)
            #expect(result.ending == .complete && result.progress.epochsDone == 3)
        }
    }

    @Test func aCheckpointThatCannotBeWrittenDoesNotEndTheRun() throws {
        let options = options(Setup.all[0])
        var control = TrainingControl()
        control.checkpoints = CheckpointPlan(path: "/dev/full", interval: .percent(20))
        let failures = Mutex(0)
        control.checkpoints?.report = { error in failures.withLock { $0 += error == nil ? 0 : 1 } }
        let result = try Trainer(options: options).run(corpus.encoded(options: options), control: control)
        #expect(result.ending == .complete && failures.withLock { $0 } == 5)
        guard case .cannotWrite(path: "/dev/full", _) = result.checkpointFailure else {
            Issue.record("\(String(describing: result.checkpointFailure))")
            return
        }
    }

    @Test func anotherTextIsRefused() throws {
        let options = options(Setup.all[0])
        _ = try Trainer(options: options).run(corpus.encoded(options: options), control: control(stopAfter: 3))
        let checkpoint = try Checkpoint(contentsOf: folder.path("state"))
        let text = subjectsText(lines: 700)
        func expectRefusal(_ text: String, _ found: String) throws {
            _ = try folder.file("text", text)
            let error = #expect(throws: Word2VecError.self) { try checkpoint.corpus() }
            guard case .corpusChanged(folder.path("text"), let what, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(what.contains(found))
        }
        try expectRefusal(text + "s0w1\n", "bytes")
        try expectRefusal(text.replacing("s0w1 ", with: "s0w2 ", maxReplacements: 1), "different text of the same size")
        // A change between the samples is found in the tokens.
        let long = subjectsText(lines: 20_000)
        _ = try folder.file("text", long)
        let corpus = try Corpus(contentsOf: folder.path("text")).encoded(options: options)
        _ = try Trainer(options: options).run(corpus, control: control(stopAfter: 3, "long"))
        let second = try Checkpoint(contentsOf: folder.path("long"))
        var bytes = Array(long.utf8)
        let size = bytes.count
        let place = try #require(
            (size / 2..<size).first { place in
                bytes[place] == UInt8(ascii: "w") && bytes[place + 1] == UInt8(ascii: "3")
                    && (0..<64).allSatisfy { sample in
                        let start = (size - 4096) / 63 * sample
                        return !(start - 8..<start + 4104).contains(place)
                    } && place < size - 4200
            })
        bytes[place + 1] = UInt8(ascii: "4")
        _ = try folder.file("text", bytes)
        let error = #expect(throws: Word2VecError.self) { try second.corpus() }
        #expect(error?.description.contains("a different text, of") == true)
        // The same text elsewhere is the same text.
        let copy = try folder.file("copy", long)
        let moved = try second.corpus(at: [copy])
        #expect(moved.tokenCount == corpus.tokenCount)
        _ = try Trainer(resuming: second).run(moved, from: second, control: control(stopAfter: 1, "moved"))
        #expect(try Checkpoint(contentsOf: folder.path("moved")).corpusPaths == [copy])
        // The same corpus is asked for by the trainer, too.
        #expect(throws: Word2VecError.self) { try Trainer(resuming: checkpoint).run(corpus, from: checkpoint) }
    }

    @Test func otherOptionsAreRefused() throws {
        let options = options(Setup.all[0])
        _ = try Trainer(options: options).run(corpus.encoded(options: options), control: control(stopAfter: 3))
        let checkpoint = try Checkpoint(contentsOf: folder.path("state"))
        var others = options
        others.seed = 3
        #expect(throws: Word2VecError.self) {
            try Trainer(options: others).run(checkpoint.corpus(), from: checkpoint)
        }
        #expect(throws: Word2VecError.self) { try Trainer(resuming: checkpoint, threads: 0) }
        // The same tokens under other words.
        let vocabulary = try folder.file(
            "vocabulary",
            checkpoint.vocabulary.table.words.enumerated().map { "\($1)\($0 == 0 ? "" : "x") 9\n" }.joined())
        let text = try folder.file("other", subjectsText(lines: 700).replacing(#/(w\d+)/#) { "\($0.1)x" })
        let other = try Corpus(contentsOf: text).encoded(
            options: options, vocabulary: Vocabulary(contentsOf: vocabulary, options: options))
        #expect(throws: Word2VecError.self) { try Trainer(resuming: checkpoint).run(other, from: checkpoint) }
    }

    @Test func theCountsOfTheWordsAreKept() throws {
        let options = options(Setup.all[0])
        let corpus = try corpus.encoded(options: options)
        _ = try Trainer(options: options).run(corpus, control: control())
        let path = folder.path("state")
        #expect(try Checkpoint(contentsOf: path).vectors().counts == corpus.vocabulary.counts)
        for loading in VectorStorage.allCases {
            let vectors = try WordVectors(contentsOf: path, loading: loading)
            #expect(vectors.counts == corpus.vocabulary.counts)
            #expect(try vectors.vector(at: 1) == Checkpoint(contentsOf: path).vectors().vector(at: 1))
        }
        #expect(
            try WordVectors(contentsOf: path, maximumCount: 3).counts == Array(corpus.vocabulary.counts.prefix(3)))
    }

    // MARK: Damage

    private func smallCheckpoint() throws -> [UInt8] {
        let options = options(Setup.all[6]) { $0.dimensions = 2 }
        let text = try folder.file("small", "a b c a b c ü \u{FFFD}\\ a\"\nb c a a c b\n")
        let corpus = try Corpus(contentsOf: text).encoded(options: options)
        _ = try Trainer(options: options).run(corpus, control: control(stopAfter: 2, "small.state"))
        return try bytes(of: folder.path("small.state"))
    }

    private func read(_ bytes: [UInt8]) throws(Word2VecError) -> Checkpoint {
        try Checkpoint(MappedFile(bytes, name: "state"))
    }

    @Test func noDamageGoesUnnoticed() throws {
        let bytes = try smallCheckpoint()
        _ = try read(bytes)
        for end in bytes.indices { #expect(throws: Word2VecError.self) { try read(Array(bytes[..<end])) } }
        for place in bytes.indices {
            for bit in runsLongTests ? Array(0..<8) : [place % 8] {
                var changed = bytes
                changed[place] ^= 1 << bit
                #expect(throws: Word2VecError.self, "byte \(place), bit \(bit)") { try read(changed) }
            }
        }
        #expect(throws: Word2VecError.self) { try read(bytes + [0]) }
        #expect(throws: Word2VecError.self) { try read([]) }
    }

    /// A file made to pass for a checkpoint: its checksum is right, and what it says is not.
    private func forged(_ bytes: [UInt8]) -> [UInt8] {
        var checksum = StreamChecksum()
        let end = max(0, bytes.count - 8)
        bytes[..<end].withUnsafeBytes { checksum.combine($0) }
        return bytes[..<end] + (0..<8).map { UInt8(truncatingIfNeeded: checksum.value >> (8 * $0)) }
    }

    @Test func forgedCheckpointsAreReadOrRefusedButNeverTrap() throws {
        let bytes = try smallCheckpoint()
        var random = SeededGenerator(seed: 5)
        let digits = Array("0123456789-.e,:{}[]\"\\".utf8)
        var (accepted, refused) = (0, 0)
        for number in 0..<6_000 {
            var changed = bytes
            let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: number % 4 == 0 ? 0..<bytes.count : 8..<header, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[place] = digits.randomElement(using: &random) ?? 0
                case 1: changed[place] ^= 1 << Int.random(in: 0..<8, using: &random)
                default: changed[place] = UInt8.random(in: 0...255, using: &random)
                }
            }
            guard let checkpoint = try? read(forged(changed)) else {
                refused += 1
                continue
            }
            accepted += 1
            try checkpoint.options.validate()
            let state = checkpoint.state
            #expect((0...checkpoint.fingerprint.tokens).contains(state.position))
            #expect((0...checkpoint.options.epochs).contains(state.epoch) && checkpoint.vocabulary.count > 1)
            // What was accepted can be loaded.
            let store = try ModelParameters(words: checkpoint.vocabulary.count, options: checkpoint.options)
            _ = try checkpoint.load(store)
        }
        #expect(accepted > 100 && refused > 1_000, "\(accepted) accepted, \(refused) refused")
    }

    @Test func numbersThatWouldOverflowAreRefused() throws {
        let bytes = try smallCheckpoint()
        let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
        let text = String(decoding: bytes[8..<header], as: UTF8.self)
        var refused = 0
        for key in ["words", "pairs", "tokens", "position", "epoch", "epochs", "dimensions", "firstRated"] {
            for number in ["-1", "\(Int.max)", "\(1 << 62)", "1e300"] {
                let changed = text.replacing(try Regex("\\\\\"\(key)\\\\\":[0-9]+")) { _ in "\\\"\(key)\\\":\(number)" }
                #expect(changed != text, "\(key)")
                var length = changed.utf8.count
                let head = (0..<8).map { _ -> UInt8 in
                    defer { length >>= 8 }
                    return UInt8(truncatingIfNeeded: length)
                }
                #expect(throws: Word2VecError.self, "\(key) \(number)") {
                    try read(forged(head + Array(changed.utf8) + bytes[header...]))
                }
                refused += 1
            }
        }
        #expect(refused == 32)
    }

    @Test func otherFilesAreNoCheckpoints() throws {
        let options = options(Setup.all[0])
        let vectors = try Trainer(options: options).train(corpus)
        for format in [VectorFormat.safetensors, .word2vecBinary] {
            try vectors.write(to: folder.path("v"), format: format)
            let error = #expect(throws: Word2VecError.self) { try Checkpoint(contentsOf: folder.path("v")) }
            #expect(error?.description.contains("expected a checkpoint of w2v-c") == true)
        }
        #expect(throws: Word2VecError.self) { try Checkpoint(contentsOf: folder.path("none")) }
    }

    @Test func theChecksumDoesNotDependOnThePieces() {
        var random = SeededGenerator(seed: 1)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            var whole = StreamChecksum()
            bytes.withUnsafeBytes { whole.combine($0) }
            var pieces = StreamChecksum()
            var start = 0
            while start < length {
                let end = min(length, start + Int.random(in: 1...20, using: &random))
                bytes[start..<end].withUnsafeBytes { pieces.combine($0) }
                start = end
            }
            #expect(whole.value == pieces.value)
            var longer = whole
            [0].withUnsafeBytes { longer.combine(UnsafeRawBufferPointer(rebasing: $0.prefix(1))) }
            #expect(longer.value != whole.value)
        }
    }
}

extension TrainingResult {
    /// The vocabulary that a run had, from its vectors.
    fileprivate var vocabulary: Vocabulary {
        Vocabulary(table: vectors.words, counts: vectors.counts ?? [])
    }
}
