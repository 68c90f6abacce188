import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct EvaluationTests {
    private let folder = try! TemporaryFolder()

    /// Words of two kinds on three axes; Queen stands there in two spellings.
    private let vectors = try! WordVectors(
        words: ["</s>", "man", "woman", "king", "Queen", "queen", "apple"],
        vectors: [[0, 0, 0], [1, 0, 0.1], [0, 1, 0.1], [1, 0, 1], [0, 1, 1], [0, 1, 1.01], [-1, -1, 0]])

    @Test func questionsAreRead() throws {
        let path = try folder.file(
            "q.txt", "first one two three\n: family  words \nman king\twoman queen\r\n\n: empty\n: last\na b c d")
        let questions = try AnalogyQuestions(contentsOf: path)
        #expect(questions.sections.map(\.name) == ["", "family words", "empty", "last"])
        #expect(questions.sections.map { $0.questions.count } == [1, 1, 0, 1])
        #expect(questions.sections[1].questions == [.init("man", "king", "woman", "queen")])
    }

    @Test(arguments: [
        ("a b c\n", 1), (": s\na b c d\na b c d e\n", 3), ("", 1), (": only\n: names\n", 1), (": s\na b c d\nx\n", 3),
    ])
    func brokenQuestionsAreErrors(text: String, line: Int) throws {
        let path = try folder.file("broken.txt", text)
        do {
            _ = try AnalogyQuestions(contentsOf: path)
            Issue.record("no error for \(text)")
        } catch Word2VecError.malformed(_, let place, _, _) {
            #expect(place == .line(line))
        }
        #expect(throws: Word2VecError.self) { try AnalogyQuestions(contentsOf: folder.path("missing")) }
    }

    @Test(arguments: AnalogyMethod.allCases)
    func rightAnswersAreCounted(method: AnalogyMethod) throws {
        let questions = AnalogyQuestions(sections: [
            .init(
                name: "family",
                questions: [
                    .init("MAN", "king", "Woman", "QUEEN"), .init("man", "king", "woman", "apple"),
                    .init("man", "king", "woman", "prince"), .init("x", "king", "woman", "queen"),
                ]),
            .init(name: "2", questions: []), .init(name: "3", questions: []), .init(name: "4", questions: []),
            .init(name: "5", questions: [.init("woman", "queen", "man", "king")]),
            .init(name: "6", questions: [.init("king", "man", "queen", "woman"), .init("a", "b", "c", "d")]),
        ])
        let result = try vectors.accuracy(on: questions, method: method)
        #expect(result.sections[0] == .init(name: "family", correct: 1, asked: 2, total: 4))
        #expect(result.sections[0].unknown == 2 && result.sections[0].accuracy == 0.5)
        #expect(result.sections[1].accuracy == nil)
        #expect(result.semantic == .init(name: "semantic", correct: 2, asked: 3, total: 5))
        #expect(result.syntactic == .init(name: "syntactic", correct: 1, asked: 1, total: 2))
        #expect(result.total == .init(name: "total", correct: 3, asked: 4, total: 7))
        // Without the second spelling it is the first that is right; without both nothing is asked.
        #expect(try vectors.accuracy(on: questions, limit: 5, method: method).sections[0].correct == 1)
        #expect(try vectors.accuracy(on: questions, limit: 4, method: method).total.asked == 0)
        #expect(try vectors.accuracy(on: questions, limit: 0, method: method).total.total == 7)
    }

    /// The Unicode Standard, section 3.13.3: words that are equal by default full case folding, and words that are not. Where
    /// the languages differ from it, as Turkish and Azeri do, it stays.
    @Test func caseFoldingIsUnicodesDefault() {
        func isEqual(_ a: String, _ b: String) -> Bool {
            CaseFolding.folded(a.utf8) == CaseFolding.folded(b.utf8)
        }
        for (a, b) in [
            ("ATHENS", "athens"), ("Αθήνα", "ΑΘΉΝΑ"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Москва", "МОСКВА"),
            ("Straße", "STRASSE"),
            ("STRAẞE", "strasse"), ("İzmir", "i\u{307}zmir"), ("ﬁn", "FIN"), ("ŉ", "\u{2BC}N"), ("ſ", "S"),
            ("\u{212A}", "k"),
            ("ԵՐԵՒԱՆ", "երևան"), ("Ꮳꮃ", "ꮳꮃ"), ("𐐀", "𐐨"), ("ᾼ", "αι"), ("Ⅷ", "ⅷ"), ("µ", "Μ"), ("ჱ", "Ჱ"),
            ("İ", "i\u{307}"),
        ] { #expect(isEqual(a, b), "\(a) \(b)") }
        for (a, b) in [
            ("ı", "i"), ("ı", "I"), ("İ", "i"), ("DIŞ", "dış"), ("é", "e"), ("é", "e\u{301}"), ("ß", "s"), ("a", "а"),
        ] { #expect(!isEqual(a, b), "\(a) \(b)") }
        // Equal words stay equal: folding what is folded changes nothing. Each character is tried.
        let unstable = (UInt32(0)..<0x20000).compactMap(Unicode.Scalar.init).filter { scalar in
            let folded = CaseFolding.folded(String(scalar).utf8)
            return CaseFolding.folded(folded) != folded
        }
        #expect(unstable.isEmpty)
        // What is no UTF-8 stays, between letters that change.
        #expect(
            CaseFolding.folded([0x41, 0xFF, 0xC3, 0x89, 0xE2, 0x82, 0x42]) == [
                0x61, 0xFF, 0xC3, 0xA9, 0xE2, 0x82, 0x62,
            ])
    }

    @Test func evaluationFilesAreReadWithoutRegardToCaseInAllScripts() throws {
        let vectors = try WordVectors(
            words: ["άντρας", "γυναίκα", "король", "КОРОЛЬ", "Straße"],
            vectors: [[1, 0], [0, 1], [1, 1], [-1, 0], [2, 1]])
        let questions = AnalogyQuestions(sections: [
            .init(name: "", questions: [.init("ΆΝΤΡΑΣ", "Γυναίκα", "Король", "STRASSE")])
        ])
        #expect(try vectors.accuracy(on: questions).total.asked == 1)
        // Of words that differ in case alone the first is meant, and only among the first so many.
        #expect(try vectors.accuracy(on: questions, limit: 4).total.asked == 0)
        let pairs = WordPairs(pairs: [
            .init("ΆΝΤΡΑΣ", "КоролЬ", 3), .init("STRASSE", "КОРОЛЬ", 1), .init("x", "король", 2),
        ])
        let result = vectors.correlation(with: pairs)
        #expect(result.compared == 2 && result.unknownWords == ["x"])
        #expect(result.spearman == 1)
    }

    /// More distinct words than a batch has, and every question answered as alone.
    @Test func manyQuestions() throws {
        var random = SeededGenerator(seed: 1)
        let words = (0..<4000).map { "w\($0)" }
        let vectors = try WordVectors(
            words: words, vectors: words.map { _ in (0..<8).map { _ in Float.random(in: -1...1, using: &random) } })
        let asked = (0..<1500).map { n in (0..<3).map { _ in words.randomElement(using: &random)! } + ["w\(n)"] }
        let right = try asked.map { try vectors.analogy($0[0], is: $0[1], to: $0[2], count: 1)[0].word }
        let questions = zip(asked, right).enumerated().map { n, question in
            AnalogyQuestions.Question(
                question.0[0], question.0[1], question.0[2], n % 3 == 0 ? question.1 : question.0[0])
        }
        let result = try vectors.accuracy(on: AnalogyQuestions(sections: [.init(name: "", questions: questions)]))
        #expect(result.total == .init(name: "total", correct: 500, asked: 1500, total: 1500))
    }

    @Test func pairsAreRead() throws {
        let tabs = try folder.file(
            "p.tsv", "Word 1\tWord 2\tmean\n# comment\nice cream\tcake\t7.5\textra\n\na\tb\t-1\r\n")
        #expect(try WordPairs(contentsOf: tabs).pairs == [.init("ice cream", "cake", 7.5), .init("a", "b", -1)])
        let commas = try folder.file("p.csv", "a, b, 3\n")
        #expect(try WordPairs(contentsOf: commas).pairs == [.init("a", "b", 3)])
        let spaces = try folder.file("p.txt", "a  b 3\n")
        #expect(try WordPairs(contentsOf: spaces).pairs == [.init("a", "b", 3)])
    }

    @Test(arguments: [
        ("a\tb\t1\nc\td\n", 2), ("", 1), ("a\tb\n", 1), ("a\tb\t1\na\tb\tnan\n", 2), ("a\tb\t1\n\tb\t1\n", 2),
    ])
    func brokenPairsAreErrors(text: String, line: Int) throws {
        let path = try folder.file("broken.tsv", text)
        do {
            _ = try WordPairs(contentsOf: path)
            Issue.record("no error for \(text)")
        } catch Word2VecError.malformed(_, let place, _, _) {
            #expect(place == .line(line))
        }
    }

    @Test func cosinesAreCorrelatedWithScores() throws {
        let vectors = try WordVectors(
            words: ["q", "a", "b", "c", "Q"], vectors: [[1, 0], [1, 1], [0, 1], [-1, 0], [9, 9]])
        let result = vectors.correlation(
            with: WordPairs(pairs: [
                .init("q", "a", 10), .init("q", "b", 1), .init("Q", "a", 9), .init("A", "c", 0.5), .init("q", "x", 3),
                .init("y", "x", 3),
            ]))
        #expect(result.compared == 4 && result.total == 6 && result.unknownWords == ["x", "y"])
        // Cosines .7071, 0, 1, -.7071 against 10, 1, 9, .5.
        #expect(abs(try #require(result.spearman) - 0.8) < 1e-12)
        #expect(abs(try #require(result.pearson) - 0.911_394_812) < 1e-6)
    }

    /// Values by scipy.stats.
    @Test func correlations() {
        let (x, y) = ([1.0, 2, 2, 3, 5, 8], [2.0, 1, 4, 4, 4, 9])
        #expect(abs(Correlation.pearson(x, y)! - 0.896_882_967) < 1e-6)
        #expect(abs(Correlation.spearman(x, y)! - 0.800_853_435) < 1e-6)
        #expect(Correlation.ranks(of: [3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
        #expect(Correlation.pearson([1], [2]) == nil && Correlation.spearman([1, 2], [3, 3]) == nil)
        #expect(Correlation.spearman([1, 2, 3], [9, 5, 1]) == -1)
    }
}
