internal import Word2VecCore

/// A file of words, one a line, beside vectors that have no place for them. The bytes of a line are the word.
enum WordList {
    static func write(_ words: WordTable, to file: OutputFile) throws(Word2VecError) {
        for rank in 0..<words.count {
            try core(file.write(words.bytes(at: rank)))
            try core(file.write(CollectionOfOne(UInt8(ascii: "\n"))))
        }
    }

    /// Why a word cannot stand in such a file; nil if it can.
    static func objection(to word: some BidirectionalCollection<UInt8>) -> String? {
        if word.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) { return "a line end" }
        return nil
    }

    /// `rows` words, and no more.
    static func read(_ view: ByteView, of path: String, rows: Int) throws(Word2VecError) -> WordTable {
        var storage: [UInt8] = []
        var offsets = [0]
        storage.reserveCapacity(view.count + 1)
        var offset = view.startOfText
        while offset < view.endIndex {
            guard offsets.count <= rows else {
                throw .malformed(
                    path: path, place: .line(rows + 1), found: "more text",
                    expected: "a line for each of \(rows) vectors")
            }
            let (line, next) = view.line(at: offset)
            storage.append(all: line)
            storage.append(WordTable.separator)
            offsets.append(storage.count)
            offset = next
        }
        guard offsets.count - 1 == rows else {
            throw .malformed(
                path: path, place: .line(offsets.count), found: "the end of the file",
                expected: "a line for each of \(rows) vectors")
        }
        return WordTable(storage: storage, offsets: offsets)
    }
}
