import Synchronization
import Word2Vec

/// The file of -log: a JSON object a line. It is replaced as a whole each time, so that it never ends within a line; a device or
/// a pipe is given each line once.
final class TrainingLog: Sendable {
    private struct State {
        var text: String
        var nextTime: Double
        /// Epochs that have their line.
        var epochs = 0
        var failure: (any Error)?
    }

    private static let interval = 10.0

    private let path: String
    private let isDevice: Bool
    private let state: Mutex<State>

    /// - Parameter checkpoint: where the run goes on; then the file is gone on with.
    init(path: String, from checkpoint: Checkpoint?) throws {
        self.path = path
        isDevice = OutputPath.isDevice(path)
        let text = checkpoint == nil || isDevice ? "" : try OutputPath.read(path) ?? ""
        var state = State(text: text, nextTime: Self.interval)
        state.epochs = checkpoint?.epochsDone ?? 0
        self.state = Mutex(state)
    }

    /// Why the last line could not be written.
    var failure: (any Error)? { state.withLock { $0.failure } }

    func add(_ event: String, _ members: [(String, JSON)]) {
        state.withLock { append(event, members, to: &$0) }
    }

    /// Adds a line for each epoch that has ended, or been evaluated, since the last time, and one for the time.
    func add(_ progress: TrainingProgress, isEvaluated: Bool) {
        state.withLock { state in
            let ended = isEvaluated ? progress.scores.count : progress.epochsDone
            while state.epochs < ended {
                let epoch = state.epochs
                state.epochs += 1
                var members: [(String, JSON)] = [("epoch", .integer(epoch + 1)), ("epochs", .integer(progress.epochs))]
                members.append(("loss", .number(epoch < progress.losses.count ? progress.losses[epoch] : nil)))
                if isEvaluated { members.append(("score", .number(progress.scores[epoch]))) }
                append("epoch", members + Self.position(progress), to: &state)
            }
            if progress.seconds >= state.nextTime {
                state.nextTime = progress.seconds + Self.interval
                let members: [(String, JSON)] = [
                    ("epoch", .integer(progress.epoch)), ("epochs", .integer(progress.epochs)),
                    ("loss", .number(progress.loss)),
                ]
                append("progress", members + Self.position(progress), to: &state)
            }
        }
    }

    private static func position(_ progress: TrainingProgress) -> [(String, JSON)] {
        [
            ("percent", .number(progress.fraction * 100)), ("words", .integer(progress.words)),
            ("totalWords", .integer(progress.totalWords)), ("wordsPerSecond", .number(progress.wordsPerSecond)),
            ("alpha", .number(progress.alpha)), ("seconds", .number(progress.seconds)),
            ("secondsLeft", .number(progress.secondsLeft)),
        ]
    }

    private func append(_ event: String, _ members: [(String, JSON)], to state: inout State) {
        let line = JSON.object([("event", .string(event))] + members).description + "\n"
        if !isDevice { state.text += line }
        do {
            try Answer.write(isDevice ? line : state.text, to: path)
            state.failure = nil
        } catch {
            state.failure = error
        }
    }
}
