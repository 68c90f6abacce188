#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A text file that grows line by line. A line can be read by others (`tail -f`) as soon as it is appended. It is on
/// the disk when the system writes it, or after `sync()`.
package final class AppendedFile: Sendable {
    private let path: String
    private let descriptor: Int32
    private let isRegular: Bool

    /// Opens a file, or creates it. Standard output, a device or a pipe is opened as it is.
    ///
    /// - Parameter continuing: whether to keep the present lines. A last line without a line end, which a crash may
    ///   leave, is removed.
    package init(path: String, continuing: Bool) throws(CoreError) {
        self.path = path
        let isDevice = OutputFile.isDevice(path)
        let how = isDevice ? O_WRONLY : O_RDWR | O_CREAT | O_APPEND | (continuing ? 0 : O_TRUNC)
        descriptor =
            OutputFile.isStandardOutput(path)
            ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, how | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: systemMessage(errno)) }
        var status = stat()
        // Standard output may be a file, of which this is a part.
        isRegular = !isDevice && fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        if isRegular { ftruncate(descriptor, endOfLastLine(before: status.st_size)) }
    }

    deinit { close(descriptor) }

    /// Appends lines: all, or none if there is an error.
    package func append(_ lines: String) throws(CoreError) {
        let end = isRegular ? lseek(descriptor, 0, SEEK_END) : 0
        var bytes = Array(lines.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Self.write(descriptor, $0) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let reason = systemMessage(errno)
                if isRegular { ftruncate(descriptor, end) }
                throw .cannotWrite(path: path, reason: reason)
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Waits until all lines are on the disk.
    package func sync() throws(CoreError) {
        guard !isRegular || fsync(descriptor) == 0 else {
            throw .cannotWrite(path: path, reason: systemMessage(errno))
        }
    }

    /// The offset after the last newline among the first bytes. 0 if there is none.
    private func endOfLastLine(before size: off_t) -> off_t {
        var block = [UInt8](repeating: 0, count: 4096)
        var end = size
        while end > 0 {
            let start = max(0, end - off_t(block.count))
            let count = pread(descriptor, &block, Int(end - start), start)
            guard count == Int(end - start) else { return size }
            if let newline = block[..<count].lastIndex(of: UInt8(ascii: "\n")) { return start + off_t(newline) + 1 }
            end = start
        }
        return 0
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
