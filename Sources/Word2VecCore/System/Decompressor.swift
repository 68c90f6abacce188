#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads the content of a compressed file through a child process that decompresses it. The child ends with this
/// object, even if not everything was read.
package final class Decompressor: ByteSource {
    private let path: String
    private let compression: Compression
    private let child: ChildProcess
    private let input: Input
    private let isCancelled: CancellationCheck?
    private var hasEnded = false
    /// Whether it has closed its standard error.
    private var hasEndedErrors = false
    /// The first bytes of its standard error.
    private var complaint: [UInt8] = []

    /// The number of bytes of its standard error that are kept.
    private static let longestComplaint = 1024

    /// The source of the child's standard input.
    private enum Input {
        /// A file. Its offset is where the child has read to. It ends at `end`.
        case file(FileDescriptor, start: Int, end: Int)
        case stream(StreamFeed)
    }

    /// Decompresses an open regular file from offset `start` on.
    ///
    /// - Throws: ``CoreError/cannotRead(path:reason:)`` if the program is missing or does not start.
    package init(
        _ compression: Compression, file: FileDescriptor, range: Range<Int>, path: String,
        isCancelled: CancellationCheck?, command: [String]? = nil
    ) throws(CoreError) {
        (self.path, self.compression, self.isCancelled) = (path, compression, isCancelled)
        guard lseek(file.number, off_t(range.lowerBound), SEEK_SET) >= 0 else {
            throw .cannotRead(path: path, reason: systemMessage(errno))
        }
        child = try Self.start(compression, command ?? compression.command, input: file.number, path: path)
        input = .file(file, start: range.lowerBound, end: range.upperBound)
    }

    /// Decompresses a stream of which some bytes were already read.
    package init(
        _ compression: Compression, stream: StreamSource, head: [UInt8], path: String, isCancelled: CancellationCheck?
    ) throws(CoreError) {
        (self.path, self.compression, self.isCancelled) = (path, compression, isCancelled)
        let (feed, end) = try StreamFeed.make(stream, head: head)
        child = try Self.start(compression, compression.command, input: end.number, path: path)
        input = .stream(feed)
    }

    private static func start(
        _ compression: Compression, _ command: [String], input: Int32, path: String
    ) throws(CoreError) -> ChildProcess {
        do throws(ChildProcess.Failure) {
            return try ChildProcess(command, input: input)
        } catch {
            let program = command[0]
            throw .cannotRead(
                path: path,
                reason: error.number == ENOENT
                    ? "it is compressed, and the program \(program), which unpacks it, was not found; it is in the package "
                        + compression.package
                    : "it is compressed, and \(program), which unpacks it, does not start: \(systemMessage(error.number))"
            )
        }
    }

    /// The number of bytes of the compressed file that the child has read.
    package var fileBytes: Int {
        switch input {
        case .file(let file, let start, let end):
            hasEnded ? end - start : max(0, min(end, Int(lseek(file.number, 0, SEEK_CUR))) - start)
        case .stream(let feed): feed.sent
        }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, CoreError> {
        guard !hasEnded else { return .success(0) }
        while true {
            if isCancelled?() ?? false { return .failure(.cancelled) }
            // What is closed would always be ready; a number below 0 is not waited for.
            var requests = [child.output.number, hasEndedErrors ? -1 : child.errors.number].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            if case .stream(let feed) = input, let request = feed.request { requests.append(request) }
            let count = poll(&requests, nfds_t(requests.count), isCancelled == nil ? -1 : pollInterval)
            guard count >= 0 || errno == EINTR else {
                return .failure(.cannotRead(path: path, reason: systemMessage(errno)))
            }
            guard count > 0 else { continue }
            if requests[1].revents != 0 { readComplaint() }
            if requests.count > 2, requests[2].revents != 0, case .stream(let feed) = input,
                case .failure(let error) = feed.advance()
            {
                return .failure(error)
            }
            guard requests[0].revents != 0 else { continue }
            let bytes = child.output.read(into: buffer)
            guard bytes >= 0 else { return .failure(.cannotRead(path: path, reason: systemMessage(errno))) }
            return bytes > 0 ? .success(bytes) : end()
        }
    }

    /// Reads available bytes of the child's standard error, and detects its end.
    private func readComplaint() {
        guard !hasEndedErrors else { return }
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            while true {
                let count = child.errors.read(into: buffer)
                guard count > 0 else {
                    hasEndedErrors = count == 0
                    return
                }
                complaint += buffer[..<min(count, Self.longestComplaint - complaint.count)]
            }
        }
    }

    /// Called when all output was read. Fails unless the child succeeded and read the whole file.
    private func end() -> Result<Int, CoreError> {
        hasEnded = true
        // It may have more to say than a pipe holds before it ends, or live on with all closed.
        var interval: Int32 = 1
        while child.statusIfEnded() == nil {
            if isCancelled?() ?? false { return .failure(.cancelled) }
            readComplaint()
            var request = pollfd(fd: hasEndedErrors ? -1 : child.errors.number, events: Int16(POLLIN), revents: 0)
            _ = poll(&request, 1, hasEndedErrors ? interval : pollInterval)
            interval = min(2 * interval, pollInterval)
        }
        let status = child.wait()
        readComplaint()
        let command = compression.command.joined(separator: " ")
        let said = String(decoding: complaint, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        let complaint = said.isEmpty ? "" : ": \(said)"
        let reason: String
        switch status {
        // Bytes behind the archive may be another one that is damaged: not all of the text was read.
        case .exit(0) where !said.contains("trailing garbage"): return .success(0)
        case .exit(let code): reason = "\(command) ended with exit status \(code)\(complaint)"
        case .signal(let number): reason = "\(command) was ended by signal \(number)\(complaint)"
        case .unknown: reason = "the exit status of \(command) is not known: this process ignores SIGCHLD\(complaint)"
        }
        return .failure(.cannotRead(path: path, reason: "it is compressed and cannot be decompressed: \(reason)"))
    }
}

/// Feeds a stream, of which some bytes were already read, to a child's standard input.
///
/// The child reads from a socket: writing after the other end was closed is an error, where a pipe would raise a
/// signal.
private final class StreamFeed {
    private let stream: StreamSource
    /// Nil when everything was sent, or the child has closed its end.
    private var socket: FileDescriptor?
    /// Bytes that were read and not yet sent.
    private var pending: ArraySlice<UInt8>
    private(set) var sent = 0

    private static let pieceLength = 1 << 16

    private init(_ stream: StreamSource, socket: FileDescriptor, head: [UInt8]) {
        (self.stream, self.socket, pending) = (stream, socket, head[...])
    }

    /// The feed, and the descriptor for the child's standard input.
    static func make(
        _ stream: StreamSource, head: [UInt8]
    ) throws(CoreError) -> (feed: StreamFeed, end: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        #if canImport(Glibc)
            let status = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        #elseif canImport(Musl)
            let status = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, &ends)
        #elseif canImport(Darwin)
            let status = socketpair(AF_UNIX, SOCK_STREAM, 0, &ends)
        #endif
        guard status == 0 else { throw .cannotRead(path: stream.path, reason: systemMessage(errno)) }
        let sockets = ends.map { FileDescriptor($0) }
        #if canImport(Darwin)
            var isOn: Int32 = 1
            for socket in sockets { _ = fcntl(socket.number, F_SETFD, FD_CLOEXEC) }
            setsockopt(sockets[0].number, SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout<Int32>.size))
        #endif
        return (StreamFeed(stream, socket: sockets[0], head: head), sockets[1])
    }

    /// The descriptor and events to wait for.
    var request: pollfd? {
        socket.map { socket in
            pending.isEmpty
                ? pollfd(fd: stream.descriptor.number, events: Int16(POLLIN), revents: 0)
                : pollfd(fd: socket.number, events: Int16(POLLOUT), revents: 0)
        }
    }

    /// Continues after that event: reads some bytes, or sends some.
    func advance() -> Result<Void, CoreError> {
        guard let socket else { return .success(()) }
        if pending.isEmpty {
            var outcome = Result<Int, CoreError>.success(0)
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.pieceLength) { buffer, count in
                outcome = stream.read(into: UnsafeMutableRawBufferPointer(buffer))
                count = (try? outcome.get()) ?? 0
            }
            pending = bytes[...]
            if pending.isEmpty { self.socket = nil }
            return outcome.map { _ in }
        }
        #if canImport(Darwin)
            let flags = Int32(MSG_DONTWAIT)
        #else
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        #endif
        let count = pending.withUnsafeBytes { send(socket.number, $0.baseAddress, $0.count, flags) }
        if count > 0 {
            pending = pending.dropFirst(count)
            sent += count
        } else if count < 0, ![EINTR, EAGAIN, EWOULDBLOCK].contains(errno) {
            // The child reads no more; its end tells why.
            self.socket = nil
        }
        return .success(())
    }
}
