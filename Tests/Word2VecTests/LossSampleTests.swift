import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// The windows that the loss is measured on.
@Suite struct LossSampleTests {
    private let folder = try! TemporaryFolder()

    private func encoded(_ text: String, _ options: TrainingOptions) throws -> EncodedCorpus {
        try Corpus(contentsOf: folder.file("text", text)).encoded(options: options)
    }

    private func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
        var options = TrainingOptions()
        (options.architecture, options.minimumCount, options.sample, options.threads) = (.skipGram, 1, 0, 1)
        change(&options)
        return options
    }

    private func draw(_ corpus: EncodedCorpus, _ options: TrainingOptions) -> WindowDraw {
        var draw = WindowDraw(counts: corpus.vocabulary.wordCounts, settings: options.trainerSettings)
        draw.drawWindows(from: corpus.tokens, epoch: corpus.tokenCount)
        return draw
    }

    /// Lines of 20 words, among them few that occur often and many that are rare.
    private func zipfText(lines: Int) -> String {
        var random = SeededGenerator(seed: 3)
        return (0..<lines).map { _ in
            (0..<20).map { _ in "w\(Int(pow(300, Double.random(in: 0...1, using: &random))))" }.joined(separator: " ")
        }.joined(separator: "\n") + "\n"
    }

    @Test func theSeedDecidesAndNotTheThreads() throws {
        let corpus = try encoded(zipfText(lines: 500), options())
        let first = draw(corpus, options())
        #expect(first.contexts == draw(corpus, options { $0.threads = 7 }).contexts)
        #expect(first.noise == draw(corpus, options { $0.threads = 7 }).noise)
        #expect(first.contexts != draw(corpus, options { $0.seed = 2 }).contexts)
    }

    @Test func itHasAShareOfAnEpochButNeitherMoreNorLessThanIsUseful() throws {
        for (lines, cbow) in [(500, false), (5_000, false), (5_000, true)] {
            let corpus = try encoded(zipfText(lines: lines), options())
            let draw = draw(corpus, options { $0.architecture = cbow ? .cbow : .skipGram })
            let predictions = cbow ? draw.centers.count : draw.contexts.count
            #expect(predictions >= 256 && predictions < 300 + 20 * lines * (cbow ? 1 : 6) / 100)
        }
        // A text of a million words would give more than the most.
        let line = (0..<1000).map { "w\($0 % 50)" }.joined(separator: " ") + "\n"
        let large = try encoded(String(repeating: line, count: 4000), options())
        #expect((20_000..<20_010).contains(draw(large, options()).contexts.count))
    }

    @Test func aTextOfFiftyWordsGivesAllItsWindows() throws {
        let text = (0..<10).map { line in (0..<5).map { "l\(line)w\($0)" }.joined(separator: " ") }
        let corpus = try encoded(text.joined(separator: "\n") + "\n", options())
        let draw = draw(corpus, options())
        // Each word once, so its rank names its place.
        #expect(Set(draw.centers) == Set(1...50))
        var start = 0
        for (center, end) in zip(draw.centers, draw.ends) {
            let words = draw.contexts[start..<Int(end)].map { corpus.vocabulary.word(at: Int($0)) }
            let own = corpus.vocabulary.word(at: Int(center))
            #expect(words.allSatisfy { $0.prefix(2) == own.prefix(2) && $0 != own }, "windows do not leave their line")
            #expect(Set(words).count == words.count && (1...4).contains(words.count))
            start = Int(end)
        }
    }

    /// Centers by their frequency times the chance to be kept; noise by count^0.75, and never the center; radii of 1 ... W.
    @Test(arguments: [0, 1e-3])
    func windowsAreDrawnAsTrainingDrawsThem(sample: Double) throws {
        let options = options { $0.sample = sample }
        let corpus = try encoded(zipfText(lines: 40_000), options)
        let draw = draw(corpus, options)
        let counts = corpus.vocabulary.counts
        let kept = Subsampling.keepProbabilities(
            counts: counts, totalCount: corpus.vocabulary.totalCount, sample: Float(sample))
        func expectShares(_ words: [Int32], _ weights: [Double], _ what: String) {
            var found = [Double](repeating: 0, count: weights.count)
            for word in words { found[Int(word)] += 1 }
            let total = weights.reduce(0, +)
            for word in 1...5 {
                let expected = weights[word] / total * Double(words.count)
                #expect(abs(found[word] - expected) < 5 * expected.squareRoot() + 2, "\(what) \(word)")
            }
            #expect(found[0] == 0)
        }
        let weights = counts.indices.map { $0 == 0 ? 0 : Double(counts[$0]) * Double(min(1, kept?[$0] ?? 1)) }
        expectShares(draw.centers, weights, "center")
        // Contexts come in the windows of one line, so they vary more.
        expectShares(draw.noise, counts.indices.map { $0 == 0 ? 0 : pow(Double(counts[$0]), 0.75) }, "noise")
        for (window, center) in draw.centers.enumerated() {
            #expect(!draw.noise[5 * window..<5 * window + 5].contains(center))
        }
        let sizes = zip(draw.ends, [0] + draw.ends).map { Int($0 - $1) }
        // In the middle of a line the radius is half the window's words.
        let full = (1...5).map { radius in Double(sizes.count { $0 == 2 * radius }) }
        if sample == 0 { #expect(full.allSatisfy { $0 > 0.1 * Double(sizes.count) }, "\(full)") }
        #expect(sizes.allSatisfy { (1...10).contains($0) })
    }

    @Test func itIsSpreadOverTheText() throws {
        // The words tell their place: ten parts of the text.
        let text = (0..<10).map { part in
            (0..<2000).map { line in "p\(part)w\(line % 7) p\(part)w\(line % 11) p\(part)w\(line % 3)" }
                .joined(separator: "\n")
        }.joined(separator: "\n")
        let corpus = try encoded(text, options())
        let draw = draw(corpus, options())
        var parts = [Int](repeating: 0, count: 10)
        for center in draw.centers { parts[Int(corpus.vocabulary.word(at: Int(center)).dropFirst().prefix(1))!] += 1 }
        let mean = draw.centers.count / 10
        #expect(mean > 8 && parts.allSatisfy { abs($0 - mean) <= 1 + mean / 5 }, "\(parts)")
    }

    @Test func textWithoutAWindowGivesNone() throws {
        for text in ["a\nb\nc\nd\n", "\n\n a \n"] {
            let corpus = try encoded(text, options())
            #expect(draw(corpus, options()).centers.isEmpty)
        }
        let corpus = try encoded(zipfText(lines: 100), options())
        #expect(draw(corpus, options { $0.sample = 1e-12 }).centers.isEmpty)
    }
}

