internal import Word2VecCore

/// The lines of a text that training leaves out, for its loss to be measured on (``TrainingOptions/holdout``).
struct HeldOutLines: Sendable {
    /// The share that was wanted, and the seed that chose.
    let share: Double
    let seed: UInt64
    /// Lines held out, and all lines of the text. Each 1000 tokens of a longer line count as a line.
    let lines: Int
    let allLines: Int
    let tokens: TokenStore

    /// That there is nothing to measure the loss on.
    var cannotBeMeasured: Word2VecError {
        .invalidOption(
            "holdout", found: "\(share)",
            expected: """
                a share whose lines have two words within a window, to measure the loss on: the \(lines) of \(allLines) lines \
                that are held out have none after subsampling
                """)
    }
}

extension EncodedCorpus {
    /// Tokens of the lines that are held out, sentence ends included.
    public var heldOutTokenCount: Int { heldOut?.tokens.count ?? 0 }

    /// Lines that are held out, and all lines; each 1000 words of a longer line are a line here. (0, 0) without
    /// ``TrainingOptions/holdout``.
    public var heldOutLines: (count: Int, total: Int) { (heldOut?.lines ?? 0, heldOut?.allLines ?? 0) }

    /// Words of an epoch as the original counts them: by the vocabulary, which may be that of another text.
    var countedWords: Int {
        heldOut.map { max(1, vocabulary.totalCount - $0.tokens.count) } ?? vocabulary.totalCount
    }

    /// A checksum of all tokens.
    var checksum: UInt64 {
        // The split is decided by the options, which are compared as well.
        tokens.checksum ^ (heldOut.map { $0.tokens.checksum &* 0x9E37_79B9_7F4A_7C15 } ?? 0)
    }

    /// Moves the lines that options hold out from the tokens to their place. The tokens are those of nobody else.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` if no line with a word would be left to train on or to measure
    ///   the loss on; ``Word2VecError/outOfMemory(bytes:purpose:)``; ``Word2VecError/cannotWrite(path:reason:)``.
    func holdingOut(_ options: TrainingOptions) throws(Word2VecError) -> EncodedCorpus {
        guard options.holdout > 0 else { return self }
        let split = try core(
            tokens.holdingOut(
                options.holdout, seed: options.seed, memory: TokenMemory(limit: options.tokenMemory)))
        let heldOut = HeldOutLines(
            share: options.holdout, seed: options.seed, lines: split.lines, allLines: split.allLines,
            tokens: split.tokens)
        func require(_ tokens: TokenStore, _ expected: String) throws(Word2VecError) {
            guard !tokens.hasWords else { return }
            throw .invalidOption(
                "holdout", found: "\(options.holdout)",
                expected: """
                    a share that leaves words to \(expected): of the \(heldOut.allLines) lines of \(name) it holds out \
                    \(heldOut.lines), chosen by -seed \(options.seed)
                    """)
        }
        try require(heldOut.tokens, "measure the loss on")
        try require(split.kept, "train on")
        return EncodedCorpus(
            paths: paths, rules: rules, vocabulary: vocabulary, tokens: split.kept, truncatedWords: truncatedWords,
            heldOut: heldOut)
    }

    /// Checks that a run with these options would hold out the same lines.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the option by which it would not.
    func requireHoldout(of options: TrainingOptions) throws(Word2VecError) {
        let share = heldOut?.share ?? 0
        guard options.holdout == share else {
            throw .invalidOption(
                "holdout", found: "\(options.holdout)", expected: "\(share), the same as when \(name) was read")
        }
        if let heldOut, options.seed != heldOut.seed {
            throw .invalidOption(
                "seed", found: "\(options.seed)",
                expected: "\(heldOut.seed), the same as when \(name) was read: with -holdout it selects the lines")
        }
    }
}
