import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// What users have for corpora.
@Suite struct HostileCorpusTests {
    private let folder = try! TemporaryFolder()

    private func read(_ path: String, rules: TokenRules = .standard, threads: Int = 1) throws -> Reading {
        try Reading(
            Corpus(contentsOf: path).encoded(rules: rules, minimumCount: 1, vocabulary: nil, threads: threads))
    }

    static let texts: [(name: String, text: String, tokens: String)] = [
        ("NULs", "a\0b c\0\0 \0\n\0 d\n", "a b c </s> d </s>"),
        ("CRLF", "a b\r\n\r\nc\r\n", "a b </s> </s> c </s>"),
        ("CR alone", "a\rb c\r", "a </s> b c </s>"),
        ("line ends of all kinds", "a\r\rb\r\r\nc\n\rd", "a </s> </s> b </s> </s> c </s> </s> d </s>"),
        ("no final newline", "a b\nc d", "a b </s> c d </s>"),
        ("nothing but a word", "a", "a </s>"),
        ("a byte order mark", "\u{FEFF}a b\n\u{FEFF}a\n", "a b </s> \u{FEFF}a </s>"),
        ("a mark and a line end", "\u{FEFF}\na", "</s> a </s>"),
        ("white space of other scripts", "a\u{A0}b\u{3000}c\u{2028}d\n", "a\u{A0}b\u{3000}c\u{2028}d </s>"),
        ("control bytes", "a\u{1}\u{B}b \u{7F}\n", "a\u{1}\u{B}b \u{7F} </s>"),
        ("a sentence end that was written", "a </s> b\n", "a </s> b </s>"),
    ]

    @Test(arguments: texts.indices)
    func textsReadAsTheyShould(index: Int) throws {
        let (name, text, tokens) = Self.texts[index]
        let found = try read(folder.file("text", text))
        #expect(found.tokens == tokens.split(separator: " ").map(String.init), "\(name)")
    }

