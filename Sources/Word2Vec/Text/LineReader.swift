internal import Word2VecCore

/// Reads the lines of a text, without their ends (LF, CR LF, or CR alone), from the front. The last line needs no end; a byte
/// order mark at the head is left out. Memory: the longest line's, and 64 KB.
package final class LineReader {
    /// Opened when the first line is asked for: a terminal is not waited for before.
    private let file: InputFile?
    private var reader: InputReader?
    /// The line that has begun and not ended.
    private var rest: [UInt8] = []
    /// Whether the last byte was a CR that ended a line: a LF at once behind it ends no other.
    private var isBehindReturn = false
    /// Lines that were read and not handed over.
    private var lines: ArraySlice<ArraySlice<UInt8>> = []

    /// Bytes read at a time.
    private static let pieceLength = 1 << 16

    init(_ file: InputFile) {
        self.file = file
    }

    init(_ reader: InputReader) {
        file = nil
        self.reader = reader
    }

    /// Opens a file, or standard input if the path is `-`.
    ///
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``; ``Word2VecError/malformed(path:place:found:expected:)`` if it
    ///   is recognized as something else than text.
    package convenience init(path: String) throws(Word2VecError) {
        try self.init(InputFile(path: path))
    }

    /// The next line; nil at the end. Throws also what the initializer does, about what a stream turns out to be.
    package func next() throws(Word2VecError) -> ArraySlice<UInt8>? {
        if lines.isEmpty { lines = (try nextLines() ?? [])[...] }
        return lines.popFirst()
    }

    /// The next lines, at least one and as many as one reading gives: of a terminal or a pipe those that are there. nil at
    /// the end.
    package func nextLines() throws(Word2VecError) -> [ArraySlice<UInt8>]? {
        if reader == nil { reader = try core(file?.reader(skipsMark: true)) }
        guard let reader else { return nil }
        while true {
            let bytes = try core(reader.next(Self.pieceLength))
            guard !bytes.isEmpty else {
                defer { rest = [] }
                return rest.isEmpty ? nil : [rest[...]]
            }
            let lines = self.lines(in: bytes)
            if !lines.isEmpty { return lines }
        }
    }

    /// The lines that end in the next bytes.
    private func lines(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            let endsReturn = byte == UInt8(ascii: "\n") && place == start && isBehindReturn
            if !endsReturn {
                lines.append((rest + bytes[start..<place])[...])
                rest.removeAll()
            }
            isBehindReturn = byte == UInt8(ascii: "\r")
            start = place + 1
        }
        if start < bytes.count {
            rest += bytes[start...]
            isBehindReturn = false
        }
        return lines
    }
}

extension InputFile {
    /// Hands over the text's lines, as many at a time as one reading gives (``LineReader``).
    func forEachLines(_ body: ([ArraySlice<UInt8>]) throws(Word2VecError) -> Void) throws(Word2VecError) {
        let reader = LineReader(self)
        while let lines = try reader.nextLines() { try body(lines) }
    }
}

/// The lines of a file or a stream, from 1, without their ends (``LineReader``). It is read whole at first.
struct TextLines: Sequence {
    let path: String
    private let lines: [ArraySlice<UInt8>]

    init(path: String) throws(Word2VecError) {
        self.path = path
        var lines: [ArraySlice<UInt8>] = []
        try InputFile(path: path).forEachLines { lines += $0 }
        self.lines = lines
    }

    func makeIterator() -> AnyIterator<(number: Int, bytes: ArraySlice<UInt8>)> {
        var numbered = lines.enumerated().makeIterator()
        return AnyIterator { numbered.next().map { (number: $0.offset + 1, bytes: $0.element) } }
    }
}
