import ArgumentParser
import Word2Vec

struct Vocab: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Count the words of a text.",
        usage: "w2v-c vocab -train FILE ... [-output FILE] [-min-count N] [-limit N] [-threads N] [-json]",
        discussion: """
            Writes a line "word count" for each word, the most frequent first, as train -save-vocab does. train -read-vocab \
            reads this file. The first line is </s>, the line end. The numbers of all words and of those kept are printed on \
            standard error.

            Example: w2v-c vocab -train corpus.txt -min-count 20 | head
            """
    )

    @OptionGroup var text: TextFiles

    @Option(
        name: .original("output"), parsing: .unconditional,
        help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @OptionGroup var rules: WordRules

    @Option(
        name: .original("threads"), parsing: .unconditional,
        help: ArgumentHelp("Threads for reading. (default: one for each core)", valueName: "count"))
    var threads: Int?

    @Flag(name: .original("json"), help: "One JSON object in place of lines.")
    var json = false

    private var options: TrainingOptions {
        var options = TrainingOptions()
        options.threads = threads
        rules.apply(to: &options)
        return options
    }

    func validate() throws {
        try rules.check()
        try checkingFlags(options.validate)
    }

    func run() throws {
        let corpus = try Corpus(contentsOf: text.train)
        try checkOutput(output, against: text.train.map { ("-train", $0) })
        let counted = try corpus.countedWords(options: options)
        let vocabulary = counted.vocabulary
        if json {
            try Answer.write("\(Self.object(counted))\n", to: output)
        } else {
            try vocabulary.write(to: output)
        }
        StandardError.write(
            """
            Words: \(counted.words), distinct: \(counted.distinctWords)
            \(counted.truncatedWords > 0 ? "Words cut because of their length: \(counted.truncatedWords)\n" : "")\
            Kept: \(counted.keptWords) distinct, which are \((counted.coverage * 100).text(2)) % of the words

            """)
        if !OutputPath.isStandardOutput(output) {
            StandardError.write("Wrote \(vocabulary.count) entries to \(output)\n")
        }
    }

    private static func object(_ counted: CountedWords) -> JSON {
        let vocabulary = counted.vocabulary
        return .object([
            ("words", .integer(counted.words)), ("distinct", .integer(counted.distinctWords)),
            ("truncated", .integer(counted.truncatedWords)), ("kept", .integer(counted.keptWords)),
            ("coverage", .number(counted.coverage)),
            (
                "vocabulary",
                .array(
                    (0..<vocabulary.count).map { rank in
                        .object([
                            ("word", .string(vocabulary.word(at: rank))), ("count", .integer(vocabulary.counts[rank])),
                        ])
                    })
            ),
        ])
    }
}
