// What the tokenizer and the filter before it must agree with, written to be read. The fuzzer has this file, too.

/// The token rules read a byte at a time: those of a text, or the original's.
public func tokensByTheBook(
    _ text: [UInt8], longest: Int, wholeCharacters: Bool = false, keepsLastWord: Bool, original: Bool
) -> [[UInt8]] {
    original
        ? originalTokens(text, longest: longest, wholeCharacters: wholeCharacters, keepsLastWord: keepsLastWord)
        : originalTokens(
            withSimpleSeparators(text), longest: longest, wholeCharacters: wholeCharacters,
            keepsLastWord: keepsLastWord
        ).filter { !$0.isEmpty }
}

/// A text with byte 10 for all line ends (CR LF, CR), and a space for NUL.
private func withSimpleSeparators(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for (place, byte) in text.enumerated() {
        switch byte {
        case 13: result.append(10)
        case 10 where place > 0 && text[place - 1] == 13: break
        case 0: result.append(32)
        default: result.append(byte)
        }
    }
    return result
}

private func originalTokens(
    _ text: [UInt8], longest: Int, wholeCharacters: Bool, keepsLastWord: Bool
) -> [[UInt8]] {
    let newline = Array("</s>".utf8)
    var tokens: [[UInt8]] = []
    var word: [UInt8]?
    var lineIsOpen = false
    func end() {
        guard let bytes = word else { return }
        word = nil
        lineIsOpen = true
        let visible = Array(bytes.prefix { $0 != 0 })
        var length = min(visible.count, longest)
        if wholeCharacters && visible.count > longest {
            let places = (max(1, longest - 3)...longest).reversed()
            length = places.first { visible[$0] & 0xC0 != 0x80 } ?? longest
        }
        tokens.append(Array(visible[..<length]))
    }
    for byte in text where byte != 13 {
        switch byte {
        case 32, 9: end()
        case 10:
            end()
            tokens.append(newline)
            lineIsOpen = false
        default:
            word = word ?? []
            word?.append(byte)
        }
    }
    if keepsLastWord {
        end()
        if lineIsOpen { tokens.append(newline) }
    }
    return tokens
}

/// A text in small letters, and with spaces for Unicode's white space, character by character; bytes of none stay.
public func filteredByTheBook(_ text: [UInt8], lowercases: Bool, unicodeSpaces: Bool) -> [UInt8] {
    var result: [UInt8] = []
    var at = 0
    while at < text.count {
        // The shortest that is one character.
        var scalar: Unicode.Scalar?
        var length = 0
        while scalar == nil, length < 4, at + length < text.count {
            length += 1
            scalar = String(validating: text[at..<at + length], as: UTF8.self)?.unicodeScalars.first
        }
        if let scalar {
            let isOrdinary = "\t\n\r ".unicodeScalars.contains(scalar)
            if unicodeSpaces && scalar.properties.isWhitespace && !isOrdinary {
                result.append(UInt8(ascii: " "))
            } else if lowercases {
                result += scalar.properties.lowercaseMapping.utf8
            } else {
                result += text[at..<at + length]
            }
            at += length
        } else {
            result.append(text[at])
            at += 1
        }
    }
    return result
}
