import Machine

/// What one run gave.
struct Measurement {
    /// Words in the vocabulary that were read, sentence ends not counted.
    var words = 0.0
    /// Wall time.
    var seconds = 0.0
    /// Processor time over all threads.
    var processorSeconds = 0.0
    /// The most words a core could do in a second, by what was measured on it just before; NaN where there is no such bound.
    var bound = Double.nan
    /// The most memory that the process held, in bytes, and what it may hold.
    var peakMemory = 0.0
    var memoryAllowed = 0.0

    var wordsPerSecond: Double { words / seconds }
    var wordsPerProcessorSecond: Double { words / processorSeconds }

    private static let fields: [(name: String, path: WritableKeyPath<Measurement, Double> & Sendable)] = [
        ("words", \.words), ("seconds", \.seconds), ("processor-seconds", \.processorSeconds), ("bound", \.bound),
        ("peak-bytes", \.peakMemory), ("allowed-bytes", \.memoryAllowed),
    ]

    /// name=value of every field, on one line.
    var line: String {
        Self.fields.map { "\($0.name)=\(self[keyPath: $0.path])" }.joined(separator: " ")
            + " words-per-processor-second=\(wordsPerProcessorSecond.text())"
    }

    init() {}

    /// Reads what `line` wrote; nil if a field is missing.
    init?(line: some StringProtocol) {
        var values: [Substring: Double] = [:]
        for part in Substring(line).split(separator: " ") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { values[pair[0]] = Double(pair[1]) }
        }
        for (name, path) in Self.fields {
            guard let value = values[Substring(name)] else { return nil }
            self[keyPath: path] = value
        }
    }
}
