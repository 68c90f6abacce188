import ArgumentParser
import Word2Vec

extension ClassOptions.Method: ExpressibleByArgument {}

struct Classes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Group the words of vectors by k-means.",
        usage: "w2v-c classes VECTORS -classes N [-output FILE] [flags]",
        discussion: """
            Writes a line "word class" for each word, in order of rank. Words are compared by cosine: vectors are scaled to \
            length 1. A summary of the classes follows, on standard output if the lines go to a file, else on standard error.

            Example: w2v-c classes vectors.bin -classes 500 -sort 1 -output classes.txt
            """
    )

    @Argument(
        help: ArgumentHelp("Word vectors; the format is recognized by content.", valueName: "vectors"),
        completion: .file())
    var vectors: String

    @Option(
        name: .original("classes"), parsing: .unconditional,
        help: ArgumentHelp("The number of classes. Required.", valueName: "count"))
    var classes: Int

    @Option(
        name: .original("output"), parsing: .unconditional,
        help: ArgumentHelp("Where to write the lines; - is standard output.", valueName: "file"),
        completion: .file())
    var output = "-"

    @Option(
        name: .original("method"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            kmeans++: starts from distant seeds and runs until no word moves. An empty class takes the word farthest from its \
            center. original: as train -classes, ten rounds from a fixed start.
            """, valueName: "kmeans++|original"))
    var method = ClassOptions.Method.plusPlus

    @Option(
        name: .original("seed"), parsing: .unconditional,
        help: ArgumentHelp(
            "The seed: the same seed gives the same classes. For kmeans++. (default: 1)",
            valueName: "number"))
    var seed: UInt64?

    @Option(
        name: .original("iter"), parsing: .unconditional,
        help: ArgumentHelp("The largest number of rounds. For kmeans++. (default: 100)", valueName: "rounds"))
    var iterations: Int?

    @Option(
        name: .original("sort"), parsing: .unconditional,
        help: ArgumentHelp("1: sort the lines by class, then by rank.", valueName: "0|1"))
    var sort = Switch.off

    @Flag(name: .original("json"), help: "One JSON object in place of lines, with the classes in order.")
    var json = false

    private var options: ClassOptions {
        var options = ClassOptions(count: classes)
        options.method = method
        options.seed = seed ?? options.seed
        options.iterations = iterations ?? options.iterations
        return options
    }

    func validate() throws {
        for (flag, isGiven) in [("seed", seed != nil), ("iter", iterations != nil)] where isGiven {
            guard method == .plusPlus else { throw ValidationError("-\(flag) is for -method kmeans++") }
        }
        try checkingFlags(options.validate)
    }

    func run() throws {
        try checkOutput(output, against: [("VECTORS", vectors)])
        let vectors = try WordVectors(contentsOf: vectors)
        let result = try vectors.classes(options)
        let cohesion = try vectors.cohesion(of: result)
        if json {
            try Answer.write("\(object(result, cohesion, of: vectors))\n", to: output)
        } else {
            try result.write(to: output, sorted: sort.isOn)
        }
        var report = json ? "" : Self.table(cohesion).text + "\n\n"
        report += """
            Inertia: \(cohesion.inertia.text(4))
            Mean cosine to the center: \(cohesion.meanCosine?.text(4) ?? "-")
            Rounds: \(result.rounds)

            """
        if cohesion.wordsWithoutDirection > 0 {
            report += "Words with a vector that is zero or not finite: \(cohesion.wordsWithoutDirection)\n"
        }
        if !OutputPath.isStandardOutput(output) {
            print(report + "Wrote \(result.count) classes of \(vectors.count) words to \(output)")
        } else {
            StandardError.write(report)
        }
    }

    private static func table(_ cohesion: ClassCohesion) -> TextTable {
        var table = TextTable(["Class", "Words", "Mean cosine"], leftAligned: [])
        for (group, size) in cohesion.sizes.enumerated() {
            table.append(["\(group)", "\(size)", cohesion.meanCosines[group]?.text(4) ?? "-"])
        }
        return table
    }

    private func object(_ result: WordClasses, _ cohesion: ClassCohesion, of vectors: WordVectors) -> JSON {
        .object([
            ("method", .string(method.rawValue)), ("rounds", .integer(result.rounds)),
            ("inertia", .number(cohesion.inertia)), ("meanCosine", .number(cohesion.meanCosine)),
            (
                "classes",
                .array(
                    result.members.enumerated().map { group, ranks in
                        .object([
                            ("class", .integer(group)), ("meanCosine", .number(cohesion.meanCosines[group])),
                            ("words", .array(ranks.map { .string(vectors.word(at: $0)) })),
                        ])
                    })
            ),
        ])
    }
}
