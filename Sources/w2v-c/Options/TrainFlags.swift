import ArgumentParser
import Word2Vec

extension Train {
    struct Files: ParsableArguments {
        @Option(
            name: .original("train"), parsing: .unconditionalSingleValue,
            help: ArgumentHelp(
                """
                The text to train on; - is standard input. Required. May be repeated: the files are read in this order, and \
                each ends its last line. Files compressed with gzip, bzip2, xz or zstd are read through these programs.
                """, valueName: "file"), completion: .file())
        var train: [String]

        @Option(
            name: .original("output"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Where to write the word vectors, or with -classes the classes; - is standard output. An existing file is \
                replaced when all is written. Without it nothing is trained; the words are counted for -save-vocab.
                """, valueName: "file"), completion: .file())
        var output: String?

        @Option(
            name: .original("binary"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                1: binary vectors (float32), 0: text (six decimals). (default: by the output's name: 1 for .bin; \
                .safetensors, .npy and .tsv have formats of their own, as in export; else 0)
                """, valueName: "0|1"))
        var binary: Switch?

        @Option(
            name: .original("classes"), parsing: .unconditional,
            help: ArgumentHelp(
                "Group the words into this many classes by k-means and write those instead of vectors. 0: write vectors.",
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
                "Take words and counts from this file instead of counting; other words of the text are skipped.",
                valueName: "file"), completion: .file())
        var readVocabulary: String?
    }

    struct Model: ParsableArguments {
        @Option(
            name: .original("cbow"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                1: continuous bag of words, the center is predicted from the mean of its window; fast. \
                0: skip-gram, each word of the window on its own; better for rare words and small texts.
                """, valueName: "0|1"))
        var cbow = Switch.on

        @Option(
            name: .original("cbow-gradient"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                undivided: each word of a window receives all of CBOW's error, as in the original. divided: 1/n of it for n \
                words, the gradient of their mean; it wants a higher -alpha. (default: undivided)
                """, valueName: "undivided|divided"))
        var cbowGradient: TrainingOptions.CBOWGradient?

        @Option(
            name: .original("size"), parsing: .unconditional,
            help: ArgumentHelp("Dimensions of a vector.", valueName: "count"))
        var size = 100

        @Option(
            name: .original("window"), parsing: .unconditional,
            help: ArgumentHelp(
                "The most words taken on either side of a word; each time from 1 to this many, drawn evenly.",
                valueName: "words"))
        var window = 5

        @Option(
            name: .original("loss"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                approximate: negative sampling or hierarchical softmax, as -negative and -hs say. softmax: the full softmax \
                that they stand for, all words for every window; slow, up to 50,000 words. (default: approximate)
                """, valueName: "approximate|softmax"))
        var loss: TrainingOptions.Loss?

        @Option(
            name: .original("negative"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Noise words drawn for each prediction (negative sampling); common are 3 to 10. 0: none. (default: 5, none \
                with -loss softmax)
                """, valueName: "words"))
        var negative: Int?

        @Option(
            name: .original("share"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                window: all pairs of a window share their noise words; fast. pair: each pair has its own, as in the \
                original; skip-gram only, CBOW has one pair a window. (default: window)
                """, valueName: "window|pair"))
        var share: TrainingOptions.NegativeSharing?

        @Option(
            name: .original("reuse"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                How often a noise word is used once it is drawn, on average, at places far apart; it is in the cache then. \
                1: each is drawn anew. (default: 8)
                """, valueName: "times"))
        var reuse: Int?

        @Option(
            name: .original("ns-exponent"), parsing: .unconditional,
            help: ArgumentHelp(
                "Noise words are drawn by count to this power; 0: all alike, below 0: rare ones more often.",
                valueName: "power"))
        var noiseExponent = 0.75

        @Option(
            name: .original("hs"), parsing: .unconditional,
            help: ArgumentHelp(
                "1: hierarchical softmax over a Huffman tree, beside negative sampling unless that is 0.",
                valueName: "0|1"))
        var hierarchicalSoftmax = Switch.off
    }

    struct Training: ParsableArguments {
        @Option(
            name: .original("sample"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Threshold, as a share of the text, above which occurrences of a word are skipped at random; useful are \
                1e-3 to 1e-5. 0: none are.
                """, valueName: "share"))
        var sample = 1e-3

        @OptionGroup var rules: WordRules

        @Option(
            name: .original("holdout"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Leave this share of the lines out of training, and measure the loss on them: from 0 to below 1. The lines are \
                chosen by -seed. Their words count for the vocabulary. Each 1000 words of a longer line are taken for a line.
                """, valueName: "share"))
        var holdout = 0.0

        @Option(
            name: .original("alpha"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Starting learning rate; it falls linearly to 1/10000 of that. \
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
                "Threads that read and train at once. (default: the machine's cores, 1 with -exact 1)",
                valueName: "count"))
        var threads: Int?

        @Option(
            name: .original("token-memory"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Memory for the text as token ids, 4 bytes a token: in MB, or with K, M or G behind the number. What is more \
                lies in a file in TMPDIR (else /var/tmp) that is gone with the run. 0: always in a file. \
                (default: a quarter of the memory that the process may use)
                """, valueName: "size"))
        var tokenMemory: MemorySize?

        @Option(
            name: .original("seed"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Start of all random numbers. At -threads 1 the same seed gives the same bytes. Not used by -exact 1. \
                (default: 1)
                """, valueName: "number"))
        var seed: UInt64?

        @Option(
            name: .original("exact"), parsing: .unconditional,
            help: ArgumentHelp(
                "1: write the very bytes of the original program at one thread, quirks and all. Slower.",
                valueName: "0|1"))
        var exact = Switch.off

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
    }

    struct Supervision: ParsableArguments {
        @Option(
            name: .original("checkpoint"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Keep the state of the run here, so that w2v-c resume can go on with it. Each state replaces the one before \
                when it is whole. It is a file of vectors, too.
                """, valueName: "file"), completion: .file())
        var checkpoint: String?

        @Option(
            name: .original("checkpoint-every"), parsing: .unconditional,
            help: ArgumentHelp(
                "Minutes between two states, or with % a part of the run. (default: 10)", valueName: "minutes|N%"))
        var interval: CheckpointPlan.Interval?

        @Option(
            name: .original("log"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Append progress to this file, a JSON object a line: every 10 seconds, after each epoch, and a summary at the \
                end. An existing file is replaced, and continued by w2v-c resume; - is standard output.
                """, valueName: "file"), completion: .file())
        var log: String?

        @Option(
            name: .original("eval"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                After each epoch, measure the vectors by this file: analogies as in questions-words.txt (among the 30,000 \
                most frequent words), or pairs of words with scores. A file that no vectors of this vocabulary can be scored by is \
                an error.
                """, valueName: "file"), completion: .file())
        var evaluation: String?

        @Option(
            name: .original("early-stop"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Stop after so many epochs that -eval found no better, and keep the vectors of the best. Epochs without a score \
                are not counted.
                """,
                valueName: "epochs"))
        var patience: Int?

        @Option(
            name: .original("init"), parsing: .unconditional,
            help: ArgumentHelp(
                """
                Start from these vectors, of the same -size; words that they lack start at random, and their words that are \
                not in the text are dropped. For going on with vectors on another text, mostly with a lower -alpha.
                """, valueName: "vectors"), completion: .file())
        var initialVectors: String?
    }
}
