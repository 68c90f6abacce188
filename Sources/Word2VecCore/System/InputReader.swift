#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether what is being done is to stop; asked often, from any thread.
typealias CancellationCheck = @Sendable () -> Bool

/// How often a wait for bytes that do not come asks whether it is to stop, in milliseconds.
let pollInterval: Int32 = 100

/// What bytes are read from, in order.
protocol ByteSource: AnyObject {
    /// Reads at least a byte; 0 bytes mean the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, Word2VecError>
    /// Bytes of the file that were read so far, compressed as they are.
    var fileBytes: Int { get }
}

/// A range of a regular file.
final class RangeSource: ByteSource {
    private let path: String
    private let file: FileDescriptor
    private var offset: Int
    private var rest: Int
    private(set) var fileBytes = 0

    init(_ file: FileDescriptor, _ range: Range<Int>, path: String) {
        self.path = path
        self.file = file
        (offset, rest) = (range.lowerBound, range.count)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, Word2VecError> {
        let wanted = min(buffer.count, rest)
        guard wanted > 0, let base = buffer.baseAddress else { return .success(0) }
        var count: Int
        repeat { count = pread(file.number, base, wanted, off_t(offset)) } while count < 0 && errno == EINTR
        if count < 0 { return .failure(.cannotRead(path: path, reason: systemMessage(errno))) }
        if count == 0 { return .failure(.cannotRead(path: path, reason: "it became shorter while it was read")) }
        offset += count
        rest -= count
        fileBytes += count
        return .success(count)
    }
}

/// A pipe, a terminal or the like.
final class StreamSource: ByteSource {
    let path: String
    let descriptor: FileDescriptor
    private let isCancelled: CancellationCheck?
    private(set) var fileBytes = 0

    init(_ descriptor: FileDescriptor, path: String, isCancelled: CancellationCheck?) {
        (self.descriptor, self.path, self.isCancelled) = (descriptor, path, isCancelled)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, Word2VecError> {
        while true {
            if isCancelled?() ?? false { return .failure(.interrupted(checkpoint: nil)) }
            guard descriptor.isReadable(within: isCancelled == nil ? -1 : pollInterval) else { continue }
            let count = descriptor.read(into: buffer)
            if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) { continue }
            if count < 0 { return .failure(.cannotRead(path: path, reason: systemMessage(errno))) }
            fileBytes += count
            return .success(count)
        }
    }
}

/// Reads a file in pieces, from the front, as what it holds.
final class InputReader {
    private let source: any ByteSource
    private let isCancelled: CancellationCheck?
    /// Bytes that were read and not handed over.
    private var head: ArraySlice<UInt8> = []
    private var isAtEnd = false

    init(_ source: any ByteSource, isCancelled: CancellationCheck?) {
        self.source = source
        self.isCancelled = isCancelled
    }

    /// Bytes of the file that were read so far; of a compressed file those that the program has read that unpacks it.
    var fileBytes: Int { source.fileBytes }

    /// The first bytes, which will be read once more: `FileSignature.length` of them or all, or, of what does not wait,
    /// those that one reading gives and what they need to be understood.
    func peek(waits: Bool) throws(Word2VecError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: FileSignature.length)
        var count = 0
        while count < bytes.count, count == 0 || waits || FileSignature.isUndecided(bytes[..<count]) {
            var outcome = Result<Int, Word2VecError>.success(0)
            bytes.withUnsafeMutableBytes { bytes in
                outcome = source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[count...]))
            }
            let more = try outcome.get()
            count += more
            isAtEnd = more == 0
            if isAtEnd { break }
        }
        head = bytes[..<count]
        return Array(head)
    }

    /// Leaves out a byte order mark, after ``peek(waits:)``.
    func skipByteOrderMark() {
        if head.starts(with: FileSignature.byteOrderMark) {
            head = head.dropFirst(FileSignature.byteOrderMark.count)
        }
    }

    /// Reads at least a byte; 0 bytes mean the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, Word2VecError> {
        if isCancelled?() ?? false { return .failure(.interrupted(checkpoint: nil)) }
        guard head.isEmpty else {
            let piece = head.prefix(buffer.count)
            buffer.copyBytes(from: piece)
            head = head.dropFirst(piece.count)
            return .success(piece.count)
        }
        return isAtEnd ? .success(0) : source.read(into: buffer)
    }
}
