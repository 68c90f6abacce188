import ArgumentParser
import Word2Vec

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Similarity: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Show the cosine of two words, or compare cosines with human scores for pairs of words.",
        usage: """
            w2v-c similarity VECTORS WORD WORD [-json]
            w2v-c similarity VECTORS [PAIRS...] [-json]
            """,
        discussion: """
            Two arguments are words if no file has either name. Otherwise all arguments are files; - is standard input. \
            Without arguments, pairs of words are read from standard input, one a line, and their cosines are shown. Use \
            this for words that are also names of files.

            Each line of a file has two words and a score, separated by tabs, commas or spaces. Lines that begin with # are \
            comments, and the first line may be a header. The result is Spearman's rho and Pearson's r over the pairs that \
            the vectors contain, and the missing words. Case is ignored if the exact word is missing.

            Examples:
              w2v-c similarity vectors.bin king queen
              w2v-c similarity vectors.bin ws353.tsv
            """
    )

    @Argument(
        help: ArgumentHelp("Word vectors; the format is recognized by content.", valueName: "vectors"),
        completion: .file())
    var vectors: String

    @Argument(
        help: ArgumentHelp("Two words, or files of pairs.", valueName: "word|pairs"), completion: .file())
    var arguments: [String] = []

    @Flag(name: .original("json"), help: "One JSON object for each file or pair, on a line of its own.")
    var json = false

    func run() throws {
        guard !arguments.isEmpty else { return try answerPairs(in: WordVectors(contentsOf: vectors)) }
        if arguments.count == 2, !arguments.contains(where: Self.isFile) {
            let vectors = try WordVectors(contentsOf: vectors)
            if let unknown = arguments.first(where: { vectors.rank(of: $0) == nil }) {
                throw Failure(description: "\(unknown): not in the vocabulary, and no file")
            }
            return try answer(arguments, in: vectors)
        }
        if arguments.count != 2, let word = arguments.first(where: { !Self.isFile($0) }) {
            throw ValidationError("\(word): no such file; words are compared two at a time, found \(arguments.count)")
        }
        let pairs = try arguments.map { try WordPairs(contentsOf: $0) }
        let vectors = try WordVectors(contentsOf: vectors)
        let results = zip(arguments, pairs).map { ($0, vectors.correlation(with: $1)) }
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

    /// Whether an argument is no word but a file.
    private static func isFile(_ argument: String) -> Bool {
        argument == "-" || FileManager.default.fileExists(atPath: argument)
    }

    private func answerPairs(in vectors: WordVectors) throws {
        try QuestionLines(prompt: "Enter two words (EXIT to break): ", isJSON: json).answerEach { words in
            guard words.count == 2 else {
                throw Word2VecError.wrongCount(of: "words of a pair", found: words.count, expected: 2)
            }
            try answer(words, in: vectors)
        }
    }

    private func answer(_ words: [String], in vectors: WordVectors) throws {
        let similarity = try vectors.similarity(between: words[0], and: words[1])
        if json {
            print(
                JSON.object([("words", .array(words.map(JSON.string))), ("similarity", .number(similarity))]))
        } else {
            print("\(words[0]) \(words[1]) \(Double(similarity).text(6))")
        }
    }
}