/// The loss of a run.
@Suite struct RunLossTests {
    private let folder = try! TemporaryFolder()

    private struct Way: CustomTestStringConvertible, Sendable {
        var name: String
        var change: @Sendable (inout TrainingOptions) -> Void
        /// The loss of a pair at the start: of V words, 14 of a Huffman code's length on average, and K = 5.
        var start: Double?
        var testDescription: String { name }
    }

    private static let ways = [
        Way(name: "skip-gram", change: { _ in }, start: 6 * log(2)),
        Way(name: "pairs", change: { ($0.sharing, $0.negativeReuse) = (.pair, 1) }, start: 6 * log(2)),
        Way(name: "CBOW", change: { $0.architecture = .cbow }, start: 6 * log(2)),
        Way(name: "tree", change: { ($0.negatives, $0.hierarchicalSoftmax) = (0, true) }),
        Way(name: "tree and noise", change: { $0.hierarchicalSoftmax = true }),
        Way(name: "softmax", change: { $0.loss = .softmax }),
        Way(name: "CBOW, softmax", change: { ($0.loss, $0.architecture) = (.softmax, .cbow) }),
        Way(name: "exact", change: { $0.exact = true }, start: 6 * log(2)),
        Way(
            name: "exact CBOW, tree",
            change: { ($0.exact, $0.architecture, $0.hierarchicalSoftmax) = (true, .cbow, true) }),
        Way(name: "two threads", change: { $0.threads = 2 }, start: 6 * log(2)),
    ]

    private func options(_ change: (inout TrainingOptions) -> Void) -> TrainingOptions {
        var options = TrainingOptions()
        (options.architecture, options.minimumCount, options.sample, options.threads) = (.skipGram, 1, 0, 1)
        (options.dimensions, options.epochs) = (16, 5)
        change(&options)
        return options
    }

    private func run(_ text: String, _ options: TrainingOptions) throws -> TrainingProgress {
        let corpus = try Corpus(contentsOf: folder.file("text", text)).encoded(options: options)
        return try Trainer(options: options).run(corpus).progress
    }

