import ArgumentParser
import Word2Vec

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train word vectors on a text file.",
        usage: "w2v-c train -train FILE ... -output FILE [flags]",
        discussion: """
            The text is UTF-8. Words are separated by spaces, tabs, NULs and line ends; each line is a sentence. A line \
            ends with LF, CR LF, or CR. A byte order mark is skipped. With -exact 1 the rules are the original's: a CR is \
            deleted, a NUL hides the rest of its word, and a byte order mark is part of the first word.

            The flags, files and defaults are those of the original word2vec, except for -threads and -binary.

            Example: w2v-c train -train corpus.txt -output vectors.bin -cbow 0 -negative 5

            The first Ctrl-C (or SIGTERM, SIGHUP) stops the run and saves its state in the file of -checkpoint. Without \
            -checkpoint it writes the vectors so far to the output's name plus .partial. The second Ctrl-C stops the \
            program at once. Existing files are never left incomplete. Exit codes: 0 success, 1 error, 64 wrong flag, \
            130, 143 and 129 after Ctrl-C, SIGTERM and SIGHUP.
            """
    )

    @OptionGroup(title: "Files") var files: Files
    @OptionGroup(title: "Model") var model: Model
    @OptionGroup(title: "Training") var training: Training
    @OptionGroup(title: "Run") var execution: Execution
    @OptionGroup(title: "Long runs") var supervision: Supervision

    /// The flags as the library takes them.
    var options: TrainingOptions {
        var options = TrainingOptions()
        options.architecture = model.cbow.isOn ? .cbow : .skipGram
        options.cbowGradient = model.cbowGradient ?? options.cbowGradient
        options.dimensions = model.size
        options.window = model.window
        options.loss = model.loss ?? options.loss
        options.negatives = model.negative ?? options.negatives
        options.sharing = model.share ?? options.sharing
        options.variance = model.variance
        options.negativeReuse = model.reuse
        options.noiseExponent = model.noiseExponent
        options.hierarchicalSoftmax = model.hierarchicalSoftmax.isOn
        options.sample = training.sample
        options.holdout = training.holdout
        training.rules.apply(to: &options)
        options.alpha = training.alpha
        options.epochs = training.iterations
        options.threads = execution.threads
        options.tokenMemory = execution.tokenMemory?.bytes
        options.seed = execution.seed ?? options.seed
        options.exact = execution.exact.isOn
        return options
    }

    func validate() throws {
        guard files.output != nil || files.saveVocabulary != nil else {
            throw ValidationError("-output is missing: there is nowhere to write the vectors")
        }
        guard files.classes >= 0 else { throw ValidationError("-classes must be 0 or above, found \(files.classes)") }
        try checkDebug(execution.debug)
        guard !execution.exact.isOn || model.share != .window else {
            throw ValidationError("-share must be pair with -exact 1, found window")
        }
        try checkIsFile(supervision.checkpoint, of: "-checkpoint")
        try training.rules.check()
        try validateSupervision()
        if model.loss == .softmax {
            guard (model.negative ?? 0) == 0 else {
                throw ValidationError(
                    "-negative must be 0 with -loss softmax, found \(model.negative ?? 0)")
            }
            for (flag, isGiven) in [("share", model.share != nil), ("reuse", model.reuse != nil)] where isGiven {
                throw ValidationError("-\(flag) cannot be used with -loss softmax, which has no negative samples")
            }
        }
        try checkingFlags { () throws(Word2VecError) in
            try options.validate()
            if files.classes > 0 { try ClassOptions(count: files.classes).validate() }
        }
    }

    private func validateSupervision() throws {
        let run = supervision
        if files.output == nil {
            let flags: [(String, Bool)] = [
                ("checkpoint", run.checkpoint != nil), ("log", run.log != nil), ("eval", run.evaluation != nil),
                ("init", run.initialVectors != nil), ("holdout", training.holdout != 0),
            ]
            for (flag, isGiven) in flags where isGiven {
                throw ValidationError("-\(flag) needs -output: without it nothing is trained")
            }
        }
        guard run.interval == nil || run.checkpoint != nil else {
            throw ValidationError("-checkpoint-every needs -checkpoint")
        }
        if let patience = run.patience {
            guard patience > 0 else { throw ValidationError("-early-stop must be 1 or above, found \(patience)") }
            guard run.evaluation != nil else {
                throw ValidationError("-early-stop needs -eval")
            }
        }
        guard run.initialVectors == nil || !execution.exact.isOn else {
            throw ValidationError("-init cannot be used with -exact 1")
        }
    }

    func run() throws {
        try TrainRun(
            files: files, supervision: supervision, options: options, debug: execution.debug,
            isJSON: execution.json, seedIsGiven: execution.seed != nil
        ).run()
    }
}
