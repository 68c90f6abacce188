import ArgumentParser
import Foundation
import Machine
import Word2Vec

/// One measurement, in a process of its own, so that its peak of memory is its own.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains once, or only reads the corpus, and prints the measurement as name=value on one line.")

    @Option(name: .word("corpus"), help: "The text: one sentence a line.") var corpus: String
    @Option(name: .word("cbow"), help: "1: CBOW, 0: skip-gram.") var cbow = 0
    @Option(name: .word("size"), help: "Dimensions.") var size = 100
    @Option(name: .word("hs"), help: "1: hierarchical softmax.") var hierarchicalSoftmax = 0
    @Option(name: .word("negative"), help: "Noise words.") var negative = 5
    @Option(name: .word("exact"), help: "1: the original's arithmetic.") var exact = 0
    @Option(name: .word("threads"), help: "With 1, the process stays on one core.") var threads = 1
    @Option(name: .word("epochs"), help: "Passes.") var epochs = 1
    @Option(name: .word("seed"), help: "Start of all random numbers.") var seed: UInt64 = 1
    @Option(name: .word("seconds"), help: "End the training after so many seconds; 0: let it end.") var seconds = 0.0
    @Option(name: .word("output"), help: "Write the vectors, in binary, if the training ends.") var output: String?
    @Flag(name: .word("read-only"), help: "Measure vocabulary and encoding, and do not train.") var readOnly = false

    private var options: TrainingOptions {
        var options = TrainingOptions()
        options.architecture = cbow != 0 ? .cbow : .skipGram
        options.dimensions = size
        options.hierarchicalSoftmax = hierarchicalSoftmax != 0
        options.negatives = negative
        options.exact = exact != 0
        options.threads = threads
        options.epochs = epochs
        options.seed = seed
        return options
    }

    func run() throws {
        if threads == 1 { Core.pin() }
        let trainer = try Trainer(options: options)
        let reading = Stopwatch()
        let encoded = try Corpus(contentsOf: corpus).encoded(options: options)
        var result = reading.measurement
        result.words = Double(encoded.vocabulary.totalCount - encoded.vocabulary.counts[0])
        result.memoryAllowed = 60e6 + 4 * Double(encoded.tokenCount)
        guard !readOnly else {
            print(result.line)
            return
        }

        let stride = (size + 15) / 16 * 16
        let matrices = 1 + (negative > 0 ? 1 : 0) + hierarchicalSoftmax
        let memoryAllowed = result.memoryAllowed + Double(matrices * encoded.vocabulary.count * stride * 4)
        let words = result.words * Double(epochs)
        let bound =
            exact != 0
            ? Double.nan
            : try Bound(encoded, options).wordsPerSecondNow(rows: encoded.vocabulary.count, dimensions: size)

        let training = Stopwatch()
        let limit = seconds
        let vectors = try trainer.train(encoded) { progress in
            let ends = progress.words == progress.totalWords
            guard ends || limit > 0 && progress.seconds > limit else { return }
            var result = training.measurement
            result.words = words * progress.fraction
            result.bound = bound
            result.memoryAllowed = memoryAllowed
            print(result.line)
            if !ends { Self.exit() }
        }
        if let output { try vectors.write(to: output, format: .word2vecBinary) }
    }
}

/// Wall time, processor time and peak of memory since it was made.
struct Stopwatch: Sendable {
    private let clock = ContinuousClock()
    private let start = ContinuousClock().now
    private let processorStart = Core.processorSeconds

    var measurement: Measurement {
        var result = Measurement()
        result.seconds = (clock.now - start) / .seconds(1)
        result.processorSeconds = Core.processorSeconds - processorStart
        result.peakMemory = Double(Core.peakMemory)
        return result
    }
}

extension NameSpecification {
    /// A flag with one dash, as `w2v-c` has them, or with two.
    static func word(_ name: String) -> NameSpecification {
        [.customLong(name, withSingleDash: true), .customLong(name)]
    }
}