    /// Passages about one subject after another, as in a book: what is being read is fresh, what was read is forgotten.
    private let chapters: String = {
        var random = SeededGenerator(seed: 4)
        return (0..<40).map { chapter in
            (0..<50).map { _ in
                (0..<8).map { _ in
                    let own = Bool.random(using: &random)
                    return own
                        ? "c\(chapter)w\(Int.random(in: 0..<6, using: &random))"
                        : "w\(Int.random(in: 0..<30, using: &random))"
                }.joined(separator: " ")
            }.joined(separator: "\n")
        }.joined(separator: "\n") + "\n"
    }()

    /// The loss before each pair's own update rises by a tenth on such a text, while the model gets better. (It does prefer the
    /// last chapters a little.)
    @Test(arguments: ways)
    private func itFallsOnTextThatIsNotShuffled(way: Way) throws {
        let progress = try run(chapters, options(way.change))
        #expect(progress.losses.count == 5 && progress.loss == progress.losses.last)
        for (before, after) in zip(progress.losses, progress.losses.dropFirst()) {
            #expect(after < 1.03 * before, "\(progress.losses)")
        }
        #expect(progress.losses[4] < 0.95 * progress.losses[0])
    }

    /// One figure for each epoch of a text of fifty words, near that of no knowledge at the start.
    @Test(arguments: ways)
    private func everyEpochOfASmallTextHasOne(way: Way) throws {
        let text = (0..<10).map { line in (0..<5).map { "w\((7 * line + $0) % 9)" }.joined(separator: " ") }
        let options = options(way.change)
        let progress = try run(text.joined(separator: "\n") + "\n", options)
        #expect(progress.losses.count == 5 && progress.losses.allSatisfy { $0.isFinite && $0 > 0 })
        if let start = way.start { #expect(abs(progress.losses[0] - start) < 0.05 * start) }
        if options.loss == .softmax { #expect(abs(progress.losses[0] - log(9)) < 0.05) }
    }

    /// The sample is the same, and so is what it tells of nearly the same parameters.
    @Test func threadsDoNotChangeWhatIsMeasured() throws {
        let one = try run(chapters, options { _ in }).losses
        let two = try run(chapters, options { $0.threads = 2 }).losses
        for (a, b) in zip(one, two) { #expect(abs(a - b) < 0.15 * a) }
    }

    /// Progress is told with the latest figure, and the last time with all of them.
    @Test func progressHasTheLatest() throws {
        let options = options { $0.threads = 2 }
        let corpus = try Corpus(contentsOf: folder.file("text", chapters)).encoded(options: options)
        let seen = Mutex<[TrainingProgress]>([])
        _ = try Trainer(options: options).train(corpus) { progress in seen.withLock { $0.append(progress) } }
        let all = seen.withLock { $0 }
        for progress in all { #expect(progress.losses.count >= progress.epochsDone) }
        let last = try #require(all.last)
        #expect(last.losses.count == 5 && last.loss != nil && last.epochsDone == 5)
    }

    @Test func wordsLeftAndPairsAreCountedInEveryWay() throws {
        let text = String(repeating: "a b c\n\nd\n", count: 100)
        for way in Self.ways {
            let options = options(way.change)
            let progress = try run(text, options)
            #expect(progress.keptWords == 5 * 400, "\(way.name)")
            // Three words a line: 2 to 3 pairs with others of them to the left or the right.
            let pairs = options.architecture == .cbow ? 1500...1500 : 2000...3000
            #expect(pairs.contains(progress.pairs), "\(way.name): \(progress.pairs)")
        }
    }

    @Test(arguments: [false, true])
    func aRunThatTrainsNothingSaysSo(exact: Bool) throws {
        let lonely = String(repeating: "a\nb\nc\n", count: 50)
        let corpus = String(repeating: "a b c d e\n", count: 50)
        for (text, sample, kept) in [(lonely, 0.0, 5 * 150), (corpus, 1e-12, 0)] {
            let options = options { ($0.exact, $0.sample) = (exact, sample) }
            let encoded = try Corpus(contentsOf: folder.file("text", text)).encoded(options: options)
            let result = try Trainer(options: options).run(encoded)
            #expect(result.isBarelyTrained && result.progress.pairs == 0 && result.progress.keptWords == kept)
            #expect(result.progress.losses.isEmpty && result.progress.loss == nil)
        }
        let options = options { $0.exact = exact }
        let encoded = try Corpus(contentsOf: folder.file("text", corpus)).encoded(options: options)
        #expect(try !Trainer(options: options).run(encoded).isBarelyTrained)
    }
}
