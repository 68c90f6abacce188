internal import Word2VecCore

/// Where a run stands between two chunks of the corpus. With the parameters it is all that is needed to go on.
struct TrainingState: Codable, Equatable, Sendable {
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
    /// Words that subsampling left, and pairs that were trained, over all epochs.
    var keptWords = 0
    var pairs = 0
    /// The loss at the end of each epoch, of all that the run has; nil where it was not measured yet.
    var losses: [Double?]
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
        losses = Array(repeating: nil, count: epochs)
    }

    var hasEnded: Bool { epoch == losses.count || hasStoppedEarly }

    /// The loss at the end of each epoch so far.
    var knownLosses: [Double] { losses.prefix { $0 != nil }.map { $0 ?? .nan } }

    /// The epoch with the highest score, from 0, the first of several.
    var bestEpoch: Int? {
        var best: (epoch: Int, score: Double)?
        for (epoch, score) in scores.enumerated() where epoch >= firstRated {
            if let score, score > best?.score ?? -.infinity { best = (epoch, score) }
        }
        return best?.epoch
    }

    /// Scores since the best one. An epoch without a score is none.
    var scoresSinceBest: Int {
        guard let bestEpoch else { return 0 }
        return scores.dropFirst(bestEpoch + 1).count { $0 != nil }
    }
}

/// One of the two ways to train.
protocol TrainingEngine {
    /// Trains parameters on from a state, until all is done; until the monitor wants to stop or `isPauseDue`, which are asked
    /// before each chunk; or, if that is wanted, until an epoch ends. Measures the loss at the end of each epoch.
    ///
    /// - Parameters:
    ///   - parameters: of the same shape each time. They may lie elsewhere than the last time.
    ///   - isPauseDue: is given the words trained so far.
    func advance(
        _ state: inout TrainingState, _ parameters: ModelParameters, _ monitor: TrainingMonitor,
        pausesAtEpochEnds: Bool, isPauseDue: @escaping @Sendable (_ words: Int) -> Bool
    ) throws(Word2VecError)
}
