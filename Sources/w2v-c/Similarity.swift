import ArgumentParser
import Word2Vec

struct Similarity: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare cosines of pairs of words with the scores that people gave them.",
        usage: "w2v-c similarity VECTORS [PAIRS...] [-json]",
        discussion: """
            A file has a pair a line: two words and a number between tabs, commas or spaces; lines that begin with # are \
            comments, and the first line may be a header. Shown are Spearman's rho and Pearson's r over the pairs whose \
            words the vectors hold, and words that are missing. Without files, pairs of words are read from standard \
            input, one a line, and their cosines shown.

            Example: w2v-c similarity vectors.bin ws353.tsv
            """
    )

    @Argument(help: ArgumentHelp("Word vectors; the format is recognised by content.", valueName: "vectors"))
    var vectors: String

    @Argument(help: ArgumentHelp("Files of pairs.", valueName: "pairs"))
    var files: [String] = []

    @Flag(name: .original("json"), help: "One JSON object for each file or pair, on a line of its own.")
    var json = false

    func run() throws {
        let pairs = try files.map { try WordPairs(contentsOf: $0) }
        let vectors = try WordVectors(contentsOf: vectors)
        guard !files.isEmpty else { return try answerPairs(in: vectors) }

        let results = zip(files, pairs).map { ($0, vectors.correlation(with: $1)) }
        if json {
            for (file, result) in results { print(Self.object(of: result, file: file)) }
            return
        }
        var table = TextTable(["File", "Spearman", "Pearson", "Pairs", "Of", "Unknown words"], leftAligned: [0])
        for (file, result) in results {
            table.append([
                file, result.spearman?.text(4) ?? "-", result.pearson?.text(4) ?? "-", "\(result.compared)",
                "\(result.total)", "\(result.unknownWords.count)",
            ])
        }
        print(table.text)
        for (file, result) in results where !result.unknownWords.isEmpty {
            let (words, more) = (
                result.unknownWords.prefix(Self.wordsShown), result.unknownWords.count - Self.wordsShown
            )
            print("\nUnknown in \(file): \(words.joined(separator: " "))\(more > 0 ? ", and \(more) more" : "")")
        }
    }

    /// Unknown words of a file that are shown; -json has them all.
    private static let wordsShown = 20

    private static func object(of result: SimilarityCorrelation, file: String) -> JSON {
        .object([
            ("file", .string(file)), ("spearman", .number(result.spearman)), ("pearson", .number(result.pearson)),
            ("pairs", .integer(result.compared)), ("total", .integer(result.total)),
            ("unknownWords", .array(result.unknownWords.map(JSON.string))),
        ])
    }

    private func answerPairs(in vectors: WordVectors) throws {
        try QuestionLines(prompt: "Enter two words (EXIT to break): ", isJSON: json).answerEach { words in
            guard words.count == 2 else {
                throw Word2VecError.wrongCount(of: "words of a pair", found: words.count, expected: 2)
            }
            let similarity = try vectors.similarity(between: words[0], and: words[1])
            if json {
                print(
                    JSON.object([
                        ("words", .array(words.map(JSON.string))), ("similarity", .number(similarity)),
                    ]))
            } else {
                print("\(words[0]) \(words[1]) \(Double(similarity).text(6))")
            }
        }
    }
}
