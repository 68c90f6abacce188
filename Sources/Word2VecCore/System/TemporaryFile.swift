#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A temporary file without a name, which the system frees with its last mapping, however the process ends. It is in
/// TMPDIR if that is set, otherwise in /var/tmp or /tmp.
///
/// Write to a mapping only where space was reserved: on a full disk, writing elsewhere raises a signal instead of an
/// error.
package final class TemporaryFile: Sendable {
    private let descriptor: Int32
    /// Its name in messages.
    package let name: String

    /// - Parameter content: what it will contain, for messages.
    package init(of content: String = "token ids") throws(CoreError) {
        let chosen = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let folders = chosen.isEmpty ? ["/var/tmp", "/tmp"] : [chosen]
        var opened: Int32 = -1
        var folder = folders[0]
        for candidate in folders where opened < 0 {
            folder = candidate
            var template = Array("\(candidate)/w2v-c-XXXXXX".utf8CString)
            opened = mkstemp(&template)
            if opened >= 0 { unlink(template) }
        }
        name = "the temporary file of \(content) in \(folder)"
        descriptor = opened
        guard opened >= 0 else { throw failure(errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Maps the file with a given size, without reserving space. The mapping outlives this object.
    package func map(byteCount: Int) throws(CoreError) -> Memory {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw failure(errno) }
        return try Memory(sharing: descriptor, byteCount: byteCount, path: name)
    }

    /// Reserves space on the disk for a range that was not written yet.
    package func reserve(_ range: Range<Int>) throws(CoreError) {
        guard !range.isEmpty else { return }
        #if os(Linux)
            var status: Int32
            repeat {
                status = posix_fallocate(descriptor, off_t(range.lowerBound), off_t(range.count))
            } while status == EINTR
            if status == 0 { return }
            guard status == EOPNOTSUPP || status == EINVAL else { throw failure(status) }
        #endif
        let zeros = [UInt8](repeating: 0, count: min(range.count, 1 << 20))
        var offset = range.lowerBound
        while offset < range.upperBound {
            let count = pwrite(descriptor, zeros, min(zeros.count, range.upperBound - offset), off_t(offset))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure(errno) }
            offset += count
        }
    }

    /// Writes bytes at an offset.
    package func write(_ bytes: [UInt8], at offset: Int) throws(CoreError) {
        let number = bytes.withUnsafeBytes { bytes -> Int32 in
            var written = 0
            while written < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return errno }
                written += count
            }
            return 0
        }
        if number != 0 { throw failure(number) }
    }

    /// A duplicate of the file descriptor, which the caller closes. Negative, with errno set, after an error.
    package func duplicate() -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

    private func failure(_ number: Int32) -> CoreError {
        .cannotWrite(path: name, reason: systemMessage(number))
    }
}
