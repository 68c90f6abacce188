internal import CWord2Vec

/// A stretch of a text that one thread reads: it begins where a word may begin and ends behind white space, or at the
/// end of the text.
package struct TextStretch: Sendable {
    package let file: InputFile
    /// Bytes of a regular file; nil is all of a stream or of a compressed file.
    package let range: Range<Int>?
    /// Whether a word stands before it on its first line.
    package let continuesLine: Bool
    /// Whether the text ends with it.
    package let endsText: Bool

    package init(file: InputFile, range: Range<Int>?, continuesLine: Bool, endsText: Bool) {
        (self.file, self.range, self.continuesLine, self.endsText) = (file, range, continuesLine, endsText)
    }
}

/// One pass over a part of the text: tokens to dictionary entries, with counts. Makes the room that the C core asks for.
package final class TextEncoder {
    /// Bytes handed to the C core at a time: they stay in a core's cache, and the room for new words stays small.
    package static let pieceLength = 1 << 16

    /// The C core's W2V_NO_WORD.
    private static let none = UInt32.max

    private let rules: TokenRules
    package let dictionary: WordDictionary
    private var tokenizer: w2v_tokenizer
    private let text = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 64)
    private let filter: TextFilter?

    /// Bytes of files read, compressed as they are.
    package private(set) var bytesRead = 0
    /// How often words were forgotten because there were more than `rules.pruneAbove`. The ids mean nothing then.
    package private(set) var timesPruned = 0

    /// A dictionary that holds `words`; with `grows`, words of the text that it lacks are entered, else left out.
    ///
    /// - Parameter characters: what is replaced in the text, made of the rules; nil: nothing.
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

    /// Distinct words met or entered.
    package var wordCount: Int { dictionary.count }

    /// The most bytes that the tokens of one piece can take when they are written as text: those of the piece, one more for
    /// each word that ends a line, and a word that began in the piece before.
    package var roomToRewrite: Int { 2 * Self.pieceLength + rules.longestWord + 8 }

    /// Words that were longer than the rules keep.
    package var truncatedWords: Int { Int(tokenizer.truncated) }

    /// Gets ready to read another text with the words that are known; a word that has begun is lost.
    package func restart() {
        tokenizer.pending = false
        tokenizer.after_return = false
        tokenizer.line_open = false
    }

    /// Is told how many bytes of a file were read and how many tokens they had, after each piece.
    package typealias Progress = @Sendable (_ bytes: Int, _ words: Int) -> Void

    /// Reads stretches of text, one after the other, and keeps the entries of their tokens. O(bytes).
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

    /// Reads stretches of text, one after the other, and hands over the entries of their tokens as they are read. They come of
    /// at most `pieceLength` bytes at a time, and a word that began before. O(bytes).
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

    /// Where tokens go.
    private struct TokenSink {
        /// Room for so many.
        let room: (Int) throws(CoreError) -> UnsafeMutablePointer<Int32>
        /// So many were written there.
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

    /// Reads what `next` gives in pieces, at least a byte at a time until all is given: all of a text, or a part that begins
    /// behind white space.
    package func encode(
        ends: Bool, into tokens: TokenBuffer, next: (UnsafeMutableRawBufferPointer) -> Result<Int, CoreError>
    ) throws(CoreError) {
        try encode(ends: ends, sink(tokens), next: next, took: { _ in })
    }

    /// - Parameter took: is told how many tokens each piece had.
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

    /// Reads a piece of text; returns how many tokens it has.
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

    /// The entries of one line's tokens, among them a sentence end if it has a word. O(bytes).
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

    /// Takes over the words and counts of an encoder that read what follows in the text. Returns which entry here each of
    /// its entries is.
    package func absorb(_ next: TextEncoder) throws(CoreError) -> [UInt32] {
        let map = try dictionary.absorb(next.dictionary)
        bytesRead += next.bytesRead
        tokenizer.truncated += next.tokenizer.truncated
        return map
    }
}
