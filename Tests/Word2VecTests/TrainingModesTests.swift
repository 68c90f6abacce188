import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct TrainingModeOptionsTests {
    static let invalid: [(option: String, change: @Sendable (inout TrainingOptions) -> Void)] = [
        ("reuse", { $0.negativeReuse = 0 }), ("reuse", { $0.negativeReuse = -1 }),
        ("reuse", { $0.negativeReuse = 1001 }), ("reuse", { ($0.exact, $0.negativeReuse) = (true, 2) }),
        ("ns-exponent", { $0.noiseExponent = .nan }), ("ns-exponent", { $0.noiseExponent = 5.5 }),
        ("ns-exponent", { $0.noiseExponent = -.infinity }),
        ("ns-exponent", { ($0.exact, $0.noiseExponent) = (true, 0.5) }),
        ("hs", { ($0.loss, $0.hierarchicalSoftmax) = (.softmax, true) }),
        ("loss", { ($0.exact, $0.loss) = (true, .softmax) }),
        ("cbow-gradient", { ($0.architecture, $0.cbowGradient) = (.skipGram, .divided) }),
        ("cbow-gradient", { ($0.exact, $0.cbowGradient) = (true, .divided) }),
    ]

    @Test(arguments: invalid.indices)
    func impossibleValuesAreNamed(index: Int) {
        var options = TrainingOptions()
        Self.invalid[index].change(&options)
        let error = #expect(throws: Word2VecError.self) { try Trainer(options: options) }
        #expect(error?.description.hasPrefix("-\(Self.invalid[index].option) must be ") == true)
    }

    @Test func theExactModeTakesItsOwnSampling() throws {
        var options = TrainingOptions()
        options.exact = true
        try options.validate()
        #expect(options.effectiveReuse == 1)
        options.sharing = .pair
        options.negativeReuse = 1
        try options.validate()
    }
}

@Suite struct TrainingModesTests {
    private let folder = try! TemporaryFolder()

    /// Sentences about one of four subjects with twelve words each; words of a subject never meet another's.
    private func subjects() throws -> Corpus {
        var random = SeededGenerator(seed: 12)
        var text = ""
        for _ in 0..<600 {
            let subject = Int.random(in: 0..<4, using: &random)
            text += (0..<8).map { _ in "s\(subject)w\(Int.random(in: 0..<12, using: &random))" }.joined(separator: " ")
            text += "\n"
        }
        return try Corpus(contentsOf: folder.file("subjects", text))
    }

    private var options: TrainingOptions {
        var options = TrainingOptions()
        options.architecture = .skipGram
        options.dimensions = 24
        options.epochs = 10
        options.minimumCount = 1
        options.sample = 0
        options.threads = 1
        options.alpha = 0.05
        return options
    }

    /// The share of the eleven nearest words that are of the word's own subject.
    private func purity(_ vectors: WordVectors) throws -> Double {
        var right = 0
        for rank in 1..<vectors.count {
            let word = vectors.word(at: rank)
            right += try vectors.neighbors(of: word, count: 11).count { $0.word.prefix(2) == word.prefix(2) }
        }
        return Double(right) / Double((vectors.count - 1) * 11)
    }

    static let modes: [(TrainingOptions.NegativeSharing, Int, Double, Int)] = [
        (.window, 1, 0.75, 5), (.window, 8, 0.75, 5), (.pair, 1, 0.75, 5), (.pair, 8, 0.75, 5), (.window, 8, 0, 5),
        (.window, 8, -0.5, 5), (.window, 1, 1, 12), (.pair, 3, 5, 1), (.window, 1000, 0.75, 20),
    ]

    @Test(arguments: modes.indices, [5, 12])
    func wordsOfASubjectBecomeNeighbors(mode: Int, window: Int) throws {
        var options = options
        options.window = window
        (options.sharing, options.negativeReuse, options.noiseExponent, options.negatives) = Self.modes[mode]
        let purity = try purity(Trainer(options: options).train(subjects()))
        #expect(purity > 0.97, "\(Self.modes[mode]): \(purity)")
    }

    @Test func modesDifferAndRepeatThemselves() throws {
        let corpus = try subjects()
        var results: [[Float]] = []
        for (sharing, reuse, exponent, negatives) in Self.modes.prefix(6) {
            var options = options
            options.epochs = 1
            (options.sharing, options.negativeReuse, options.noiseExponent, options.negatives) =
                (sharing, reuse, exponent, negatives)
            let vector = try Trainer(options: options).train(corpus).vector(at: 3)
            #expect(try Trainer(options: options).train(corpus).vector(at: 3) == vector)
            results.append(vector)
        }
        #expect(Set(results).count == results.count)
    }

    /// Fewer samples with a control variate, also where blocks have no shape that the kernels are specialized for.
    @Test(arguments: [TrainingOptions.Architecture.skipGram, .cbow], [(5, 1), (5, 2), (7, 1), (10, 1)])
    func aReducedVarianceLearnsTheSubjects(architecture: TrainingOptions.Architecture, negatives: (Int, threads: Int))
        throws
    {
        var options = options
        (options.architecture, options.variance) = (architecture, .reduced)
        (options.negatives, options.threads) = negatives
        #expect(try purity(Trainer(options: options).train(subjects())) > 0.97)
    }

