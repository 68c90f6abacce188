/// What accompanies a run: who watches it, where its state is kept, what it starts from and what ends it early.
public struct TrainingControl: Sendable {
    /// Called about ten times a second, from any of the run's threads but never from two at once. The others train on
    /// meanwhile.
    public var progress: (@Sendable (TrainingProgress) -> Void)?
    /// Where and how often the state of the run is kept; nil: it is not.
    public var checkpoints: CheckpointPlan?
    /// Asked before each chunk of some thousand words, from any of the run's threads but never from two at once. A thread that
    /// would have to wait for another's answer trains on. True ends the run once the chunks that were begun are trained. A
    /// cancelled task does the same.
    public var shouldStop: (@Sendable () -> Bool)?
    /// The score of the vectors as they stand after an epoch, higher for better ones; nil if there is none to give. Training
    /// waits for it. The vectors may be kept: training goes on in other memory then, which takes another V x D floats.
    public var evaluation: (@Sendable (WordVectors) throws(Word2VecError) -> Double?)?
    /// Epochs with a score that is not higher than all before, after which the run ends; epochs without a score are not counted.
    /// The vectors with the highest score are the result then, also if it does not end early. They take the memory of another
    /// V x D floats. nil: all epochs are trained, and the last vectors are the result.
    public var patience: Int?
    /// Vectors that training starts from, for the words that they hold; the others start at random. The dimensions must be
    /// the same.
    public var initialVectors: WordVectors?

    /// Nothing of all that.
    public init() {}
}

/// Where and how often the state of a run is kept.
public struct CheckpointPlan: Sendable {
    /// What lies between two checkpoints.
    public enum Interval: Equatable, Codable, Sendable {
        /// Time, in minutes.
        case minutes(Double)
        /// A part of the run, in percent.
        case percent(Double)

        /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` unless it is above 0, and at most 100 percent or a
        ///   thousand million minutes.
        public func validate() throws(Word2VecError) {
            let (value, most) =
                switch self {
                case .minutes(let minutes): (minutes, 1e9)
                case .percent(let percent): (percent, 100)
                }
            guard value > 0, value <= most else {
                throw .invalidOption(
                    "checkpoint-every", found: "\(value)", expected: "above 0, and at most \(Int(most))")
            }
        }
    }

    /// The file. Each checkpoint replaces the one before, when it is whole. The last is written at the end of the run.
    public var path: String
    /// How far apart the checkpoints are.
    public var interval: Interval
    /// Text of the caller's that is kept along (``Checkpoint/note``).
    public var note = ""
    /// Called when a checkpoint was written, with nil, or could not be. Training goes on either way: a disk that is full now
    /// may have room later.
    public var report: (@Sendable (Word2VecError?) -> Void)?

    /// A plan for a file.
    public init(path: String, interval: Interval = .minutes(10)) {
        self.path = path
        self.interval = interval
    }
}

/// How a run ended, and what it gave.
public struct TrainingResult: Sendable {
    /// How a run ended.
    public enum Ending: Equatable, Sendable {
        /// All epochs were trained.
        case complete
        /// The scores of the epochs did not rise any more.
        case stoppedEarly
        /// It was stopped from outside.
        case interrupted
    }

    /// The last vectors, or with ``TrainingControl/patience`` those of `bestEpoch`.
    public var vectors: WordVectors
    /// How the run ended.
    public var ending: Ending
    /// Where the run stood at its end.
    public var progress: TrainingProgress
    /// The epoch with the highest score, from 1; nil if none was evaluated.
    public var bestEpoch: Int?
    /// Why the last checkpoint could not be written.
    public var checkpointFailure: Word2VecError?

    /// Whether hardly any pair was trained (``TrainingProgress/pairs``), fewer than words of the vocabulary or fewer than 100: the
    /// words were alone in their lines, or subsampling left too few (``TrainingProgress/keptWords``). Most vectors are close to
    /// what they were at the start.
    public var isBarelyTrained: Bool { progress.pairs < max(vectors.count - 1, 100) }
}
