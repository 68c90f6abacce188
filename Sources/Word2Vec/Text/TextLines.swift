internal import Word2VecCore

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
