import ArgumentParser
import Foundation
import Machine
import Word2Vec

@main
struct TrainBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Times training and reading.",
        subcommands: [Table.self, Run.self],
        defaultSubcommand: Table.self
    )
}

/// The table of all rows.
struct Table: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs every row of the table, in turn and again, each in a process of its own, and prints medians.",
        discussion: """
            -negative 5 -window 5 -sample 1e-3 unless the row says otherwise. Words a second of wall time, which neighbors \
            on the core share, and words per second of processor time over all threads; best is the latter's 95% quantile, \
            and the share is its share of the most that one core could do, by what was measured in the same process just \
            before.
            """
    )

    @Option(name: .word("corpus"), help: "The text to train on: one sentence a line.") var corpus: String
    @Option(name: .word("epochs"), help: "Passes of each training.") var epochs = 1
    @Option(name: .word("repeat"), help: "Measurements of each row.") var repeats = 5
    @Option(name: .word("seconds"), help: "A training is ended after so many seconds; 0: never.") var seconds = 20.0
    @Option(
        name: .word("only"),
        help: ArgumentHelp(
            "Only this row; may be given again. One of: \(rows.map(\.name).joined(separator: ", ")).",
            valueName: "row"))
    var only: [String] = []

    private struct Row {
        var name: String
        var title: String
        var flags: [String]
    }

    private static let rows = [
        Row(name: "sg100", title: "skip-gram, D = 100", flags: []),
        Row(name: "sg300", title: "skip-gram, D = 300", flags: ["-size", "300"]),
        Row(name: "cbow100", title: "CBOW, D = 100", flags: ["-cbow", "1"]),
        Row(name: "hs100", title: "-hs 1 -negative 0, D = 100", flags: ["-hs", "1", "-negative", "0"]),
        Row(
            name: "hs100-exact", title: "the same with -exact 1",
            flags: ["-hs", "1", "-negative", "0", "-exact", "1"]),
        Row(name: "sg100-2", title: "skip-gram, D = 100, two threads", flags: ["-threads", "2"]),
        Row(name: "read", title: "vocabulary and encoding", flags: ["-read-only"]),
        Row(name: "read-2", title: "the same, two threads", flags: ["-read-only", "-threads", "2"]),
    ]

    /// Pairs of rows whose speeds are compared, by wall time.
    private static let ratios = [("hs100", "hs100-exact"), ("sg100-2", "sg100"), ("read-2", "read")]

    func validate() throws {
        guard epochs > 0, repeats > 0, seconds >= 0 else {
            throw ValidationError("-epochs and -repeat from 1, -seconds from 0")
        }
        for name in only where !Self.rows.contains(where: { $0.name == name }) {
            throw ValidationError("-only \(name): there is no such row")
        }
    }

    func run() throws {
        let rows = Self.rows.filter { only.isEmpty || only.contains($0.name) }
        var results: [String: [Measurement]] = [:]
        for round in 1...repeats {
            for row in rows {
                let measurement = try measure(row)
                results[row.name, default: []].append(measurement)
                FileHandle.standardError.write(Data("\(round) \(row.name): \(measurement.line)\n".utf8))
            }
        }

        var table = MarkdownTable(
            "row", "words/s", "per CPU-second", "best", "bound", "share", "peak MB", "allowed MB")
        for row in rows {
            let runs = results[row.name] ?? []
            func samples(_ value: (Measurement) -> Double) -> Samples { Samples(runs.map(value)) }
            table.add(
                "\(row.name): \(row.title)", samples { $0.wordsPerSecond / 1e3 }.thousands,
                samples { $0.wordsPerProcessorSecond / 1e3 }.thousands,
                (samples { $0.wordsPerProcessorSecond / 1e3 }.quantile(0.95)).text() + " k",
                samples { $0.bound / 1e3 }.thousands,
                samples { $0.wordsPerProcessorSecond / $0.bound }.median.percent,
                samples { $0.peakMemory / 1e6 }.median.text(), samples { $0.memoryAllowed / 1e6 }.median.text())
        }
        print(table.text)

        var ratios = MarkdownTable("ratio", "words/s", "per CPU-second")
        for (above, below) in Self.ratios {
            guard let above = results[above].map({ ($0, above) }), let below = results[below].map({ ($0, below) })
            else { continue }
            let pairs = zip(above.0, below.0)
            ratios.add(
                "\(above.1) / \(below.1)",
                Samples(pairs.map { $0.wordsPerSecond / $1.wordsPerSecond }).median.text(2),
                Samples(pairs.map { $0.wordsPerProcessorSecond / $1.wordsPerProcessorSecond }).median.text(2))
        }
        print("\n" + ratios.text)
    }

    /// One run of a row in a process of its own.
    private func measure(_ row: Row) throws -> Measurement {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments =
            ["run", "-corpus", corpus, "-epochs", "\(epochs)", "-seconds", "\(seconds)"] + row.flags
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let lines = output.split(separator: "\n")
        guard process.terminationStatus == 0, let result = lines.last.flatMap({ Measurement(line: $0) }) else {
            throw ValidationError("the run of \(row.name) failed")
        }
        return result
    }
}

extension Samples {
    /// The median, of thousands.
    fileprivate var thousands: String { median.isNaN ? "-" : median.text() + " k" }
}
