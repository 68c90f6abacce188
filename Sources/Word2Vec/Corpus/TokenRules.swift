/// How text becomes tokens.
///
/// Both sets of rules are the original's: words end at space, tab or newline; byte 13 is deleted wherever it stands; a
/// NUL ends the word; each newline is the token `</s>`. They differ where the original loses text.
struct TokenRules: Sendable, Equatable {
    /// Bytes of a word that are kept.
    var longestWord: Int
    /// Whether a long word is cut between UTF-8 characters.
    var cutsAtCharacters: Bool
    /// Whether a NUL at the head of a word makes the empty word.
    var keepsEmptyWords: Bool
    /// Whether the last word and the last line count without white space behind them.
    var keepsLastWord: Bool
    /// Distinct words above which rare ones are forgotten while counting, as the original does at 70% of its hash table.
    var pruneAbove: Int?

    /// The original's: 98 bytes, cut anywhere; a last word that no white space follows is lost.
    static let original = TokenRules(
        longestWord: 98, cutsAtCharacters: false, keepsEmptyWords: true, keepsLastWord: false, pruneAbove: 21_000_000)

    /// Those of the original's word2phrase: 58 bytes; it prunes above 350 million words, which is not followed.
    static let originalPhrases = TokenRules(
        longestWord: 58, cutsAtCharacters: false, keepsEmptyWords: true, keepsLastWord: false, pruneAbove: nil)

    /// The default's: 1024 bytes, nothing lost.
    static let standard = TokenRules(
        longestWord: 1024, cutsAtCharacters: true, keepsEmptyWords: false, keepsLastWord: true, pruneAbove: nil)

    /// The rules of a run.
    init(_ options: TrainingOptions) {
        self = options.exact ? .original : .standard
    }

    init(
        longestWord: Int, cutsAtCharacters: Bool, keepsEmptyWords: Bool, keepsLastWord: Bool, pruneAbove: Int?
    ) {
        self.longestWord = longestWord
        self.cutsAtCharacters = cutsAtCharacters
        self.keepsEmptyWords = keepsEmptyWords
        self.keepsLastWord = keepsLastWord
        self.pruneAbove = pruneAbove
    }

    /// The token of a line's end; row 0 of every vocabulary that was counted.
    static let sentenceEnd = "</s>"

    /// What a dictionary of a text begins with: the sentence end alone.
    static var firstWords: WordTable {
        var table = WordTable()
        _ = table.append(sentenceEnd.utf8)
        return table
    }
}
