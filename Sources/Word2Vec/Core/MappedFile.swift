#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A regular file's bytes, mapped and never copied whole. Every access is checked.
///
/// If another program shortens the file in place while it is mapped, the system ends this process at the next access to what
/// is gone. A file that is replaced as a whole, as all files are that are written here, stays as it was.
struct MappedFile: Sendable {
    let path: String
    let count: Int
    /// The bytes, for who keeps them longer than the file.
    let memory: Memory

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
        memory = try count > 0 ? Memory(file: file, byteCount: count, path: path) : Memory(bytes: [])
    }

    /// A file that is in memory, under a name for messages.
    init(_ bytes: [UInt8], name: String) {
        path = name
        count = bytes.count
        memory = Memory(bytes: bytes)
    }

    /// Lends the bytes to `body`.
    func withView<Result>(_ body: (ByteView) throws(Word2VecError) -> Result) throws(Word2VecError) -> Result {
        defer { withExtendedLifetime(memory) {} }
        return try body(ByteView(base: memory.base, count: count))
    }
}
