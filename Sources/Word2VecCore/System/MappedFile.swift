/// A file's bytes, mapped: a regular file is not copied, and of a stream or a compressed file a temporary file has what it
/// holds (``InputFile``). Every access is checked.
///
/// If another program shortens the file in place while it is mapped, the system ends this process at the next access to what
/// is gone. A file that is replaced as a whole, as all files are that are written here, stays as it was.
struct MappedFile: Sendable {
    let path: String
    let count: Int
    /// The bytes, for who keeps them longer than the file.
    let memory: Memory

    init(path: String, as content: FileContent = .binary) throws(Word2VecError) {
        self.path = path
        (memory, count) = try InputFile(path: path, as: content).mapped()
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
