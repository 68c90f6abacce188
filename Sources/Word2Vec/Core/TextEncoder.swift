internal import CWord2Vec

/// One pass over a part of the text: tokens to dictionary entries, with counts. Owns the dictionary's memory and makes the
/// room that the C core asks for.
final class TextEncoder {
    /// Bytes handed to the C core at a time: they stay in a core's cache, and the room for new words stays small.
    private static let pieceLength = 1 << 16

    /// The C core's W2V_NO_WORD.
    private static let none = UInt32.max

    private let rules: TokenRules
    private var dictionary: w2v_dictionary
    private var tokenizer: w2v_tokenizer
    private var entryCapacity: Int
    private var byteCapacity: Int
    private var slots: Memory
    private let text = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 64)
    private let filter: TextFilter?
    /// The entries of the tokens that were read.
    let tokens: TokenBuffer

    /// Bytes read.
    private(set) var bytesRead = 0
    /// How often words were forgotten because there were more than `rules.pruneAbove`. The ids mean nothing then.
    private(set) var timesPruned = 0

    /// A dictionary that holds `words`; with `grows`, words of the text that it lacks are entered, else left out.
    ///
    /// - Parameter characters: what is replaced in the text, made of the rules; nil: nothing.
    init(
        rules: TokenRules, characters: CharacterTable? = nil, words: WordTable, grows: Bool, tokens: TokenBuffer
    ) throws(Word2VecError) {
        self.rules = rules
        self.tokens = tokens
        filter = characters.map { TextFilter($0, pieceLength: Self.pieceLength) }
        entryCapacity = words.count + 1
        byteCapacity = words.byteCount + 1
        slots = try Self.makeSlots(Self.slotCount(entries: entryCapacity))
        dictionary = w2v_dictionary(
            bytes: .allocate(capacity: byteCapacity),
            entries: .allocate(capacity: entryCapacity),
            slots: slots.bound(to: w2v_slot.self),
            used: 0,
            count: 0,
            mask: UInt32(Self.slotCount(entries: entryCapacity) - 1))
        w2v_dictionary_clear(&dictionary)
        tokenizer = w2v_tokenizer(
            longest: UInt32(rules.longestWord),
            whole_characters: rules.cutsAtCharacters,
            empty_words: rules.keepsEmptyWords,
            grow: grows,
            stop_above: rules.pruneAbove.map(UInt32.init) ?? Self.none,
            length: 0,
            pending: false,
            closed: false,
            line_open: false,
            truncated: 0,
            word: .allocate(capacity: rules.longestWord + 1))
        for rank in 0..<words.count { enter(words.bytes(at: rank)) }
    }

    deinit {
        dictionary.bytes.deallocate()
        dictionary.entries.deallocate()
        tokenizer.word.deallocate()
        text.deallocate()
    }

    /// Distinct words met or entered.
    var wordCount: Int { Int(dictionary.count) }

    /// Words that were longer than the rules keep.
    var truncatedWords: Int { Int(tokenizer.truncated) }

    /// Tokens met of each entry.
    var counts: [Int] {
        let counts = [Int64](unsafeUninitializedCapacity: wordCount) { counts, count in
            count = wordCount
            if let base = counts.baseAddress { w2v_dictionary_counts(&dictionary, base) }
        }
        return counts.map(Int.init)
    }

    /// The bytes of an entry.
    func word(at entry: Int) -> [UInt8] {
        precondition(entry >= 0 && entry < wordCount, "entry outside of the dictionary")
        let entry = dictionary.entries[entry]
        return Array(UnsafeBufferPointer(start: dictionary.bytes + Int(entry.offset), count: Int(entry.length)))
    }

    /// Reads stretches of text, one after the other. O(bytes).
    func encode(_ stretches: [TextStretch], _ meter: ReadingMeter? = nil) throws(Word2VecError) {
        for stretch in stretches {
            // By the original's rules several files are one text.
            if rules.keepsLastWord { tokenizer.line_open = stretch.continuesLine }
            var reader = try stretch.file.reader(of: stretch.range)
            try encode(begins: stretch.beginsText, ends: stretch.endsText, meter) { reader.read(into: $0) }
        }
    }

    /// Reads what `next` gives in pieces, at least a byte at a time until all is given: all of a text, or a part that begins
    /// behind white space.
    func encode(
        begins: Bool, ends: Bool, _ meter: ReadingMeter? = nil,
        next: (UnsafeMutableRawBufferPointer) -> Result<Int, Word2VecError>
    ) throws(Word2VecError) {
        var mark = begins && rules.skipsByteOrderMark ? TokenRules.byteOrderMark.count : 0
        while true {
            var count = try next(text).get()
            // A stream may give the mark in pieces.
            while count > 0 && count < mark {
                let more = try next(UnsafeMutableRawBufferPointer(rebasing: text[count...])).get()
                if more == 0 { break }
                count += more
            }
            guard count > 0 else { break }
            bytesRead += count
            var piece = UnsafeRawBufferPointer(rebasing: text[..<count])
            if mark > 0 && piece.starts(with: TokenRules.byteOrderMark) {
                piece = UnsafeRawBufferPointer(rebasing: piece[mark...])
            }
            mark = 0
            let words = try encode(filter?.filtered(piece) ?? piece)
            meter?.add(bytes: count, words: words)
        }
        var words = 0
        if let filter { words += try encode(filter.rest()) }
        if ends && rules.keepsLastWord {
            try reserve(words: 2, bytes: rules.longestWord + 8)
            let written = w2v_encode_end(&tokenizer, &dictionary, try tokens.room(for: 2))
            tokens.advance(by: written)
            words += written
        }
        meter?.add(bytes: 0, words: words)
    }

    /// Reads a piece of text; returns how many tokens it has.
    private func encode(_ piece: UnsafeRawBufferPointer) throws(Word2VecError) -> Int {
        guard let base = piece.baseAddress else { return 0 }
        var (offset, written) = (0, 0)
        while offset < piece.count {
            let length = piece.count - offset
            if tokenizer.grow { try reserve(words: length / 2 + 3, bytes: length + rules.longestWord + 8) }
            let done = w2v_encode(
                &tokenizer, &dictionary, (base + offset).assumingMemoryBound(to: UInt8.self), length,
                try tokens.room(for: length + 1))
            offset += done.consumed
            written += done.written
            tokens.advance(by: done.written)
            if dictionary.count > tokenizer.stop_above { try prune() }
        }
        if timesPruned > 0 { tokens.removeAll() }
        return written
    }

    /// The entries of one line's tokens, among them a sentence end if it has a word. They do not go to `tokens`. O(bytes).
    func entries(ofLine line: ArraySlice<UInt8>) throws(Word2VecError) -> [Int32] {
        try reserve(words: line.count / 2 + 5, bytes: line.count + 2 * (rules.longestWord + 8))
        return [Int32](unsafeUninitializedCapacity: line.count + 3) { entries, count in
            guard let base = entries.baseAddress else { return }
            line.withUnsafeBufferPointer { bytes in
                guard let text = bytes.baseAddress else { return }
                count = w2v_encode(&tokenizer, &dictionary, text, bytes.count, base).written
            }
            count += w2v_encode_end(&tokenizer, &dictionary, base + count)
        }
    }

    /// Takes over the words and counts of an encoder that read what follows in the text. Returns which entry here each of
    /// its entries is.
    func absorb(_ next: TextEncoder) throws(Word2VecError) -> [UInt32] {
        try reserve(words: next.wordCount, bytes: next.dictionary.used)
        bytesRead += next.bytesRead
        tokenizer.truncated += next.tokenizer.truncated
        return [UInt32](unsafeUninitializedCapacity: next.wordCount) { map, count in
            count = next.wordCount
            // An empty array has no address; the C core writes nothing to it.
            if let base = map.baseAddress { w2v_dictionary_merge(&dictionary, &next.dictionary, base) }
        }
    }

    private func enter(_ word: ArraySlice<UInt8>) {
        word.withUnsafeBufferPointer { bytes in
            // An empty word has no address; the C core reads nothing of it.
            _ = w2v_dictionary_add(&dictionary, bytes.baseAddress ?? UnsafePointer(dictionary.bytes), bytes.count)
        }
    }

    /// Forgets the words whose count is not above a bound that grows by one each time, as the original does.
    private func prune() throws(Word2VecError) {
        timesPruned += 1
        let old = slots
        slots = try Self.makeSlots(Int(dictionary.mask) + 1)
        w2v_dictionary_prune(&dictionary, slots.bound(to: w2v_slot.self), Int64(timesPruned))
        withExtendedLifetime(old) {}
    }

    /// Makes room for so many more words, of so many bytes in all.
    private func reserve(words: Int, bytes: Int) throws(Word2VecError) {
        let neededEntries = wordCount + words
        if neededEntries > entryCapacity {
            entryCapacity = max(neededEntries, 2 * entryCapacity)
            dictionary.entries = Self.grow(dictionary.entries, used: wordCount, capacity: entryCapacity)
        }
        if dictionary.used + bytes > byteCapacity {
            byteCapacity = max(dictionary.used + bytes, 2 * byteCapacity)
            dictionary.bytes = Self.grow(dictionary.bytes, used: dictionary.used, capacity: byteCapacity)
        }
        let needed = Self.slotCount(entries: neededEntries)
        if needed > Int(dictionary.mask) + 1 {
            let old = slots
            slots = try Self.makeSlots(needed)
            w2v_dictionary_move(&dictionary, slots.bound(to: w2v_slot.self), UInt32(needed - 1))
            withExtendedLifetime(old) {}
        }
    }

    private static func makeSlots(_ count: Int) throws(Word2VecError) -> Memory {
        try Memory(zeroed: count * MemoryLayout<w2v_slot>.stride, for: "vocabulary", use: .table)
    }

    /// A power of two that leaves at least three of eight slots empty.
    private static func slotCount(entries: Int) -> Int {
        var slots = 1024
        while slots * 5 < entries * 8 { slots *= 2 }
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
