internal import CWord2Vec

/// One pass over a part of the text: tokens to dictionary entries, with counts. Makes the room that the C core asks for.
final class TextEncoder {
    /// Bytes handed to the C core at a time: they stay in a core's cache, and the room for new words stays small.
    static let pieceLength = 1 << 16

    /// The C core's W2V_NO_WORD.
    private static let none = UInt32.max

    private let rules: TokenRules
    let dictionary: WordDictionary
    private var tokenizer: w2v_tokenizer
    private let text = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 64)
    private let filter: TextFilter?

    /// Bytes of files read, compressed as they are.
    private(set) var bytesRead = 0
    /// How often words were forgotten because there were more than `rules.pruneAbove`. The ids mean nothing then.
    private(set) var timesPruned = 0

    /// A dictionary that holds `words`; with `grows`, words of the text that it lacks are entered, else left out.
    ///
    /// - Parameter characters: what is replaced in the text, made of the rules; nil: nothing.
    init(
        rules: TokenRules, characters: CharacterTable? = nil, words: WordTable, grows: Bool
    ) throws(Word2VecError) {
        self.rules = rules
        dictionary = try WordDictionary(words)
        filter = characters.map { TextFilter($0, pieceLength: Self.pieceLength) }
        tokenizer = w2v_tokenizer(
            longest: UInt32(rules.longestWord),
            whole_characters: rules.cutsAtCharacters,
            original: rules.isOriginal,
            grow: grows,
            stop_above: rules.pruneAbove.map(UInt32.init) ?? Self.none,
            length: 0,
            pending: false,
            closed: false,
            after_return: false,
            line_open: false,
            truncated: 0,
            word: .allocate(capacity: rules.longestWord + 1))
    }

    deinit {
        tokenizer.word.deallocate()
        text.deallocate()
    }

    /// Distinct words met or entered.
    var wordCount: Int { dictionary.count }

    /// The most bytes that the tokens of one piece can take when they are written as text: those of the piece, one more for
    /// each word that ends a line, and a word that began in the piece before.
    var roomToRewrite: Int { 2 * Self.pieceLength + rules.longestWord + 8 }

    /// Words that were longer than the rules keep.
    var truncatedWords: Int { Int(tokenizer.truncated) }

    /// Gets ready to read another text with the words that are known; a word that has begun is lost.
    func restart() {
        tokenizer.pending = false
        tokenizer.after_return = false
        tokenizer.line_open = false
    }

    /// Reads stretches of text, one after the other, and keeps the entries of their tokens. O(bytes).
    func encode(
        _ stretches: [TextStretch], into tokens: TokenBuffer, _ watch: ReadingWatch = ReadingWatch()
    ) throws(Word2VecError) {
        try encode(stretches, sink(tokens), watch)
    }

    private func sink(_ tokens: TokenBuffer) -> TokenSink {
        TokenSink(
            room: { (count) throws(Word2VecError) in try tokens.room(for: count) },
            take: { _, count in
                tokens.advance(by: count)
                if self.timesPruned > 0 { tokens.removeAll() }
            })
    }

    /// Reads stretches of text, one after the other, and hands over the entries of their tokens as they are read. They come of
    /// at most `pieceLength` bytes at a time, and a word that began before. O(bytes).
    func encode(
        _ stretches: [TextStretch], _ watch: ReadingWatch = ReadingWatch(),
        _ body: (TokenView) throws(Word2VecError) -> Void
    ) throws(Word2VecError) {
        let ids = UnsafeMutablePointer<Int32>.allocate(capacity: Self.pieceLength + 1)
        defer { ids.deallocate() }
        try withoutActuallyEscaping(body) { (body) throws(Word2VecError) in
            try encode(
                stretches,
                TokenSink(
                    room: { _ in ids },
                    take: { (ids, count) throws(Word2VecError) in
                        try body(TokenView(pointer: ids, count: count))
                    }),
                watch)
        }
    }

    /// Where tokens go.
    private struct TokenSink {
        /// Room for so many.
        let room: (Int) throws(Word2VecError) -> UnsafeMutablePointer<Int32>
        /// So many were written there.
        let take: (UnsafeMutablePointer<Int32>, Int) throws(Word2VecError) -> Void
    }

    private func encode(
        _ stretches: [TextStretch], _ sink: TokenSink, _ watch: ReadingWatch
    ) throws(Word2VecError) {
        for stretch in stretches {
            // By the original's rules several files are one text.
            if rules.keepsLastWord { tokenizer.line_open = stretch.continuesLine }
            let reader = try stretch.file.reader(
                of: stretch.range, skipsMark: rules.skipsByteOrderMark, isCancelled: watch.isCancelled)
            var fileBytes = 0
            try encode(
                ends: stretch.endsText, sink, next: { reader.read(into: $0) },
                took: { words in
                    watch.meter?.add(bytes: reader.fileBytes - fileBytes, words: words)
                    fileBytes = reader.fileBytes
                })
            bytesRead += fileBytes
        }
    }

    /// Reads what `next` gives in pieces, at least a byte at a time until all is given: all of a text, or a part that begins
    /// behind white space.
    func encode(
        ends: Bool, into tokens: TokenBuffer, next: (UnsafeMutableRawBufferPointer) -> Result<Int, Word2VecError>
    ) throws(Word2VecError) {
        try encode(ends: ends, sink(tokens), next: next, took: { _ in })
    }

    /// - Parameter took: is told how many tokens each piece had.
    private func encode(
        ends: Bool, _ sink: TokenSink, next: (UnsafeMutableRawBufferPointer) -> Result<Int, Word2VecError>,
        took: (_ words: Int) -> Void
    ) throws(Word2VecError) {
        while case let count = try next(text).get(), count > 0 {
            let piece = UnsafeRawBufferPointer(rebasing: text[..<count])
            took(try encode(filter?.filtered(piece) ?? piece, sink))
        }
        var words = 0
        if let filter { words += try encode(filter.rest(), sink) }
        if ends && rules.keepsLastWord {
            try dictionary.reserve(words: 2, bytes: rules.longestWord + 8)
            let ids = try sink.room(2)
            let written = w2v_encode_end(&tokenizer, &dictionary.core, ids)
            try sink.take(ids, written)
            words += written
        }
        took(words)
    }

    /// Reads a piece of text; returns how many tokens it has.
    private func encode(_ piece: UnsafeRawBufferPointer, _ sink: TokenSink) throws(Word2VecError) -> Int {
        guard let base = piece.baseAddress else { return 0 }
        var (offset, written) = (0, 0)
        while offset < piece.count {
            let length = min(piece.count - offset, Self.pieceLength)
            if tokenizer.grow {
                try dictionary.reserve(words: length / 2 + 3, bytes: length + rules.longestWord + 8)
            }
            let ids = try sink.room(length + 1)
            let done = w2v_encode(
                &tokenizer, &dictionary.core, (base + offset).assumingMemoryBound(to: UInt8.self), length, ids)
            offset += done.consumed
            written += done.written
            try sink.take(ids, done.written)
            if dictionary.core.count > tokenizer.stop_above {
                // As the original does, by a bound that grows by one each time.
                timesPruned += 1
                try dictionary.prune(timesPruned)
            }
        }
        return written
    }

    /// The entries of one line's tokens, among them a sentence end if it has a word. O(bytes).
    func entries(ofLine line: ArraySlice<UInt8>) throws(Word2VecError) -> [Int32] {
        try dictionary.reserve(words: line.count / 2 + 5, bytes: line.count + 2 * (rules.longestWord + 8))
        return [Int32](unsafeUninitializedCapacity: line.count + 3) { entries, count in
            guard let base = entries.baseAddress else { return }
            line.withUnsafeBufferPointer { bytes in
                guard let text = bytes.baseAddress else { return }
                count = w2v_encode(&tokenizer, &dictionary.core, text, bytes.count, base).written
            }
            count += w2v_encode_end(&tokenizer, &dictionary.core, base + count)
        }
    }

    /// Takes over the words and counts of an encoder that read what follows in the text. Returns which entry here each of
    /// its entries is.
    func absorb(_ next: TextEncoder) throws(Word2VecError) -> [UInt32] {
        let map = try dictionary.absorb(next.dictionary)
        bytesRead += next.bytesRead
        tokenizer.truncated += next.tokenizer.truncated
        return map
    }
}
