import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// What accompanies a run: evaluations, early stopping, vectors to start from, cancellation.
@Suite struct TrainingControlTests {
    private let folder = try! TemporaryFolder()

    private func options(epochs: Int = 6, threads: Int = 1, exact: Bool = false) -> TrainingOptions {
        var options = Setup.all[0].options
        (options.epochs, options.threads, options.exact) = (epochs, threads, exact)
        return options
    }

    private func corpus(_ options: TrainingOptions, lines: Int = 400) throws -> EncodedCorpus {
        try Corpus(contentsOf: folder.file("text", subjectsText(lines: lines))).encoded(options: options)
    }

    private func rows(_ vectors: WordVectors) -> [[Float]] { (0..<vectors.count).map { vectors.vector(at: $0) } }

    /// Scores that were decided beforehand, and the vectors that they were given for.
    private final class Judge: Sendable {
        private let scores: [Double?]
        private let seen: Mutex<[[[Float]]]>

        init(_ scores: [Double?], seen: [[[Float]]] = []) {
            self.scores = scores
            self.seen = Mutex(seen)
        }

        var vectors: [[[Float]]] { seen.withLock { $0 } }

        func judge(_ vectors: WordVectors) -> Double? {
            let rows = (0..<vectors.count).map { vectors.vector(at: $0) }
            return seen.withLock { seen in
                seen.append(rows)
                return scores[seen.count - 1]
            }
        }
    }

    private func control(_ judge: Judge, patience: Int?) -> TrainingControl {
        var control = TrainingControl()
        control.evaluation = { vectors in judge.judge(vectors) }
        control.patience = patience
        return control
    }

    @Test(arguments: [(1, false), (2, false), (1, true)])
    func eachEpochIsEvaluatedAndChangesNothing(threads: Int, exact: Bool) throws {
        let options = options(threads: threads, exact: exact)
        let judge = Judge([0.1, .nan, nil, 0.3, 0.2, 0.3])
        let result = try Trainer(options: options).run(corpus(options), control: control(judge, patience: nil))
        #expect(result.ending == .complete && result.bestEpoch == 4)
        #expect(result.progress.scores == [0.1, nil, nil, 0.3, 0.2, 0.3])
        #expect(judge.vectors.count == 6 && Set(judge.vectors).count == 6)
        #expect(judge.vectors.last == rows(result.vectors))
        if threads == 1 {
            #expect(try rows(Trainer(options: options).run(corpus(options)).vectors) == rows(result.vectors))
        }
    }

    @Test(arguments: [(1, false), (2, false), (1, true)])
    func trainingStopsWhenItDoesNotGetBetterAndKeepsTheBest(threads: Int, exact: Bool) throws {
        let options = options(threads: threads, exact: exact)
        let judge = Judge([0.1, 0.4, 0.2, 0.4, 0.9, 0.9])
        let result = try Trainer(options: options).run(corpus(options), control: control(judge, patience: 2))
        #expect(result.ending == .stoppedEarly && result.bestEpoch == 2)
        #expect(judge.vectors.count == 4 && rows(result.vectors) == judge.vectors[1])
        #expect(result.progress.words == 4 * result.progress.totalWords / 6)
        // Until the end, if it is found late.
        let late = Judge([0.1, 0.4, 0.2, 0.5, 0.1, 0.1])
        let whole = try Trainer(options: options).run(corpus(options), control: control(late, patience: 3))
        #expect(whole.ending == .complete && whole.bestEpoch == 4 && rows(whole.vectors) == late.vectors[3])
    }

