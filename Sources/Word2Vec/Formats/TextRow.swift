internal import Word2VecCore

/// A line of a word and D numbers.
///
/// The numbers are the last D fields, and what stands before them is the word, without blanks at its ends. The word may hold
/// spaces; it is empty only if the line begins with a blank. In a file whose first line tells D, a word with spaces may end
/// with a number (`Route 66`). In a file without, D was inferred from the rows, and such a word is an error: the line may have
/// a value too many.
enum TextRow {
    /// Where the number of values comes from.
    enum Dimensions {
        /// The first line of the file.
        case told
        /// The rows themselves.
        case inferred
    }

    enum Outcome {
        /// Where the word stands; the values are read.
        case word(Range<Int>)
        case malformed(found: String, expected: String)
    }

    /// Takes a line apart; `values` are D floats to be replaced.
    static func read(_ line: ByteView, into values: inout [Float], _ dimensions: Dimensions) -> Outcome {
        func fewer(_ found: Int) -> Outcome {
            .malformed(found: "\(found) values", expected: "a word and \(values.count) values")
        }
        var end = line.endIndex
        for d in values.indices.reversed() {
            let field = lastField(in: line[..<end])
            // The first field is the word, unless a blank stands before it.
            guard !field.isEmpty, field.startIndex > line.startIndex else { return fewer(values.count - 1 - d) }
            guard let value = DecimalText.float(field) else {
                return .malformed(found: Word2VecError.quoted(field), expected: "a number")
            }
            if value.isInfinite, field.contains(where: { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
                return .malformed(
                    found: Word2VecError.quoted(field),
                    expected: "a number that a float32 can hold, at most \(Float.greatestFiniteMagnitude) in size")
            }
            values[d] = value
            end = field.startIndex
        }
        let last = lastField(in: line[..<end])
        guard let first = line.firstIndex(where: { !DecimalText.isBlank($0) }), first < last.startIndex else {
            return .word(last.startIndex..<last.endIndex)
        }
        guard dimensions == .told || DecimalText.float(last) == nil else {
            return .malformed(
                found: "more than \(values.count) values",
                expected: """
                    a word and \(values.count) values; a word may end with a number behind a space if the first line of the \
                    file tells words and dimensions
                    """)
        }
        return .word(first..<last.endIndex)
    }

    /// The dimensions of a file without a header: the numbers that a line ends with, besides its first field, the fewest of
    /// the first lines (a word may end with a number). nil if the first line ends with none.
    static func dimensions(ofRowsIn view: ByteView, from start: Int) -> Int? {
        var dimensions: Int?
        var offset = start
        for _ in 0..<16 where offset < view.endIndex {
            let (line, next) = view.line(at: offset)
            offset = next
            let count = numbers(in: line)
            // A later line without is broken, or empty behind the last: its reader tells.
            if count > 0 { dimensions = min(dimensions ?? count, count) } else if dimensions == nil { return nil }
        }
        return dimensions
    }

    /// How many numbers a line ends with, besides its first field.
    private static func numbers(in line: ByteView) -> Int {
        var (count, end) = (0, line.endIndex)
        while true {
            let field = lastField(in: line[..<end])
            guard !field.isEmpty, field.startIndex > line.startIndex, DecimalText.float(field) != nil else {
                return count
            }
            count += 1
            end = field.startIndex
        }
    }

    /// Why a word cannot stand in a text file; nil if it can.
    static func objection(
        to word: some BidirectionalCollection<UInt8>, _ dimensions: Dimensions
    ) -> String? {
        if word.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) { return "a line end" }
        guard let first = word.first, let last = word.last else { return nil }
        if DecimalText.isBlank(first) || DecimalText.isBlank(last) { return "a blank at its end" }
        if dimensions == .inferred, let last = lastPart(of: word), DecimalText.float(last) != nil {
            return "a number behind a space"
        }
        return nil
    }

    /// Whether a word of several parts ends with a number that looks like a value: with a sign, a point or an exponent. If
    /// all words of a file do, its first line tells too few dimensions.
    static func endsLikeAValue(_ word: some BidirectionalCollection<UInt8>) -> Bool {
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard let last = lastPart(of: word), last.contains(where: isDigit) else { return false }
        return !last.allSatisfy(isDigit) && DecimalText.float(last) != nil
    }

    /// What stands behind the last blank of a word; nil if there is none.
    private static func lastPart<Word: BidirectionalCollection<UInt8>>(of word: Word) -> Word.SubSequence? {
        word.lastIndex(where: DecimalText.isBlank).map { word[word.index(after: $0)...] }
    }

    static func isBlankOrLineEnd(_ byte: UInt8) -> Bool {
        DecimalText.isBlank(byte) || byte == UInt8(ascii: "\n")
    }

    /// What stands between the last two blanks; empty if there is nothing.
    private static func lastField(in text: ByteView) -> ByteView {
        var end = text.endIndex
        while end > text.startIndex, DecimalText.isBlank(text[end - 1]) { end -= 1 }
        var start = end
        while start > text.startIndex, !DecimalText.isBlank(text[start - 1]) { start -= 1 }
        return text[start..<end]
    }
}
