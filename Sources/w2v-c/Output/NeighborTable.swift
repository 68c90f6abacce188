import ArgumentParser
import Word2Vec

/// The vectors that a question is put to, and how the answer is shown.
struct QueryOptions: ParsableArguments {
    @Option(
        name: .original("count"), parsing: .unconditional,
        help: ArgumentHelp("Words to show.", valueName: "words"))
    var count = 40

    @Option(
        name: .original("limit"), parsing: .unconditional,
        help: ArgumentHelp(
            "Show only words among the first so many, the most frequent. (default: all)", valueName: "words"))
    var limit: Int?

    /// What -limit was called; 0 is all.
    @Option(name: .original("threshold"), parsing: .unconditional, help: .hidden)
    var threshold: Int?

    @Flag(name: .original("json"), help: "One JSON object a question, on a line of its own, in place of a table.")
    var json = false

    /// For the commands' validate().
    func check() throws {
        guard count > 0 else { throw ValidationError("-count must be 1 or above, found \(count)") }
        _ = try words()
    }

    /// The first so many words answer; nil: all.
    func words() throws -> Int? { try wordLimit(limit, threshold: threshold) }
}

extension AnalogyMethod: ExpressibleByArgument {}

/// Prints the words of a question and those that answer it, in a table with `values` if they are not the similarities.
func showNeighbors(
    _ neighbors: [Neighbor], for words: [String], in vectors: WordVectors, value: String, values: [Float]? = nil,
    isJSON: Bool
) {
    if isJSON {
        let question = words.map { word in
            JSON.object([("word", .string(word)), ("rank", vectors.rank(of: word).map(JSON.integer) ?? .null)])
        }
        let answer = neighbors.map { neighbor in
            JSON.object([
                ("word", .string(neighbor.word)), ("rank", .integer(neighbor.rank)),
                ("similarity", .number(neighbor.similarity)),
            ])
        }
        print(JSON.object([("words", .array(question)), ("neighbors", .array(answer))]))
        return
    }
    for word in words {
        if let rank = vectors.rank(of: word) { print("Word: \(word)  Position in vocabulary: \(rank)") }
    }
    let header = "Word"
    let width = neighbors.reduce(header.count) { max($0, $1.word.count) }
    func row(_ word: String, _ value: String) {
        print(String(repeating: " ", count: width - word.count) + word + "  " + value)
    }
    print()
    row(header, value)
    print(String(repeating: "-", count: width + 11))
    for (neighbor, value) in zip(neighbors, values ?? neighbors.map(\.similarity)) {
        row(neighbor.word, Double(value).text(6))
    }
}

extension JSON {
    /// A float by its own digits, not by those of the double that it is.
    static func number(_ value: Float) -> JSON {
        .number(Double("\(value)") ?? Double(value))
    }

    /// A number, or null.
    static func number(_ value: Double?) -> JSON {
        value.map { .number($0) } ?? .null
    }
}
