#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file's bytes, mapped and never copied whole. Every access is checked.
struct MappedFile: Sendable {
    let path: String
    let count: Int
    private let memory: Memory?

    init(path: String) throws(Word2VecError) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .cannotRead(path: path, reason: "it is a directory")
        default: throw .cannotRead(path: path, reason: "it is not a regular file")
        }
        self.path = path
        count = Int(status.st_size)
        memory = count > 0 ? try Memory(file: file, byteCount: count, path: path) : nil
    }

    subscript(offset: Int) -> UInt8 {
        let bytes = self.bytes
        precondition(offset >= 0 && offset < bytes.count, "offset outside of the file")
        return bytes[offset]
    }

    subscript(range: Range<Int>) -> [UInt8] {
        Array(bytes[range])
    }

    /// The first offset in `range` that holds `byte`. O(n).
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        let part = bytes[range]
        guard let start = part.baseAddress, let found = memchr(start, Int32(byte), part.count) else { return nil }
        return range.lowerBound + (found - UnsafeMutableRawPointer(mutating: start))
    }

    /// The line at an offset without its end (LF or CRLF), and where the next begins.
    func line(at offset: Int) -> (bytes: ArraySlice<UInt8>, next: Int) {
        let end = firstIndex(of: UInt8(ascii: "\n"), in: offset..<count) ?? count
        var bytes = self[offset..<end][...]
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return (bytes, end + 1)
    }

    /// The whole file; valid while this value is.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory.map { UnsafeRawPointer($0.base) }, count: count)
    }
}

extension Slice where Base == UnsafeRawBufferPointer {
    fileprivate var baseAddress: UnsafeRawPointer? {
        base.baseAddress.map { $0 + startIndex }
    }
}
