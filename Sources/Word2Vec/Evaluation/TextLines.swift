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

    package func makeIterator() -> AnyIterator<(number: Int, bytes: ArraySlice<UInt8>)> {
        var numbered = lines.enumerated().makeIterator()
        return AnyIterator { numbered.next().map { (number: $0.offset + 1, bytes: $0.element) } }
    }
}
