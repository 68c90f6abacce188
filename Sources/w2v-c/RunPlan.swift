import ArgumentParser
import Word2Vec

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a run does besides training. It is kept in the run's checkpoints, for `resume`; so paths are from the root.
struct RunPlan: Codable {
    var output: String
    /// -binary; nil: by the output's name.
    var isBinary: Bool?
    var classes: Int
    var checkpoint: String?
    var interval: CheckpointInterval?
    var log: String?
    var evaluation: String?
    var patience: Int?

    init(_ files: Train.Files, _ supervision: Train.Supervision, output: String) {
        self.output = output
        isBinary = files.binary?.isOn
        classes = files.classes
        checkpoint = supervision.checkpoint
        interval = supervision.interval
        log = supervision.log
        evaluation = supervision.evaluation
        patience = supervision.patience
    }

    /// The plan in a checkpoint's note; nil if a program wrote another.
    init?(note: String) {
        guard let plan = try? JSONDecoder().decode(RunPlan.self, from: Data(note.utf8)) else { return nil }
        self = plan
    }

    /// The plan as a checkpoint's note.
    func note() throws -> String {
        var plan = self
        plan.output = OutputPath.absolute(output)
        plan.checkpoint = checkpoint.map(OutputPath.absolute)
        plan.log = log.map(OutputPath.absolute)
        plan.evaluation = evaluation.map(OutputPath.absolute)
        return String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
    }

    /// The format of the vectors.
    var format: VectorFormat {
        isBinary.map { $0 ? .word2vecBinary : .word2vecText } ?? VectorFormat(path: output)
    }

    /// All files that the run writes.
    var outputs: [String] {
        [output, classes > 0 ? nil : format.wordsPath(besides: output), checkpoint, log].compactMap(\.self)
    }

    /// Finds out before any work is done whether the files can be written, and that each is another than the others and than
    /// those that are read.
    func checkOutputs(against inputs: [(flag: String, path: String?)]) throws {
        let named: [(flag: String, path: String?)] = [
            ("-output", output), ("-checkpoint", checkpoint), ("-log", log),
        ]
        for path in outputs {
            try checkOutput(
                path, against: inputs + named.filter { $0.path != path } + [("-eval", evaluation)])
        }
        guard Set(outputs).count == outputs.count else {
            throw ValidationError("-output, -checkpoint and -log must be different files")
        }
    }
}

/// Minutes, or with % a part of the run.
struct CheckpointInterval: ExpressibleByArgument, Codable, Equatable {
    var argument: String
    var value: CheckpointPlan.Interval

    init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        guard let number = Double(argument.dropLast(isPercent ? 1 : 0)), number > 0, number <= (isPercent ? 100 : 1e9)
        else { return nil }
        self.argument = argument
        value = isPercent ? .percent(number) : .minutes(number)
    }

    init(from decoder: any Decoder) throws {
        let argument = try decoder.singleValueContainer().decode(String.self)
        guard let interval = CheckpointInterval(argument: argument) else {
            throw ValidationError("-checkpoint-every: \(argument)")
        }
        self = interval
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(argument)
    }

    var defaultValueDescription: String { argument }
}
