import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

@Suite struct TextFilterTests {
    private static func rules(_ lowercases: Bool, _ unicodeSpaces: Bool) -> TokenRules {
        var rules = TokenRules.standard
        (rules.lowercases, rules.unicodeSpaces) = (lowercases, unicodeSpaces)
        return rules
    }

    /// A text through the filter, in pieces of these lengths and a last one.
    private func filtered(_ text: [UInt8], _ rules: TokenRules, pieces: [Int] = []) throws -> [UInt8] {
        let filter = TextFilter(try #require(try CharacterTable(rules)), pieceLength: text.count)
        var result: [UInt8] = []
        var offset = 0
        for length in pieces + [text.count] where offset < text.count {
            // A piece of its own size, so that a read past its end is seen by the address sanitizer.
            let piece = Array(text[offset..<min(text.count, offset + length)])
            piece.withUnsafeBytes { result += filter.filtered($0) }
            offset += piece.count
        }
        return result + Array(filter.rest())
    }

    private func filtered(_ text: String, lowercases: Bool = true, unicodeSpaces: Bool = true) throws -> String {
        String(decoding: try filtered(Array(text.utf8), Self.rules(lowercases, unicodeSpaces)), as: UTF8.self)
    }

    @Test func lettersOfAllScriptsBecomeSmall() throws {
        #expect(try filtered("The QUICK brown Fox, 123 @[`{") == "the quick brown fox, 123 @[`{")
        #expect(try filtered("ÄÖÜẞ ΣΑΣ МОСКВА ԱՐԵՒ ꙀꞀ 𐐀𞤀") == "äöüß σασ москва արեւ ꙁꞁ 𐐨𞤢")
        // Longer, shorter, and two for one.
        #expect(try filtered("Ⱥ \u{212A} \u{212B} İstanbul") == "ⱥ k \u{E5} i\u{307}stanbul")
        #expect(try filtered("ÄB\u{A0}C", lowercases: false) == "ÄB C")
    }

    @Test func whiteSpaceOfAllKindsBecomesSpaces() throws {
        let spaces: [UInt32] =
            [0x0B, 0x0C, 0x85, 0xA0, 0x1680] + Array(0x2000...0x200A) + [0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
        for value in spaces {
            let scalar = try #require(Unicode.Scalar(value))
            #expect(try filtered("A\(scalar)B", lowercases: false) == "A B", "U+\(String(value, radix: 16))")
            #expect(try filtered("A\(scalar)B", unicodeSpaces: false) == "a\(scalar)b")
        }
        // Line ends and tabs stay what they are; characters that only look like spaces stay.
        #expect(try filtered("a\tb\nc\r\nd e") == "a\tb\nc\r\nd e")
        #expect(try filtered("a\u{200B}b\u{180E}c\u{FEFF}d") == "a\u{200B}b\u{180E}c\u{FEFF}d")
    }

    @Test func everyCharacterIsReplacedAsSwiftSays() throws {
        var text = String.UnicodeScalarView()
        for value in (0x80...0x10FFFF) as ClosedRange<UInt32> {
            if let scalar = Unicode.Scalar(value), value < 0x30000 || value % 61 == 0 { text.append(scalar) }
        }
        let bytes = Array(String(text).utf8)
        let expected = text.reduce(into: [UInt8]()) { bytes, scalar in
            bytes += scalar.properties.isWhitespace ? [32] : Array(scalar.properties.lowercaseMapping.utf8)
        }
        #expect(try filtered(bytes, .folding) == expected)
    }

    @Test func whatIsNotUTF8StaysByteByByte() throws {
        let broken: [[UInt8]] = [
            [0x80], [0xBF, 0xC3], [0xC0, 0xC1], [0xC1, 0x81], [0xE0, 0x82, 0x85], [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x82, 0x85], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF, 0xFE], [0xC3],
            [0xE3, 0x80], [0xF0, 0x90, 0x90], [0xE2, 0x80, 0xC3],
        ]
        for bytes in broken {
            // Behind it the text is read on.
            let found = try filtered(bytes + Array("A\u{C4}".utf8), .folding)
            #expect(found == bytes + Array("a\u{E4}".utf8), "\(bytes)")
            #expect(try filtered(bytes, .folding) == bytes)
        }
        #expect(try filtered([0xE3, 0xC3, 0x84, 0x80], .folding) == [0xE3, 0xC3, 0xA4, 0x80])
    }

    @Test(arguments: 0..<60)
    func piecesOfAllSizesGiveTheSame(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let parts = ["A", "b ", "Some Words\n", "Ä", "İ", "Ⱥ", "\u{3000}", "\u{A0}", "𐐀", "漢字", "\u{C}", "ÀÉÎ"].map {
            Array($0.utf8)
        }
        var text: [UInt8] = []
        while text.count < 600 {
            let part = parts.randomElement(using: &random)!
            text += part.prefix(Int.random(in: 0...7, using: &random) == 0 ? 1 : part.count)
            if Int.random(in: 0...20, using: &random) == 0 { text.append(UInt8.random(in: 0...255, using: &random)) }
        }
        let longest = [2, 5, 100][seed % 3]
        let pieces = (0..<400).map { _ in Int.random(in: 1...longest, using: &random) }
        for (lowercases, unicodeSpaces) in [(true, false), (false, true), (true, true)] {
            let expected = filteredByTheBook(text, lowercases: lowercases, unicodeSpaces: unicodeSpaces)
            #expect(try filtered(text, Self.rules(lowercases, unicodeSpaces), pieces: pieces) == expected)
            #expect(try filtered(text, Self.rules(lowercases, unicodeSpaces)) == expected)
        }
        #expect(try CharacterTable(.standard) == nil)
    }

    @Test func theOptionsReachTheCorpus() throws {
        let folder = try TemporaryFolder()
        var text = "\u{FEFF}Ein Bär\u{A0}EIN BÄR ein\n"
        text += String(repeating: "Ünd\u{3000}ÜND Ⱥ\n", count: 9000)
        let corpus = try Corpus(contentsOf: folder.file("text", text))
        var options = TrainingOptions()
        (options.minimumCount, options.lowercase, options.unicodeWhitespace) = (1, true, true)
        for threads in [1, 2, 7] {
            let encoded = try corpus.encoded(
                rules: TokenRules(options), minimumCount: 1, vocabulary: nil, threads: threads)
            let reading = Reading(encoded)
            #expect(reading.vocabulary == ["</s>", "ünd", "ⱥ", "ein", "bär"])
            #expect(reading.counts == [9001, 18000, 9000, 3, 2])
        }
    }

    @Test func aTextThatWasReadOtherwiseIsRefused() throws {
        let folder = try TemporaryFolder()
        let corpus = try Corpus(contentsOf: folder.file("text", "a b c a b c\n"))
        var options = TrainingOptions()
        (options.minimumCount, options.dimensions, options.epochs) = (1, 4, 1)
        let plain = try corpus.encoded(options: options)
        for (name, change) in [
            ("lowercase", { $0.lowercase = true }), ("unicode-space", { $0.unicodeWhitespace = true }),
            ("exact", { $0.exact = true }),
        ] as [(String, (inout TrainingOptions) -> Void)] {
            var others = options
            change(&others)
            let trainer = try Trainer(options: others)
            #expect(throws: Word2VecError.self) { try trainer.train(plain) }
            #expect {
                try plain.rules.require(others, toRead: "text")
            } throws: { error in
                guard case Word2VecError.invalidOption(name, "1", _) = error else { return false }
                return true
            }
        }
        try plain.rules.require(options, toRead: "text")
    }

    @Test func exactModeReadsAsTheOriginal() throws {
        for flag in [\TrainingOptions.lowercase, \.unicodeWhitespace] {
            var options = TrainingOptions()
            options[keyPath: flag] = true
            try options.validate()
            options.exact = true
            #expect(throws: Word2VecError.self) { try options.validate() }
        }
    }
}
