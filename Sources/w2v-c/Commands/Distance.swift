import ArgumentParser
import Word2Vec

struct Distance: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the words nearest to a word, with cosines.",
        usage: "w2v-c distance VECTORS [WORD...] [-file FILE] [-count N] [-limit N] [-json]",
        discussion: """
            With several words, shows the neighbors of their sum. Without words, questions are read from standard input, \
            one a line, up to its end or a line EXIT.

            Example: w2v-c distance vectors.bin king david
            """
    )

    @Argument(
        help: ArgumentHelp("Word vectors; the format is recognized by content.", valueName: "vectors"),
        completion: .file())
    var vectors: String

    @Argument(help: ArgumentHelp("The word, or the words of a phrase.", valueName: "word"))
    var words: [String] = []

    @Option(
        name: .original("file"), parsing: .unconditional,
        help: ArgumentHelp(
            "Read the questions from this file, one word or phrase a line; - is standard input. They are answered in batches.",
            valueName: "file"), completion: .file())
    var file: String?

    @OptionGroup var options: QueryOptions

    func validate() throws {
        try options.check()
        guard file == nil || words.isEmpty else { throw ValidationError("-file and words cannot both be given") }
    }

    func run() throws {
        let vectors = try WordVectors(contentsOf: vectors)
        if !words.isEmpty {
            try answer(words, in: vectors)
            return
        }
        let lines = QuestionLines(prompt: "Enter word or sentence (EXIT to break): ", isJSON: options.json)
        let limit = try options.words()
        if let file {
            try lines.forEachBatch(of: file) { (questions) throws(Word2VecError) in
                try answer(all: questions, of: lines, in: vectors, limit: limit)
            }
        } else {
            try lines.answerEach { try answer($0, in: vectors) }
        }
    }

    /// Asks together what can be answered.
    private func answer(
        all questions: [[String]], of lines: QuestionLines, in vectors: WordVectors, limit: Int?
    ) throws(Word2VecError) {
        let unknown = questions.map { $0.first { vectors.rank(of: $0) == nil } }
        let known = zip(questions, unknown).filter { $1 == nil }.map { $0.0 }
        var answers = try vectors.neighbors(ofAll: known, count: options.count, limit: limit).makeIterator()
        for (words, unknown) in zip(questions, unknown) {
            if let unknown {
                lines.show(.unknownWord(unknown), for: words)
            } else if let neighbors = answers.next() {
                show(neighbors, for: words, in: vectors)
            }
        }
    }

    private func answer(_ words: [String], in vectors: WordVectors) throws {
        let neighbors = try vectors.neighbors(of: words, count: options.count, limit: options.words())
        show(neighbors, for: words, in: vectors)
    }

    private func show(_ neighbors: [Neighbor], for words: [String], in vectors: WordVectors) {
        showNeighbors(
            neighbors, for: words, in: vectors, value: "Cosine",
            values: vectors.originalCosines(of: neighbors, to: words.map { ($0, true) }), isJSON: options.json)
    }
}
