import ArgumentParser
import Foundation
import Machine
import Synchronization
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
              each COUNT TIMES           the nearest of words in turn, one query each: microseconds of this thread's time a
                                         query, of 20 series of TIMES
              lookups THREADS TIMES      looks all words up on each thread, TIMES each: nanoseconds of a thread's time a word
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
        case "each" where words.count == 3:
            return try each(times: Int(words[2]) ?? 1000, count: Int(words[1]) ?? 10, vectors)
        case "lookups" where words.count == 3:
            return lookups(threads: Int(words[1]) ?? 1, times: Int(words[2]) ?? 1, vectors)
        case "read":
            let timing = Timing { memory.read() }
            return timing.text
        default: throw ValidationError("no such question: \(words.joined(separator: " "))")
        }
    }

    /// Single queries one after the other.
    private static func each(times: Int, count: Int, _ vectors: WordVectors) throws -> String {
        let words = (0..<vectors.count).map { vectors.word(at: $0) }
        var samples = Samples()
        var found = 0
        for part in 0..<20 {
            let seconds = try Core.time {
                for n in 0..<times {
                    found += try vectors.neighbors(of: words[(part + 7 * n) % words.count], count: count).count
                }
            }
            samples.add(seconds * 1e6 / Double(times))
        }
        return "microseconds=\(samples.median.text(2)) least=\(samples.quantile(0).text(2)) "
            + "most=\(samples.quantile(1).text(2)) found=\(found)"
    }

    /// The first lookups in a mapped file make the index of its words, which is no part of the time.
    private static func lookups(threads: Int, times: Int, _ vectors: WordVectors) -> String {
        let words = (0..<vectors.count).map { vectors.word(at: $0) }
        for _ in 0..<100 { _ = vectors.rank(of: "no word") }
        let clock = ContinuousClock()
        let start = clock.now
        let seconds = Mutex<[Double]>([])
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            var found = 0
            let time = Core.time {
                for _ in 0..<times { for word in words where vectors.contains(word) { found += 1 } }
            }
            precondition(found == times * words.count, "a word was not found")
            seconds.withLock { $0.append(time) }
        }
        let wall = (clock.now - start) / .seconds(1)
        let lookups = Double(times * words.count)
        let mean = seconds.withLock { $0.reduce(0, +) } / Double(threads)
        return "nanoseconds=\((mean * 1e9 / lookups).text(1)) wall=\((wall * 1e9 / lookups).text(1))"
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
