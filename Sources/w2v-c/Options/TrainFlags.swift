import ArgumentParser
import Word2Vec

extension Train {
    struct Files: ParsableArguments {
        @Option(
            name: .original("train"), parsing: .unconditionalSingleValue,
            help: ArgumentHelp(
                """
                The text to train on; - is standard input. Required. Repeat the flag for several files, which are read in \
                this order. The end of a file ends a line. Files compressed with gzip, bzip2, xz or zstd are decompressed by \
                these programs.
                """, valueName: "file"), completion: .file())
        var train: [String]

        @Option(
            name: .original("output"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                The file of the word vectors, or of the classes with -classes; - is standard output. An existing file is \
                replaced when the new one is complete. Without -output nothing is trained: the words are counted for -save-vocab.
                """, valueName: "file"), completion: .file())
        var output: String?

        @Option(
            name: .original("binary"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                1: binary vectors (float32). 0: text (six decimals). (default: from the name of the output. .bin is binary; \
                .safetensors, .npy and .tsv are their own formats, as in export; other names are text)
                """, valueName: "0|1"))
        var binary: Switch?

        @Option(
            name: .original("classes"), parsing: .unconditional,
            help: ArgumentHelp(
                "Group the words into this many classes by k-means, and write the classes. 0: write vectors.",
                valueName: "count"))
        var classes = 0

        @Option(
            name: .original("save-vocab"), parsing: .unconditional,
            help: ArgumentHelp(
                "Also write the vocabulary, one \"word count\" a line; - is standard output.", valueName: "file"),
            completion: .file())
        var saveVocabulary: String?

        @Option(
            name: .original("read-vocab"), parsing: .unconditional,
            help: ArgumentHelp(
                "Read words and counts from this file. Other words of the text are skipped.",
                valueName: "file"), completion: .file())
        var readVocabulary: String?
    }

    struct Model: ParsableArguments {
        @Option(
            name: .original("cbow"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                1: continuous bag of words (CBOW) predicts the center word from the mean of its window. Fast. \
                0: skip-gram predicts it from each word of the window. Better for rare words and small texts.
                """, valueName: "0|1"))
        var cbow = Switch.on

        @Option(
            name: .original("cbow-gradient"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                undivided: each of the n words of a CBOW window gets the whole gradient of their mean, as in the original. \
                divided: each gets 1/n of it, the true gradient; use a higher -alpha. (default: undivided)
                """, valueName: "undivided|divided"))
        var cbowGradient: TrainingOptions.CBOWGradient?

        @Option(
            name: .original("size"), parsing: .unconditional,
            help: ArgumentHelp("Dimensions of a vector.", valueName: "count"))
        var size = 100

        @Option(
            name: .original("window"), parsing: .unconditional,
            help: ArgumentHelp(
                "The largest window: words on each side of the center. Each window's size is drawn uniformly from 1 to this.",
                valueName: "words"))
        var window = 5

        @Option(
            name: .original("loss"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                approximate: negative sampling or hierarchical softmax (-negative, -hs). softmax: the full softmax over all \
                words, which these approximate; slow, for at most 50,000 words. (default: approximate)
                """, valueName: "approximate|softmax"))
        var loss: TrainingOptions.Loss?

        @Option(
            name: .original("negative"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Negative samples for each prediction; 3 to 10 are common. 0: no negative sampling. (default: 5; 0 with \
                -loss softmax)
                """, valueName: "words"))
        var negative: Int?

        @Option(
            name: .original("share"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                window: all pairs of a window share their negative samples. Fast. pair: each pair draws its own, as in the \
                original. For skip-gram only: CBOW makes one prediction a window. (default: window)
                """, valueName: "window|pair"))
        var share: TrainingOptions.NegativeSharing?

        @Option(
            name: .original("variance"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                plain: -negative samples are drawn for each window. reduced: about two thirds as many, with a control \
                variate. Faster. For negative sampling only.
                """, valueName: "plain|reduced"))
        var variance = TrainingOptions.NegativeVariance.plain

