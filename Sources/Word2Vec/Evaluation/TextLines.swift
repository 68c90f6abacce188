/// The lines of a regular file, from 1, without their ends (LF or CRLF). The file is read whole at first.
package struct TextLines: Sequence {
    private let bytes: [UInt8]

    package init(path: String) throws(Word2VecError) {
        bytes = try MappedFile(path: path).withView { (view) throws(Word2VecError) in Array(view) }
    }

    package func makeIterator() -> AnyIterator<(number: Int, bytes: ArraySlice<UInt8>)> {
        var number = 0
        var rest = bytes[...]
        return AnyIterator { () -> (number: Int, bytes: ArraySlice<UInt8>)? in
            guard !rest.isEmpty else { return nil }
            var line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest[line.endIndex...].dropFirst()
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            number += 1
            return (number, line)
        }
    }
}
