@testable import Word2Vec
@testable import Word2VecCore

extension Fuzz {
    /// Tokenizes a text by all rules, at once and in pieces whose lengths it says itself, and compares with what the rules
    /// are by the book.
    static func tokenize(_ text: [UInt8]) {
        for (rules, isFolded) in [(TokenRules.original, false), (.standard, false), (folding, true)] {
            var plain = text
            if isFolded { plain = filteredByTheBook(plain, lowercases: true, unicodeSpaces: true) }
            let expected = tokensByTheBook(
                plain, longest: rules.longestWord, wholeCharacters: rules.cutsAtCharacters,
                keepsLastWord: rules.keepsLastWord, original: rules.isOriginal)
            let characters = isFolded ? table : nil
            let whole = tokens(of: text, rules, characters) { _ in text.count }
            let divided = tokens(of: text, rules, characters) { Int(text[($0 * 7 + text.count) % text.count]) % 37 + 1 }
            precondition(whole == expected, "not by the book at once")
            precondition(divided == expected, "not by the book in pieces")
        }
    }

    private static let folding: TokenRules = {
        var rules = TokenRules.standard
        (rules.lowercases, rules.unicodeSpaces) = (true, true)
        return rules
    }()

    private static let table = try? CharacterTable(folding)

    /// The words of the tokens, in order; `length` is how long the piece at a place is.
    private static func tokens(
        of text: [UInt8], _ rules: TokenRules, _ characters: CharacterTable?, length: (Int) -> Int
    ) -> [[UInt8]] {
        do {
            let tokens = TokenBuffer(memory: TokenMemory(limit: nil), expected: text.count + 2)
            let encoder = try TextEncoder(rules: rules, characters: characters, words: WordTable(), grows: true)
            var place = 0
            try encoder.encode(ends: true, into: tokens) { buffer in
                guard place < text.count else { return .success(0) }
                let piece = text[place...].prefix(min(length(place), buffer.count))
                buffer.copyBytes(from: piece)
                place += piece.count
                return .success(piece.count)
            }
            var words: [[UInt8]] = []
            try tokens.drain { ids, count in
                for at in 0..<count { words.append(encoder.dictionary.word(at: Int(ids[at]))) }
            }
            return words
        } catch {
            fatalError("\(error)")
        }
    }
}