    @Test func aByteOrderMarkIsAWordsHeadInTheOriginal() throws {
        let path = try folder.file("marked", "\u{FEFF}a b\n")
        #expect(try read(path, rules: .original).tokens == ["\u{FEFF}a", "b", "</s>"])
        // Each file may have one, and half a one is none.
        let half = try folder.file("half", [0xEF, 0xBB] + Array("a ".utf8) + [0xEF])
        let corpus = try Corpus(contentsOf: [path, path, half])
        let encoded = try corpus.encoded(rules: .standard, minimumCount: 1, vocabulary: nil)
        #expect(Reading(encoded).tokens.prefix(6) == ["a", "b", "</s>", "a", "b", "</s>"])
        #expect(
            (0..<encoded.vocabulary.count).contains { encoded.vocabulary.table.bytes(at: $0).elementsEqual([0xEF]) })
    }

    @Test func aMillionEmptyLinesAreSentenceEnds() throws {
        let path = try folder.file("lines", String(repeating: "\n", count: 1_000_000) + "a")
        for threads in [1, 3] {
            let encoded = try Corpus(contentsOf: path).encoded(
                rules: .standard, minimumCount: 1, vocabulary: nil, threads: threads)
            #expect(encoded.vocabulary.counts == [1_000_001, 1])
            #expect(encoded.tokens[1_000_000] == 1 && encoded.tokens[1_000_001] == 0)
        }
    }

    @Test func textsWithoutAWordAreErrors() throws {
        for text in ["\n\n\n", " \t \r ", "\n \r\n\t", "\0\0", "\u{FEFF}", "\u{FEFF} \n"] {
            let path = try folder.file("blank", text)
            let lines = text.utf8.count { $0 == 10 }
            #expect(
                throws: Word2VecError.noWords(path: path, minimumCount: 5, words: 0, distinct: 0, highestCount: 0),
                "\(lines) lines"
            ) { try Corpus(contentsOf: path).encoded(options: TrainingOptions()) }
        }
        let wide = try folder.file("wide", "\u{3000}\u{A0}\n\u{85}")
        #expect(throws: Word2VecError.self) { try read(wide, rules: .folding) }
        #expect(try read(wide).vocabulary.count == 3)
    }

    @Test func bytesThatAreNotUTF8AreWordsAsTheyStand() throws {
        let words: [[UInt8]] = [[0xC3], [0xFF, 0xFE], [0x80, 0x80], [0xED, 0xA0, 0x80], [0xC3, 0x28]]
        let path = try folder.file("bytes", words.flatMap { $0 + [32] } + [10])
        for rules in [TokenRules.standard, .folding] {
            let table = try Corpus(contentsOf: path).encoded(rules: rules, minimumCount: 1, vocabulary: nil).vocabulary
                .table
            #expect((1..<table.count).map { Array(table.bytes(at: $0)) } == words)
        }
    }

    @Test func wordsOfAMegabyteAreCutAtACharacterAndCounted() throws {
        let wide = [UInt8](String(repeating: "漢", count: 350_000).utf8)
        let letters = [UInt8](repeating: 97, count: 1 << 20)
        let path = try folder.file("long", letters + [32] + wide + [10] + letters + Array(" b".utf8))
        for threads in [1, 2, 5] {
            let found = try read(path, threads: threads)
            #expect(found.truncated == 3)
            #expect(found.tokens.map(\.utf8.count) == [1024, 1023, 4, 1024, 1, 4])
        }
    }

    /// Writes a line of words of 1000 bytes.
    private func giantLine(bytes: Int) throws -> String {
        let path = try folder.file("line", "")
        let file = try #require(FileHandle(forWritingAtPath: path))
        let words = (0..<1000).map { String(repeating: "w", count: 1000 - "\($0) ".count) + "\($0) " }.joined()
        for _ in 0..<bytes / 1_000_000 { try file.write(contentsOf: Data(words.utf8)) }
        try file.close()
        return path
    }

    private func check(giantLineOf bytes: Int) throws {
        let path = try giantLine(bytes: bytes)
        let encoded = try Corpus(contentsOf: path).encoded(
            rules: .standard, minimumCount: 1, vocabulary: nil, threads: 2)
        #expect(encoded.tokenCount == bytes / 1000 + 1)
        #expect(encoded.vocabulary.count == 1001 && encoded.vocabulary.counts[0] == 1)
        #expect(encoded.tokens[encoded.tokenCount - 1] == 0 && encoded.tokens[encoded.tokenCount - 2] != 0)
    }

    @Test func aLineMayBeAllTheText() throws {
        try check(giantLineOf: 64_000_000)
    }

    @Test(.enabled(if: runsLongTests, "W2V_LONG_TESTS=1 runs it"))
    func aLineMayBeAGigabyte() throws {
        try check(giantLineOf: 1_000_000_000)
    }

    /// A file with a hole, which reads as NULs, and words before and behind it.
    private func check(holeOf bytes: UInt64, threads: [Int]) throws {
        let path = try folder.file("hole", "first words\nopen ")
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seek(toOffset: bytes)
        try file.write(contentsOf: Data("found behind the hole\nlast words".utf8))
        try file.close()
        for threads in threads {
            let found = try read(path, threads: threads)
            let expected = [
                "first", "words", "</s>", "open", "found", "behind", "the", "hole", "</s>", "last", "words", "</s>",
            ]
            #expect(found.tokens == expected, "\(threads) threads")
        }
    }

    @Test func wordsBehindAHoleAreFound() throws {
        try check(holeOf: 64_000_000, threads: [1, 2, 3])
    }

    @Test(.enabled(if: runsLongTests, "W2V_LONG_TESTS=1 runs it"))
    func wordsBehindFourGigabytesAreFound() throws {
        try check(holeOf: 4_400_000_000, threads: [2])
    }

    @Test func aFileThatShrinksInTheMiddleIsAnError() throws {
        let path = try folder.file("shrinking", String(repeating: "word and word\n", count: 20_000))
        let file = try InputFile(path: path)
        let reader = try file.reader()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        #expect(try reader.read(into: buffer).get() == 1 << 16)
        #expect(truncate(path, 100_000) == 0)
        #expect(try reader.read(into: buffer).get() == 100_000 - 1 << 16)
        #expect(throws: Word2VecError.cannotRead(path: path, reason: "it became shorter while it was read")) {
            try core(reader.next(1))
        }
    }

    @Test func aFileThatVanishesIsAnErrorOrReadToItsEnd() throws {
        let path = try folder.file("vanishing", "a b\n")
        let corpus = try Corpus(contentsOf: path)
        let file = try InputFile(path: path)
        let reader = try file.reader(of: 0..<4)
        try FileManager.default.removeItem(atPath: path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 16)
        defer { buffer.deallocate() }
        #expect(try reader.read(into: buffer).get() == 4)
        #expect(throws: Word2VecError.cannotRead(path: path, reason: "No such file or directory")) {
            try corpus.encoded(options: TrainingOptions())
        }
    }

    @Test func aFolderIsNoText() throws {
        #expect(throws: Word2VecError.cannotRead(path: folder.path, reason: "it is a directory")) {
            try Corpus(contentsOf: folder.path)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every file"))
    func aFileThatMayNotBeReadIsAnError() throws {
        let path = try folder.file("secret", "a\n")
        #expect(chmod(path, 0) == 0)
        #expect(throws: Word2VecError.cannotRead(path: path, reason: "Permission denied")) {
            try Corpus(contentsOf: path)
        }
    }

    @Test func aPipeWhoseWriterDiesEndsTheText() throws {
        let path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let writer = Process()
        writer.standardInput = FileHandle.nullDevice
        writer.executableURL = URL(filePath: "/bin/sh")
        writer.arguments = ["-c", "exec 3> \"$0\"; printf 'a b\\nc d' >&3; kill -9 $$", path]
        try writer.run()
        #expect(try read(path).tokens == ["a", "b", "</s>", "c", "d", "</s>"])
        writer.waitUntilExit()
    }
}

