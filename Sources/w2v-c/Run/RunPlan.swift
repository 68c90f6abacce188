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
    var interval: CheckpointPlan.Interval?
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

    /// The file of a run that is stopped and has no checkpoint.
    var partialOutput: String { output + ".partial" }

    /// Finds out before any work is done whether the files can be written, and that each is another than the others and than
    /// those that are read.
    ///
    /// - Parameter others: files that are written besides.
    func checkOutputs(
        against inputs: [(flag: String, path: String?)], besides others: [(flag: String, path: String?)] = []
    ) throws {
        try checkIsFile(checkpoint, of: "-checkpoint")
        let inputs = inputs + [("-eval", evaluation)]
        var outputs: [(flag: String, path: String)] = []
        for case (let flag, let path?) in [("-output", output), ("-checkpoint", checkpoint), ("-log", log)] + others {
            try checkOutput(path, against: inputs)
            outputs.append((flag, path))
        }
        if classes == 0, let words = format.wordsPath(besides: output) {
            try checkOutput(words, against: inputs)
            outputs.append(("the words of -output", words))
        }
        if checkpoint == nil, !OutputPath.isDevice(output) { try checkOutput(partialOutput, against: inputs) }
        for (number, a) in outputs.enumerated() {
            for b in outputs[..<number] where OutputPath.isSame(a.path, b.path) {
                throw ValidationError("\(a.path): the file of \(b.flag) would be overwritten by that of \(a.flag)")
            }
        }
    }
}

extension CheckpointPlan.Interval: ExpressibleByArgument {
    /// Minutes, or with % a part of the run.
    public init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        guard let number = Double(argument.dropLast(isPercent ? 1 : 0)) else { return nil }
        self = isPercent ? .percent(number) : .minutes(number)
        guard (try? validate()) != nil else { return nil }
    }
}
