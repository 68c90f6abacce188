extension TextFile {
    /// Bytes read at a time.
    private static let pieceLength = 1 << 16

    /// Hands over the text's lines without their ends (LF or CRLF), as many at a time as one reading gives: of a terminal or
    /// a pipe those that are there. The last line needs no end. Memory: the longest line's, and 64 KB.
    func forEachLines(_ body: ([ArraySlice<UInt8>]) throws(Word2VecError) -> Void) throws(Word2VecError) {
        var reader = try self.reader(of: byteCount.map { 0..<$0 })
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceLength, alignment: 16)
        defer { piece.deallocate() }
        var rest: [UInt8] = []
        while true {
            let count = try reader.read(into: piece).get()
            guard count > 0 else { break }
            let new = UnsafeRawBufferPointer(rebasing: piece[..<count])
            guard let last = new.lastIndex(of: UInt8(ascii: "\n")) else {
                rest += new
                continue
            }
            rest += new[..<last]
            var lines: [ArraySlice<UInt8>] = []
            for line in rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                lines.append(Self.withoutReturn(line))
            }
            try body(lines)
            rest = Array(new[(last + 1)...])
        }
        if !rest.isEmpty { try body([Self.withoutReturn(rest[...])]) }
    }

    private static func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
}
