import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct TrainingOptionsTests {
    static let invalid: [(option: String, change: @Sendable (inout TrainingOptions) -> Void)] = [
        ("size", { $0.dimensions = 0 }), ("size", { $0.dimensions = -3 }), ("size", { $0.dimensions = 1_000_001 }),
        ("window", { $0.window = 0 }), ("window", { $0.window = -1 }),
        ("negative", { $0.negatives = -1 }), ("negative", { $0.negatives = 0 }),
        ("sample", { $0.sample = -1 }), ("sample", { $0.sample = .nan }), ("sample", { $0.sample = .infinity }),
        ("alpha", { $0.alpha = 0 }), ("alpha", { $0.alpha = -0.1 }), ("alpha", { $0.alpha = .nan }),
        ("alpha", { $0.alpha = .infinity }), ("alpha", { $0.alpha = 1e300 }), ("alpha", { $0.alpha = 1e-300 }),
        ("iter", { $0.epochs = 0 }), ("iter", { $0.epochs = -1 }),
        ("min-count", { $0.minimumCount = -1 }),
        ("threads", { $0.threads = 0 }), ("threads", { $0.threads = -2 }),
        ("threads", { ($0.exact, $0.threads) = (true, 2) }),
    ]

    @Test(arguments: invalid.indices)
    func impossibleValuesAreNamed(index: Int) {
        var options = TrainingOptions()
        Self.invalid[index].change(&options)
        let error = #expect(throws: Word2VecError.self) { try Trainer(options: options) }
        guard case .invalidOption(Self.invalid[index].option, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.hasPrefix("-\(Self.invalid[index].option) must be ") == true)
    }

    @Test func theDefaultsAreTheOriginals() throws {
        var options = TrainingOptions()
        try options.validate()
        #expect(options.architecture == .cbow && options.effectiveAlpha == 0.05)
        options.architecture = .skipGram
        #expect(options.effectiveAlpha == 0.025)
        #expect(options.effectiveThreads == ProcessInfo.processInfo.activeProcessorCount)
        options.exact = true
        #expect(options.effectiveThreads == 1)
        let copy = try JSONDecoder().decode(TrainingOptions.self, from: JSONEncoder().encode(options))
        #expect(copy == options)
    }
}

@Suite struct LearningRateTests {
    @Test func itFallsLinearlyToATenThousandth() {
        let rate = LearningRate(start: 0.05, totalWords: 999)
        #expect(rate.rate(after: 0) == 0.05)
        #expect(abs(rate.rate(after: 500) - 0.025) < 1e-7)
        #expect(rate.rate(after: 1000) == Float(0.05) * 1e-4)
        #expect(rate.rate(after: 5000) == Float(0.05) * 1e-4)
    }
}

@Suite struct ChunkTests {
    private let folder = try! TemporaryFolder()

    private func tokens(_ text: String) throws -> TokenStore {
        let corpus = try Corpus(contentsOf: folder.file("corpus", text))
        return try corpus.encoded(rules: .standard, minimumCount: 1, vocabulary: nil).tokens
    }

    @Test(arguments: [1, 2, 7, 64, 1000, 100_000])
    func chunksCoverEveryTokenOnceAndEndWhereSentencesDo(length: Int) throws {
        var random = SeededGenerator(seed: UInt64(length))
        let text = (0..<400).map { _ in
            String(repeating: "w ", count: Int.random(in: 0...30, using: &random))
        }.joined(separator: "\n")
        let tokens = try tokens(text + "last line without a newline")
        var start = 0
        while start < tokens.count {
            let end = tokens.endOfChunk(from: start, length: length)
            #expect(end > start && end <= tokens.count)
            #expect(tokens[end - 1] == 0 || end - start == 2 * length)
            start = end
        }
        #expect(start == tokens.count)
        #expect(tokens[tokens.count - 1] == 0, "the last line is a sentence, too")
    }

    @Test func oneGiantLineIsCut() throws {
        let tokens = try tokens(String(repeating: "w ", count: 5000))
        #expect(tokens.endOfChunk(from: 0, length: 100) == 200)
        #expect(tokens.endOfChunk(from: 4990, length: 100) == 5001)
    }
}

