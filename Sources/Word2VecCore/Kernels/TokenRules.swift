/// The rules for splitting text into tokens. Words end at spaces, tabs, NULs and line ends. Each line end (LF, CR LF,
/// or CR alone) is the token `</s>`. The original's rules differ in cases where it loses text.
package struct TokenRules: Sendable, Equatable {
    /// The maximum length of a word in bytes. Longer words are truncated.
    package var longestWord: Int
    /// Whether a long word is truncated between UTF-8 characters.
    package var cutsAtCharacters: Bool
    /// Whether CR and NUL follow the original's rules: byte 13 is deleted everywhere; a NUL ends its word, even an
    /// empty one, and the bytes from it to the next space, tab or LF are ignored.
    package var isOriginal: Bool
    /// Whether the last word and the last line count if no white space follows them.
    package var keepsLastWord: Bool
    /// The number of distinct words above which rare ones are dropped while counting, as the original does when its
    /// hash table is 70% full.
    package var pruneAbove: Int?
    /// Whether a byte order mark at the start of a text is skipped.
    package var skipsByteOrderMark: Bool
    /// Whether text is lowercased, by Unicode's mapping of single characters.
    package var lowercases = false
    /// Whether words end at all white space of Unicode. Its other line ends (U+0085, U+2028, U+2029, and bytes 11 and
    /// 12) end words only: sentences still end at newlines.
    package var unicodeSpaces = false

    /// The original's rules: words of 98 bytes, truncated at any byte. A last word without white space after it is
    /// lost.
    package static let original = TokenRules(
        longestWord: 98, cutsAtCharacters: false, isOriginal: true, keepsLastWord: false, pruneAbove: 21_000_000,
        skipsByteOrderMark: false)

    /// The rules of the original word2phrase: words of 58 bytes. Its pruning above 350 million words is not reproduced.
    package static let originalPhrases = TokenRules(
        longestWord: 58, cutsAtCharacters: false, isOriginal: true, keepsLastWord: false, pruneAbove: nil,
        skipsByteOrderMark: false)

    /// The default rules: words of 1024 bytes, and nothing is lost.
    package static let standard = TokenRules(
        longestWord: 1024, cutsAtCharacters: true, isOriginal: false, keepsLastWord: true, pruneAbove: nil,
        skipsByteOrderMark: true)

    /// The token of a line end. It is row 0 of every counted vocabulary.
    package static let sentenceEnd = "</s>"

    /// The initial words of a text's dictionary: the sentence end alone.
    package static var firstWords: WordTable {
        var table = WordTable()
        table.appendNew(sentenceEnd.utf8)
        return table
    }
}
