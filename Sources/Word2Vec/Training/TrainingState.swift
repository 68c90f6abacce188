/// Where a run stands between two chunks of the corpus. With the parameters it is all that is needed to go on.
struct TrainingState: Codable, Equatable, Sendable {
    /// The sampled loss of an epoch.
    struct Loss: Codable, Equatable, Sendable {
        var sum = 0.0
        var pairs = 0
    }

    /// The exact mode's generator and counters, as the C core has them, but for the place in the corpus.
    struct Original: Codable, Equatable, Sendable {
        var random: UInt64
        var wordCount: Int
        var lastCount: Int
        var done: Int
        var alpha: Float
    }

    /// The epoch in hand, from 0; the number of epochs when all are done.
    var epoch = 0
    /// The next token of that epoch.
    var position = 0
    /// Tokens trained, over all epochs.
    var words = 0
    /// By epoch.
    var losses: [Loss]
    /// The time that training took so far.
    var seconds = 0.0
    var original: Original?
    /// The score of each epoch that was evaluated; nil where there was none to give.
    var scores: [Double?] = []
    /// The first epoch that can be the best: those before were not kept.
    var firstRated = 0
    /// Whether the evaluations ended the run before its last epoch.
    var hasStoppedEarly = false

    init(epochs: Int) {
        losses = Array(repeating: Loss(), count: epochs)
    }

    var hasEnded: Bool { epoch == losses.count || hasStoppedEarly }

    /// The mean loss of a pair in each epoch so far.
    var meanLosses: [Double] {
        losses.prefix { $0.pairs > 0 }.map { $0.sum / Double($0.pairs) }
    }

    /// The epoch with the highest score, from 0, the first of several.
    var bestEpoch: Int? {
        var best: (epoch: Int, score: Double)?
        for (epoch, score) in scores.enumerated() where epoch >= firstRated {
            if let score, score > best?.score ?? -.infinity { best = (epoch, score) }
        }
        return best?.epoch
    }
}

/// One of the two ways to train.
protocol TrainingEngine {
    /// Trains on from a state until `pause`, which is asked before each chunk, says so, all is done, or, if that is wanted, an
    /// epoch ends. `pause` is given the words trained so far.
    func advance(
        _ state: inout TrainingState, _ reporter: inout ProgressReporter, pausesAtEpochEnds: Bool,
        pause: @escaping @Sendable (_ words: Int) -> Bool
    ) throws(Word2VecError)
}
