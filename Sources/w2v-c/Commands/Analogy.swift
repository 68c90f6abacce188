import ArgumentParser
import Word2Vec

struct Analogy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Solve analogies: A is to B as C is to ?",
        usage: "w2v-c analogy VECTORS [A B C] [-method add|multiply] [-count N] [-limit N] [-json]",
        discussion: """
            The answers are the words nearest to B - A + C, of vectors scaled to length 1. With -method multiply they are \
            the words with the largest 3CosMul. Without words, questions of three words are read from standard input, one \
            a line, up to its end or a line EXIT.

            Example: w2v-c analogy vectors.bin man king woman
            """
    )

    @Argument(
        help: ArgumentHelp("Word vectors; the format is recognized by content.", valueName: "vectors"),
        completion: .file())
    var vectors: String

    @Argument(help: ArgumentHelp("The three words.", valueName: "word"))
    var words: [String] = []

    @Option(
        name: .original("method"), parsing: .unconditional,
        help: ArgumentHelp("add: 3CosAdd, multiply: 3CosMul (Levy and Goldberg 2014).", valueName: "add|multiply"))
    var method = AnalogyMethod.addition

    @OptionGroup var options: QueryOptions

    func validate() throws {
        try options.check()
    }

    func run() throws {
        // Not in validate(), which runs before a mistyped flag is found.
        guard words.isEmpty || words.count == 3 else {
            throw ValidationError("an analogy has three words, found \(words.count)")
        }
        let vectors = try WordVectors(contentsOf: vectors)
        if !words.isEmpty {
            try answer(words, in: vectors)
            return
        }
        let lines = QuestionLines(prompt: "Enter three words (EXIT to break): ", isJSON: options.json)
        try lines.answerEach { words in
            guard words.count == 3 else {
                throw Word2VecError.wrongCount(of: "words of an analogy", found: words.count, expected: 3)
            }
            try answer(words, in: vectors)
        }
    }

    private func answer(_ words: [String], in vectors: WordVectors) throws {
        let neighbors = try vectors.analogy(
            words[0], is: words[1], to: words[2], method: method, count: options.count, limit: options.words())
        let terms = [(words[1], true), (words[0], false), (words[2], true)]
        showNeighbors(
            neighbors, for: words, in: vectors, value: method == .addition ? "Cosine" : "3CosMul",
            values: method == .addition ? vectors.originalCosines(of: neighbors, to: terms) : nil,
            isJSON: options.json)
    }
}
