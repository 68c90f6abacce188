internal import CWord2Vec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An input file. All input is opened here: corpora, vectors, vocabularies, word lists, questions.
///
/// It is a regular file, which any number of threads can read at any offset; a compressed file, which is read
/// sequentially; or a stream (a pipe, a terminal, standard input), which is read sequentially and once, and may be
/// compressed, too. Its first bytes, not its name, decide what it is (``HeadInspection``). Those of a stream are
/// inspected when it is read, because opening a pipe waits for its other end.
///
/// It is read in pieces. The copy costs little beside the tokenizer, memory use does not depend on the size of the
/// file, and a file that shrinks while it is read is an error and not a signal. A file that should be mapped is a
/// ``MappedFile``.
package final class InputFile: Sendable {
    /// The name that means standard input.
    package static let standardInput = "-"

    /// Whether a path means something that this process was given: `-`, or the system's name for one of its open files.
    /// Another process finds another file there.
    package static func isInherited(_ path: String) -> Bool {
        [standardInput, "/dev/stdin"].contains(path) || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/self/fd/")
    }

    package let path: String
    package let inspection: any HeadInspection
    private let kind: Kind
    private let wasRead = Locked(false)

    private enum Kind {
        /// A range of a regular file, because standard input may be a file that was partly read.
        case regular(start: Int, count: Int, Compression?)
        case temporary(TemporaryFile, count: Int)
        case stream
    }

    /// The typical ratio of a text's size to that of its compressed file.
    private static let typicalRatio = 3
    /// Whether standard input was read, which can be done once per process if it is a stream.
    private static let standardInputWasRead = Locked(false)

    /// Opens a file, and inspects its first bytes unless it is a stream.
    ///
    /// - Throws: ``CoreError/cannotRead(path:reason:)``; ``CoreError/refused(path:_:)``: the error of the inspection.
    package init(path: String, _ inspection: any HeadInspection) throws(CoreError) {
        self.path = path
        self.inspection = inspection
        let isStandardInput = path == Self.standardInput
        var status = stat()
        guard (isStandardInput ? fstat(STDIN_FILENO, &status) : stat(path, &status)) == 0,
            isStandardInput || access(path, R_OK) == 0
        else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw .cannotRead(path: path, reason: "it is a directory")
        case S_IFREG:
            let start = isStandardInput ? max(0, Int(lseek(STDIN_FILENO, 0, SEEK_CUR))) : 0
            let range = start..<max(start, Int(status.st_size))
            let source = RangeSource(try Self.open(path), range, path: path)
            let head = try InputReader(source, isCancelled: nil).peek(inspection, waits: true)
            let compression = inspection.compression(of: head)
            if compression == nil { try inspection.checked(head, of: path) }
            kind = .regular(start: start, count: range.count, compression)
        default: kind = .stream
        }
    }

    /// Uses the first `byteCount` bytes of a temporary file. Messages call it `path`.
    package init(_ file: TemporaryFile, byteCount: Int, path: String, _ inspection: any HeadInspection) {
        self.path = path
        self.inspection = inspection
        kind = .temporary(file, count: byteCount)
    }

    /// The number of bytes that can be read at any offset. Nil for a compressed file and a stream.
    package var byteCount: Int? {
        switch kind {
        case .regular(_, let count, nil), .temporary(_, let count): count
        case .regular, .stream: nil
        }
    }

    /// The size of the file itself, before decompression. Nil for a stream.
    package var fileSize: Int? {
        switch kind {
        case .regular(_, let count, _), .temporary(_, let count): count
        case .stream: nil
        }
    }

    /// The approximate number of bytes of its content. 0 if it is unknown.
    package var expectedTextSize: Int { byteCount ?? (fileSize ?? 0) * Self.typicalRatio }

    /// Whether it can be read once only.
    package var isStream: Bool { fileSize == nil }

    /// Its compression, if it is known to be compressed.
    package var compression: Compression? {
        if case .regular(_, _, let compression) = kind { compression } else { nil }
    }

    /// Some bytes of the file itself, before decompression. It must not be a stream.
    package func bytes(in range: Range<Int>) throws(CoreError) -> [UInt8] {
        let source = try source(of: range)
        var result = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < result.count {
            var outcome = Result<Int, CoreError>.success(0)
            result.withUnsafeMutableBytes { bytes in
                outcome = source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
            }
            filled += try outcome.get()
        }
        return result
    }

    /// The offset after the first space, tab or LF from `start` on; the end of the file if there is none. O(bytes to
    /// that offset).
    package func placeBehindSeparator(from start: Int) throws(CoreError) -> Int {
        let size = byteCount ?? 0
        let source = try source(of: start..<max(start, size))
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { piece.deallocate() }
        var place = start
        while true {
            let count = try source.read(into: piece).get()
            guard count > 0, let base = piece.baseAddress else { return size }
            let behind = w2v_behind_separator(base.assumingMemoryBound(to: UInt8.self), count)
            if behind > 0 { return place + behind }
            place += count
        }
    }

    /// Creates a reader for a range of the bytes that can be read at any offset, or, with nil, for the whole
    /// decompressed content. The file is open only while it is read, so there can be any number of readers.
    ///
    /// - Parameters:
    ///   - skipsMark: whether to skip a byte order mark at the start of the file.
    ///   - isCancelled: ends reading with ``CoreError/cancelled``.
    /// - Throws: the errors of the initializer for the content of a stream or of a compressed file;
    ///   ``CoreError/cannotReadTwice(path:)``.
    package func reader(
        of range: Range<Int>? = nil, skipsMark: Bool = false, isCancelled: CancellationCheck? = nil
    ) throws(CoreError) -> InputReader {
        let reader: InputReader
        if let range = range ?? byteCount.map({ 0..<$0 }) {
            reader = InputReader(try source(of: range), isCancelled: isCancelled)
            guard skipsMark, range.lowerBound == 0 else { return reader }
            _ = try reader.peek(inspection, waits: true)
        } else {
            reader = try sequentialReader(isCancelled)
        }
        if skipsMark { reader.skipByteOrderMark() }
        return reader
    }

    /// A sequential reader whose first bytes were inspected.
    private func sequentialReader(_ isCancelled: CancellationCheck?) throws(CoreError) -> InputReader {
        let unpacked: Decompressor
        let compression: Compression
        if case .regular(let start, let count, let known?) = kind {
            compression = known
            unpacked = try Decompressor(
                known, file: Self.open(path), range: start..<start + count, path: path, isCancelled: isCancelled)
        } else {
            try claimStream()
            let stream = StreamSource(
                try Self.open(path, waits: false), path: path, isCancelled: isCancelled)
            let reader = InputReader(stream, isCancelled: isCancelled)
            let head = try reader.peek(inspection, waits: false)
            guard let found = inspection.compression(of: head) else {
                try inspection.checked(head, of: path)
                return reader
            }
            compression = found
            unpacked = try Decompressor(found, stream: stream, head: head, path: path, isCancelled: isCancelled)
        }
        let reader = InputReader(unpacked, isCancelled: isCancelled)
        let head = try reader.peek(inspection, waits: true)
        try inspection.checked(head, of: path, unpackedFrom: compression)
        return reader
    }

    /// Marks a stream as read. A stream cannot be read again.
    private func claimStream() throws(CoreError) {
        let claim = path == Self.standardInput ? Self.standardInputWasRead : wasRead
        let again = claim.withLock { wasRead in
            defer { wasRead = true }
            return wasRead
        }
        guard !again else { throw .cannotReadTwice(path: path) }
    }

    /// Maps a regular file. Nil if it cannot be mapped: it is a stream or compressed, or standard input that was partly
    /// read.
    package func mapFile() throws(CoreError) -> (memory: Memory, count: Int)? {
        guard case .regular(start: 0, _, nil) = kind else { return nil }
        let file = try Self.open(path)
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        let count = Int(status.st_size)
        return (try count > 0 ? Memory(file: file.number, byteCount: count, path: path) : Memory(bytes: []), count)
    }

    private func source(of range: Range<Int>) throws(CoreError) -> RangeSource {
        switch kind {
        case .regular(let start, _, _):
            return RangeSource(
                try Self.open(path), start + range.lowerBound..<start + range.upperBound, path: path)
        case .temporary(let file, _):
            let descriptor = file.duplicate()
            guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
            return RangeSource(FileDescriptor(descriptor), range, path: path)
        case .stream: preconditionFailure("a stream has no places")
        }
    }

    /// - Parameter waits: whether to wait until a pipe has a writer. Otherwise reading waits for it.
    private static func open(_ path: String, waits: Bool = true) throws(CoreError) -> FileDescriptor {
        guard path != standardInput else { return .standardInput }
        var flags = O_RDONLY | O_CLOEXEC
        #if os(Linux)
            if !waits { flags |= O_NONBLOCK }
        #endif
        var descriptor: Int32
        #if canImport(Glibc)
            repeat { descriptor = Glibc.open(path, flags) } while descriptor < 0 && errno == EINTR
        #elseif canImport(Musl)
            repeat { descriptor = Musl.open(path, flags) } while descriptor < 0 && errno == EINTR
        #elseif canImport(Darwin)
            repeat { descriptor = Darwin.open(path, flags) } while descriptor < 0 && errno == EINTR
        #endif
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        return FileDescriptor(descriptor)
    }
}

