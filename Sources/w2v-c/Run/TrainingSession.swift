import ArgumentParser
import Word2Vec

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A run of training as `train` and `resume` have it: with progress, log, checkpoints and signals, and its files at the end.
struct TrainingSession {
    let plan: RunPlan
    let trainer: Trainer
    let debug: Int
    let messages: Messages
    var initialVectors: WordVectors?
    var checkpoint: Checkpoint?
    private let evaluation: EvaluationSet?
    private let log: TrainingLog?
    private let line: ProgressLine

    /// Reads what it needs besides the corpus.
    init(
        plan: RunPlan, trainer: Trainer, debug: Int, messages: Messages, initialVectors: WordVectors? = nil,
        from checkpoint: Checkpoint? = nil
    ) throws {
        self.plan = plan
        self.trainer = trainer
        self.debug = debug
        self.messages = messages
        self.initialVectors = initialVectors
        self.checkpoint = checkpoint
        evaluation = try plan.evaluation.map { try EvaluationSet(contentsOf: $0) }
        log = plan.log.map { TrainingLog(path: $0, from: checkpoint) }
        line = ProgressLine(isOn: debug > 1)
    }

    /// Trains, and writes the files.
    func run(_ corpus: EncodedCorpus) throws {
        if let evaluation, let path = plan.evaluation { try evaluation.check(for: corpus.vocabulary, path: path) }
        // Before the log's first line, which tells others that the run may be stopped.
        StopSignals.catchThem()
        try logStart(corpus)
        let result: TrainingResult
        do {
            defer { line.clear() }
            result = try trainer.run(corpus, from: checkpoint, control: control())
        }
        if debug > 0 { saySummary(of: result) }
        warnIfUntrained(result)
        if result.ending == .interrupted, let signal = StopSignals.received {
            try writeInterrupted(result, signal: signal)
            try logEnd(result)
            tellFailures(result)
            throw ExitCode(StopSignals.exitCode(signal))
        }
        try write(result.vectors, to: plan.output)
        try logEnd(result)
        if tellFailures(result) { throw ExitCode(1) }
    }

    private func control() throws -> TrainingControl {
        var control = TrainingControl()
        let (line, log) = (line, log)
        let isEvaluated = evaluation != nil
        if debug > 1 || log != nil {
            control.progress = { progress in
                line.show(progress.line, seconds: progress.seconds)
                log?.add(progress, isEvaluated: isEvaluated)
            }
        }
        control.shouldStop = { StopSignals.received != nil }
        control.initialVectors = initialVectors
        control.patience = plan.patience
        if let evaluation {
            control.evaluation = { (vectors) throws(Word2VecError) in try evaluation.score(of: vectors) }
        }
        if let path = plan.checkpoint {
            var checkpoints = CheckpointPlan(path: path)
            if let interval = plan.interval { checkpoints.interval = interval }
            checkpoints.note = try plan.note()
            checkpoints.report = { error in
                if let error {
                    line.say("Warning: no checkpoint: \(error); training continues")
                } else {
                    log?.add("checkpoint", [("path", .string(path))])
                }
            }
            control.checkpoints = checkpoints
        }
        return control
    }

    private func saySummary(of result: TrainingResult) {
        let progress = result.progress
        if progress.words > 0 {
            messages.say("Trained \(progress.words) words in \(progress.seconds.text(2)) s: \(progress.rateText)")
        }
        if !progress.losses.isEmpty {
            let lines = trainer.options.holdout > 0 ? " of held-out lines" : ""
            let losses = progress.losses.map { $0.text(4) }.joined(separator: " ")
            messages.say("Mean loss per pair\(lines), by epoch: \(losses)")
        }
        if let evaluation, !progress.scores.isEmpty {
            let scores = progress.scores.map { $0?.text(4) ?? "-" }.joined(separator: " ")
            messages.say("Evaluation, \(evaluation.measure), by epoch: \(scores)")
        }
        if let best = result.bestEpoch, plan.patience != nil {
            messages.say(
                (result.ending == .stoppedEarly ? "Stopped early; the" : "The")
                    + " vectors are those of epoch \(best), the best")
        }
    }

