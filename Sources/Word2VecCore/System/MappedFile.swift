/// A file's bytes, mapped: a regular file is not copied, and of a stream or a compressed file a temporary file has what it
/// holds (``InputFile``). Every access is checked.
///
/// If another program shortens the file in place while it is mapped, the system ends this process at the next access to what
/// is gone. A file that is replaced as a whole, as all files are that are written here, stays as it was.
package struct MappedFile: Sendable {
    package let path: String
    package let count: Int
    /// The bytes, for who keeps them longer than the file.
    package let memory: Memory

    package init(_ file: InputFile) throws(CoreError) {
        path = file.path
        (memory, count) = try file.mapped()
    }

    /// A file that is in memory, under a name for messages.
    package init(_ bytes: [UInt8], name: String) {
        path = name
        count = bytes.count
        memory = Memory(bytes: bytes)
    }

    /// Lends the bytes to `body`.
    package func withView<Result, Failure: Error>(_ body: (ByteView) throws(Failure) -> Result) throws(Failure)
        -> Result
    {
        defer { withExtendedLifetime(memory) {} }
        return try body(ByteView(base: memory.base, count: count))
    }
}