    /// One sample cannot be fewer.
    @Test(arguments: [1, 2])
    func aReducedVarianceDiffersFromTwoSamplesOn(negatives: Int) throws {
        var options = options
        (options.epochs, options.negatives) = (1, negatives)
        let plain = try Trainer(options: options).train(subjects()).vector(at: 3)
        options.variance = .reduced
        let reduced = try Trainer(options: options).train(subjects()).vector(at: 3)
        #expect((plain == reduced) == (negatives == 1))
    }

    /// The loss, whose sample has all K noise words, falls as it does without.
    @Test func aReducedVarianceReachesTheLoss() throws {
        func losses(_ variance: TrainingOptions.NegativeVariance) throws -> [Double] {
            var options = options
            options.variance = variance
            let last = Mutex<TrainingProgress?>(nil)
            _ = try Trainer(options: options).train(subjects()) { progress in last.withLock { $0 = progress } }
            return try #require(last.withLock { $0 }).losses.compactMap { $0 }
        }
        let (plain, reduced) = (try losses(.plain), try losses(.reduced))
        #expect(plain.count == 10 && reduced.count == 10)
        #expect(plain[9] < plain[0] && reduced[9] < reduced[0])
        #expect(abs(reduced[9] - plain[9]) < 0.1 * plain[9], "\(plain) \(reduced)")
    }

    @Test func aReducedVarianceIsRefusedWhereThereIsNone() throws {
        let changes: [(String, (inout TrainingOptions) -> Void)] = [
            ("-exact 1", { ($0.exact, $0.threads) = (true, 1) }),
            ("-hs 1", { $0.hierarchicalSoftmax = true }), ("-loss softmax", { $0.loss = .softmax }),
            ("-share pair", { $0.sharing = .pair }), ("-reuse 1", { $0.negativeReuse = 1 }),
        ]
        for (flag, change) in changes {
            var options = options
            (options.architecture, options.variance) = (.skipGram, .reduced)
            #expect(throws: Never.self) { try options.validate() }
            change(&options)
            let error = #expect(throws: Word2VecError.self) { try options.validate() }
            #expect(error?.description == "-variance must be plain with \(flag), found reduced")
        }
    }

    @Test(arguments: [TrainingOptions.Architecture.skipGram, .cbow], [1, 2])
    func theFullSoftmaxLearnsTheSubjects(architecture: TrainingOptions.Architecture, threads: Int) throws {
        var options = options
        options.loss = .softmax
        options.architecture = architecture
        options.threads = threads
        let last = Mutex<TrainingProgress?>(nil)
        let vectors = try Trainer(options: options).train(subjects()) { progress in last.withLock { $0 = progress } }
        #expect(try purity(vectors) > 0.97)
        let losses = try #require(last.withLock { $0 }).losses
        let (first, final) = (try #require(losses.first), try #require(losses.last))
        #expect(first < log(Double(vectors.count - 1)) + 0.01, "a loss of log 48 is that of no knowledge")
        #expect(final < first)
        #expect(final > log(11) - 0.1, "which of the twelve words of a subject comes is chance")
    }

    @Test func theFullSoftmaxIsRefusedForALargeVocabulary() throws {
        let words = (0...TrainingOptions.largestSoftmax).map { "w\($0)" }.joined(separator: " ")
        var options = options
        options.minimumCount = 1
        options.loss = .softmax
        let corpus = try Corpus(contentsOf: folder.file("many", words))
        let error = #expect(throws: Word2VecError.self) { try Trainer(options: options).train(corpus) }
        #expect(error?.description.contains("-limit") == true)
    }

    @Test func theDividedGradientOfCBOWTrainsMoreSlowlyAndAsWell() throws {
        var options = options
        options.architecture = .cbow
        let corpus = try subjects()
        let undivided = try Trainer(options: options).train(corpus)
        options.cbowGradient = .divided
        let divided = try Trainer(options: options).train(corpus)
        func length(_ vectors: WordVectors) -> Float {
            (1..<vectors.count).reduce(0) { sum, rank in
                sum + vectors.vector(at: rank).reduce(0) { $0 + $1 * $1 }.squareRoot()
            }
        }
        #expect(length(divided) < length(undivided))
        options.alpha = 4 * options.effectiveAlpha
        #expect(try purity(Trainer(options: options).train(corpus)) > 0.97)
    }

    @Test(arguments: [TrainingOptions.Architecture.skipGram, .cbow], [1, 2])
    func theLossOfEachEpochIsToldAndFalls(architecture: TrainingOptions.Architecture, threads: Int) throws {
        var options = options
        options.architecture = architecture
        options.threads = threads
        options.epochs = 6
        let last = Mutex<TrainingProgress?>(nil)
        _ = try Trainer(options: options).train(subjects()) { progress in last.withLock { $0 = progress } }
        let progress = try #require(last.withLock { $0 })
        #expect(progress.losses.count == 6 && progress.loss == progress.losses.last)
        let first = try #require(progress.losses.first)
        // 6 log 2 is the loss of a prediction at random.
        #expect(first < 6 * 0.694 && first > 0)
        #expect(try #require(progress.loss) < first)
    }
}

@Suite struct InstructionSetTests {
    @Test func theChosenSetIsPresent() throws {
        #expect(InstructionSet.present.first == .scalar)
        #expect(try InstructionSet.present.contains(InstructionSet.chosen()))
    }
}
