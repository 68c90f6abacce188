import CWord2Vec
import TestSupport
import Testing

/// Runs the C tokenizer over a text that comes in pieces.
func tokens(
    of text: [UInt8], pieces: [Int], longest: Int = 98, wholeCharacters: Bool = false, keepsLastWord: Bool = false,
    original: Bool = true
) -> (tokens: [[UInt8]], counts: [[UInt8]: Int], truncated: Int) {
    let room = text.count + 8
    var slots = 16
    while slots < 2 * room { slots *= 2 }
    var dictionary = w2v_dictionary(
        bytes: .allocate(capacity: room + longest), entries: .allocate(capacity: room),
        slots: .allocate(capacity: slots), used: 0, count: 0, mask: UInt32(slots - 1),
        key: w2v_hash_key(a: 1, b: 2, c: 3, d: 4))
    var tokenizer = w2v_tokenizer(
        longest: UInt32(longest), whole_characters: wholeCharacters, original: original, grow: true,
        stop_above: .max, length: 0, pending: false, closed: false, after_return: false, line_open: false,
        truncated: 0,
        word: .allocate(capacity: longest + 1))
    defer {
        dictionary.bytes.deallocate()
        dictionary.entries.deallocate()
        dictionary.slots.deallocate()
        tokenizer.word.deallocate()
    }
    w2v_dictionary_clear(&dictionary)
    _ = w2v_dictionary_add(&dictionary, Array("</s>".utf8), 4)

    var ids: [Int32] = []
    var offset = 0
    for length in pieces + [text.count] where offset < text.count {
        // A piece of its own size, so that a read past its end is seen by the address sanitizer.
        let piece = Array(text[offset..<min(text.count, offset + length)])
        var part = [Int32](repeating: -7, count: piece.count + 1)
        let done = w2v_encode(&tokenizer, &dictionary, piece, piece.count, &part)
        #expect(done.consumed == piece.count)
        ids += part.prefix(done.written)
        offset += piece.count
    }
    if keepsLastWord {
        var part: [Int32] = [0, 0]
        let written = w2v_encode_end(&tokenizer, &dictionary, &part)
        ids += part.prefix(written)
    }
    func word(_ entry: Int) -> [UInt8] {
        let entry = dictionary.entries[entry]
        return Array(UnsafeBufferPointer(start: dictionary.bytes + Int(entry.offset), count: Int(entry.length)))
    }
    var counts: [[UInt8]: Int] = [:]
    for entry in 0..<Int(dictionary.count) {
        counts[word(entry)] = Int(dictionary.slots[Int(dictionary.entries[entry].slot)].count)
    }
    return (ids.map { word(Int($0)) }, counts, Int(tokenizer.truncated))
}

@Suite struct TokenTests {
    private func words(
        _ text: String, pieces: [Int] = [], keepsLastWord: Bool = false, original: Bool = true
    ) -> [String] {
        tokens(of: Array(text.utf8), pieces: pieces, keepsLastWord: keepsLastWord, original: original).tokens
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func wordsEndAtSpaceTabAndNewline() {
        #expect(words("a bb\tccc\n") == ["a", "bb", "ccc", "</s>"])
        #expect(words("  a \t b  \n") == ["a", "b", "</s>"])
        #expect(words("\n\n \n") == ["</s>", "</s>", "</s>"])
        #expect(words("") == [])
    }

    @Test func aLineEndsWithByte10Or13OrBoth() {
        let text = "a b\rc\r\nd\ne\r\r\nf\n\r"
        let expected = ["a", "b", "</s>", "c", "</s>", "d", "</s>", "e", "</s>", "</s>", "f", "</s>", "</s>"]
        #expect(words(text, original: false) == expected)
        // Where the two stand in different pieces, too.
        for length in 1...7 {
            #expect(words(text, pieces: Array(repeating: length, count: 20), original: false) == expected)
        }
        #expect(words("a\r", keepsLastWord: true, original: false) == ["a", "</s>"])
    }

    @Test func byte13AndByte10AcrossBlocksAreOneLineEnd() {
        // The two at every place of the 64 bytes that are read together.
        for length in 0..<140 {
            let letters = String(repeating: "x", count: length)
            let line = letters.isEmpty ? ["</s>"] : [letters, "</s>"]
            let rest = " " + String(repeating: "y ", count: 100)
            let expected = line + Array(repeating: "y", count: 100)
            #expect(
                tokens(of: Array((letters + "\r\n" + rest).utf8), pieces: [], longest: 1024, original: false)
                    .tokens.map { String(decoding: $0, as: UTF8.self) } == expected)
        }
    }

