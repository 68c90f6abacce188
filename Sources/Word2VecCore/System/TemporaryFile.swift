#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file without a name, which is gone when its last mapping is, however the process ends. It lies in TMPDIR if that is
/// set, else in /var/tmp, else in /tmp.
///
/// Nothing may be written to a mapping where no space was reserved: on a full disk that is a signal, and not an error.
package final class TemporaryFile: Sendable {
    private let descriptor: Int32
    /// What messages call it.
    package let name: String

    /// - Parameter content: what it is to hold, for messages.
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

    /// Maps the file at a size, of which nothing is reserved. The mapping outlives the file.
    package func map(byteCount: Int) throws(CoreError) -> Memory {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw failure(errno) }
        return try Memory(sharing: descriptor, byteCount: byteCount, path: name)
    }

    /// Makes sure that there is space on the disk for some bytes, which were not written yet.
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

    /// Writes bytes at a place.
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

    /// Another descriptor of the file, for the caller to close; below 0, and errno is set, if there is none.
    package func duplicate() -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

    private func failure(_ number: Int32) -> CoreError {
        .cannotWrite(path: name, reason: systemMessage(number))
    }
}