    /// The last line of the summary; without a summary it goes to standard error.
    private func warnIfUntrained(_ result: TrainingResult) {
        guard result.ending != .interrupted, result.isBarelyTrained else { return }
        let progress = result.progress
        let start = initialVectors == nil ? "the random start" : "those of -init"
        let what =
            progress.pairs == 0
            ? "no pair of words was trained: the vectors are \(start)"
            : "hardly any pair of words was trained (\(progress.pairs)): most vectors are close to \(start)"
        let warning = """
            Warning: \(what). Words left after subsampling (-sample \(trainer.options.sample)): \(progress.keptWords) of \
            \(progress.words); each is trained with the others of its line
            """
        if debug > 0 { messages.say(warning) } else { StandardError.write(warning + "\n") }
    }

    private func write(_ vectors: WordVectors, to path: String) throws {
        if plan.classes > 0 {
            var options = ClassOptions(count: plan.classes)
            options.method = .original
            try vectors.classes(options).write(to: path)
            messages.say("Wrote \(plan.classes) classes of \(vectors.count) words to \(path) (text)")
            return
        }
        // Text is the original's, byte for byte.
        try vectors.write(to: path, format: plan.format, numbers: .sixDecimals)
        messages.say(
            "Wrote \(vectors.count) vectors of \(vectors.dimensions) dimensions to \(path) (\(plan.format.name))")
    }

    /// What is done after a first signal.
    private func writeInterrupted(_ result: TrainingResult, signal: Int32) throws {
        let percent = (result.progress.fraction * 100).text(1)
        if let path = plan.checkpoint, result.checkpointFailure == nil {
            StandardError.write(
                "Stopped by signal \(signal) at \(percent)%. To go on: w2v-c resume \(path)\n")
            return
        }
        guard !OutputPath.isDevice(plan.output) else {
            StandardError.write(
                "Stopped by signal \(signal) at \(percent)%. Nothing was written: \(plan.output) is no regular file\n")
            return
        }
        let path = plan.partialOutput
        let words = plan.format.wordsPath(besides: path).map { " and \($0)" } ?? ""
        try result.vectors.write(to: path, format: plan.format, numbers: .sixDecimals)
        StandardError.write(
            "Stopped by signal \(signal) at \(percent)%. The vectors so far are in \(path)\(words)\n")
    }

    /// Tells what could not be written beside the vectors. Returns whether there was something.
    @discardableResult
    private func tellFailures(_ result: TrainingResult) -> Bool {
        let failures = [result.checkpointFailure, log?.failure].compactMap { $0 as (any Error)? }
        for failure in failures { StandardError.write("Error: \(failure)\n") }
        return !failures.isEmpty
    }
}

extension TrainingSession {
    /// What a run is, for the first and the last line of the log.
    private func identity(_ vocabulary: Int) throws -> [(String, JSON)] {
        let options = String(decoding: try JSONEncoder().encode(trainer.options), as: UTF8.self)
        return [
            ("version", .string(Word2VecVersion.current)),
            ("instructionSet", .string(try InstructionSet.chosen().rawValue)), ("options", .encoded(options)),
            ("seed", .encoded("\(trainer.options.seed)")), ("threads", .integer(trainer.options.effectiveThreads)),
            ("vocabulary", .integer(vocabulary)), ("output", .string(plan.output)),
        ]
    }

    private func logStart(_ corpus: EncodedCorpus) throws {
        try log?.add(
            checkpoint == nil ? "start" : "resume",
            identity(corpus.vocabulary.count) + [
                ("train", .array(corpus.paths.map(JSON.string))), ("tokens", .integer(corpus.tokenCount)),
                ("heldOutTokens", .integer(corpus.heldOutTokenCount)),
                ("measure", evaluation.map { .string($0.measure) } ?? .null),
            ])
    }

    private func logEnd(_ result: TrainingResult) throws {
        let progress = result.progress
        let ending =
            switch result.ending {
            case .complete: "complete"
            case .stoppedEarly: "stopped early"
            case .interrupted: "interrupted"
            }
        let members: [(String, JSON)] =
            try [("ending", .string(ending))] + identity(result.vectors.count) + [
                ("words", .integer(progress.words)), ("keptWords", .integer(progress.keptWords)),
                ("pairs", .integer(progress.pairs)), ("seconds", .number(progress.seconds)),
                ("wordsPerSecond", .number(progress.wordsPerSecond)),
                ("losses", .array(progress.losses.map(JSON.number))),
                ("scores", .array(progress.scores.map(JSON.number))),
                ("bestEpoch", result.bestEpoch.map(JSON.integer) ?? .null),
            ]
        log?.end(members)
        if messages.isJSON { print(JSON.object(members)) }
    }
}
