internal import CWord2Vec

/// One pass over a text: tokens to dictionary entries, with counts. Owns the dictionary's memory and makes the room that
/// the C core asks for.
final class TextEncoder {
    /// Bytes handed to the C core at a time, so that the room for new words stays small.
    private static let pieceLength = 1 << 16

    /// The C core's W2V_NO_WORD.
    private static let none = UInt32.max

    private let rules: TokenRules
    private var dictionary: w2v_dictionary
    private var tokenizer: w2v_tokenizer
    private var entryCapacity: Int
    private var byteCapacity: Int
    private var ids: Memory?
    private var idCount = 0

    /// A dictionary that holds `words`; with `grows`, words of the text that it lacks are entered, else left out.
    init(rules: TokenRules, words: WordTable, grows: Bool) {
        self.rules = rules
        entryCapacity = words.count + 1
        byteCapacity = words.byteCount + 1
        let slots = Self.slotCount(entries: entryCapacity)
        dictionary = w2v_dictionary(
            bytes: .allocate(capacity: byteCapacity),
            entries: .allocate(capacity: entryCapacity),
            counts: .allocate(capacity: entryCapacity),
            slots: .allocate(capacity: slots),
            used: 0,
            count: 0,
            mask: UInt32(slots - 1))
        w2v_dictionary_index(&dictionary)
        tokenizer = w2v_tokenizer(
            longest: UInt32(rules.longestWord),
            whole_characters: rules.cutsAtCharacters,
            empty_words: rules.keepsEmptyWords,
            grow: grows,
            stop_above: rules.pruneAbove.map(UInt32.init) ?? Self.none,
            sentence_end: Self.none,
            length: 0,
            pending: false,
            closed: false,
            line_open: false,
            truncated: 0,
            word: .allocate(capacity: rules.longestWord + 1))
        for rank in 0..<words.count { enter(words.bytes(at: rank)) }
        tokenizer.sentence_end = entryOfSentenceEnd
    }

    deinit {
        dictionary.bytes.deallocate()
        dictionary.entries.deallocate()
        dictionary.counts.deallocate()
        dictionary.slots.deallocate()
        tokenizer.word.deallocate()
    }

    /// Distinct words met or entered.
    var wordCount: Int { Int(dictionary.count) }

    /// Words that were longer than the rules keep.
    var truncatedWords: Int { Int(tokenizer.truncated) }

    /// Tokens met of an entry.
    func count(at entry: Int) -> Int { Int(dictionary.counts[checked(entry)]) }

    /// The bytes of an entry.
    func word(at entry: Int) -> [UInt8] {
        let entry = dictionary.entries[checked(entry)]
        return Array(UnsafeBufferPointer(start: dictionary.bytes + Int(entry.offset), count: Int(entry.length)))
    }

    /// Reads a whole file. `onPrune` is called when there are more words than `rules.pruneAbove` and says which entries
    /// are kept; the ids written so far then mean nothing any more. O(bytes).
    func encode(_ file: MappedFile, onPrune: () -> [Bool]) throws(Word2VecError) {
        // A token takes a byte at least; the memory is resident only where it is used.
        ids = try Memory(zeroed: (file.count + 2) * MemoryLayout<Int32>.stride, for: "token ids", use: .sparse)
        idCount = 0
        var offset = 0
        while offset < file.count {
            let length = min(Self.pieceLength, file.count - offset)
            if tokenizer.grow { reserve(words: length / 2 + 1, bytes: length + rules.longestWord) }
            let text = file.bytes.baseAddress! + offset
            let done = w2v_encode(
                &tokenizer, &dictionary, text.assumingMemoryBound(to: UInt8.self), length,
                ids!.bound(to: Int32.self) + idCount)
            offset += done.consumed
            idCount += done.written
            if dictionary.count > tokenizer.stop_above { keepEntries(onPrune()) }
        }
        if rules.keepsLastWord {
            reserve(words: 1, bytes: rules.longestWord)
            idCount += w2v_encode_end(&tokenizer, &dictionary, ids!.bound(to: Int32.self) + idCount)
        }
    }

    /// Hands over the ids, each entry replaced by `map[entry]`, those with a negative one left out.
    func takeTokens(map: [Int32]) -> TokenStore? {
        precondition(map.count == wordCount, "one rank for each entry")
        guard let ids else { return nil }
        self.ids = nil
        let count = w2v_ids_map(ids.bound(to: Int32.self), Int64(idCount), map)
        return TokenStore(memory: ids, count: Int(count))
    }

    private func checked(_ entry: Int) -> Int {
        precondition(entry >= 0 && entry < wordCount, "entry outside of the dictionary")
        return entry
    }

    private func enter(_ word: ArraySlice<UInt8>) {
        word.withUnsafeBufferPointer { bytes in
            // An empty word has no address; the C core reads nothing of it.
            _ = w2v_dictionary_add(&dictionary, bytes.baseAddress ?? UnsafePointer(dictionary.bytes), bytes.count)
        }
    }

    private var entryOfSentenceEnd: UInt32 {
        let word = Array(TokenRules.sentenceEnd.utf8)
        return w2v_dictionary_find(&dictionary, word, word.count)
    }

    /// Forgets the entries that are not kept; the others move up.
    private func keepEntries(_ kept: [Bool]) {
        var count = 0
        for entry in 0..<wordCount where kept[entry] {
            dictionary.entries[count] = dictionary.entries[entry]
            dictionary.counts[count] = dictionary.counts[entry]
            count += 1
        }
        dictionary.count = UInt32(count)
        w2v_dictionary_index(&dictionary)
        tokenizer.sentence_end = entryOfSentenceEnd
    }

    /// Makes room for so many more words, of so many bytes in all.
    private func reserve(words: Int, bytes: Int) {
        let neededEntries = wordCount + words
        if neededEntries > entryCapacity {
            let capacity = max(neededEntries, 2 * entryCapacity)
            dictionary.entries = Self.grow(dictionary.entries, used: wordCount, capacity: capacity)
            dictionary.counts = Self.grow(dictionary.counts, used: wordCount, capacity: capacity)
            entryCapacity = capacity
        }
        if dictionary.used + bytes > byteCapacity {
            byteCapacity = max(dictionary.used + bytes, 2 * byteCapacity)
            dictionary.bytes = Self.grow(dictionary.bytes, used: dictionary.used, capacity: byteCapacity)
        }
        let slots = Self.slotCount(entries: neededEntries)
        if slots > Int(dictionary.mask) + 1 {
            dictionary.slots.deallocate()
            dictionary.slots = .allocate(capacity: slots)
            dictionary.mask = UInt32(slots - 1)
            w2v_dictionary_index(&dictionary)
        }
    }

    /// A power of two that leaves at least half of the slots empty.
    private static func slotCount(entries: Int) -> Int {
        var slots = 1024
        while slots < entries * 2 { slots *= 2 }
        return slots
    }

    private static func grow<Element: BitwiseCopyable>(
        _ old: UnsafeMutablePointer<Element>, used: Int, capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        let new = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        new.initialize(from: old, count: used)
        old.deallocate()
        return new
    }
}