    @Test func aNULSeparatesWords() {
        #expect(words("ab\0cd e\n", original: false) == ["ab", "cd", "e", "</s>"])
        #expect(words("\0\0ab\0\n\0e\0", original: false) == ["ab", "</s>", "e"])
    }

    @Test func inTheOriginalByte13IsDeletedWhereverItStands() {
        #expect(words("a\r\nb\r\n") == ["a", "</s>", "b", "</s>"])
        #expect(words("fo\ro ba\r\rr\n") == ["foo", "bar", "</s>"])
        #expect(words("\r \r\n") == ["</s>"])
    }

    @Test func inTheOriginalANULHidesTheRestOfItsWord() {
        #expect(words("ab\0cd e\n") == ["ab", "e", "</s>"])
        #expect(words("\0ab e\n") == ["", "e", "</s>"])
    }

    @Test func aLastWordCountsOnlyInTheDefaultRules() {
        #expect(words("a b") == ["a"])
        #expect(words("a b", keepsLastWord: true) == ["a", "b", "</s>"])
        #expect(words("a b ", keepsLastWord: true) == ["a", "b", "</s>"])
        #expect(words("a b\n", keepsLastWord: true) == ["a", "b", "</s>"])
        #expect(words("a\n ", keepsLastWord: true) == ["a", "</s>"])
    }

    @Test func aWrittenSentenceEndIsOne() {
        #expect(tokens(of: Array("a </s> b\n".utf8), pieces: []).counts[Array("</s>".utf8)] == 2)
    }

    @Test func longWordsKeepTheirHead() {
        for length in [97, 98, 99, 100, 200] {
            let word = [UInt8](repeating: 97, count: length)
            let found = tokens(of: word + [10], pieces: [])
            #expect(found.tokens.first?.count == min(98, length))
            #expect(found.truncated == (length > 98 ? 1 : 0))
        }
    }

    @Test func longWordsAreCutBetweenCharacters() {
        // 3-byte characters: 32 whole ones in 98 bytes.
        let text = Array(String(repeating: "漢", count: 50).utf8) + [10]
        #expect(tokens(of: text, pieces: [], wholeCharacters: true).tokens.first?.count == 96)
        #expect(tokens(of: text, pieces: [1, 40, 3], wholeCharacters: true).tokens.first?.count == 96)
        // Continuation bytes without a character are cut at the limit.
        let noise = [UInt8](repeating: 0x80, count: 120) + [10]
        #expect(tokens(of: noise, pieces: [], wholeCharacters: true).tokens.first?.count == 98)
    }

    @Test(arguments: 0..<200)
    func hostileTextInPiecesReadsAsTheRulesSay(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let alphabet: [UInt8] = [0, 9, 10, 13, 32, 32, 97, 98, 99, 0xC3, 0xA4, 255]
        // Texts and pieces of all sizes, below and above the 64 bytes that the tokenizer looks at together.
        let length = Int.random(in: 0...(seed % 2 == 0 ? 400 : 4000), using: &random)
        let runs = seed % 3 == 0
        let specials = seed % 5 == 0 ? 0 : 3
        var text: [UInt8] = []
        while text.count < length {
            var byte = alphabet.randomElement(using: &random)!
            if (byte == 0 || byte == 13) && Int.random(in: 0...specials, using: &random) < specials { byte = 98 }
            text += [UInt8](repeating: byte, count: runs ? Int.random(in: 1...60, using: &random) : 1)
        }
        let longestPiece = seed % 2 == 0 ? 20 : 600
        let pieces = (0..<30).map { _ in Int.random(in: 1...longestPiece, using: &random) }
        let longest = [98, 5, 1].randomElement(using: &random)!
        for original in [false, true] {
            let expected = tokensByTheBook(
                text, longest: longest, wholeCharacters: !original, keepsLastWord: !original, original: original)
            let found = tokens(
                of: text, pieces: pieces, longest: longest, wholeCharacters: !original, keepsLastWord: !original,
                original: original)
            #expect(found.tokens == expected)
            let counted = Dictionary(expected.map { ($0, 1) }, uniquingKeysWith: +)
            #expect(found.counts.filter { $0.value > 0 } == counted)
        }
    }

