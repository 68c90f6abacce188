import ArgumentParser
import Word2Vec

struct Accuracy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Count how many analogies the vectors answer right.",
        usage: "w2v-c accuracy VECTORS QUESTIONS [-limit N] [-method add|multiply] [-json]",
        discussion: """
            QUESTIONS has the format of questions-words.txt: lines of four words, A B C D, where D is the right answer, and a \
            line ": name" before each section. The first five sections are semantic, the others syntactic. Questions with a \
            word that the vectors lack are skipped. Case is ignored in all scripts (Unicode's default case folding): among \
            words that differ only in case, the most frequent one counts.

            Example: w2v-c accuracy vectors.bin questions-words.txt -limit 30000
            """
    )

    @Argument(
        help: ArgumentHelp("Word vectors; the format is recognized by content.", valueName: "vectors"),
        completion: .file())
    var vectors: String

    @Argument(help: ArgumentHelp("The analogies.", valueName: "questions"), completion: .file())
    var questions: String

    @Option(
        name: .original("limit"), parsing: .unconditional,
        help: ArgumentHelp("Use only the first N words, the most frequent. (default: all)", valueName: "words"))
    var limit: Int?

    /// What -limit was called; 0 is all.
    @Option(name: .original("threshold"), parsing: .unconditional, help: .hidden)
    var threshold: Int?

    @Option(
        name: .original("method"), parsing: .unconditional,
        help: ArgumentHelp("add: 3CosAdd, multiply: 3CosMul (Levy and Goldberg 2014).", valueName: "add|multiply"))
    var method = AnalogyMethod.addition

    @Flag(name: .original("json"), help: "One JSON object in place of a table.")
    var json = false

    func validate() throws {
        _ = try wordLimit(limit, threshold: threshold)
    }

    func run() throws {
        let questions = try AnalogyQuestions(contentsOf: questions)
        let vectors = try WordVectors(contentsOf: vectors)
        let result = try vectors.accuracy(
            on: questions, limit: wordLimit(limit, threshold: threshold), method: method)
        if json {
            print(
                JSON.object([
                    ("sections", .array(result.sections.map(Self.object))), ("total", Self.object(result.total)),
                    ("semantic", Self.object(result.semantic)), ("syntactic", Self.object(result.syntactic)),
                ]))
            return
        }
        var table = TextTable(["Section", "Accuracy", "Right", "Asked", "Unknown"], leftAligned: [0])
        for section in result.sections {
            table.append([
                section.name.isEmpty ? "(no name)" : section.name, Self.percent(section.accuracy), "\(section.correct)",
                "\(section.asked)",
                "\(section.unknown)",
            ])
        }
        print(table.text)
        print(
            """

            Total accuracy: \(Self.percent(result.total.accuracy))   \
            Semantic accuracy: \(Self.percent(result.semantic.accuracy))   \
            Syntactic accuracy: \(Self.percent(result.syntactic.accuracy))
            Questions seen / total: \(result.total.asked) \(result.total.total)   \
            \(Self.percent(Double(result.total.asked) / Double(max(result.total.total, 1))))
            """)
    }

    private static func percent(_ share: Double?) -> String {
        share.map { ($0 * 100).text(2) + " %" } ?? "-"
    }

    private static func object(_ section: AnalogyAccuracy.Section) -> JSON {
        .object([
            ("name", .string(section.name)), ("accuracy", .number(section.accuracy)),
            ("correct", .integer(section.correct)), ("asked", .integer(section.asked)),
            ("unknown", .integer(section.unknown)),
        ])
    }
}
