/// The control of a run: callbacks, checkpoints, initial vectors, evaluation, and conditions to stop early.
public struct TrainingControl: Sendable {
    /// Called about ten times a second, from any of the run's threads but never from two at once. The other threads
    /// continue training.
    public var progress: (@Sendable (TrainingProgress) -> Void)?
    /// Where and how often checkpoints are written; nil: never.
    public var checkpoints: CheckpointPlan?
    /// Asked before each chunk of some thousand words, from any of the run's threads but never from two at once. A thread that
    /// would have to wait for another's answer continues training. True stops the run when the current chunks are trained. A
    /// cancelled task does the same.
    public var shouldStop: (@Sendable () -> Bool)?
    /// Returns the score of the vectors after an epoch, higher for better ones; nil if there is none. Training waits for it.
    /// The vectors may be kept: training then continues in other memory, which takes another V x D floats.
    public var evaluation: (@Sendable (WordVectors) throws(Word2VecError) -> Double?)?
    /// The number of epochs without a new highest score after which the run stops; epochs without a score are not counted. The
    /// vectors with the highest score are the result, also of a run that does not stop early. They take another V x D floats
    /// of memory. nil: all epochs are trained, and the last vectors are the result.
    public var patience: Int?
    /// Initial vectors. Words present in them start from them, other words start at random. The dimensions must be the same.
    public var initialVectors: WordVectors?

    /// No callbacks, checkpoints, evaluation or initial vectors.
    public init() {}
}

/// Where and how often checkpoints are written.
public struct CheckpointPlan: Sendable {
    /// The distance between two checkpoints.
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

    /// The file. Each checkpoint replaces the previous one when it is complete. The last is written at the end of the run.
    public var path: String
    /// The distance between two checkpoints.
    public var interval: Interval
    /// Text of the caller that is stored in the checkpoint (``Checkpoint/note``).
    public var note = ""
    /// Called with nil when a checkpoint was written, and with the error when it could not be. Training continues in both
    /// cases: the disk may have room later.
    public var report: (@Sendable (Word2VecError?) -> Void)?

    /// A plan for a file.
    public init(path: String, interval: Interval = .minutes(10)) {
        self.path = path
        self.interval = interval
    }
}

/// The result of a run, and how it ended.
public struct TrainingResult: Sendable {
    /// How a run ended.
    public enum Ending: Equatable, Sendable {
        /// All epochs were trained.
        case complete
        /// The scores of the epochs stopped rising.
        case stoppedEarly
        /// It was stopped by the caller.
        case interrupted
    }

    /// The last vectors, or with ``TrainingControl/patience`` those of `bestEpoch`.
    public var vectors: WordVectors
    /// How the run ended.
    public var ending: Ending
    /// The progress at the end of the run.
    public var progress: TrainingProgress
    /// The epoch with the highest score, from 1; nil if none was evaluated.
    public var bestEpoch: Int?
    /// Why the last checkpoint could not be written.
    public var checkpointFailure: Word2VecError?

    /// Whether hardly any pair was trained (``TrainingProgress/pairs``): fewer than the words of the vocabulary, or fewer than
    /// 100. Either each line has a single word, or subsampling left too few (``TrainingProgress/keptWords``). Most vectors are
    /// then close to their initial values.
    public var isBarelyTrained: Bool { progress.pairs < max(vectors.count - 1, 100) }
}
