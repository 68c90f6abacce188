internal import CWord2Vec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A text to be read: a regular file, which can be read at any place by any number of threads, or a stream (a pipe, a
/// terminal, standard input), which can be read once.
///
/// It is read in pieces and not mapped: at the pace of the tokenizer the copy costs little, the memory in use stays small
/// whatever the size of the file, and a file that shrinks meanwhile or cannot be read is an error and not a signal.
final class TextFile: Sendable {
    /// The name that means standard input.
    static let standardInput = "-"

    let path: String
    /// The bytes of a regular file; nil for a stream.
    let byteCount: Int?
    /// Where the text begins in the file: standard input may be a file that was read in part.
    private let start: Int
    /// Where the text is, if it is no file with a name.
    private let temporary: TemporaryFile?
    private let wasRead = Locked(false)

    /// Looks whether the text can be read. A stream is not opened for that: opening a pipe waits for its other end.
    init(path: String) throws(Word2VecError) {
        self.path = path
        temporary = nil
        let isStandardInput = path == Self.standardInput
        var status = stat()
        guard (isStandardInput ? fstat(STDIN_FILENO, &status) : stat(path, &status)) == 0,
            isStandardInput || access(path, R_OK) == 0
        else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw .cannotRead(path: path, reason: "it is a directory")
        case S_IFREG:
            start = isStandardInput ? max(0, Int(lseek(STDIN_FILENO, 0, SEEK_CUR))) : 0
            byteCount = max(0, Int(status.st_size) - start)
        default:
            start = 0
            byteCount = nil
        }
    }

    /// The first bytes of a temporary file. `path` is what messages call them.
    init(_ file: TemporaryFile, byteCount: Int, path: String) {
        self.path = path
        self.byteCount = byteCount
        start = 0
        temporary = file
    }

    var isStream: Bool { byteCount == nil }

    /// Some bytes of a regular file.
    func bytes(in range: Range<Int>) throws(Word2VecError) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: range.count)
        var reader = try self.reader(of: range)
        var filled = 0
        while filled < result.count {
            var outcome = Result<Int, Word2VecError>.success(0)
            result.withUnsafeMutableBytes { bytes in
                outcome = reader.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
            }
            filled += try outcome.get()
        }
        return result
    }

    /// The place of a regular file behind the first space, tab or newline from `start` on; its end if there is none. O(bytes
    /// to there).
    func placeBehindSeparator(from start: Int) throws(Word2VecError) -> Int {
        let size = byteCount ?? 0
        var reader = try self.reader(of: start..<max(start, size))
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { piece.deallocate() }
        var place = start
        while true {
            let count = try reader.read(into: piece).get()
            guard count > 0, let base = piece.baseAddress else { return size }
            let behind = w2v_behind_separator(base.assumingMemoryBound(to: UInt8.self), count)
            if behind > 0 { return place + behind }
            place += count
        }
    }

    /// Something that reads a range of a regular file in pieces, or with nil a stream to its end. The file is open only
    /// while it is read, so that there may be any number of them.
    func reader(of range: Range<Int>?) throws(Word2VecError) -> TextReader {
        if range == nil {
            let again = wasRead.withLock { wasRead in
                defer { wasRead = true }
                return wasRead
            }
            guard !again else { throw .cannotReadTwice(path: path) }
        }
        var descriptor = STDIN_FILENO
        if let temporary {
            descriptor = temporary.duplicate()
            guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        } else if path != Self.standardInput {
            repeat { descriptor = open(path, O_RDONLY | O_CLOEXEC) } while descriptor < 0 && errno == EINTR
            guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        }
        return TextReader(path: path, descriptor: descriptor, rest: range.map { (start + $0.lowerBound, $0.count) })
    }
}

extension TextFile {
    /// What a regular file can be known by without reading it.
    struct Fingerprint: Codable, Equatable, Sendable {
        /// In bytes.
        var size: Int
        /// Seconds since 1970.
        var changed: Int
        /// A hash of the first bytes, the last ones, and some between.
        var samples: UInt64
    }

    private static let (samples, sampleLength) = (64, 4096)

    /// nil for a stream.
    func fingerprint() throws(Word2VecError) -> Fingerprint? {
        guard let size = byteCount else { return nil }
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
        return Fingerprint(size: size, changed: Int(changed), samples: hash.value)
    }

    /// A path from the root, whatever the working directory will be; standard input stays what it is.
    static func absolute(_ path: String) -> String {
        guard path != standardInput, !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }
}

/// Reads a text in pieces, from the front.
struct TextReader: ~Copyable {
    private let path: String
    private let descriptor: Int32
    /// Of a regular file; nil for a stream.
    private var rest: (offset: Int, count: Int)?

    fileprivate init(path: String, descriptor: Int32, rest: (offset: Int, count: Int)?) {
        self.path = path
        self.descriptor = descriptor
        self.rest = rest
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// Reads at least a byte; 0 bytes mean the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, Word2VecError> {
        let wanted = min(buffer.count, rest?.count ?? Int.max)
        guard wanted > 0, let base = buffer.baseAddress else { return .success(0) }
        var count: Int
        repeat {
            if let rest {
                count = pread(descriptor, base, wanted, off_t(rest.offset))
            } else {
                count = Self.read(descriptor, base, wanted)
            }
        } while count < 0 && errno == EINTR
        if count < 0 { return .failure(.cannotRead(path: path, reason: systemMessage(errno))) }
        if let (offset, bytes) = rest {
            if count == 0 {
                return .failure(.cannotRead(path: path, reason: "it became shorter while it was read"))
            }
            rest = (offset + count, bytes - count)
        }
        return .success(count)
    }

    private static func read(_ descriptor: Int32, _ base: UnsafeMutableRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, base, count)
        #elseif canImport(Musl)
            Musl.read(descriptor, base, count)
        #elseif canImport(Darwin)
            Darwin.read(descriptor, base, count)
        #endif
    }
}
