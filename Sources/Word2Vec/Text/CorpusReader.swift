internal import Word2VecCore

/// Reads the texts of a corpus: each thread a part of them with a dictionary of its own. The dictionaries are merged, and
/// the ids put together, in the order of the text, so that the number of threads changes nothing in the result.
struct CorpusReader {
    let files: [InputFile]
    let rules: TokenRules
    let threads: Int
    let memory: TokenMemory
    let watch: ReadingWatch

    /// The corpus for error messages.
    private var name: String { files.map(\.path).joined(separator: ", ") }

    /// What one thread has read.
    private struct Part {
        let encoder: TextEncoder
        /// The text as the part's own entries; empty if it is only counted.
        let tokens: TokenBuffer
        /// Tokens of each of them.
        let counts: [Int]
    }

    /// Counts the words of the texts, and keeps nothing else of them.
    func words(minimumCount: Int, maximumVocabulary: Int?) throws(Word2VecError) -> CountedWords {
        let first = try merged(read(rules, words: TokenRules.firstWords, grows: true, keepsTokens: false)).encoder
        let counts = first.dictionary.counts
        let vocabulary = try vocabulary(
            of: first, counts: counts, minimumCount: minimumCount, maximumVocabulary: maximumVocabulary
        ).vocabulary
        return CountedWords(
            vocabulary: vocabulary, words: counts.dropFirst().reduce(0, +), distinctWords: counts.count - 1,
            truncatedWords: first.truncatedWords)
    }

    /// Enters the words of all parts into the first, and tells for the others which of its entries theirs are.
    private func merged(_ parts: [Part]) throws(Word2VecError) -> (encoder: TextEncoder, entries: [[UInt32]]) {
        let first = parts[0].encoder
        var entries: [[UInt32]] = []
        for part in parts.dropFirst() { entries.append(try core(first.absorb(part.encoder))) }
        guard first.bytesRead > 0 else { throw .emptyCorpus(path: name) }
        return (first, entries)
    }

    private func vocabulary(
        of encoder: TextEncoder, counts: [Int], minimumCount: Int, maximumVocabulary: Int?
    ) throws(Word2VecError) -> (vocabulary: Vocabulary, ranks: [Int32]) {
        let result = Vocabulary.sorted(
            counts: counts, minimumCount: minimumCount, maximum: maximumVocabulary, bytesOf: encoder.dictionary.word)
        guard result.vocabulary.count > 1 else {
            throw .noWords(path: name, minimumCount: minimumCount, counts: Array(counts.dropFirst()))
        }
        return result
    }

    /// Encodes with the vocabulary of the texts themselves.
    func counted(minimumCount: Int, maximumVocabulary: Int?) throws(Word2VecError) -> EncodedCorpus {
        var parts = try read(rules, words: TokenRules.firstWords, grows: true)
        let (first, entries) = try merged(parts)
        let (vocabulary, ranks) = try vocabulary(
            of: first, counts: first.dictionary.counts, minimumCount: minimumCount,
            maximumVocabulary: maximumVocabulary)
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
        let (buffers, truncated) = (parts.map(\.tokens), first.truncatedWords)
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
            parts.map(\.tokens), lengths: parts.map { $0.counts.reduce(0, +) },
            maps: parts.map { _ in ranks }, vocabulary: vocabulary,
            truncatedWords: parts.reduce(0) { $0 + $1.encoder.truncatedWords })
    }

    private func read(
        _ rules: TokenRules, words: WordTable, grows: Bool, keepsTokens: Bool = true
    ) throws(Word2VecError) -> [Part] {
        // By the original's rules several files are one text, whose last word is lost, and pruning depends on all that
        // was read before: that is for one thread.
        let isDivisible = rules.keepsLastWord && rules.pruneAbove == nil
        let dealt = try TextStretch.deal(files, parts: isDivisible ? threads : 1, rules: rules)
        let characters = try core(CharacterTable(rules))
        watch.meter?.begin()
        let parts = try inParallel(dealt.count) { (index) throws(Word2VecError) in
            let stretches = dealt[index]
            // A token takes a byte at least.
            let bytes = stretches.reduce(into: 0 as Int?) { sum, stretch in
                sum = stretch.range.flatMap { range in sum.map { $0 + range.count + 2 } }
            }
            let encoder = try core(TextEncoder(rules: rules, characters: characters, words: words, grows: grows))
            let tokens = TokenBuffer(memory: memory, expected: bytes)
            if keepsTokens {
                try core(
                    encoder.encode(stretches, into: tokens, isCancelled: watch.isCancelled, progress: watch.meter?.add))
            } else {
                try core(encoder.encode(stretches, isCancelled: watch.isCancelled, progress: watch.meter?.add) { _ in })
            }
            return Part(encoder: encoder, tokens: tokens, counts: encoder.dictionary.counts)
        }
        watch.meter?.end()
        return parts
    }

    /// Puts the parts' ids one behind the other, as ranks. Each part's memory goes as it is copied.
    private func joined(
        _ buffers: [TokenBuffer], lengths: [Int], maps: [[Int32]], vocabulary: Vocabulary, truncatedWords: Int
    ) throws(Word2VecError) -> EncodedCorpus {
        if watch.isCancelled?() ?? false { throw .interrupted(checkpoint: nil) }
        let builder = try core(TokenStoreBuilder(count: lengths.reduce(0, +), limit: memory))
        let starts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        _ = try inParallel(maps.count) { (index) throws(Word2VecError) in
            try core(builder.fill(starts[index]..<starts[index + 1], from: buffers[index], map: maps[index]))
        }
        return EncodedCorpus(
            paths: files.map(\.path), rules: rules, vocabulary: vocabulary, tokens: builder.finish(),
            truncatedWords: truncatedWords)
    }
}
