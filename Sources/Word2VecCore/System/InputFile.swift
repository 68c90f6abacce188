internal import CWord2Vec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file from outside that is to be read. All of them come in here: corpora, vectors, vocabularies, lists, questions.
///
/// It is a regular file, which can be read at any place by any number of threads; a compressed one, which is read from the
/// front; or a stream (a pipe, a terminal, standard input), which is read from the front and once, and may be compressed,
/// too. Its first bytes are looked at before anything else: what it is, is told by them and not by its name
/// (``HeadInspection``). Those of a stream are looked at when it is read: opening a pipe waits for its other end.
///
/// It is read in pieces: at the pace of the tokenizer the copy costs little, the memory in use stays small whatever the size
/// of the file, and a file that shrinks meanwhile or cannot be read is an error and not a signal. What is better mapped
/// is a ``MappedFile``.
package final class InputFile: Sendable {
    /// The name that means standard input.
    package static let standardInput = "-"

    package let path: String
    package let inspection: any HeadInspection
    private let kind: Kind
    private let wasRead = Locked(false)

    private enum Kind {
        /// A range of a regular file: standard input may be a file that was read in part.
        case regular(start: Int, count: Int, Compression?)
        case temporary(TemporaryFile, count: Int)
        case stream
    }

    /// Text is about so many times as long as its compressed file.
    private static let typicalRatio = 3
    /// Standard input, if it is a stream, is one for the whole process.
    private static let standardInputWasRead = Locked(false)

    /// Finds out what a file is, and whether it can be read.
    ///
    /// - Throws: ``CoreError/cannotRead(path:reason:)``; ``CoreError/refused(path:_:)``: what the
    ///   inspection throws.
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

    /// The first bytes of a temporary file, which hold text. `path` is what messages call it.
    package init(_ file: TemporaryFile, byteCount: Int, path: String, _ inspection: any HeadInspection) {
        self.path = path
        self.inspection = inspection
        kind = .temporary(file, count: byteCount)
    }

    /// The bytes that can be read at any place; nil of a compressed file and of a stream.
    package var byteCount: Int? {
        switch kind {
        case .regular(_, let count, nil), .temporary(_, let count): count
        case .regular, .stream: nil
        }
    }

    /// The bytes of the file, compressed as it is; nil of a stream.
    package var fileSize: Int? {
        switch kind {
        case .regular(_, let count, _), .temporary(_, let count): count
        case .stream: nil
        }
    }

    /// About how many bytes of text it holds; 0 if nobody knows.
    package var expectedTextSize: Int { byteCount ?? (fileSize ?? 0) * Self.typicalRatio }

    /// Whether it can be read only once.
    package var isStream: Bool { fileSize == nil }

    /// The program that unpacks it, if it is known to be compressed.
    package var compression: Compression? {
        if case .regular(_, _, let compression) = kind { compression } else { nil }
    }

    /// Some bytes of the file, compressed as it is; not of a stream.
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

    /// The place behind the first space, tab or LF from `start` on; its end if there is none. O(bytes to there).
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

    /// Reads a range of the bytes that can be read at any place, or with nil all that the file holds, unpacked. The file is
    /// open only while it is read, so that there may be any number of readers.
    ///
    /// - Parameters:
    ///   - skipsMark: leaves out a byte order mark at the head of the file.
    ///   - isCancelled: ends the reading with ``CoreError/cancelled``.
    /// - Throws: as the initializer, about what a stream or a compressed file turns out to hold;
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

    /// A reader of what is read from the front, whose head was found to be what is expected.
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

    /// Nobody can read a stream again.
    private func claimStream() throws(CoreError) {
        let claim = path == Self.standardInput ? Self.standardInputWasRead : wasRead
        let again = claim.withLock { wasRead in
            defer { wasRead = true }
            return wasRead
        }
        guard !again else { throw .cannotReadTwice(path: path) }
    }

    /// The bytes of a regular file as it is now; nil if it cannot be mapped as it is: it is compressed, or standard input that
    /// was read in part.
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

    /// - Parameter waits: until a pipe has a writer. Else reading waits for it.
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
    /// What a regular file can be known by without reading it.
    package struct Fingerprint: Codable, Equatable, Sendable {
        /// In bytes.
        package var size: Int
        /// Seconds since 1970.
        package var changed: Int
        /// A hash of the first bytes, the last ones, and some between.
        package var samples: UInt64
        /// How it is compressed, if it is.
        package var compression: String?
    }

    private static let (samples, sampleLength) = (64, 4096)

    /// Of the file itself, compressed as it is; nil for a stream.
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

    /// A path from the root, whatever the working directory will be; standard input stays what it is.
    package static func absolute(_ path: String) -> String {
        guard path != standardInput, !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }
}
