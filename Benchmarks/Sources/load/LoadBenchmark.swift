import ArgumentParser
import Machine
import Word2Vec

@main
struct LoadBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Times how files of vectors are read.",
        subcommands: [Time.self, Make.self]
    )
}

/// Reads a file again and again.
struct Time: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads a file of vectors and looks a word up, again and again.",
        discussion: """
            open: until the vectors are there; a mapped file's values are not read then. word: until the rank of the file's \
            last word is known besides, which is the longest search. Wall time, and processor time over all threads, which \
            neighbors on the core do not share.
            """
    )

    @Argument(help: "A file of vectors.") var vectors: String
    @Option(name: .word("repeat"), help: "Measurements.") var repeats = 7

    func run() throws {
        let clock = ContinuousClock()
        var (open, word, processor) = (Samples(), Samples(), Samples())
        let first = try WordVectors(contentsOf: vectors)
        let last = first.word(at: first.count - 1)
        for _ in 0..<repeats {
            let (start, used) = (clock.now, Core.processorSeconds)
            let loaded = try WordVectors(contentsOf: vectors)
            open.add((clock.now - start) / .milliseconds(1))
            guard loaded.rank(of: last) != nil else { throw ValidationError("'\(last)' was not found again") }
            word.add((clock.now - start) / .milliseconds(1))
            processor.add(1000 * (Core.processorSeconds - used))
        }
        print("\(first.count) x \(first.dimensions), \(first.loading?.storage.rawValue ?? ""), \(repeats) measurements")
        for (name, samples) in [("open-ms", open), ("word-ms", word), ("processor-ms", processor)] {
            print("\(name)=\(samples.median.text(2)) best=\(samples.quantile(0).text(2))")
        }
    }
}

/// Makes a file to be read.
struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes random vectors, in the format that the output's name suggests.",
        discussion: "The words have 2 to 20 letters, 8 on average, like those of English texts."
    )

    @Option(name: .word("output"), help: "The file.") var output: String
    @Option(name: .word("words"), help: "Words.") var words = 400_000
    @Option(name: .word("size"), help: "Dimensions.") var size = 50

    func run() throws {
        var random = SeededGenerator(seed: 1)
        var seen: Set<String> = []
        var list: [String] = []
        while list.count < words {
            let length = 2 + (0..<3).reduce(0) { sum, _ in sum + Int.random(in: 0...4, using: &random) }
            let letters = (0..<length).map { _ in UInt8.random(in: 97...122, using: &random) }
            let word = String(decoding: letters, as: UTF8.self)
            if seen.insert(word).inserted { list.append(word) }
        }
        let vectors = try WordVectors(
            words: list,
            vectors: list.map { _ in (0..<size).map { _ in Float.random(in: -1...1, using: &random) } })
        try vectors.write(to: output, format: VectorFormat(path: output))
    }
}

extension NameSpecification {
    /// A flag with one dash and with two.
    fileprivate static func word(_ name: String) -> NameSpecification {
        [.customLong(name, withSingleDash: true), .customLong(name)]
    }
}