    /// An epoch without a score is none that did not get better.
    @Test(arguments: [(1, false), (1, true)])
    func epochsWithoutAScoreAreNotCounted(threads: Int, exact: Bool) throws {
        let options = options(threads: threads, exact: exact)
        func run(_ scores: [Double?], patience: Int) throws -> (result: TrainingResult, judge: Judge) {
            let judge = Judge(scores)
            return (
                try Trainer(options: options).run(corpus(options), control: control(judge, patience: patience)), judge
            )
        }
        let blind = try run([nil, .nan, nil, nil, .infinity, nil], patience: 1)
        #expect(blind.result.ending == .complete && blind.result.bestEpoch == nil)
        #expect(rows(blind.result.vectors) == blind.judge.vectors[5])
        let late = try run([nil, nil, 0.2, nil, nil, 0.1], patience: 1)
        #expect(late.result.ending == .complete && late.result.bestEpoch == 3)
        let early = try run([0.2, nil, 0.1, nil, 0.1, 0.3], patience: 2)
        #expect(early.result.ending == .stoppedEarly && early.result.progress.scores.count == 5)
        #expect(rows(early.result.vectors) == early.judge.vectors[0])
    }

    @Test(arguments: [(1, false), (2, false), (1, true)])
    func vectorsThatAnEvaluationKeepsDoNotChange(threads: Int, exact: Bool) throws {
        let options = options(threads: threads, exact: exact)
        let kept = Mutex<[(vectors: WordVectors, rows: [[Float]])]>([])
        let places = Mutex<[UInt]>([])
        var control = TrainingControl()
        control.evaluation = { [rows] vectors in
            places.withLock { $0.append(UInt(bitPattern: vectors.matrix.pointer)) }
            // Of epochs 2, 4 and 5, and what is made of them.
            let epoch = places.withLock { $0.count }
            if epoch == 2 || epoch >= 4 { kept.withLock { $0.append((vectors, rows(vectors))) } }
            return nil
        }
        let result = try Trainer(options: options).run(corpus(options), control: control)
        for (vectors, rows) in kept.withLock({ $0 }) { #expect(self.rows(vectors) == rows) }
        #expect(Set(kept.withLock { $0 }.map(\.rows)).count == 4)
        // Memory is left where it was kept, and there alone.
        let seen = places.withLock { $0 }
        #expect(seen[0] == seen[1] && seen[1] != seen[2] && seen[2] == seen[3] && Set(seen[3...]).count == 3)
        if threads == 1 {
            #expect(try rows(Trainer(options: options).run(corpus(options)).vectors) == rows(result.vectors))
        }
    }

    /// What it was at the end, and not when somebody was told last, or at the start.
    @Test(arguments: [(1, false), (2, false), (1, true)])
    func theLearningRateIsKnownWithoutAListener(threads: Int, exact: Bool) throws {
        let options = options(threads: threads, exact: exact)
        let corpus = try corpus(options, lines: 4000)
        let result = try Trainer(options: options).run(corpus)
        #expect(result.progress.alpha < 0.1 * Float(options.effectiveAlpha))
        var control = TrainingControl()
        control.progress = { _ in }
        let again = try Trainer(options: options).run(corpus, control: control)
        #expect(again.progress.alpha == result.progress.alpha)
    }

    /// Where vectors are found to be infinite after epochs that went well, the error tells the rate and epoch of that time.
    @Test func divergenceTellsTheLearningRateOfItsTime() throws {
        let options = options(epochs: 4)
        let corpus = try corpus(options)
        var control = TrainingControl()
        let epochs = Mutex(0)
        control.evaluation = { vectors in
            let epoch = epochs.withLock { epochs in
                epochs += 1
                return epochs
            }
            // As if training had done it. Row 0 is used by no window, so that it is found at the end of the epoch.
            if epoch == 3 { vectors.matrix.pointer[0] = .infinity }
            return nil
        }
        let error = #expect(throws: Word2VecError.self) { try Trainer(options: options).run(corpus, control: control) }
        guard case .diverged(let epoch, let alpha) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(epoch == 4 && alpha < 0.3 * Float(options.effectiveAlpha))
    }

    /// A callback that takes its time holds up one thread: another is still asked whether to stop.
    @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1))
    func noThreadWaitsForAnothersCallback() throws {
        let options = options(epochs: 200, threads: 2)
        let entered = Atomic(false)
        let wentOn = DispatchSemaphore(value: 0)
        let answered = Atomic(0)
        var control = TrainingControl()
        control.progress = { _ in
            guard !entered.exchange(true, ordering: .acquiringAndReleasing) else { return }
            // Ten questions of the other thread, or a minute in vain.
            for _ in 0..<10 where wentOn.wait(timeout: .now() + 60) == .success {
                answered.add(1, ordering: .relaxed)
            }
        }
        control.shouldStop = {
            if entered.load(ordering: .acquiring) { wentOn.signal() }
            return answered.load(ordering: .relaxed) == 10
        }
        _ = try Trainer(options: options).run(corpus(options), control: control)
        #expect(answered.load(ordering: .relaxed) == 10)
    }

    @Test func callbacksAreCalledByOneThreadAtATimeAndInOrder() throws {
        let options = options(epochs: 40, threads: 4)
        let reporting = Atomic(0)
        let asking = Atomic(0)
        let overlaps = Atomic(0)
        let words = Mutex<[Int]>([])
        var control = TrainingControl()
        control.progress = { progress in
            if reporting.add(1, ordering: .sequentiallyConsistent).oldValue > 0 { overlaps.add(1, ordering: .relaxed) }
            words.withLock { $0.append(progress.words) }
            reporting.subtract(1, ordering: .sequentiallyConsistent)
        }
        control.shouldStop = {
            if asking.add(1, ordering: .sequentiallyConsistent).oldValue > 0 { overlaps.add(1, ordering: .relaxed) }
            asking.subtract(1, ordering: .sequentiallyConsistent)
            return false
        }
        let result = try Trainer(options: options).run(corpus(options), control: control)
        let seen = words.withLock { $0 }
        #expect(overlaps.load(ordering: .relaxed) == 0 && seen == seen.sorted() && seen.last == result.progress.words)
    }

    @Test func theBestVectorsOutliveAStop() throws {
        let options = options()
        let scores = [0.1, 0.4, 0.2, 0.3, 0.1, 0.1]
        let judge = Judge(scores)
        let expected = try Trainer(options: options).run(corpus(options), control: control(judge, patience: 3))

        let first = Judge(scores)
        var control = control(first, patience: 3)
        control.checkpoints = CheckpointPlan(path: folder.path("state"), interval: .minutes(100))
        control.shouldStop = { first.vectors.count == 3 }
        #expect(try Trainer(options: options).run(corpus(options), control: control).ending == .interrupted)
        let checkpoint = try Checkpoint(contentsOf: folder.path("state"))
        #expect(checkpoint.scores == [0.1, 0.4, 0.2])
        let second = Judge(scores, seen: first.vectors)
        control = self.control(second, patience: 3)
        let result = try Trainer(resuming: checkpoint).run(checkpoint.corpus(), from: checkpoint, control: control)
        #expect(result.ending == .stoppedEarly && result.bestEpoch == 2 && second.vectors == judge.vectors)
        #expect(rows(result.vectors) == rows(expected.vectors))
    }

    @Test func aBestThatWasNotKeptIsNotNamed() throws {
        let options = options()
        let first = Judge([0.9, 0.1, 0.2, 0.1, 0.1, 0.1])
        var control = control(first, patience: nil)
        control.checkpoints = CheckpointPlan(path: folder.path("state"), interval: .minutes(100))
        control.shouldStop = { first.vectors.count == 2 }
        _ = try Trainer(options: options).run(corpus(options), control: control)
        let checkpoint = try Checkpoint(contentsOf: folder.path("state"))
        let second = Judge([0.9, 0.1, 0.2, 0.1, 0.1, 0.1], seen: first.vectors)
        let result = try Trainer(resuming: checkpoint)
            .run(checkpoint.corpus(), from: checkpoint, control: self.control(second, patience: 2))
        #expect(result.bestEpoch == 3 && result.ending == .stoppedEarly && rows(result.vectors) == second.vectors[2])
    }

    @Test func anErrorOfTheEvaluationEndsTheRun() throws {
        let options = options()
        var control = TrainingControl()
        control.evaluation = { _ throws(Word2VecError) in throw .unknownWord("x") }
        #expect(throws: Word2VecError.unknownWord("x")) {
            try Trainer(options: options).run(corpus(options), control: control)
        }
        control = TrainingControl()
        control.patience = 1
        #expect(throws: Word2VecError.self) { try Trainer(options: options).run(corpus(options), control: control) }
    }

    @Test func trainingStartsFromGivenVectors() throws {
        var options = options(epochs: 1)
        options.alpha = 1e-30
        let random = try Trainer(options: options).run(corpus(options)).vectors
        let row = (0..<20).map(Float.init)
        var control = TrainingControl()
        control.initialVectors = try WordVectors(words: ["stranger", "s1w3", "</s>"], vectors: [row, row, row])
        let result = try Trainer(options: options).run(corpus(options), control: control)
        for (rank, word) in result.vectors.words.words.enumerated() {
            let expected = ["s1w3", "</s>"].contains(word) ? row : random.vector(at: rank)
            #expect(result.vectors.vector(at: rank) == expected, "\(word)")
        }
        let found = try corpus(options).vocabulary.count(in: #require(control.initialVectors))
        #expect(found == 2)
        // Nothing is written to the vectors that were given.
        options.alpha = 0.5
        _ = try Trainer(options: options).run(corpus(options), control: control)
        #expect(control.initialVectors?.vector(at: 1) == row)

        control.initialVectors = try WordVectors(words: ["s1w3"], vectors: [[1]])
        #expect(throws: Word2VecError.self) { try Trainer(options: options).run(corpus(options), control: control) }
        control.initialVectors = try WordVectors(words: ["s1w3"], vectors: [row.map { _ in .nan }])
        let error = #expect(throws: Word2VecError.self) {
            try Trainer(options: options).run(corpus(options), control: control)
        }
        #expect(error?.description.contains("s1w3") == true)
        options.exact = true
        control.initialVectors = random
        #expect(throws: Word2VecError.self) { try Trainer(options: options).run(corpus(options), control: control) }
    }

    @Test(arguments: [(1, false), (3, false), (1, true)])
    func aCancelledTaskStopsTraining(threads: Int, exact: Bool) async throws {
        // Hours of training.
        let options = options(epochs: 1_000_000, threads: threads, exact: exact)
        let corpus = try corpus(options)
        // Training has the task's thread, perhaps the only one: so it is cancelled from a thread of the training.
        let running = Mutex<Task<WordVectors, any Error>?>(nil)
        let task = Task {
            try Trainer(options: options).train(corpus) { _ in running.withLock { $0?.cancel() } }
        }
        running.withLock { $0 = task }
        await #expect(throws: Word2VecError.interrupted(checkpoint: nil)) { try await task.value }
    }

    @Test func progressTellsTheTimeThatIsLeft() {
        var progress = TrainingProgress(
            epoch: 1, epochs: 2, words: 250, totalWords: 1000, alpha: 0.1, losses: [], seconds: 10)
        #expect(progress.secondsLeft == 30)
        progress.words = 0
        #expect(progress.secondsLeft == nil)
    }

    @Test func evaluationSetsAreRecognized() throws {
        let analogies = try EvaluationSet(contentsOf: folder.file("a", "\n: section\nA B C D\n"))
        let bare = try EvaluationSet(contentsOf: folder.file("b", "a b c d\n"))
        let pairs = try EvaluationSet(contentsOf: folder.file("p", "# comment\na\tb\t3.5\nc\td\t1\n"))
        let wide = try EvaluationSet(contentsOf: folder.file("w", "a b 3.5 0.1\nc d 1 2\n"))
        let vectors = try WordVectors(
            words: ["a", "b", "c", "d"], vectors: [[1, 0], [1, 0.1], [0, 1], [1, 1]])
        for set in [analogies, bare] {
            guard case .analogies = set else {
                Issue.record("\(set)")
                return
            }
            #expect(try set.score(of: vectors) != nil)
        }
        for set in [pairs, wide] {
            guard case .pairs = set else {
                Issue.record("\(set)")
                return
            }
            #expect(try set.score(of: vectors) == 1)
        }
        let stranger = try WordVectors(words: ["x"], vectors: [[1]])
        #expect(try analogies.score(of: stranger) == nil && pairs.score(of: stranger) == nil)
    }
}
