import ArgumentParser
import Word2Vec

struct Odd: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which word does not belong with the others.",
        usage: "w2v-c odd VECTORS [WORD...] [-json]",
        discussion: """
            It is the word with the smallest cosine to the mean of all the vectors, each scaled to length 1. Without words, \
            lines of words are read from standard input, up to its end or a line EXIT.

            Example: w2v-c odd vectors.bin bread fish wine moses
            """
    )

    @Argument(
        help: ArgumentHelp("Word vectors; the format is recognized by content.", valueName: "vectors"),
        completion: .file())
    var vectors: String

    @Argument(help: ArgumentHelp("Two words or more.", valueName: "word"))
    var words: [String] = []

    @Flag(name: .original("json"), help: "One JSON object a question, on a line of its own.")
    var json = false

    func run() throws {
        let vectors = try WordVectors(contentsOf: vectors)
        if !words.isEmpty {
            try answer(words, in: vectors)
            return
        }
        try QuestionLines(prompt: "Enter words (EXIT to break): ", isJSON: json).answerEach {
            try answer($0, in: vectors)
        }
    }

    private func answer(_ words: [String], in vectors: WordVectors) throws {
        let odd = try vectors.oddOneOut(of: words)
        if json {
            print(JSON.object([("words", .array(words.map(JSON.string))), ("odd", .string(odd))]))
        } else {
            print(odd)
        }
    }
}
