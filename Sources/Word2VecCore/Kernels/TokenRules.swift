/// How text becomes tokens: words end at spaces, tabs, NULs and line ends, and each line end (LF, CR LF, or CR alone) is the
/// token `</s>`. The original's rules differ where it loses text.
package struct TokenRules: Sendable, Equatable {
    /// Bytes of a word that are kept.
    package var longestWord: Int
    /// Whether a long word is cut between UTF-8 characters.
    package var cutsAtCharacters: Bool
    /// Whether two bytes have the original's rules: byte 13 is deleted wherever it stands, and a NUL ends its word, even an
    /// empty one, and hides the bytes from it to the next space, tab or LF.
    package var isOriginal: Bool
    /// Whether the last word and the last line count without white space behind them.
    package var keepsLastWord: Bool
    /// Distinct words above which rare ones are forgotten while counting, as the original does at 70% of its hash table.
    package var pruneAbove: Int?
    /// Whether a byte order mark at the head of a text is left out.
    package var skipsByteOrderMark: Bool
    /// Whether capitals become small letters, by Unicode's mapping of single characters.
    package var lowercases = false
    /// Whether words end at all of Unicode's white space. The line ends among it (U+0085, U+2028, U+2029, and bytes 11 and 12)
    /// end words only: a sentence still ends at a newline.
    package var unicodeSpaces = false

    /// The original's: 98 bytes, cut anywhere; a last word that no white space follows is lost.
    package static let original = TokenRules(
        longestWord: 98, cutsAtCharacters: false, isOriginal: true, keepsLastWord: false, pruneAbove: 21_000_000,
        skipsByteOrderMark: false)

    /// Those of the original's word2phrase: 58 bytes; it prunes above 350 million words, which is not followed.
    package static let originalPhrases = TokenRules(
        longestWord: 58, cutsAtCharacters: false, isOriginal: true, keepsLastWord: false, pruneAbove: nil,
        skipsByteOrderMark: false)

    /// The default's: 1024 bytes, nothing lost.
    package static let standard = TokenRules(
        longestWord: 1024, cutsAtCharacters: true, isOriginal: false, keepsLastWord: true, pruneAbove: nil,
        skipsByteOrderMark: true)

    /// The token of a line's end; row 0 of every vocabulary that was counted.
    package static let sentenceEnd = "</s>"

    /// What a dictionary of a text begins with: the sentence end alone.
    package static var firstWords: WordTable {
        var table = WordTable()
        table.appendNew(sentenceEnd.utf8)
        return table
    }
}