extension InputFile {
    /// Identifies a regular file without reading all of it.
    package struct Fingerprint: Codable, Equatable, Sendable {
        /// The size in bytes.
        package var size: Int
        /// The modification time, in seconds since 1970.
        package var changed: Int
        /// A hash of the first bytes, the last bytes, and some between.
        package var samples: UInt64
        /// Its compression. Nil if it is not compressed.
        package var compression: String?
    }

    private static let (samples, sampleLength) = (64, 4096)

    /// The fingerprint of the file itself, before decompression. Nil for a stream.
    package func fingerprint() throws(CoreError) -> Fingerprint? {
        guard let size = fileSize else { return nil }
        var status = stat()
        guard (path == Self.standardInput ? fstat(STDIN_FILENO, &status) : stat(path, &status)) == 0 else {
            throw .cannotRead(path: path, reason: systemMessage(errno))
        }
        var hash = StreamChecksum()
        for sample in 0..<Self.samples {
            let start = max(0, size - Self.sampleLength) / (Self.samples - 1) * sample
            let last = max(0, size - Self.sampleLength)
            let place = sample == Self.samples - 1 ? last : min(start, last)
            let bytes = try bytes(in: place..<min(size, place + Self.sampleLength))
            bytes.withUnsafeBytes { hash.combine($0) }
        }
        #if canImport(Darwin)
            let changed = status.st_mtimespec.tv_sec
        #else
            let changed = status.st_mtim.tv_sec
        #endif
        return Fingerprint(
            size: size, changed: Int(changed), samples: hash.value, compression: compression?.rawValue)
    }

    /// The absolute path, which is independent of the working directory. Standard input stays `-`.
    package static func absolute(_ path: String) -> String {
        guard path != standardInput, !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }
}
