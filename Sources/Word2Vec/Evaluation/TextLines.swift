/// The lines of a file or a stream, from 1, without their ends (LF or CRLF). It is read whole at first.
package struct TextLines: Sequence {
    let path: String
    private let lines: [ArraySlice<UInt8>]

    package init(path: String) throws(Word2VecError) {
        self.path = path
        var lines: [ArraySlice<UInt8>] = []
        try TextFile(path: path).forEachLines { lines += $0 }
        self.lines = lines
    }

    /// Hands over lines as many at a time as one reading gives, without keeping them: of a pipe or a terminal those that are
    /// there.
    package static func forEachBatch(
        of path: String, _ body: ([ArraySlice<UInt8>]) throws(Word2VecError) -> Void
    ) throws(Word2VecError) {
        try TextFile(path: path).forEachLines(body)
    }

    package func makeIterator() -> AnyIterator<(number: Int, bytes: ArraySlice<UInt8>)> {
        var numbered = lines.enumerated().makeIterator()
        return AnyIterator { numbered.next().map { (number: $0.offset + 1, bytes: $0.element) } }
    }
}
