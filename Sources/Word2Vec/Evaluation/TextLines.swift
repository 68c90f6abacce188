/// The lines of a regular file, from 1, without their ends.
package struct TextLines: Sequence {
    private let file: MappedFile

    package init(path: String) throws(Word2VecError) {
        file = try MappedFile(path: path)
    }

    package func makeIterator() -> AnyIterator<(number: Int, bytes: ArraySlice<UInt8>)> {
        var (number, offset) = (0, 0)
        return AnyIterator {
            guard offset < file.count else { return nil }
            let (bytes, next) = file.line(at: offset)
            number += 1
            offset = next
            return (number, bytes)
        }
    }
}