/// What every way of training must do.
struct Setup: Sendable, CustomTestStringConvertible {
    var architecture: TrainingOptions.Architecture
    var negatives: Int
    var hierarchicalSoftmax: Bool
    var threads: Int
    var exact = false

    static let all: [Setup] = [TrainingOptions.Architecture.skipGram, .cbow].flatMap { architecture in
        [(5, false), (0, true), (5, true)].flatMap { negatives, tree in
            [(1, false), (3, false), (1, true)].map { threads, exact in
                Setup(
                    architecture: architecture, negatives: negatives, hierarchicalSoftmax: tree, threads: threads,
                    exact: exact)
            }
        }
    }

    var testDescription: String {
        "\(architecture), K \(negatives), hs \(hierarchicalSoftmax), T \(threads)\(exact ? ", exact" : "")"
    }

    var options: TrainingOptions {
        var options = TrainingOptions()
        options.architecture = architecture
        options.negatives = negatives
        options.hierarchicalSoftmax = hierarchicalSoftmax
        options.threads = threads
        options.exact = exact
        options.dimensions = 20
        options.sample = 0
        options.minimumCount = 1
        options.epochs = 20
        options.alpha = 0.05
        return options
    }
}

@Suite struct TrainerTests {
    private let folder = try! TemporaryFolder()

    /// Sentences about one of four subjects with twelve words each; words of a subject never meet another's.
    private func subjects(lines: Int = 500) throws -> Corpus {
        var random = SeededGenerator(seed: 11)
        var text = ""
        for _ in 0..<lines {
            let subject = Int.random(in: 0..<4, using: &random)
            text += (0..<8).map { _ in "s\(subject)w\(Int.random(in: 0..<12, using: &random))" }.joined(separator: " ")
            text += "\n"
        }
        return try Corpus(contentsOf: folder.file("subjects", text))
    }

    private func bytes(_ vectors: WordVectors) -> [[Float]] { (0..<vectors.count).map { vectors.vector(at: $0) } }

    @Test(arguments: Setup.all)
    func wordsOfASubjectBecomeNeighbors(setup: Setup) throws {
        // CBOW has fewer updates in a line.
        let lines = setup.architecture == .cbow ? 1200 : 500
        let vectors = try Trainer(options: setup.options).train(subjects(lines: lines))
        #expect(vectors.count == 49)
        var right = 0
        for rank in 1..<vectors.count {
            let word = vectors.word(at: rank)
            let nearest = try vectors.neighbors(of: word, count: 11)
            right += nearest.count { $0.word.prefix(2) == word.prefix(2) }
        }
        #expect(right >= 48 * 11 * 98 / 100, "\(right) of \(48 * 11)")
    }

    @Test(arguments: Setup.all.filter { $0.threads == 1 })
    func aSeedRepeatsItselfAtOneThread(setup: Setup) throws {
        var options = setup.options
        options.epochs = 2
        options.sample = 1e-2
        let corpus = try subjects(lines: 300)
        let first = try bytes(Trainer(options: options).train(corpus))
        #expect(try bytes(Trainer(options: options).train(corpus)) == first)
        options.seed = 2
        let other = try bytes(Trainer(options: options).train(corpus))
        #expect((other == first) == options.exact, "the exact mode has its own random numbers")
    }

