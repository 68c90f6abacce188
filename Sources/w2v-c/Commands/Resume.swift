import ArgumentParser
import Word2Vec

struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on with a run of training from its checkpoint.",
        usage: "w2v-c resume CHECKPOINT [-threads N] [-output FILE] [flags]",
        discussion: """
            All that the run needs is in the checkpoint: options, vocabulary, parameters, the names of the text and of the \
            output. The text must be what it was. With one thread the vectors are, byte for byte, those of a run that was \
            not stopped; with several it goes on at the right place. A checkpoint is also a file of vectors, which \
            distance, export and the others read.

            Example: w2v-c resume run.checkpoint
            """
    )

    @Argument(help: ArgumentHelp("The file of train's -checkpoint.", valueName: "checkpoint"), completion: .file())
    var checkpoint: String

    @Option(
        name: .original("train"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Where the text is now; may be repeated. Required if it came from standard input. (default: where it was)",
            valueName: "file"),
        completion: .file())
    var train: [String] = []

    @Option(
        name: .original("output"), parsing: .unconditional,
        help: ArgumentHelp("Where to write, instead of the run's own output; - is standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(
        name: .original("binary"), parsing: .unconditional,
        help: ArgumentHelp("1: binary vectors, 0: text. (default: as the run has it)", valueName: "0|1"))
    var binary: Switch?

    @Option(
        name: .original("threads"), parsing: .unconditional,
        help: ArgumentHelp("Threads, instead of the run's own number.", valueName: "count"))
    var threads: Int?

    @Option(
        name: .original("token-memory"), parsing: .unconditional,
        help: ArgumentHelp("Memory for the text as token ids, as for train. (default: the run's)", valueName: "size"))
    var tokenMemory: MemorySize?

    @Option(
        name: .original("checkpoint-every"), parsing: .unconditional,
        help: ArgumentHelp(
            "Minutes between two checkpoints, or with % a part of the run. (default: the run's)",
            valueName: "minutes|N%"))
    var interval: CheckpointPlan.Interval?

    @Option(
        name: .original("log"), parsing: .unconditional,
        help: ArgumentHelp("The log to go on with, instead of the run's own.", valueName: "file"), completion: .file())
    var log: String?

    @Option(
        name: .original("debug"), parsing: .unconditional,
        help: ArgumentHelp(
            "2: summary and progress, 1: summary, 0: only the last line, which says what was written.",
            valueName: "level"))
    var debug = 2

    @Flag(
        name: .original("json"),
        help: "The summary as one JSON object at the end; all else that is said goes to standard error.")
    var json = false

    func validate() throws {
        try checkDebug(debug)
    }

    func run() throws {
        let checkpoint = try Checkpoint(contentsOf: checkpoint)
        guard var plan = RunPlan(note: checkpoint.note) else {
            throw ValidationError(
                "\(self.checkpoint): no run of w2v-c train; it was written by another program, which can go on with it")
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
