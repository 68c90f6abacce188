import Synchronization
import Word2Vec

/// The file of -log: a JSON object a line, each appended when it is due.
final class TrainingLog: Sendable {
    private struct State {
        /// Open from the first line on.
        var file: LineLog?
        /// Lines that could not be written yet.
        var unwritten = ""
        var nextTime: Double
        /// Epochs that have their line.
        var epochs = 0
        var failure: (any Error)?
    }

    private static let interval = 10.0

    private let path: String
    private let isContinued: Bool
    private let state: Mutex<State>

    /// - Parameter checkpoint: where the run goes on; then the file is continued.
    init(path: String, from checkpoint: Checkpoint?) {
        self.path = path
        isContinued = checkpoint != nil
        state = Mutex(State(nextTime: Self.interval, epochs: checkpoint?.epochsDone ?? 0))
    }

    /// Why the last line could not be written.
    var failure: (any Error)? { state.withLock { $0.failure } }

    func add(_ event: String, _ members: [(String, JSON)]) {
        state.withLock { append(event, members, to: &$0) }
    }

    /// Adds the last line, and waits until all is on the disk.
    func end(_ members: [(String, JSON)]) {
        state.withLock { state in
            append("end", members, to: &state)
            do {
                try state.file?.sync()
            } catch {
                state.failure = error
            }
        }
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
        state.unwritten += JSON.object([("event", .string(event))] + members).description + "\n"
        do {
            let file = try state.file ?? LineLog(path: path, continuing: isContinued)
            state.file = file
            try file.append(state.unwritten)
            state.unwritten = ""
            state.failure = nil
        } catch {
            state.failure = error
        }
    }
}
