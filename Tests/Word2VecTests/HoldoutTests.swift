import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Lines that are left out of training, and the loss that is measured on them.
@Suite struct HoldoutTests {
    private let folder = try! TemporaryFolder()

    private func options(_ holdout: Double, _ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
        var options = TrainingOptions()
        (options.architecture, options.minimumCount, options.sample, options.threads) = (.skipGram, 1, 0, 1)
        (options.dimensions, options.epochs, options.holdout) = (12, 3, holdout)
        change(&options)
        return options
    }

    private func corpus(_ options: TrainingOptions, _ text: String? = nil) throws -> EncodedCorpus {
        try Corpus(contentsOf: folder.file("text", text ?? subjectsText(lines: 1000))).encoded(options: options)
    }

    private func lines(_ tokens: TokenStore, _ vocabulary: Vocabulary) -> [String] {
        (0..<tokens.count).map { tokens[$0] }.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { $0.map { vocabulary.word(at: Int($0)) }.joined(separator: " ") }
    }

    @Test func everyLineIsTrainedOrHeldOut() throws {
        let all = try corpus(options(0))
        #expect(all.heldOut == nil && all.heldOutTokenCount == 0)
        let split = try corpus(options(0.1))
        let heldOut = try #require(split.heldOut)
        #expect(split.vocabulary == all.vocabulary, "all words count")
        #expect(split.tokenCount + split.heldOutTokenCount == all.tokenCount)
        #expect((60...140).contains(split.heldOutLines.count) && split.heldOutLines.total == 1000)
        // Both parts are the text in its order.
        var (kept, held) = (lines(split.tokens, split.vocabulary)[...], lines(heldOut.tokens, split.vocabulary)[...])
        for line in lines(all.tokens, all.vocabulary) {
            if kept.first == line { kept.removeFirst() } else { #expect(held.popFirst() == line) }
        }
        #expect(kept.isEmpty && held.isEmpty)
    }

    @Test func theSeedChoosesAndNothingElse() throws {
        func held(_ change: (inout TrainingOptions) -> Void) throws -> [String] {
            let corpus = try corpus(options(0.1, change), subjectsText(lines: 20_000))
            return try lines(#require(corpus.heldOut).tokens, corpus.vocabulary)
        }
        let first = try held { _ in }
        #expect(try held { $0.threads = 4 } == first)
        #expect(try held { $0.tokenMemory = 0 } == first)
        #expect(try held { ($0.exact, $0.negatives, $0.window) = (true, 3, 2) } == first)
        #expect(try held { $0.seed = 2 } != first)
    }

    /// What is trained is the text without the lines.
    @Test func trainingSeesTheOtherLinesAlone() throws {
        let options = options(0.2)
        let split = try corpus(options)
        let vocabulary = try folder.file(
            "vocabulary",
            (0..<split.vocabulary.count).map { "\(split.vocabulary.word(at: $0)) \(split.vocabulary.counts[$0])\n" }
                .joined())
        var plain = options
        plain.holdout = 0
        let rest = try Corpus(
            contentsOf: folder.file("rest", lines(split.tokens, split.vocabulary).joined(separator: "\n") + "\n")
        )
        .encoded(options: plain, vocabulary: Vocabulary(contentsOf: vocabulary, options: plain))
        let (a, b) = try (Trainer(options: options).run(split), Trainer(options: plain).run(rest))
        #expect((0..<a.vectors.count).allSatisfy { a.vectors.vector(at: $0) == b.vectors.vector(at: $0) })
        #expect(
            a.progress.words == b.progress.words && a.progress.fraction == 1 && a.progress.losses != b.progress.losses)
    }

    @Test(arguments: [false, true])
    func theLossIsThatOfUnseenLines(exact: Bool) throws {
        // Words that are each in one line alone: training can learn those lines by heart, and nothing of others.
        let text =
            (0..<400).map { line in (0..<6).map { "l\(line)w\($0)" }.joined(separator: " ") }
            .joined(separator: "\n") + "\n"
        func losses(_ holdout: Double) throws -> [Double] {
            let options = options(holdout) { ($0.exact, $0.epochs, $0.alpha) = (exact, 60, 0.1) }
            return try Trainer(options: options).run(corpus(options, text)).progress.losses
        }
        let (seen, unseen) = try (losses(0), losses(0.25))
        #expect(try #require(seen.last) < 1.5)
        #expect(try #require(unseen.last) > 3.5, "no better than at the start, which is 4.16")
        #expect(seen.count == 60 && unseen.count == 60)
    }

    @Test(arguments: [false, true])
    func aRunThatWasStoppedHoldsOutTheSame(exact: Bool) throws {
        let options = options(0.1) { $0.exact = exact }
        let corpus = try corpus(options)
        let whole = try Trainer(options: options).run(corpus)
        var control = TrainingControl()
        control.checkpoints = CheckpointPlan(path: folder.path("state"), interval: .percent(30))
        let reports = Locked(0)
        control.checkpoints?.report = { _ in reports.withLock { $0 += 1 } }
        control.shouldStop = { reports.withLock { $0 } > 0 }
        #expect(try Trainer(options: options).run(corpus, control: control).ending == .interrupted)
        let checkpoint = try Checkpoint(contentsOf: folder.path("state"))
        #expect(checkpoint.options.holdout == 0.1 && (0.2..<0.6).contains(checkpoint.fraction))
        let result = try Trainer(resuming: checkpoint).run(checkpoint.corpus(), from: checkpoint)
        #expect(result.ending == .complete && result.progress.losses == whole.progress.losses)
        #expect((0..<12).allSatisfy { result.vectors.vector(at: $0) == whole.vectors.vector(at: $0) })
        // A line that is held out is part of the text, too.
        let held = try lines(#require(corpus.heldOut).tokens, corpus.vocabulary)[0]
        let other = held.split(separator: " ").reversed().joined(separator: " ")
        _ = try folder.file("text", text(of: folder.path("text")).replacing(held, with: other, maxReplacements: 1))
        #expect(throws: Word2VecError.self) { try checkpoint.corpus() }
    }

    @Test func longLinesAreHeldOutInParts() throws {
        let options = options(0.2)
        let corpus = try corpus(options, (0..<50_000).map { "w\($0 % 97)" }.joined(separator: " ") + "\n")
        #expect(corpus.heldOutLines.total == 51 && (3...20).contains(corpus.heldOutLines.count))
        #expect(try Trainer(options: options).run(corpus).progress.losses.count == 3)
    }

    @Test func sharesThatLeaveNothingAreErrors() throws {
        func error(_ holdout: Double, _ text: String, _ change: (inout TrainingOptions) -> Void = { _ in }) throws
            -> String
        {
            let options = options(holdout, change)
            let error = #expect(throws: Word2VecError.self) {
                try options.validate()
                _ = try Trainer(options: options).run(corpus(options, text))
            }
            return try #require(error).description
        }
        for holdout in [-0.1, 1, 1.5, .nan, .infinity] {
            #expect(try error(holdout, "a b\nb a\n").hasPrefix("-holdout must be from 0 to below 1"))
        }
        let few = "a b\nb a\nc a\n"
        #expect(try error(1e-9, few).contains("words to measure the loss on: of the 3 lines"))
        #expect(try error(0.999_999, few).contains("words to train on: of the 3 lines"))
        let lonely = String(repeating: "a\nb\n", count: 100)
        #expect(try error(0.3, lonely).contains("two words within a window"))
        #expect(try error(0.3, subjectsText(lines: 50)) { $0.sample = 1e-13 }.contains("two words within a window"))
    }

    @Test func aCorpusThatWasReadOtherwiseIsRefused() throws {
        let corpus = try corpus(options(0.1))
        for change in [{ $0.holdout = 0 }, { $0.holdout = 0.2 }, { $0.seed = 9 }] as [(inout TrainingOptions) -> Void] {
            let options = options(0.1, change)
            let error = #expect(throws: Word2VecError.self) { try Trainer(options: options).run(corpus) }
            #expect(error?.description.contains("the same as when") == true)
        }
        // Without lines held out any seed will do.
        let whole = try self.corpus(options(0))
        _ = try Trainer(options: options(0) { $0.seed = 9 }).run(whole)
    }
}
