import Synchronization
import Word2Vec

/// Progress on standard error: one line that is rewritten on a terminal, else a plain line every 30 seconds.
final class ProgressLine: Sendable {
    private struct State {
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

    /// Shows a line that is true after so many seconds of work.
    func show(_ line: @autoclosure () -> String, seconds: Double) {
        guard isOn else { return }
        state.withLock { state in
            if isTerminal {
                // In the last column some terminals begin a new line.
                let text = String(line().prefix(max(1, (StandardError.columns ?? 80) - 1)))
                StandardError.write("\r" + text + String(repeating: " ", count: max(0, state.width - text.count)))
                state.width = text.count
            } else if seconds - state.lastPlain >= Self.plainInterval {
                state.lastPlain = seconds
                StandardError.write(line() + "\n")
            }
        }
    }

    /// Writes a line of its own in place of the progress, which comes again below.
    func say(_ line: String) {
        state.withLock { state in StandardError.write(Self.clearing(&state) + line + "\n") }
    }

    /// Clears the line.
    func clear() {
        state.withLock { state in StandardError.write(Self.clearing(&state)) }
    }

    /// Shows the progress that `body` reports of its pass through the text, and clears the line at its end.
    func follow<Value>(_ body: ((@Sendable (ReadingProgress) -> Void)?) throws -> Value) rethrows -> Value {
        defer { clear() }
        let show: @Sendable (ReadingProgress) -> Void = { self.show($0.line, seconds: $0.seconds) }
        return try body(isOn ? show : nil)
    }

    private static func clearing(_ state: inout State) -> String {
        defer { state.width = 0 }
        return state.width > 0 ? "\r" + String(repeating: " ", count: state.width) + "\r" : ""
    }
}

extension ReadingProgress {
    fileprivate var line: String {
        let part = fraction.map { "\(($0 * 100).text(1))%" } ?? "\((Double(bytes) / 1e6).text(1)) MB"
        let rate = seconds > 0 ? Double(words) / seconds / 1000 : 0
        return "reading  \(part)  \(words) words  \(rate.text(1)) thousand words/s  \(seconds.clock) elapsed"
    }
}

extension TrainingProgress {
    var line: String {
        var line = "epoch \(epoch)/\(epochs)  \((fraction * 100).text(1))%  \(seconds.clock)"
        if let secondsLeft { line += ", \(secondsLeft.clock) left" }
        line += "  \(Int(min(wordsPerSecond / 1000, 1e15).rounded()))k words/s  alpha \(Double(alpha).text(5))"
        if let loss { line += "  loss \(loss.text(4))" }
        if let score = scores.last { line += "  eval \(score?.text(4) ?? "-")" }
        return line
    }

    /// Words a second, in thousands.
    var rateText: String { "\((wordsPerSecond / 1000).text(1)) thousand words/s" }
}

extension Double {
    /// Seconds as minutes and seconds, and hours if there are any.
    var clock: String {
        let seconds = Int(min(Swift.max(self, 0), 1e9).rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
    }
}
