import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// What a corpus reads as, as words.
struct Reading: Equatable {
    var vocabulary: [String]
    var counts: [Int]
    var tokens: [String]
    var truncated: Int

    init(_ corpus: EncodedCorpus) {
        let words = (0..<corpus.vocabulary.count).map { corpus.vocabulary.word(at: $0) }
        vocabulary = words
        counts = corpus.vocabulary.counts
        tokens = (0..<corpus.tokenCount).map { words[Int(corpus.tokens[$0])] }
        truncated = corpus.truncatedWords
    }
}

extension TokenRules {
    /// The default's, with small letters and Unicode's white space.
    static var folding: TokenRules {
        var rules = standard
        (rules.lowercases, rules.unicodeSpaces) = (true, true)
        return rules
    }
}

@Suite struct CorpusTests {
    private let folder = try! TemporaryFolder()

    private func read(
        _ texts: [[UInt8]], rules: TokenRules = .standard, minimumCount: Int = 1, maximum: Int? = nil,
        threads: Int = 1, tokenMemory: Int? = nil, vocabulary: Vocabulary? = nil
    ) throws -> Reading {
        let paths = try texts.enumerated().map { try folder.file("text\($0.offset)", $0.element) }
        return try Reading(
            Corpus(contentsOf: paths).encoded(
                rules: rules, minimumCount: minimumCount, vocabulary: vocabulary, maximumVocabulary: maximum,
                threads: threads, tokenMemory: tokenMemory))
    }

    private func read(_ texts: String..., rules: TokenRules = .standard, threads: Int = 1) throws -> Reading {
        try read(texts.map { Array($0.utf8) }, rules: rules, threads: threads)
    }

    /// Lines of words that are frequent and rare, short and long.
    private static func prose(_ seed: UInt64, lines: Int) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return Array(
            (0..<lines).map { _ in
                (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    let (a, b) = (Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
                    let number = Int(500 * a * b)
                    return number % 7 == 0 ? "a-word-of-more-than-16-bytes-\(number)" : "w\(number)"
                }.joined(separator: " ")
            }.joined(separator: "\n").utf8)
    }

