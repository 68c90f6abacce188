import ArgumentParser
import Word2Vec

struct Distance: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the words nearest to a word, with cosines.",
        usage: "w2v-c distance VECTORS [WORD...] [-count N]",
        discussion: """
            Several words ask for the neighbours of their sum. Without words, questions are read from standard input, one \
            a line, until its end or the line EXIT.

            Example: w2v-c distance vectors.bin king david
            """
    )

    @Argument(help: ArgumentHelp("Word vectors, word2vec binary or text; recognised by content.", valueName: "vectors"))
    var vectors: String

    @Argument(help: ArgumentHelp("The word, or the words of a phrase.", valueName: "word"))
    var words: [String] = []

    @Option(
        name: .original("count"), parsing: .unconditional,
        help: ArgumentHelp("Neighbours to show.", valueName: "words"))
    var count = 40

    func validate() throws {
        guard count > 0 else { throw ValidationError("-count must be 1 or above, found \(count)") }
    }

    func run() throws {
        let vectors = try WordVectors(contentsOf: vectors)
        if !words.isEmpty {
            try show(words, in: vectors)
            return
        }
        while true {
            StandardError.write("Enter word or sentence (EXIT to break): ")
            guard let line = readLine(), line != "EXIT" else { break }
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard !words.isEmpty else { continue }
            do {
                try show(words, in: vectors)
            } catch let error as Word2VecError {
                print(error)
            }
            StandardOutput.flush()
        }
    }

    private func show(_ words: [String], in vectors: WordVectors) throws {
        let neighbors = try vectors.neighbors(of: words, count: count)
        for word in words {
            if let rank = vectors.rank(of: word) { print("Word: \(word)  Position in vocabulary: \(rank)") }
        }
        let header = "Word"
        let width = neighbors.reduce(header.count) { max($0, $1.word.count) }
        func row(_ word: String, _ value: String) {
            print(String(repeating: " ", count: width - word.count) + word + "  " + value)
        }
        print()
        row(header, "Cosine")
        print(String(repeating: "-", count: width + 11))
        for neighbor in neighbors { row(neighbor.word, Double(neighbor.similarity).text(6)) }
    }
}