    @Test func theSentenceEndIsNeverTrained() throws {
        for setup in Setup.all {
            var options = setup.options
            options.dimensions = 100
            options.epochs = 1
            let vectors = try Trainer(options: options).train(subjects(lines: 50))
            // From the original's initialization.
            let expected: [Float] = [0.004003, 0.004419, -0.003830, -0.003278]
            for (a, b) in zip(vectors.vector(at: 0), expected) { #expect(abs(a - b) < 5e-7) }
        }
    }

    @Test func progressCountsEveryWordOfEveryEpoch() throws {
        for (threads, exact) in [(1, false), (2, false), (1, true)] {
            var options = Setup(
                architecture: .skipGram, negatives: 5, hierarchicalSoftmax: false, threads: threads, exact: exact
            ).options
            options.epochs = 3
            let corpus = try subjects(lines: 200).encoded(options: options)
            let last = Mutex<TrainingProgress?>(nil)
            _ = try Trainer(options: options).train(corpus) { progress in
                last.withLock { last in
                    #expect(progress.words >= last?.words ?? 0)
                    last = progress
                }
            }
            let progress = try #require(last.withLock { $0 })
            #expect(progress.words == 3 * corpus.tokenCount && progress.totalWords == progress.words)
            #expect(progress.epoch == 3 && progress.fraction == 1)
        }
    }

    @Test func trainingThatDivergesIsAnError() throws {
        // The original's hierarchical softmax skips a node at |x| >= 6, which keeps it finite whatever alpha is.
        for setup in Setup.all where !(setup.exact && setup.negatives == 0) {
            var options = setup.options
            options.alpha = 1e30
            let error = #expect(throws: Word2VecError.self, "\(setup.testDescription)") {
                try Trainer(options: options).train(subjects(lines: 200))
            }
            guard case .diverged = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func vocabulariesOfOneAndTwoWordsTrain() throws {
        for setup in Setup.all {
            for text in ["a a a a\n", "a b a b\na b\n"] {
                let corpus = try Corpus(contentsOf: folder.file("tiny", text))
                let vectors = try Trainer(options: setup.options).train(corpus)
                #expect(bytes(vectors).allSatisfy { row in row.allSatisfy { $0.isFinite } })
            }
        }
    }

    @Test func aCorpusReadForTheOtherModeIsRefused() throws {
        var options = TrainingOptions()
        options.minimumCount = 1
        let corpus = try subjects(lines: 10).encoded(options: options)
        options.exact = true
        #expect(throws: Word2VecError.self) { try Trainer(options: options).train(corpus) }
    }

    @Test func aCorpusWithoutAWordOfTheVocabularyIsRefused() throws {
        let path = try folder.file("vocab", "</s> 1\nstranger 9\n")
        for exact in [false, true] {
            var options = TrainingOptions()
            options.exact = exact
            let corpus = try subjects(lines: 10)
                .encoded(options: options, vocabulary: Vocabulary(contentsOf: path, options: options))
            #expect(throws: Word2VecError.noKnownWords(path: folder.path("subjects"))) {
                try Trainer(options: options).train(corpus)
            }
        }
    }

    @Test func theSentenceEndAsTheOnlyWordIsAnError() throws {
        let path = try folder.file("text", "</s> </s>\n\n</s>\n")
        for exact in [false, true] {
            var options = TrainingOptions()
            (options.minimumCount, options.exact) = (1, exact)
            #expect(throws: Word2VecError.noWords(path: path, minimumCount: 1, words: 0, distinct: 0, highestCount: 0))
            {
                try Corpus(contentsOf: path).encoded(options: options)
            }
            // In a vocabulary it may stand anywhere; the original takes the first word for it.
            for words in ["</s> 5\nstranger 2\n", "stranger 5\n</s> 3\n"] {
                let vocabulary = try Vocabulary(contentsOf: folder.file("vocab", words), options: options)
                let corpus = try Corpus(contentsOf: path).encoded(options: options, vocabulary: vocabulary)
                #expect(throws: Word2VecError.noKnownWords(path: path)) { try Trainer(options: options).train(corpus) }
            }
        }
    }

    @Test func moreMemoryThanThereIsIsAnErrorBeforeAnythingIsTouched() throws {
        var options = TrainingOptions()
        options.dimensions = 1_000_000
        let error = #expect(throws: Word2VecError.self) {
            try ModelParameters(words: 1_000_000, options: options)
        }
        guard case .outOfMemory = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func corporaThatCannotBeReadAreNamed() throws {
        #expect(throws: Word2VecError.emptyCorpus(path: folder.path("e"))) {
            try Corpus(contentsOf: folder.file("e", ""))
        }
        #expect(throws: Word2VecError.cannotRead(path: folder.path("n"), reason: "No such file or directory")) {
            try Corpus(contentsOf: folder.path("n"))
        }
        #expect(throws: Word2VecError.cannotRead(path: folder.path, reason: "it is a directory")) {
            try Corpus(contentsOf: folder.path)
        }
    }
}
