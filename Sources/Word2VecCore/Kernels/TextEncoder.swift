internal import CWord2Vec

/// A part of a text that one thread reads. It begins where a word may begin, and ends after white space or at the end
/// of the text.
package struct TextStretch: Sendable {
    package let file: InputFile
    /// The range of a regular file. Nil: all of a stream or of a compressed file.
    package let range: Range<Int>?
    /// Whether a word precedes it on its first line.
    package let continuesLine: Bool
    /// Whether it is the last part of the text.
    package let endsText: Bool

    package init(file: InputFile, range: Range<Int>?, continuesLine: Bool, endsText: Bool) {
        (self.file, self.range, self.continuesLine, self.endsText) = (file, range, continuesLine, endsText)
    }
}

/// One pass over a part of the text: converts tokens to dictionary entries and counts them. Provides the memory that
/// the C core requires.
package final class TextEncoder {
    /// The number of bytes passed to the C core at a time: they fit a core's cache, and need little room for new words.
    package static let pieceLength = 1 << 16

    /// The C core's W2V_NO_WORD.
    private static let none = UInt32.max

    private let rules: TokenRules
    package let dictionary: WordDictionary
    private var tokenizer: w2v_tokenizer
    private let text = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 64)
    private let filter: TextFilter?

    /// The number of bytes of the files, before decompression, that were read.
    package private(set) var bytesRead = 0
    /// How often rare words were dropped because there were more than `rules.pruneAbove`. The ids are meaningless after
    /// that.
    package private(set) var timesPruned = 0

    /// Creates an encoder whose dictionary contains `words`. Unknown words of the text are added if `grows` is true,
    /// and dropped otherwise.
    ///
    /// - Parameter characters: the characters to replace, made from the rules. Nil: none.
    package init(
        rules: TokenRules, characters: CharacterTable? = nil, words: WordTable, grows: Bool
    ) throws(CoreError) {
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

    /// The number of distinct words.
    package var wordCount: Int { dictionary.count }

    /// The maximum number of bytes of one piece's tokens when they are written as text: the bytes of the piece, one
    /// more for each word that ends a line, and a word that began in the piece before.
    package var roomToRewrite: Int { 2 * Self.pieceLength + rules.longestWord + 8 }

    /// The number of words that were truncated because of their length.
    package var truncatedWords: Int { Int(tokenizer.truncated) }

    /// Prepares for reading another text with the known words. An unfinished word is lost.
    package func restart() {
        tokenizer.pending = false
        tokenizer.after_return = false
        tokenizer.line_open = false
    }

    /// Called after each piece with the number of bytes read from a file and the number of their tokens.
    package typealias Progress = @Sendable (_ bytes: Int, _ words: Int) -> Void

    /// Reads parts of a text in order and stores the entries of their tokens. O(bytes).
    package func encode(
        _ stretches: [TextStretch], into tokens: TokenBuffer, isCancelled: CancellationCheck? = nil,
        progress: Progress? = nil
    ) throws(CoreError) {
        try encode(stretches, sink(tokens), isCancelled, progress)
    }

    private func sink(_ tokens: TokenBuffer) -> TokenSink {
        TokenSink(
            room: { (count) throws(CoreError) in try tokens.room(for: count) },
            take: { _, count in
                tokens.advance(by: count)
                if self.timesPruned > 0 { tokens.removeAll() }
            })
    }

    /// Reads parts of a text in order and passes the entries of their tokens to `body`: those of at most `pieceLength`
    /// bytes at a time, and of a word that began before. O(bytes).
    package func encode(
        _ stretches: [TextStretch], isCancelled: CancellationCheck? = nil, progress: Progress? = nil,
        _ body: (TokenView) throws(CoreError) -> Void
    ) throws(CoreError) {
        let ids = UnsafeMutablePointer<Int32>.allocate(capacity: Self.pieceLength + 1)
        defer { ids.deallocate() }
        try withoutActuallyEscaping(body) { (body) throws(CoreError) in
            try encode(
                stretches,
                TokenSink(
                    room: { _ in ids },
                    take: { (ids, count) throws(CoreError) in
                        try body(TokenView(pointer: ids, count: count))
                    }),
                isCancelled, progress)
        }
    }

    /// The destination of tokens.
    private struct TokenSink {
        /// Returns room for this many ids.
        let room: (Int) throws(CoreError) -> UnsafeMutablePointer<Int32>
        /// Called with the number of ids that were written there.
        let take: (UnsafeMutablePointer<Int32>, Int) throws(CoreError) -> Void
    }

    private func encode(
        _ stretches: [TextStretch], _ sink: TokenSink, _ isCancelled: CancellationCheck?, _ progress: Progress?
    ) throws(CoreError) {
        for stretch in stretches {
            // By the original's rules several files are one text.
            if rules.keepsLastWord { tokenizer.line_open = stretch.continuesLine }
            let reader = try stretch.file.reader(
                of: stretch.range, skipsMark: rules.skipsByteOrderMark, isCancelled: isCancelled)
            var fileBytes = 0
            try encode(
                ends: stretch.endsText, sink, next: { reader.read(into: $0) },
                took: { words in
                    progress?(reader.fileBytes - fileBytes, words)
                    fileBytes = reader.fileBytes
                })
            bytesRead += fileBytes
        }
    }

    /// Reads the pieces that `next` returns, each at least one byte long, until it returns none: a whole text, or a
    /// part that begins after white space.
    package func encode(
        ends: Bool, into tokens: TokenBuffer, next: (UnsafeMutableRawBufferPointer) -> Result<Int, CoreError>
    ) throws(CoreError) {
        try encode(ends: ends, sink(tokens), next: next, took: { _ in })
    }

    /// - Parameter took: called with the number of tokens of each piece.
    private func encode(
        ends: Bool, _ sink: TokenSink, next: (UnsafeMutableRawBufferPointer) -> Result<Int, CoreError>,
        took: (_ words: Int) -> Void
    ) throws(CoreError) {
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

    /// Reads a piece of text. Returns the number of its tokens.
    private func encode(_ piece: UnsafeRawBufferPointer, _ sink: TokenSink) throws(CoreError) -> Int {
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

    /// The entries of the tokens of a line, including a sentence end if the line has a word. O(bytes).
    package func entries(ofLine line: ArraySlice<UInt8>) throws(CoreError) -> [Int32] {
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

    /// Adds the words and counts of an encoder that read the next part of the text. Returns, for each of its entries,
    /// the entry of this encoder.
    package func absorb(_ next: TextEncoder) throws(CoreError) -> [UInt32] {
        let map = try dictionary.absorb(next.dictionary)
        bytesRead += next.bytesRead
        tokenizer.truncated += next.tokenizer.truncated
        return map
    }
}
