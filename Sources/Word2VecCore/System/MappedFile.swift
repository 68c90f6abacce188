/// The content of a file, mapped. A regular file is not copied. The content of a stream or of a compressed file is
/// copied to a temporary file (``InputFile``). Every access is checked.
///
/// If another program shortens the file in place while it is mapped, the system ends this process at the next access to
/// the lost part. Replacing the file is safe; this package replaces every file that it writes.
package struct MappedFile: Sendable {
    package let path: String
    package let count: Int
    /// The bytes, for an owner that outlives this object.
    package let memory: Memory

    package init(_ file: InputFile) throws(CoreError) {
        path = file.path
        (memory, count) = try file.mapped()
    }

    /// Creates a file from bytes in memory, with a name for messages.
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
