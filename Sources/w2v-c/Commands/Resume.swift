import ArgumentParser
import Word2Vec

struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Continue a training run from its checkpoint.",
        usage: "w2v-c resume CHECKPOINT [-threads N] [-output FILE] [flags]",
        discussion: """
            The checkpoint holds the options, the vocabulary, the parameters, and the names of the text and of the output. \
            The text must not have changed. With one thread the result equals, byte for byte, that of a run without a stop. \
            With several threads the run continues at the same place. Distance, export and the other commands read a \
            checkpoint as a file of vectors.

            Example: w2v-c resume run.checkpoint
            """
    )

    @Argument(help: ArgumentHelp("The file of train's -checkpoint.", valueName: "checkpoint"), completion: .file())
    var checkpoint: String

    @Option(
        name: .original("train"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "The text, if it has moved. Repeat the flag for several files. Required if the text came from standard input.",
            valueName: "file"),
        completion: .file())
    var train: [String] = []

    @Option(
        name: .original("output"), parsing: .unconditional,
        help: ArgumentHelp("The file to write, instead of the run's output; - is standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(
        name: .original("binary"), parsing: .unconditional,
        help: ArgumentHelp("1: binary vectors. 0: text. (default: as in the run)", valueName: "0|1"))
    var binary: Switch?

    @Option(
        name: .original("threads"), parsing: .unconditional,
        help: ArgumentHelp("Threads for reading and training. (default: as in the run)", valueName: "count"))
    var threads: Int?

    @Option(
        name: .original("token-memory"), parsing: .unconditional,
        help: ArgumentHelp("Memory for the token ids, as for train. (default: as in the run)", valueName: "size"))
    var tokenMemory: MemorySize?

    @Option(
        name: .original("checkpoint-every"), parsing: .unconditional,
        help: ArgumentHelp(
            "Minutes between two checkpoints, or a percentage of the run. (default: as in the run)",
            valueName: "minutes|N%"))
    var interval: CheckpointPlan.Interval?

    @Option(
        name: .original("log"), parsing: .unconditional,
        help: ArgumentHelp("The log to continue, instead of the run's.", valueName: "file"), completion: .file())
    var log: String?

    @Option(
        name: .original("debug"), parsing: .unconditional,
        help: ArgumentHelp(
            "2: summary and progress. 1: summary. 0: only what was written.",
            valueName: "level"))
    var debug = 2

    @Flag(
        name: .original("json"),
        help: "Print the summary as one JSON object at the end. All other messages go to standard error.")
    var json = false

    func validate() throws {
        try checkDebug(debug)
    }

    func run() throws {
        let checkpoint = try Checkpoint(contentsOf: checkpoint)
        guard var plan = RunPlan(note: checkpoint.note) else {
            throw ValidationError(
                "\(self.checkpoint): not a checkpoint of w2v-c train. Another program wrote it, and can resume it")
        }
        plan.output = output ?? plan.output
        plan.isBinary = binary?.isOn ?? plan.isBinary
        plan.interval = interval ?? plan.interval
        plan.log = log ?? plan.log
        plan.checkpoint = self.checkpoint
        guard !train.isEmpty || !checkpoint.readsStream else {
            throw ValidationError(
                """
                -train is missing: the run read its text from standard input or a pipe, which is gone; give a file with the \
                same text, or - to read it from standard input again
                """)
        }
        let messages = try Messages(besides: [("-output", plan.output), ("-log", plan.log)], isJSON: json)
        let paths = train.isEmpty ? checkpoint.corpusPaths : train
        try plan.checkOutputs(against: paths.map { ("-train", $0) })

        var options = checkpoint.options
        options.threads = threads ?? options.threads
        options.tokenMemory = tokenMemory?.bytes ?? options.tokenMemory
        let trainer = try checkingFlags { [options] () throws(Word2VecError) in try Trainer(options: options) }
        let session = try TrainingSession(
            plan: plan, trainer: trainer, debug: debug, messages: messages, from: checkpoint)
        if debug > 0 { saySummary(of: checkpoint, paths: paths, messages) }
        let corpus = try ProgressLine(isOn: debug > 1).follow { progress in
            try checkpoint.corpus(at: paths, options: options, progress: progress)
        }
        try session.run(corpus)
    }

    private func saySummary(of checkpoint: Checkpoint, paths: [String], _ messages: Messages) {
        let done = checkpoint.hasEnded ? "at its end" : "at \((checkpoint.fraction * 100).text(1))%"
        messages.say(
            """
            Vocab size: \(checkpoint.vocabulary.count)
            Run of \(checkpoint.options.epochs) epochs on \(paths.joined(separator: ", ")), \(done)
            """)
        if let set = try? InstructionSet.chosen().rawValue, set != checkpoint.instructionSet {
            messages.say(
                "Note: it was trained with \(checkpoint.instructionSet) and goes on with \(set): the bytes may differ")
        }
        if checkpoint.version != Word2VecVersion.current {
            messages.say(
                "Note: it was trained by version \(checkpoint.version), and this is \(Word2VecVersion.current)")
        }
    }
}