        @Option(
            name: .original("reuse"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                How often a negative sample is used on average, at places of the text that are far apart. Reused samples \
                are in the processor's cache. 1: each use draws anew. (default: 8)
                """, valueName: "times"))
        var reuse: Int?

        @Option(
            name: .original("ns-exponent"), parsing: .unconditional,
            help: ArgumentHelp(
                "Negative samples are drawn in proportion to count^power. 0: uniformly. Below 0: rare words more often.",
                valueName: "power"))
        var noiseExponent = 0.75

        @Option(
            name: .original("hs"), parsing: .unconditional,
            help: ArgumentHelp(
                "1: hierarchical softmax over a Huffman tree. It is added to negative sampling, unless -negative is 0.",
                valueName: "0|1"))
        var hierarchicalSoftmax = Switch.off
    }

    struct Training: ParsableArguments {
        @Option(
            name: .original("sample"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Subsampling: words that are more frequent than this share of the text are skipped at random. Useful values \
                are 1e-3 to 1e-5. 0: no subsampling.
                """, valueName: "share"))
        var sample = 1e-3

        @OptionGroup var rules: WordRules

        @Option(
            name: .original("holdout"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Leave this share of the lines out of training, and measure the loss on them. From 0 to below 1. -seed \
                chooses the lines. Their words count for the vocabulary. Each 1000 words of a longer line count as a line.
                """, valueName: "share"))
        var holdout = 0.0

        @Option(
            name: .original("alpha"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                The initial learning rate. It falls linearly to 1/10000 of this value. \
                (default: 0.05 with -cbow 1, 0.025 with -cbow 0)
                """, valueName: "rate"))
        var alpha: Double?

        @Option(
            name: .original("iter"), parsing: .unconditional,
            help: ArgumentHelp("Passes over the text.", valueName: "epochs"))
        var iterations = 5
    }

    struct Execution: ParsableArguments {
        @Option(
            name: .original("threads"), parsing: .unconditional,
            help: ArgumentHelp(
                "Threads for reading and training. (default: one for each core; 1 with -exact 1)",
                valueName: "count"))
        var threads: Int?

        @Option(
            name: .original("token-memory"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Memory for the token ids of the text, 4 bytes a token: in MB, or with K, M or G after the number. If the \
                text needs more, the ids are kept in a temporary file in TMPDIR (else /var/tmp). 0: always in a file. \
                (default: a quarter of the memory that the process may use)
                """, valueName: "size"))
        var tokenMemory: MemorySize?

        @Option(
            name: .original("seed"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                The seed of all random numbers. With -threads 1 the same seed gives the same bytes. -exact 1 ignores it. \
                (default: 1)
                """, valueName: "number"))
        var seed: UInt64?

        @Option(
            name: .original("exact"), parsing: .unconditional,
            help: ArgumentHelp(
                "1: reproduce the output of the original program byte for byte, on one thread. Slower.",
                valueName: "0|1"))
        var exact = Switch.off

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
    }

    struct Supervision: ParsableArguments {
        @Option(
            name: .original("checkpoint"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Save the state of the run in this file, for w2v-c resume. Each state replaces the previous one when it is \
                complete. The file can also be read as vectors.
                """, valueName: "file"), completion: .file())
        var checkpoint: String?

        @Option(
            name: .original("checkpoint-every"), parsing: .unconditional,
            help: ArgumentHelp(
                "Minutes between two checkpoints, or a percentage of the run. (default: 10)", valueName: "minutes|N%"))
        var interval: CheckpointPlan.Interval?

        @Option(
            name: .original("log"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Write progress to this file, one JSON object a line: every 10 seconds, after each epoch, and a summary at \
                the end. An existing file is replaced; w2v-c resume continues it. - is standard output.
                """, valueName: "file"), completion: .file())
        var log: String?

        @Option(
            name: .original("eval"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Evaluate the vectors with this file after each epoch: analogies as in questions-words.txt (among the 30,000 \
                most frequent words), or pairs of words with scores. It is an error if the vocabulary lacks the words of \
                every line.
                """, valueName: "file"), completion: .file())
        var evaluation: String?

        @Option(
            name: .original("early-stop"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Stop after this many epochs without a better score of -eval, and write the best vectors. Epochs without a \
                score are not counted.
                """,
                valueName: "epochs"))
        var patience: Int?

        @Option(
            name: .original("init"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Start from these vectors, of the same -size, to continue training on another text. Other words of the text \
                start at random; words that the text lacks are dropped. Often used with a lower -alpha.
                """, valueName: "vectors"), completion: .file())
        var initialVectors: String?
    }
}