    /// Bytes of all kinds, mostly letters.
    private static func noise(_ seed: UInt64, bytes: Int) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("aaAbbC  \t\n\r\0\u{C4}\u{B}".utf8)
        return (0..<bytes).map { _ in alphabet.randomElement(using: &random)! }
    }

    /// The texts that every number of threads must read alike.
    static let texts: [(name: String, files: [[UInt8]])] = [
        ("prose", [prose(1, lines: 400)]),
        ("prose that ends its line", [prose(2, lines: 400) + [10]]),
        ("one line", [prose(3, lines: 400).map { $0 == 10 ? 32 : $0 }]),
        ("carriage returns", [prose(4, lines: 200).flatMap { $0 == 10 ? [13, 10] : [$0] }]),
        ("noise", [noise(5, bytes: 5000)]),
        ("noise in three files", [noise(6, bytes: 900), noise(7, bytes: 1), noise(8, bytes: 2500)]),
        ("several files, some empty", [[], prose(9, lines: 50), [], prose(10, lines: 3), Array("x".utf8), []]),
        ("blank lines", [[UInt8](repeating: 10, count: 300) + Array("a b".utf8)]),
        ("blanks behind a word", [Array("a b".utf8) + [UInt8](repeating: 32, count: 9000)]),
        ("blanks behind a line", [Array("a b\n".utf8) + [UInt8](repeating: 9, count: 9000)]),
        ("white space and a NUL", [Array("a \0".utf8) + [UInt8](repeating: 32, count: 50)]),
        ("long words", [[UInt8](repeating: 97, count: 3000) + [32] + [UInt8](repeating: 98, count: 1025)]),
        (
            "blanks of all kinds behind a line",
            [Array(String(repeating: "A \n\u{3000}\u{A0}\u{85}\u{C}\r", count: 800).utf8)]
        ),
        ("wide blanks", [Array("a b\n".utf8) + Array(String(repeating: "\u{2003} ", count: 2500).utf8)]),
        ("a mark and blanks", [[0xEF, 0xBB, 0xBF] + [UInt8](repeating: 32, count: 300), [0xEF, 0xBB, 0xBF, 32, 97]]),
        ("four bytes", [Array("a b ".utf8)]),
    ]

    @Test(arguments: texts.indices)
    func theNumberOfThreadsChangesNothing(index: Int) throws {
        let files = Self.texts[index].files
        for rules in [TokenRules.standard, .folding, .original] {
            let expected = try read(files, rules: rules)
            for threads in rules == .folding ? [3, 64] : [2, 3, 7, 64] {
                #expect(try read(files, rules: rules, threads: threads) == expected, "\(threads) threads")
                #expect(try read(files, rules: rules, threads: threads, tokenMemory: 0) == expected, "ids in files")
            }
            guard rules != .original, expected.vocabulary.count > 2 else { continue }
            // With a part of the vocabulary, read by one thread and by several.
            let known = try folder.file("known", "</s> 1\n\(expected.vocabulary[1]) 5\n\(expected.vocabulary[2]) 4\n")
            let vocabulary = try Vocabulary(contentsOf: known, minimumCount: 1, rules: rules)
            let some = try read(files, rules: rules, vocabulary: vocabulary)
            #expect(some.tokens == expected.tokens.filter { vocabulary.rank(of: $0) != nil })
            #expect(try read(files, rules: rules, threads: 5, vocabulary: vocabulary) == some)
        }
    }

    @Test func aTextLargerThanAChunkOfIdsIsReadAlike() throws {
        var text: [UInt8] = []
        let block = Self.prose(11, lines: 2000)
        while text.count < 9_000_000 { text += block + [10] }
        let path = try folder.file("large", text)
        func encoded(_ threads: Int, _ memory: Int?) throws -> EncodedCorpus {
            try Corpus(contentsOf: path).encoded(
                rules: .standard, minimumCount: 3, vocabulary: nil, threads: threads, tokenMemory: memory)
        }
        let expected = try encoded(1, nil)
        #expect(expected.tokenCount > 1 << 20)
        for (threads, memory) in [(2, nil), (3, 5_000_000), (2, 0)] as [(Int, Int?)] {
            let found = try encoded(threads, memory)
            #expect(found.vocabulary == expected.vocabulary)
            #expect(found.tokenCount == expected.tokenCount)
            #expect((0..<found.tokenCount).allSatisfy { found.tokens[$0] == expected.tokens[$0] })
        }
    }

    @Test func eachFileEndsItsLastLine() throws {
        #expect(try read("a b", "c\n", "d").tokens == ["a", "b", "</s>", "c", "</s>", "d", "</s>"])
    }

    @Test func theOriginalsRulesJoinFilesLikeCat() throws {
        #expect(try read("a b", "c\nd ", "e", rules: .original).tokens == ["a", "bc", "</s>", "d"])
    }

    @Test func theMostFrequentWordsAreKept() throws {
        let text = Array("d c b a c b a b a x\n".utf8)
        let three = try read([text], maximum: 3)
        #expect(three.vocabulary == ["</s>", "b", "a"])
        #expect(three.counts == [1, 3, 3])
        #expect(three.tokens == ["b", "a", "b", "a", "b", "a", "</s>"])
        #expect(try read([text], maximum: 3, threads: 4) == three)
        #expect(try read([text], maximum: 5).vocabulary == ["</s>", "b", "a", "c", "d"])
        #expect(try read([text], maximum: 100) == read([text]))
        #expect(try read([text], rules: .original, maximum: 2).vocabulary == ["</s>", "b"])
        let file = try folder.file("vocab", "</s> 1\na 3\nb 9\nc 3\n")
        var options = TrainingOptions()
        options.minimumCount = 1
        options.maximumVocabulary = 3
        let vocabulary = try Vocabulary(contentsOf: file, options: options)
        #expect((0..<vocabulary.count).map { vocabulary.word(at: $0) } == ["</s>", "b", "a"])
    }

    @Test func optionsThatNoRunCanHaveAreRefused() throws {
        var options = TrainingOptions()
        options.maximumVocabulary = 1
        #expect(throws: Word2VecError.self) { try options.validate() }
        options.maximumVocabulary = 2
        options.tokenMemory = -1
        #expect(throws: Word2VecError.self) { try options.validate() }
        options.tokenMemory = 0
        try options.validate()
    }

    /// A pipe with a name into which another process writes.
    private func pipe(_ text: [UInt8]) throws -> (path: String, writer: Process) {
        let path = folder.path("pipe\(UUID().uuidString)")
        #expect(mkfifo(path, 0o600) == 0)
        let source = try folder.file("source\(UUID().uuidString)", text)
        let writer = Process()
        writer.standardInput = FileHandle.nullDevice
        writer.executableURL = URL(filePath: "/bin/sh")
        writer.arguments = ["-c", "cat \"$0\" > \"$1\"", source, path]
        try writer.run()
        return (path, writer)
    }

    @Test(arguments: [1, 3])
    func aPipeReadsLikeAFile(threads: Int) throws {
        for text in [Self.prose(12, lines: 9000), Self.noise(13, bytes: 200_000), Array("a".utf8)] {
            let expected = try read([text, Array("x y".utf8), text])
            let (path, writer) = try pipe(text)
            let other = try folder.file("other", "x y")
            let file = try folder.file("same", text)
            let corpus = try Corpus(contentsOf: [path, other, file])
            let found = try corpus.encoded(rules: .standard, minimumCount: 1, vocabulary: nil, threads: threads)
            #expect(Reading(found) == expected)
            writer.waitUntilExit()
            // It was a stream: it is over.
            #expect(throws: Word2VecError.cannotReadTwice(path: path)) {
                try corpus.encoded(rules: .standard, minimumCount: 1, vocabulary: nil)
            }
        }
    }

    @Test func anEmptyPipeIsAnEmptyCorpus() throws {
        let (path, writer) = try pipe([])
        let corpus = try Corpus(contentsOf: path)
        #expect(throws: Word2VecError.emptyCorpus(path: path)) { try corpus.encoded(options: TrainingOptions()) }
        writer.waitUntilExit()
    }

    @Test func aPipeCannotBePruned() throws {
        let (path, writer) = try pipe(Self.prose(14, lines: 100) + [10])
        var rules = TokenRules.original
        rules.pruneAbove = 12
        let corpus = try Corpus(contentsOf: path)
        #expect(throws: Word2VecError.cannotReadTwice(path: path)) {
            try corpus.encoded(rules: rules, minimumCount: 1, vocabulary: nil)
        }
        writer.waitUntilExit()
    }

    @Test func standardInputCanBeNamedOnce() {
        #expect(throws: Word2VecError.cannotReadTwice(path: "-")) { try Corpus(contentsOf: ["-", "-"]) }
    }

    @Test func aFileThatShrinksIsAnError() throws {
        let path = try folder.file("shrinking", Self.prose(15, lines: 3000))
        let corpus = try Corpus(contentsOf: path)
        #expect(truncate(path, 1000) == 0)
        #expect(throws: Word2VecError.cannotRead(path: path, reason: "it became shorter while it was read")) {
            try corpus.encoded(options: TrainingOptions())
        }
    }

    @Test func aFileThatCannotBeReadIsNamedAmongSeveral() throws {
        let fine = try folder.file("fine", "a\n")
        let missing = folder.path("missing")
        #expect(throws: Word2VecError.cannotRead(path: missing, reason: "No such file or directory")) {
            try Corpus(contentsOf: [fine, missing])
        }
        let empty = try folder.file("empty", "")
        #expect(throws: Word2VecError.emptyCorpus(path: "\(empty), \(empty)")) {
            try Corpus(contentsOf: [empty, empty])
        }
    }
}
