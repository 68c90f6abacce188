import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// The variance of what one negative sample tells an input, on a trained model: without a control variate, with a constant
/// one, and with the one that `-variance reduced` has. See "Fewer negative samples" of The mathematics.
@Suite struct VarianceTests {
    private let folder = try! TemporaryFolder()

    /// The input and output rows of words, each drawn from its distribution.
    private struct Model {
        let inputs: [[Double]]
        let outputs: [[Double]]
        /// The number of bits of each output word's rank.
        let classes: [Int]
    }

    private func model(alpha: Double) throws -> Model {
        var options = TrainingOptions()
        (options.architecture, options.alpha, options.threads) = (.skipGram, alpha, 1)
        options.dimensions = 40
        var control = TrainingControl()
        control.checkpoints = CheckpointPlan(path: folder.path("state"), interval: .minutes(1000))
        _ = try Trainer(options: options)
            .run(Corpus(contentsOf: Fixtures.bible).encoded(options: options), control: control)
        let checkpoint = try Checkpoint(contentsOf: folder.path("state"))
        let counts = checkpoint.vocabulary.counts.map(Double.init)
        let parameters = try ModelParameters(words: counts.count, options: options)
        _ = try checkpoint.load(parameters)
        let total = counts.reduce(0, +)
        // Subsampling keeps about sqrt(sample / frequency) of a frequent word.
        let kept = counts.map { $0 * min(1, (options.sample * total / max($0, 1)).squareRoot()) }
        let output = try #require(parameters.output)
        func draw(_ count: Int, by weights: [Double], _ seed: UInt64) -> [Int] {
            var random = SeededGenerator(seed: seed)
            let sums = weights.dropFirst().reduce(into: [0.0]) { $0.append($0.last! + $1) }
            return (0..<count).map { _ in
                let at = Double.random(in: 0..<sums.last!, using: &random)
                return sums.firstIndex { $0 > at }!
            }
        }
        let (inputs, outputs) = (
            draw(150, by: kept, 1), draw(400, by: counts.map { pow($0, options.noiseExponent) }, 2)
        )
        return Model(
            inputs: inputs.map { parameters.input[$0].map(Double.init) },
            outputs: outputs.map { output[$0].map(Double.init) },
            classes: outputs.map { Int.bitWidth - $0.leadingZeroBitCount })
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    private func mean(_ rows: [[Double]]) -> [Double] {
        rows[0].indices.map { d in rows.reduce(0) { $0 + $1[d] } / Double(rows.count) }
    }

    /// The mean over the inputs x of the variance over the outputs y of (s(x . y) - c(y)) y.
    private func variance(_ model: Model, _ sigmoids: [[Double]], _ c: [Double]) -> Double {
        let squares = model.outputs.map { dot($0, $0) }
        let variances = model.inputs.indices.map { i in
            let weights = zip(sigmoids[i], c).map { $0 - $1 }
            let center = mean(zip(weights, model.outputs).map { weight, y in y.map { weight * $0 } })
            let second = zip(weights, squares).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } / Double(squares.count)
            return second - dot(center, center)
        }
        return variances.reduce(0, +) / Double(variances.count)
    }

    @Test(arguments: [0.025, 0.05])
    func theControlVariateLowersTheVariance(alpha: Double) throws {
        let model = try model(alpha: alpha)
        let sigmoids = model.inputs.map { x in model.outputs.map { sigmoid(dot(x, $0)) } }
        let byOutput = model.outputs.indices.map { o in sigmoids.reduce(0) { $0 + $1[o] } / Double(sigmoids.count) }
        let meanInput = mean(model.inputs)
        let none = variance(model, sigmoids, model.outputs.map { _ in 0 })
        let c = byOutput.reduce(0, +) / Double(byOutput.count)
        let constant = variance(model, sigmoids, model.outputs.map { _ in c })
        let estimates = zip(model.classes, model.outputs).map { ($0, sigmoid(0.85 * dot(meanInput, $1))) }
        let byClass = Dictionary(grouping: estimates, by: \.0).mapValues { rows in
            rows.reduce(0) { $0 + $1.1 } / Double(rows.count)
        }
        let estimated = variance(model, sigmoids, model.classes.map { byClass[$0]! })
        let best = variance(model, sigmoids, byOutput)
        print(
            String(
                format:
                    "alpha %.3f, variance of a sample: plain %.3f, c constant %.3f, c by class %.3f, by word %.3f",
                alpha, none, constant, estimated, best))
        #expect(constant < 0.9 * none)
        #expect(estimated < 0.95 * constant)
        #expect(estimated < 1.25 * best)
    }
}
