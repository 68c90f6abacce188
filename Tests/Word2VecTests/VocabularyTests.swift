import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct VocabularyTests {
    private let folder = try! TemporaryFolder()

    private func encoded(
        _ text: String, minimumCount: Int = 1, rules: TokenRules = .standard
    ) throws -> EncodedCorpus {
        let corpus = try Corpus(contentsOf: folder.file("corpus", text))
        return try corpus.encoded(rules: rules, minimumCount: minimumCount, vocabulary: nil)
    }

    private func words(_ vocabulary: Vocabulary) -> [String] {
        (0..<vocabulary.count).map { vocabulary.word(at: $0) }
    }

    @Test func wordsStandByCountAndTiesByFirstAppearance() throws {
        let vocabulary = try encoded("b a c a\nd c\n").vocabulary
        #expect(words(vocabulary) == ["</s>", "a", "c", "b", "d"])
        #expect(vocabulary.counts == [2, 2, 2, 1, 1])
        #expect(vocabulary.totalCount == 8)
        #expect(vocabulary.rank(of: "d") == 4)
        #expect(vocabulary.rank(of: "e") == nil)
    }

    @Test func rareWordsGoAndTheSentenceEndStays() throws {
        let corpus = try encoded("a a a b b c\n", minimumCount: 3)
        #expect(words(corpus.vocabulary) == ["</s>", "a"])
        #expect(corpus.vocabulary.totalCount == 4)
        #expect((0..<corpus.tokenCount).map { corpus.tokens[$0] } == [1, 1, 1, 0])
    }

    @Test func tokensAreRanksInTheTextsOrder() throws {
        let corpus = try encoded("x y x\n\nz x")
        #expect((0..<corpus.tokenCount).map { corpus.tokens[$0] } == [1, 2, 1, 0, 0, 3, 1, 0])
        let original = try encoded("x y x\n\nz x", rules: .original)
        #expect((0..<original.tokenCount).map { original.tokens[$0] } == [1, 2, 1, 0, 0, 3])
    }

    @Test func aCorpusWithoutAFrequentWordSaysWhatItHolds() throws {
        let path = folder.path("corpus")
        #expect(
            throws: Word2VecError.noWords(path: path, minimumCount: 5, words: 7, distinct: 3, highestCount: 4)
        ) { try encoded("a a a a b b c\n", minimumCount: 5) }
        #expect(throws: Word2VecError.noWords(path: path, minimumCount: 0, words: 0, distinct: 0, highestCount: 0)) {
            try encoded("\n\n", minimumCount: 0)
        }
    }

    @Test func theBiblesVocabularyIsTheOriginals() throws {
        let corpus = try Corpus(contentsOf: Fixtures.bible)
        let vocabulary = try corpus.encoded(options: TrainingOptions()).vocabulary
        #expect(vocabulary.count == 5282)
        #expect(vocabulary.totalCount == 810_556)
        #expect(words(vocabulary).prefix(4) == ["</s>", "the", "and", "of"])
        #expect(vocabulary.counts.prefix(5) == [31331, 63919, 51696, 34618, 13560])
        try vocabulary.write(to: folder.path("vocab"))
        // golden: the original's -save-vocab with -min-count 5
        #expect(
            try CommandLineTool.sha256(of: folder.path("vocab"))
                == "f699e252031ccbba5d7bbf2c2d523a5891f7ac5ebf1f585f47a48d535b10b87e")
    }

    /// The original's pruning, in plain Swift: after each word that makes the vocabulary too large, those whose count
    /// is not above a bound that grows by one each time are forgotten.
    private func countedWithPruning(_ text: String, above limit: Int) -> [(String, Int)] {
        var entries: [(word: String, count: Int)] = [("</s>", 0)]
        var bound = 1
        let tokens = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().flatMap { line in
            line.split(separator: " ").map(String.init) + ["</s>"]
        }
        for token in tokens {
            if let at = entries.firstIndex(where: { $0.word == token }) {
                entries[at].count += 1
            } else {
                entries.append((token, 1))
            }
            if entries.count > limit {
                entries.removeAll { $0.count <= bound }
                bound += 1
            }
        }
        return entries.map { ($0.word, $0.count) }
    }

    @Test(arguments: 1...40)
    func pruningForgetsWhatTheOriginalForgets(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        // With 20 of them the sentence end survives; with none it is forgotten, and enters again with the next newline.
        var text = seed <= 20 ? String(repeating: "\n", count: 20) : ""
        for _ in 0..<300 {
            let line = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                "w\(Int(40 * Double.random(in: 0...1, using: &random) * Double.random(in: 0...1, using: &random)))"
            }
            text += line.joined(separator: " ") + "\n"
        }
        var rules = TokenRules.original
        rules.pruneAbove = 12
        let expected = countedWithPruning(text, above: 12)
        guard expected.count > 1 else {
            #expect(throws: Word2VecError.self) { try encoded(text, minimumCount: 1, rules: rules) }
            return
        }
        let corpus = try encoded(text, minimumCount: 1, rules: rules)
        #expect(Set(words(corpus.vocabulary)) == Set(expected.map { $0.0 }))
        #expect(words(corpus.vocabulary).first == expected.first?.0)
        for (word, count) in expected {
            #expect(corpus.vocabulary.rank(of: word).map { corpus.vocabulary.counts[$0] } == count)
        }
        // Every occurrence of a word that survived is in the tokens, also those before it was forgotten once.
        let all = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().flatMap { line in
            line.split(separator: " ").map(String.init) + ["</s>"]
        }
        let kept = all.compactMap { corpus.vocabulary.rank(of: $0).map(Int32.init) }
        #expect((0..<corpus.tokenCount).map { corpus.tokens[$0] } == kept)
    }

    @Test func aCharacterSplitByTheLimitIsLeftOutInTheDefaultMode() throws {
        let long = String(repeating: "ä", count: 600)  // 1200 bytes
        let corpus = try encoded("\(long) b\n")
        #expect(corpus.vocabulary.word(at: 1) == String(repeating: "ä", count: 512))
        #expect(corpus.truncatedWords == 1)
    }
}

