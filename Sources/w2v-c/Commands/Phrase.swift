import ArgumentParser
import Word2Vec

struct Phrase: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phrase",
        abstract: "Join words that often occur together: new york -> new_york.",
        usage: "w2v-c phrase -train FILE ... -output FILE [flags]",
        discussion: """
            Reads a text and writes it with such pairs joined, so that the result can be trained on. The method is that of \
            the original word2phrase. Pairs are counted and joined within lines. A pair a b is joined if its score is above \
            the threshold. The score is (count(a b) - min-count) / (count(a) count(b)) x words.

            Example: w2v-c phrase -train corpus.txt -output phrases.txt -passes 2
            """
    )

    @OptionGroup var text: TextFiles

    @Option(
        name: .original("output"), parsing: .unconditional,
        help: ArgumentHelp(
            "The file to write; - is standard output. An existing file is replaced when the output is complete. Required.",
            valueName: "file"), completion: .file())
    var output: String

    @Option(
        name: .original("min-count"), parsing: .unconditional,
        help: ArgumentHelp("Words and pairs that occur less often than this are not joined.", valueName: "times"))
    var minCount = 5

    @Option(
        name: .original("threshold"), parsing: .unconditional,
        help: ArgumentHelp(
            "Join pairs with a score above this. A higher threshold gives fewer phrases.", valueName: "score"))
    var threshold = 100.0

    @Option(
        name: .original("passes"), parsing: .unconditional,
        help: ArgumentHelp(
            "Number of passes. Each pass reads the output of the one before, so two passes join up to four words.",
            valueName: "count"))
    var passes = 1

    @Option(
        name: .original("exact"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            1: reproduce the output of the original program byte for byte. It also joins pairs across lines, truncates words \
            to 58 bytes, and starts each line with a space.
            """, valueName: "0|1"))
    var exact = Switch.off

    @Option(
        name: .original("debug"), parsing: .unconditional,
        help: ArgumentHelp(
            "2: print a summary and the most frequent phrases; 1: only the summary; 0: only what was written.",
            valueName: "level"))
    var debug = 2

    @Flag(name: .original("json"), help: "Print one JSON object with all phrases instead of the summary.")
    var json = false

    /// The number of phrases that -debug 2 prints.
    private static let phrasesShown = 5

    private var options: PhraseOptions {
        var options = PhraseOptions()
        options.minimumCount = minCount
        options.threshold = threshold
        options.passes = passes
        options.exact = exact.isOn
        return options
    }

    func validate() throws {
        try checkDebug(debug)
        try checkingFlags(options.validate)
    }

    func run() throws {
        let messages = try Messages(besides: [("-output", output)], isJSON: json)
        let corpus = try Corpus(contentsOf: text.train)
        try checkOutput(output, against: text.train.map { ("-train", $0) })
        let results = try corpus.joinPhrases(to: output, options: options)
        if json {
            print(JSON.object([("output", .string(output)), ("passes", .array(results.map(Self.object)))]))
            return
        }
        for (number, result) in results.enumerated() where debug > 0 {
            if results.count > 1 { messages.say("Pass \(number + 1) of \(results.count)") }
            messages.say("Vocab size (words and pairs): \(result.vocabularySize)")
            messages.say("Words in train file: \(result.words)")
            if result.truncatedWords > 0 { messages.say("Truncated words: \(result.truncatedWords)") }
            messages.say("Joins: \(result.joins) (\(result.phrases.count) distinct phrases)")
            for phrase in result.phrases.prefix(debug > 1 ? Self.phrasesShown : 0) {
                messages.say("  \(phrase.text) \(phrase.count)  score \(phrase.score.text(1))")
            }
        }
        guard let last = results.last else { return }
        messages.say("Wrote \(last.words - last.joins) words to \(output), \(last.joins) of them joined pairs")
    }

    private static func object(_ result: Phrases) -> JSON {
        .object([
            ("vocabulary", .integer(result.vocabularySize)), ("words", .integer(result.words)),
            ("truncated", .integer(result.truncatedWords)), ("joins", .integer(result.joins)),
            (
                "phrases",
                .array(
                    result.phrases.map {
                        .object([
                            ("text", .string($0.text)), ("count", .integer($0.count)), ("score", .number($0.score)),
                        ])
                    })
            ),
        ])
    }
}