@Suite struct ReadingProgressTests {
    private let folder = try! TemporaryFolder()

    private func reports(of corpus: Corpus, threads: Int) throws -> (reports: [ReadingProgress], encoded: EncodedCorpus)
    {
        let reports = Locked<[ReadingProgress]>([])
        let inside = Locked(0)
        var options = TrainingOptions()
        (options.minimumCount, options.threads) = (1, threads)
        let encoded = try corpus.encoded(options: options) { progress in
            inside.withLock { $0 += 1 }
            #expect(inside.withLock { $0 } == 1, "two threads tell at once")
            for _ in 0..<100 { sched_yield() }  // as good an opportunity as there can be
            reports.withLock { $0.append(progress) }
            inside.withLock { $0 -= 1 }
        }
        return (reports.withLock { $0 }, encoded)
    }

    @Test(arguments: [1, 4])
    func itGoesFromTheFrontToTheEnd(threads: Int) throws {
        let line = "some words of a line that is read\n"
        let path = try folder.file("text", String(repeating: line, count: 100_000))
        let (reports, encoded) = try reports(of: Corpus(contentsOf: [path, path]), threads: threads)
        let last = try #require(reports.last)
        let bytes = 200_000 * line.utf8.count
        #expect(last.bytes == bytes && last.totalBytes == bytes && last.fraction == 1)
        #expect(last.words == encoded.tokenCount && last.words == 200_000 * 9)
        #expect(last.seconds > 0 && last.bytesPerSecond > 0)
        for (one, next) in zip(reports, reports.dropFirst()) {
            #expect(one.bytes <= next.bytes && one.words <= next.words && one.seconds <= next.seconds)
        }
    }

    /// By a clock that moves as the test says.
    @Test func itIsToldTenTimesASecondAtMostAndAtTheEnd() {
        let milliseconds = Locked(0)
        let start = ContinuousClock.now
        let reports = Locked<[ReadingProgress]>([])
        let meter = ReadingMeter(
            totalBytes: 100, now: { start + .milliseconds(milliseconds.withLock { $0 }) },
            report: { progress in reports.withLock { $0.append(progress) } })
        for (time, told) in [(0, 0), (99, 0), (100, 1), (101, 1), (199, 1), (200, 2), (750, 3), (849, 3), (850, 4)] {
            milliseconds.withLock { $0 = time }
            meter.add(10, 2)
            #expect(reports.withLock { $0.count } == told, "\(time) ms")
        }
        meter.end()
        #expect(reports.withLock { $0.map(\.bytes) } == [30, 60, 70, 90, 90])
        #expect(reports.withLock { $0.map(\.words) } == [6, 12, 14, 18, 18])
        #expect(reports.withLock { $0.map(\.seconds) } == [0.1, 0.2, 0.75, 0.85, 0.85])
        #expect(reports.withLock { $0.last?.fraction } == 0.9)
    }

    @Test func nobodyKnowsTheEndOfAStream() throws {
        let path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let writer = Process()
        writer.standardInput = FileHandle.nullDevice
        writer.executableURL = URL(filePath: "/bin/sh")
        writer.arguments = ["-c", "printf 'a b c\nd' >\"$0\"", path]
        try writer.run()
        let file = try folder.file("file", "x\n")
        let (reports, _) = try reports(of: Corpus(contentsOf: [path, file]), threads: 2)
        writer.waitUntilExit()
        #expect(!reports.isEmpty && reports.allSatisfy { $0.totalBytes == nil && $0.fraction == nil })
        #expect(reports.last.map { [$0.bytes, $0.words] } == [9, 8])
    }

    @Test func aTextThatIsReadTwiceBeginsAnew() throws {
        let path = try folder.file("text", "a b c d e f a a \n")
        var rules = TokenRules.original
        rules.pruneAbove = 4
        let reports = Locked<[ReadingProgress]>([])
        let encoded = try Corpus(contentsOf: path).encoded(
            rules: rules, minimumCount: 1, vocabulary: nil,
            progress: { progress in reports.withLock { $0.append(progress) } })
        #expect(reports.withLock { $0.map(\.bytes) } == [17, 17])
        #expect(reports.withLock { $0.last?.words } == encoded.tokenCount)
    }
}
