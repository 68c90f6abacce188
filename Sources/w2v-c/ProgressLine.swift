import Synchronization
import Word2Vec

/// Progress on standard error: one line that is rewritten on a terminal, else a plain line every 30 seconds.
final class ProgressLine: Sendable {
    private struct State {
        var last: TrainingProgress?
        var lastPlain = 0.0
        var width = 0
    }

    private static let plainInterval = 30.0

    private let isOn: Bool
    private let isTerminal = StandardError.isTerminal
    private let state = Mutex(State())

    init(isOn: Bool) {
        self.isOn = isOn
    }

    func show(_ progress: TrainingProgress) {
        state.withLock { state in
            state.last = progress
            guard isOn else { return }
            if isTerminal {
                let text = progress.line
                StandardError.write("\r" + text + String(repeating: " ", count: max(0, state.width - text.count)))
                state.width = text.count
            } else if progress.seconds - state.lastPlain >= Self.plainInterval {
                state.lastPlain = progress.seconds
                StandardError.write(progress.line + "\n")
            }
        }
    }

    /// Clears the line. Returns the last progress that was shown.
    func finish() -> TrainingProgress? {
        state.withLock { state in
            if state.width > 0 { StandardError.write("\r" + String(repeating: " ", count: state.width) + "\r") }
            state.width = 0
            return state.last
        }
    }
}

extension TrainingProgress {
    fileprivate var line: String {
        "epoch \(epoch)/\(epochs)  \((fraction * 100).text(1))%  alpha \(Double(alpha).text(6))"
            + (loss.map { "  loss \($0.text(4))" } ?? "") + "  \(rateText)"
    }

    /// Words a second, in thousands.
    var rateText: String { "\((wordsPerSecond / 1000).text(1)) thousand words/s" }
}
