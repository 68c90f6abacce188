internal import Word2VecCore

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
        throw .invalidOption(option, found: found ? "1" : "0", expected: "the same as when \(name) was read")
    }
}
