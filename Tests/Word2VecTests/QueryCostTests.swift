#if os(Linux)
    import Foundation
    import TestSupport
    import Testing

    @testable import Word2Vec
    @testable import Word2VecCore

    /// What a small query asks of the system: nothing, neither memory nor facts about the machine.
    @Suite struct QueryCostTests {
        /// The sanitizers' allocators do not give freed memory back at once, and take new pages instead.
        private static let hasOrdinaryAllocator = ["ASAN_OPTIONS", "TSAN_OPTIONS"].allSatisfy {
            ProcessInfo.processInfo.environment[$0] == nil
        }

        @Test(.enabled(if: hasOrdinaryAllocator)) func aSmallQueryAsksNothingOfTheSystem() throws {
            var random = SeededGenerator(seed: 1)
            let vectors = try WordVectors(
                words: (0..<1229).map { "w\($0)" },
                vectors: (0..<1229).map { _ in (0..<20).map { _ in Float.random(in: -1...1, using: &random) } })
            func ask(_ times: Int) throws {
                for n in 0..<times { _ = try vectors.neighbors(of: "w\(n % 1229)", count: 40) }
            }
            try ask(200)
            let (pages, files) = (newPages, try reads())
            try ask(1000)
            let (morePages, moreFiles) = (newPages - pages, try reads() - files)
            // One mapping a query would be 1,000 pages, and one look at the number of cores 2,000 reads.
            #expect(morePages < 700)
            #expect(moreFiles < 100)
        }

        /// Pages of memory that this thread was the first to touch.
        private var newPages: Int {
            var usage = rusage()
            getrusage(1, &usage)  // RUSAGE_THREAD
            return Int(usage.ru_minflt)
        }

        /// How often this thread read from files.
        private func reads() throws -> Int {
            let text = try String(contentsOfFile: "/proc/thread-self/io", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("syscr: ") })
            return try #require(Int(line.dropFirst(7)))
        }
    }
#endif
