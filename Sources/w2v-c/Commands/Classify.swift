import ArgumentParser
import Word2Vec

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a text classifier on word vectors, evaluate it, and use it.",
        usage: """
            w2v-c classify -vectors FILE -train FILE [-test FILE | -k-fold N] [-predict FILE] [-save FILE] [flags]
            w2v-c classify -vectors FILE -model FILE [-test FILE] [-predict FILE] [flags]
            """,
        discussion: """
            Labeled files have one line per example: a label, a tab and a text. A text is represented by the mean of its word \
            vectors. A two-layer network (sigmoid units, then a softmax) predicts the label from that mean. Words without a \
            vector are skipped, and so are lines in which no word has one. Both are counted and reported. To classify the \
            nodes of a graph, train vectors on random walks; each node is then a text of one word.

            Examples:
              w2v-c classify -vectors vectors.bin -train verses.tsv -k-fold 5
              w2v-c classify -vectors vectors.bin -train verses.tsv -save verses.model
              w2v-c classify -vectors vectors.bin -model verses.model -predict new.txt
            """
    )

    @OptionGroup(title: "Files") var files: Files
    @OptionGroup(title: "Training") var training: Training
    @OptionGroup(title: "Output") var output: Output

    struct Files: ParsableArguments {
        @Option(
            name: .original("vectors"), parsing: .unconditional,
            help: ArgumentHelp(
                "Word vectors, in any supported format. Required.", valueName: "file"),
            completion: .file())
        var vectors: String

        @Option(
            name: .original("train"), parsing: .unconditional,
            help: ArgumentHelp("Labeled lines to train on; - is standard input.", valueName: "file"),
            completion: .file())
        var train: String?

        @Option(
            name: .original("test"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Labeled lines to evaluate on. Prints the accuracy, precision and recall of each class, and the confusion \
                matrix.
                """, valueName: "file"), completion: .file())
        var test: String?

        @Option(
            name: .original("k-fold"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Cross-validate with this number of folds, instead of -test. Each fold has about the same share of each label. \
                It is tested with a classifier trained on the other folds.
                """, valueName: "count"))
        var folds: Int?

        @Option(
            name: .original("predict"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Lines of text to classify; - is standard input. Writes one line per text to standard output: the label, a tab \
                and its probability. If no word has a vector, the label is empty and the probability is 0. Messages go to \
                standard error.
                """, valueName: "file"), completion: .file())
        var predict: String?

        @Option(
            name: .original("save"), parsing: .unconditional,
            help: ArgumentHelp(
                "Write the classifier trained on all lines of -train. It does not contain the vectors: keep their file.",
                valueName: "file"), completion: .file())
        var save: String?

        @Option(
            name: .original("model"), parsing: .unconditional,
            help: ArgumentHelp(
                "Use a classifier written by -save, with the vectors it was trained with.", valueName: "file"),
            completion: .file())
        var model: String?

        @Option(
            name: .original("other-vectors"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                1: accept vectors that -model was not trained with. This is useful for a subset of the same vectors. With \
                unrelated vectors the predictions are meaningless.
                """, valueName: "0|1"))
        var otherVectors: Switch?
    }

    struct Training: ParsableArguments {
        private static let defaults = ClassifierOptions()

        @Option(
            name: .original("hidden"), parsing: .unconditional,
            help: ArgumentHelp("Number of units in the hidden layer. (default: \(defaults.hidden))", valueName: "count")
        )
        var hidden: Int?

        @Option(
            name: .original("alpha"), parsing: .unconditional,
            help: ArgumentHelp(
                "Initial learning rate. It decreases linearly to 1/10000 of this value. (default: \(defaults.alpha))",
                valueName: "rate"))
        var alpha: Double?

        @Option(
            name: .original("iter"), parsing: .unconditional,
            help: ArgumentHelp("Number of passes over the lines. (default: \(defaults.epochs))", valueName: "epochs"))
        var iterations: Int?

        @Option(
            name: .original("batch"), parsing: .unconditional,
            help: ArgumentHelp("Lines per mini-batch. (default: \(defaults.batch))", valueName: "lines"))
        var batch: Int?

        @Option(
            name: .original("l2"), parsing: .unconditional,
            help: ArgumentHelp(
                "L2 penalty: half of this value times the sum of the squared weights. (default: \(defaults.l2))",
                valueName: "number"))
        var l2: Double?

        @Option(
            name: .original("seed"), parsing: .unconditional,
            help: ArgumentHelp(
                "Seed of the random numbers. The same seed gives the same bytes. (default: \(defaults.seed))",
                valueName: "number"))
        var seed: UInt64?

        /// The names of the flags that were given.
        var given: [String] {
            [
                ("hidden", hidden != nil), ("alpha", alpha != nil), ("iter", iterations != nil),
                ("batch", batch != nil), ("l2", l2 != nil), ("seed", seed != nil),
            ].filter(\.1).map(\.0)
        }
    }

    struct Output: ParsableArguments {
        @Option(
            name: .original("top"), parsing: .unconditional,
            help: ArgumentHelp(
                "With -predict: the number of most probable labels to print, each with a tab and its probability. (default: 1)",
                valueName: "labels"))
        var top: Int?

        @Flag(
            name: .original("json"),
            help:
                "Print the result of -test or -k-fold as one JSON object, or each prediction of -predict as one object per line."
        )
        var json = false

        @Option(
            name: .original("debug"), parsing: .unconditional,
            help: ArgumentHelp(
                "1: also report what was read and how training went; 0: print results only.", valueName: "level"))
        var debug = 1
    }

    /// The options of the library that the flags set.
    var options: ClassifierOptions {
        var options = ClassifierOptions()
        options.hidden = training.hidden ?? options.hidden
        options.alpha = training.alpha ?? options.alpha
        options.epochs = training.iterations ?? options.epochs
        options.batch = training.batch ?? options.batch
        options.l2 = training.l2 ?? options.l2
        options.seed = training.seed ?? options.seed
        return options
    }

    func validate() throws {
        func refuse(_ flags: [(name: String, isGiven: Bool)], _ reason: String) throws {
            for flag in flags where flag.isGiven { throw ValidationError("-\(flag.name) \(reason)") }
        }
        if files.model != nil {
            let others = [("train", files.train), ("save", files.save)].map { ($0.0, $0.1 != nil) }
            try refuse(
                others + [("k-fold", files.folds != nil)] + training.given.map { ($0, true) },
                "cannot be used with -model, which is already trained")
        } else {
            try refuse([("other-vectors", files.otherVectors != nil)], "requires -model")
        }
        try refuse([("k-fold", files.folds != nil && files.test != nil)], "cannot be used with -test")
        if let folds = files.folds, folds < 2 { throw ValidationError("-k-fold must be 2 or above, found \(folds)") }
        if let top = output.top {
            guard top > 0 else { throw ValidationError("-top must be 1 or above, found \(top)") }
            try refuse([("top", files.predict == nil)], "requires -predict")
        }
        if output.json {
            let isMeasured = files.test != nil || files.folds != nil
            try refuse(
                [("json", isMeasured == (files.predict != nil))],
                isMeasured
                    ? "cannot be used with both -predict and -test or -k-fold" : "requires -test, -k-fold or -predict")
        }
        guard output.debug >= 0 else { throw ValidationError("-debug must be 0 or 1, found \(output.debug)") }
        guard [files.train, files.test, files.predict].count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("-: standard input can be read only once")
        }
        try checkIsFile(files.save, of: "-save")
        try checkingFlags(options.validate)
    }

    /// The error if a required flag is missing. It is not part of `validate`, so that a mistyped flag is reported
    /// first.
    private var missing: Failure? {
        if files.model == nil && files.train == nil {
            return Failure(description: "-train or -model is required (see w2v-c help classify)")
        }
        guard files.test == nil && files.folds == nil && files.predict == nil && files.save == nil else { return nil }
        return Failure(
            description: files.model == nil
                ? "-test, -k-fold, -predict or -save is required: without one, the classifier would be discarded"
                : "-test or -predict is required with -model")
    }

    func run() throws {
        if let missing { throw missing }
        let printer = ClassifyPrinter(
            isJSON: output.json, predicts: files.predict != nil, top: output.top ?? 1,
            isVerbose: output.debug > 0)
        try ClassifyRun(files: files, options: options, printer: printer).run()
    }
}