@Suite struct VocabularyFileTests {
    private let folder = try! TemporaryFolder()

    private func read(_ text: String, minimumCount: Int = 0, rules: TokenRules = .standard) throws -> Vocabulary {
        try Vocabulary(contentsOf: folder.file("vocab", text), minimumCount: minimumCount, rules: rules)
    }

    private func lines(_ vocabulary: Vocabulary) -> [String] {
        (0..<vocabulary.count).map { "\(vocabulary.word(at: $0)) \(vocabulary.counts[$0])" }
    }

    @Test func whatIsWrittenIsRead() throws {
        let corpus = try Corpus(contentsOf: folder.file("corpus", "a b a é \0x a\nb\n"))
        let vocabulary = try corpus.encoded(rules: .original, minimumCount: 1, vocabulary: nil).vocabulary
        try vocabulary.write(to: folder.path("vocab"))
        #expect(try text(of: folder.path("vocab")) == "</s> 2\na 3\nb 2\né 1\n 1\n")
        let again = try Vocabulary(contentsOf: folder.path("vocab"), minimumCount: 1, rules: .original)
        #expect(again == vocabulary)
    }

    @Test func linesAreSortedAndFiltered() throws {
        let file = "</s> 1\nrare 1\nb 5\r\nc\t7\nd 5"
        #expect(try lines(read(file, minimumCount: 2)) == ["</s> 1", "c 7", "b 5", "d 5"])
    }

    @Test func theSentenceEndBecomesRowZeroUnlessTheOriginalIsAskedFor() throws {
        #expect(try lines(read("a 3\n</s> 2\nb 9\n")) == ["</s> 2", "b 9", "a 3"])
        #expect(try lines(read("a 3\nb 9\n")) == ["</s> 0", "b 9", "a 3"])
        #expect(try lines(read("a 3\n</s> 2\nb 9\n", rules: .original)) == ["a 3", "b 9", "</s> 2"])
    }

    @Test(arguments: [
        ("</s> 1\na 2\nb\n", 3, "'b'"),
        ("</s> 1\na two\n", 2, "'a two'"),
        ("</s> 1\na -2\n", 2, "'a -2'"),
        ("</s> 1\na 2 3\n", 2, "'a 2 3'"),
        ("</s> 1\n\na 2\n", 2, "''"),
        ("</s> 1\na 99999999999999999999\n", 2, "'a 99999999999999999999'"),
        ("</s> 1\na 2\na 3\n", 3, "'a 3'"),
        ("</s> 1\na 9223372036854775807\n", 2, "9223372036854775807"),
        ("</s> 1\na 2 \n", 2, "'a 2 '"),
    ])
    func aMalformedLineIsNamed(file: String, line: Int, found: String) throws {
        let error = #expect(throws: Word2VecError.self) { try read(file) }
        guard case .malformed(_, .line(line), found, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func anEmptyFileAndAFileWithoutFrequentWordsAreErrors() throws {
        #expect(throws: Word2VecError.self) { try read("") }
        let path = folder.path("vocab")
        #expect(throws: Word2VecError.noWords(path: path, minimumCount: 5, words: 5, distinct: 2, highestCount: 3)) {
            try read("</s> 100\na 3\nb 2\n", minimumCount: 5)
        }
    }
}

@Suite struct WordTableTests {
    @Test func wordsAreFoundByTheirBytes() {
        var table = WordTable()
        func append(_ word: [UInt8]) -> Bool { table.insert(word).isNew }
        for word in 0..<5000 { #expect(append(Array("w\(word)".utf8))) }
        #expect(append([0xFF, 0xFE]))
        #expect(append([]))
        #expect(!append(Array("w17".utf8)))
        #expect(table.count == 5002)
        #expect((0..<5000).allSatisfy { table.rank(of: "w\($0)") == $0 && table[$0] == "w\($0)" })
        #expect(table.rank(of: [0xFF, 0xFE] as [UInt8]) == 5000)
        #expect(table.rank(of: "") == 5001)
        #expect(table.rank(of: "w5000") == nil)
        #expect(table[5000] == "\u{FFFD}\u{FFFD}")
        #expect(table.insert("w17".utf8) == (false, 17) && table.insert("new".utf8) == (true, 5002))
    }

    @Test func aTableThatCameAsAWholeKeepsEqualWordsAndFindsTheFirst() {
        let whole = WordTable(storage: Array("a b a  c b ".utf8), offsets: [0, 2, 4, 6, 7, 9, 11])
        #expect(whole.words == ["a", "b", "a", "", "c", "b"] && whole.duplicates == 2)
        #expect(whole.selected([5, 2, 0, 3]).words == ["b", "a", "a", ""] && whole.selected([]).count == 0)
        #expect(whole.selected([5, 2, 0]).rank(of: "a") == 1 && whole.selected([5]).rank(of: "a") == nil)
        #expect(whole.prefix(3).words == ["a", "b", "a"])
    }
}
