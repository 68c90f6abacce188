import ArgumentParser
import Word2Vec

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a classifier of texts on word vectors, try it, and use it.",
        usage: """
            w2v-c classify -vectors FILE -train FILE [-test FILE | -k-fold N] [-predict FILE] [-save FILE] [flags]
            w2v-c classify -vectors FILE -model FILE [-test FILE] [-predict FILE] [flags]
            """,
        discussion: """
            Labelled files have a label, a tab and a text on each line. A text is taken for the mean of its words' vectors, \
            and a two-layer network (sigmoid units, then a softmax) learns the labels from that. Words without a vector are \
            left out, and lines without any other word; both are counted. A node of a graph is a text of one word, if its \
            vectors were trained on walks.

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
                "Word vectors, word2vec binary or text; recognised by content. Required.", valueName: "file"),
            completion: .file())
        var vectors: String

        @Option(
            name: .original("train"), parsing: .unconditional,
            help: ArgumentHelp("Labelled lines to train on; - is standard input.", valueName: "file"),
            completion: .file())
        var train: String?

        @Option(
            name: .original("test"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Labelled lines to try the classifier with: accuracy, precision and recall of each class, and the confusion \
                matrix.
                """, valueName: "file"), completion: .file())
        var test: String?

        @Option(
            name: .original("k-fold"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Without -test: deal the lines out to so many parts, each with about as many of each label, and try each part \
                with a classifier that the others trained.
                """, valueName: "count"))
        var folds: Int?

        @Option(
            name: .original("predict"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Lines of text to label; - is standard input. Answers go to standard output, one a line: the label, a tab and \
                its probability; an empty label and 0 where no word is known. All else goes to standard error then.
                """, valueName: "file"), completion: .file())
        var predict: String?

        @Option(
            name: .original("save"), parsing: .unconditional,
            help: ArgumentHelp(
                "Write the classifier that all lines of -train made. The vectors are not in it: keep their file.",
                valueName: "file"), completion: .file())
        var save: String?

        @Option(
            name: .original("model"), parsing: .unconditional,
            help: ArgumentHelp(
                "Use a classifier that -save wrote, with the vectors it was trained with.", valueName: "file"),
            completion: .file())
        var model: String?

        @Option(
            name: .original("other-vectors"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                1: take vectors that -model was not trained with. Good for a selection of the same; with others the answers \
                mean nothing.
                """, valueName: "0|1"))
        var otherVectors: Switch?
    }

    struct Training: ParsableArguments {
        private static let defaults = ClassifierOptions()

        @Option(
            name: .original("hidden"), parsing: .unconditional,
            help: ArgumentHelp("Units of the hidden layer. (default: \(defaults.hidden))", valueName: "count"))
        var hidden: Int?

        @Option(
            name: .original("alpha"), parsing: .unconditional,
            help: ArgumentHelp(
                "Starting learning rate; it falls linearly to 1/10000 of that. (default: \(defaults.alpha))",
                valueName: "rate"))
        var alpha: Double?

        @Option(
            name: .original("iter"), parsing: .unconditional,
            help: ArgumentHelp("Passes over the lines. (default: \(defaults.epochs))", valueName: "epochs"))
        var iterations: Int?

        @Option(
            name: .original("batch"), parsing: .unconditional,
            help: ArgumentHelp("Lines of a mini-batch. (default: \(defaults.batch))", valueName: "lines"))
        var batch: Int?

        @Option(
            name: .original("l2"), parsing: .unconditional,
            help: ArgumentHelp(
                "Penalty on large weights: half of this times the sum of their squares. (default: \(defaults.l2))",
                valueName: "number"))
        var l2: Double?

        @Option(
            name: .original("seed"), parsing: .unconditional,
            help: ArgumentHelp(
                "Start of all random numbers: the same seed gives the same bytes. (default: \(defaults.seed))",
                valueName: "number"))
        var seed: UInt64?

        /// Flags that were given.
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
                "-predict: the most probable labels to show, each with its probability behind a tab. (default: 1)",
                valueName: "labels"))
        var top: Int?

        @Flag(
            name: .original("json"),
            help:
                "The result of -test or -k-fold as one JSON object, or the answers of -predict as one each, on a line of its own."
        )
        var json = false

        @Option(
            name: .original("debug"), parsing: .unconditional,
            help: ArgumentHelp("1: say what was read and how training went, 0: only results.", valueName: "level"))
        var debug = 1
    }

    /// The flags as the library takes them.
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
                "is for training: -model is trained already")
        } else {
            try refuse([("other-vectors", files.otherVectors != nil)], "is for -model")
        }
        try refuse([("k-fold", files.folds != nil && files.test != nil)], "is for running without -test")
        if let folds = files.folds, folds < 2 { throw ValidationError("-k-fold must be 2 or above, found \(folds)") }
        if let top = output.top {
            guard top > 0 else { throw ValidationError("-top must be 1 or above, found \(top)") }
            try refuse([("top", files.predict == nil)], "is for -predict")
        }
        if output.json {
            let isMeasured = files.test != nil || files.folds != nil
            try refuse(
                [("json", isMeasured == (files.predict != nil))],
                isMeasured ? "is for either -predict or -test and -k-fold" : "is for -test, -k-fold and -predict")
        }
        guard output.debug >= 0 else { throw ValidationError("-debug must be 0 or 1, found \(output.debug)") }
        guard [files.train, files.test, files.predict].count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("-: standard input can be read only once")
        }
        try checkIsFile(files.save, of: "-save")
        try checkingFlags(options.validate)
    }

    /// What no run can do without. Not asked in `validate`: where a flag is missing another may be mistyped, and that is
    /// found after it.
    private var missing: Failure? {
        if files.model == nil && files.train == nil {
            return Failure(description: "-train is missing, or -model (see w2v-c help classify)")
        }
        guard files.test == nil && files.folds == nil && files.predict == nil && files.save == nil else { return nil }
        return Failure(
            description: files.model == nil
                ? "-test, -k-fold, -predict or -save is missing: nothing would come of the training"
                : "-test or -predict is missing: there is nothing to do with -model")
    }

    func run() throws {
        if let missing { throw missing }
        let printer = ClassifyPrinter(
            isJSON: output.json, predicts: files.predict != nil, top: output.top ?? 1,
            isTalkative: output.debug > 0)
        try ClassifyCommand(files: files, options: options, printer: printer).run()
    }
}
