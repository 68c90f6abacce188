internal import Word2VecCore

/// The two files of the TensorFlow Embedding Projector: values with tabs between them, and labels, one a line. A file of one
/// column has no line of titles.
///
/// The projector skips lines that JavaScript's `trim` makes empty. So a word that is all white space, or empty, would move the
/// labels of all later vectors; it gets a visible label instead.
enum Projector {
    static func writeValues(
        of vectors: WordVectors, numbers: TextNumbers, to file: OutputFile
    ) throws(Word2VecError) {
        for rank in 0..<vectors.count {
            try core(
                file.write { buffer in
                    for (d, value) in vectors.vector(at: rank).enumerated() {
                        if d > 0 { buffer.append(UInt8(ascii: "\t")) }
                        numbers.append(value, to: &buffer)
                    }
                    buffer.append(UInt8(ascii: "\n"))
                })
        }
    }

    static func writeLabels(of words: WordTable, to file: OutputFile) throws(Word2VecError) {
        for rank in 0..<words.count {
            let word = words.bytes(at: rank)
            if isBlank(word) {
                try core(file.write(visibleLabel(for: word, among: words).utf8))
            } else {
                try core(file.write(word))
            }
            try core(file.write(CollectionOfOne(UInt8(ascii: "\n"))))
        }
    }

    /// Why a word cannot be a label; nil if it can.
    static func objection(to word: some BidirectionalCollection<UInt8>) -> String? {
        if isBlank(word) { return nil }
        return word.contains(UInt8(ascii: "\t")) ? "a tab" : WordList.objection(to: word)
    }

    /// Whether a word shows nothing: it has only white space, control and format characters, or no character.
    private static func isBlank(_ word: some Collection<UInt8>) -> Bool {
        if let first = word.first, (UInt8(ascii: "!")...UInt8(ascii: "~")).contains(first) { return false }
        return String(decoding: word, as: UTF8.self).unicodeScalars.allSatisfy { scalar in
            let properties = scalar.properties
            return properties.isWhitespace || properties.generalCategory == .control
                || properties.generalCategory == .format
        }
    }

    /// The numbers of the characters, as in `<U+00A0>`, or `<empty>`. If that is a word, too, it gets more brackets.
    private static func visibleLabel(for word: some Collection<UInt8>, among words: WordTable) -> String {
        let numbers = String(decoding: word, as: UTF8.self).unicodeScalars.map { scalar in
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
        var label = "<\(numbers.isEmpty ? "empty" : numbers.joined(separator: " "))>"
        while words.rank(of: label) != nil { label = "<\(label)>" }
        return label
    }
}
