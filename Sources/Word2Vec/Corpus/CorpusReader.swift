/// Reads the texts of a corpus: each thread a part of them with a dictionary of its own. The dictionaries are merged, and
/// the ids put together, in the order of the text, so that the number of threads changes nothing in the result.
struct CorpusReader {
    let files: [TextFile]
    let rules: TokenRules
    let threads: Int
    let memory: TokenMemory
    let meter: ReadingMeter?

    /// The corpus for error messages.
    private var name: String { files.map(\.path).joined(separator: ", ") }

    /// What one thread has read.
    private struct Part {
        let encoder: TextEncoder
        /// Tokens of each of the part's own entries.
        let counts: [Int]
    }

    /// Encodes with the vocabulary of the texts themselves.
    func counted(minimumCount: Int, maximumVocabulary: Int?) throws(Word2VecError) -> EncodedCorpus {
        var known = WordTable()
        _ = known.append(TokenRules.sentenceEnd.utf8)
        var parts = try read(rules, words: known, grows: true)
        let first = parts[0].encoder
        var entries: [[UInt32]] = []
        for part in parts.dropFirst() { entries.append(try first.absorb(part.encoder)) }
        guard first.bytesRead > 0 else { throw .emptyCorpus(path: name) }

        let counts = first.counts
        let (vocabulary, ranks) = Vocabulary.sorted(
            counts: counts, minimumCount: minimumCount, maximum: maximumVocabulary, bytesOf: first.word)
        guard vocabulary.count > 1 else {
            throw .noWords(path: name, minimumCount: minimumCount, counts: Array(counts.dropFirst()))
        }
        // Forgotten words may stand in the ids under entries that are others' now: the text is read again.
        if first.timesPruned > 0 {
            if let stream = files.first(where: \.isStream) { throw .cannotReadTwice(path: stream.path) }
            return try fixed(vocabulary)
        }

        let maps = [ranks] + entries.map { entries in entries.map { ranks[Int($0)] } }
        var lengths = zip(parts, maps).dropFirst().map { part, map in
            zip(part.counts, map).reduce(0) { $0 + ($1.1 >= 0 ? $1.0 : 0) }
        }
        lengths.insert(vocabulary.totalCount - lengths.reduce(0, +), at: 0)
        let (buffers, truncated) = (parts.map(\.encoder.tokens), first.truncatedWords)
        parts = []
        return try joined(buffers, lengths: lengths, maps: maps, vocabulary: vocabulary, truncatedWords: truncated)
    }

    /// Encodes with a vocabulary that does not change.
    func fixed(_ vocabulary: Vocabulary) throws(Word2VecError) -> EncodedCorpus {
        var unlimited = rules
        unlimited.pruneAbove = nil
        let parts = try read(unlimited, words: vocabulary.table, grows: false)
        guard parts.contains(where: { $0.encoder.bytesRead > 0 }) else { throw .emptyCorpus(path: name) }
        let ranks = (0..<Int32(vocabulary.count)).map { $0 }
        return try joined(
            parts.map(\.encoder.tokens), lengths: parts.map { $0.counts.reduce(0, +) },
            maps: parts.map { _ in ranks }, vocabulary: vocabulary,
            truncatedWords: parts.reduce(0) { $0 + $1.encoder.truncatedWords })
    }

    private func read(_ rules: TokenRules, words: WordTable, grows: Bool) throws(Word2VecError) -> [Part] {
        // By the original's rules several files are one text, whose last word is lost, and pruning depends on all that
        // was read before: that is for one thread.
        let isDivisible = rules.keepsLastWord && rules.pruneAbove == nil
        let dealt = try TextStretch.deal(files, parts: isDivisible ? threads : 1, rules: rules)
        let characters = try CharacterTable(rules)
        meter?.begin()
        let parts = try inParallel(dealt.count) { (index) throws(Word2VecError) in
            let stretches = dealt[index]
            // A token takes a byte at least.
            let bytes = stretches.reduce(into: 0 as Int?) { sum, stretch in
                sum = stretch.range.flatMap { range in sum.map { $0 + range.count + 2 } }
            }
            let encoder = try TextEncoder(
                rules: rules, characters: characters, words: words, grows: grows,
                tokens: TokenBuffer(memory: memory, expected: bytes))
            try encoder.encode(stretches, meter)
            return Part(encoder: encoder, counts: encoder.counts)
        }
        meter?.end()
        return parts
    }

    /// Puts the parts' ids one behind the other, as ranks. Each part's memory goes as it is copied.
    private func joined(
        _ buffers: [TokenBuffer], lengths: [Int], maps: [[Int32]], vocabulary: Vocabulary, truncatedWords: Int
    ) throws(Word2VecError) -> EncodedCorpus {
        let builder = try TokenStoreBuilder(count: lengths.reduce(0, +), limit: memory)
        let starts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        _ = try inParallel(maps.count) { (index) throws(Word2VecError) in
            try builder.fill(starts[index]..<starts[index + 1], from: buffers[index], map: maps[index])
        }
        return EncodedCorpus(
            paths: files.map(\.path), rules: rules, vocabulary: vocabulary, tokens: builder.finish(),
            truncatedWords: truncatedWords)
    }
}
