import ArgumentParser
import Foundation
import Machine
import Word2Vec

@main
struct SearchBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Answers questions from standard input and tells the time that each took; search.sh asks them.",
        discussion: """
            A line of words in, a line of name=value out, with the seconds of processor time and of wall time:
              neighbors COUNT WORD       the nearest words, one query
              batch COUNT WORD...        those of several words in one call
              accuracy FILE LIMIT add|multiply
              read                       reads as many bytes as the int8 copy has, in order
            """
    )

    @Argument(help: "The vectors to ask.") var vectors: String

    func run() throws {
        let vectors = try WordVectors(contentsOf: vectors)
        // What a pass over the int8 copy reads: D bytes, rounded up to 16, and two floats a row.
        let bytes = vectors.count * ((vectors.dimensions + 15) / 16 * 16 + 8)
        let memory = SequentialMemory(byteCount: bytes)
        let first = try Timing { _ = try vectors.neighbors(of: vectors.word(at: 0), count: 1) }
        print("\(first.text) words=\(vectors.count) dimensions=\(vectors.dimensions) bytes=\(bytes)")
        fflush(nil)
        while let line = readLine() {
            print(try Self.answer(line.split(separator: " ").map(String.init), vectors, memory))
            fflush(nil)
        }
    }

    private static func answer(_ words: [String], _ vectors: WordVectors, _ memory: SequentialMemory) throws -> String {
        switch words.first {
        case "neighbors" where words.count == 3:
            var found: [Neighbor] = []
            let timing = try Timing { found = try vectors.neighbors(of: words[2], count: Int(words[1]) ?? 10) }
            return timing.text + " found=" + text(of: found)
        case "batch" where words.count > 2:
            var found: [[Neighbor]] = []
            let timing = try Timing {
                found = try vectors.neighbors(ofAll: Array(words[2...]), count: Int(words[1]) ?? 10)
            }
            return timing.text + " found=" + found.map(text).joined(separator: ";")
        case "accuracy" where words.count == 4:
            var total: AnalogyAccuracy.Section?
            let timing = try Timing {
                total = try vectors.accuracy(
                    on: AnalogyQuestions(contentsOf: words[1]), limit: Int(words[2]),
                    method: AnalogyMethod(rawValue: words[3]) ?? .addition
                ).total
            }
            return timing.text + " asked=\(total?.asked ?? 0) correct=\(total?.correct ?? 0)"
        case "read":
            let timing = Timing { memory.read() }
            return timing.text
        default: throw ValidationError("no such question: \(words.joined(separator: " "))")
        }
    }

    private static func text(of found: [Neighbor]) -> String {
        found.map { "\($0.word):\($0.similarity)" }.joined(separator: ",")
    }
}

/// Processor time of all threads, and wall time, of a piece of work.
private struct Timing {
    var processor: Double
    var wall: Double

    init(_ work: () throws -> Void) rethrows {
        let (clock, start, before) = (ContinuousClock(), ContinuousClock().now, Core.processorSeconds)
        try work()
        processor = Core.processorSeconds - before
        wall = (clock.now - start) / .seconds(1)
    }

    var text: String { "processor=\(processor) wall=\(wall)" }
}
