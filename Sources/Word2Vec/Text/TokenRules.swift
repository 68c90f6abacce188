/// How text becomes tokens: words end at spaces, tabs, NULs and line ends, and each line end (LF, CR LF, or CR alone) is the
/// token `</s>`. The original's rules differ where it loses text.
struct TokenRules: Sendable, Equatable {
    /// Bytes of a word that are kept.
    var longestWord: Int
    /// Whether a long word is cut between UTF-8 characters.
    var cutsAtCharacters: Bool
    /// Whether two bytes have the original's rules: byte 13 is deleted wherever it stands, and a NUL ends its word, even an
    /// empty one, and hides the bytes from it to the next space, tab or LF.
    var isOriginal: Bool
    /// Whether the last word and the last line count without white space behind them.
    var keepsLastWord: Bool
    /// Distinct words above which rare ones are forgotten while counting, as the original does at 70% of its hash table.
    var pruneAbove: Int?
    /// Whether a byte order mark at the head of a text is left out.
    var skipsByteOrderMark: Bool
    /// Whether capitals become small letters, by Unicode's mapping of single characters.
    var lowercases = false
    /// Whether words end at all of Unicode's white space. The line ends among it (U+0085, U+2028, U+2029, and bytes 11 and 12)
    /// end words only: a sentence still ends at a newline.
    var unicodeSpaces = false

    /// The original's: 98 bytes, cut anywhere; a last word that no white space follows is lost.
    static let original = TokenRules(
        longestWord: 98, cutsAtCharacters: false, isOriginal: true, keepsLastWord: false, pruneAbove: 21_000_000,
        skipsByteOrderMark: false)

    /// Those of the original's word2phrase: 58 bytes; it prunes above 350 million words, which is not followed.
    static let originalPhrases = TokenRules(
        longestWord: 58, cutsAtCharacters: false, isOriginal: true, keepsLastWord: false, pruneAbove: nil,
        skipsByteOrderMark: false)

    /// The default's: 1024 bytes, nothing lost.
    static let standard = TokenRules(
        longestWord: 1024, cutsAtCharacters: true, isOriginal: false, keepsLastWord: true, pruneAbove: nil,
        skipsByteOrderMark: true)

    /// The token of a line's end; row 0 of every vocabulary that was counted.
    static let sentenceEnd = "</s>"

    /// What a dictionary of a text begins with: the sentence end alone.
    static var firstWords: WordTable {
        var table = WordTable()
        table.appendNew(sentenceEnd.utf8)
        return table
    }
}

extension TokenRules {
    /// The rules of a run.
    init(_ options: TrainingOptions) {
        self = options.exact ? .original : .standard
        lowercases = options.lowercase
        unicodeSpaces = options.unicodeWhitespace
    }

    /// Checks that a run with these options would read a text by these rules.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the option by which it was read otherwise.
    func require(_ options: TrainingOptions, toRead name: String) throws(Word2VecError) {
        let others = TokenRules(options)
        guard others != self else { return }
        let (option, found) =
            lowercases != others.lowercases
            ? ("lowercase", options.lowercase)
            : unicodeSpaces != others.unicodeSpaces
                ? ("unicode-space", options.unicodeWhitespace) : ("exact", options.exact)
        throw .invalidOption(option, found: found ? "1" : "0", expected: "what it was when \(name) was read")
    }
}