    @Test func allLineEndsReadAlike() {
        let lines = (0..<200).map { "word\($0) and another one" }
        let expected = lines.flatMap { $0.split(separator: " ").map(String.init) + ["</s>"] }
        for lineEnd in ["\n", "\r\n", "\r"] {
            let text = lines.joined(separator: lineEnd) + lineEnd
            #expect(words(text, original: false) == expected)
            if lineEnd != "\r" { #expect(words(text) == expected) }
        }
    }

    @Test func theTokenizerStopsAtTheWordThatIsOneTooMany() {
        let text = Array((0..<100).map { "w\($0 / 2)" }.joined(separator: " ").utf8) + [32]
        let dictionary = DictionaryMemory(entries: 200, slots: 512)
        var tokenizer = w2v_tokenizer(
            longest: 98, whole_characters: false, original: true, grow: true, stop_above: 20, length: 0,
            pending: false, closed: false, after_return: false, line_open: false, truncated: 0,
            word: .allocate(capacity: 99))
        defer { tokenizer.word.deallocate() }
        var ids = [Int32](repeating: -1, count: text.count + 1)
        let done = w2v_encode(&tokenizer, &dictionary.value, text, text.count, &ids)
        #expect(dictionary.value.count == 21)
        #expect(done.written == 41)
        #expect(Array(ids.prefix(41)) == (0..<41).map { Int32($0 / 2) })
        #expect(Array(text[done.consumed...].prefix(5)) == Array(" w20 ".utf8))
    }

    @Test func theFirstSeparatorIsFoundWhereverItStands() {
        for length in [0, 1, 63, 64, 65, 127, 128, 200] {
            for separator in [9, 10, 32] as [UInt8] {
                let letters = [UInt8](repeating: 0, count: length) + [13, 11]
                #expect(w2v_behind_separator(letters, letters.count) == 0)
                let text = letters + [separator, 97, 32]
                #expect(w2v_behind_separator(text, text.count) == length + 3)
                #expect(w2v_behind_separator(text, letters.count) == 0)
            }
        }
    }

    @Test func aHoleIsPassedInPieces() {
        let hole = [UInt8](repeating: 0, count: 1000)
        let text = Array("ab".utf8) + hole + Array("cd\r".utf8) + hole + Array(" e ".utf8) + hole + Array("\nf\n".utf8)
        for pieces in [[], [1, 1, 1, 500, 64, 700], [3, 1002]] {
            let original = tokens(of: text, pieces: pieces).tokens.map { String(decoding: $0, as: UTF8.self) }
            #expect(original == ["ab", "e", "", "</s>", "f", "</s>"])
            let found = tokens(of: text, pieces: pieces, original: false).tokens
            #expect(
                found.map { String(decoding: $0, as: UTF8.self) }
                    == ["ab", "cd", "</s>", "e", "</s>", "f", "</s>"])
        }
    }

    @Test func idsAreMappedAndLeftOut() {
        let ids: [Int32] = [0, 1, 2, 1, 3, 0]
        var mapped: [Int32] = [7, 7, 7, 7]
        #expect(w2v_ids_map(ids, 6, [0, -1, 5, -1], &mapped) == 3)
        #expect(mapped == [0, 5, 0, 7])
    }
}
