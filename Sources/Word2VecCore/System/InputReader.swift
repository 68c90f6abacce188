#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Returns whether the work is to be cancelled. It is called often, from any thread.
package typealias CancellationCheck = @Sendable () -> Bool

/// Inspects the first bytes of a file (its head).
package protocol HeadInspection: Sendable {
    /// The number of bytes of a head.
    var headLength: Int { get }

    /// The compression of a file with this head. Nil if it is not compressed.
    func compression(of head: [UInt8]) -> Compression?

    /// Whether more bytes than these few are needed to recognize the file.
    func isUndecided(_ head: ArraySlice<UInt8>) -> Bool

    /// Throws if the file is recognized as something that cannot be read.
    ///
    /// - Parameter compression: the compression that the head was in.
    func check(_ head: [UInt8], of path: String, unpackedFrom compression: Compression?) throws
}

extension HeadInspection {
    package func checked(_ head: [UInt8], of path: String, unpackedFrom compression: Compression? = nil)
        throws(CoreError)
    {
        do { try check(head, of: path, unpackedFrom: compression) } catch { throw .refused(path: path, error) }
    }
}

/// The interval, in milliseconds, at which waiting for bytes checks for cancellation.
package let pollInterval: Int32 = 100

/// A sequential source of bytes.
package protocol ByteSource: AnyObject {
    /// Reads at least a byte; 0 bytes mean the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, CoreError>
    /// The number of bytes of the file itself, before decompression, that were read so far.
    var fileBytes: Int { get }
}

/// A range of a regular file.
package final class RangeSource: ByteSource {
    private let path: String
    private let file: FileDescriptor
    private var offset: Int
    private var rest: Int
    package private(set) var fileBytes = 0

    package init(_ file: FileDescriptor, _ range: Range<Int>, path: String) {
        self.path = path
        self.file = file
        (offset, rest) = (range.lowerBound, range.count)
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, CoreError> {
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

/// A pipe, a terminal or another stream.
package final class StreamSource: ByteSource {
    package let path: String
    package let descriptor: FileDescriptor
    private let isCancelled: CancellationCheck?
    package private(set) var fileBytes = 0

    package init(_ descriptor: FileDescriptor, path: String, isCancelled: CancellationCheck?) {
        (self.descriptor, self.path, self.isCancelled) = (descriptor, path, isCancelled)
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, CoreError> {
        while true {
            if isCancelled?() ?? false { return .failure(.cancelled) }
            guard descriptor.isReadable(within: isCancelled == nil ? -1 : pollInterval) else { continue }
            let count = descriptor.read(into: buffer)
            if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) { continue }
            if count < 0 { return .failure(.cannotRead(path: path, reason: systemMessage(errno))) }
            fileBytes += count
            return .success(count)
        }
    }
}

/// Reads the content of a file sequentially, in pieces.
package final class InputReader {
    private let source: any ByteSource
    private let isCancelled: CancellationCheck?
    /// Bytes that were read and not yet returned.
    private var head: ArraySlice<UInt8> = []
    private var isAtEnd = false

    package init(_ source: any ByteSource, isCancelled: CancellationCheck?) {
        self.source = source
        self.isCancelled = isCancelled
    }

    /// The number of bytes of the file itself that were read so far, in the case of a compressed file by the
    /// decompressing program.
    package var fileBytes: Int { source.fileBytes }

    /// The first bytes, which are returned again by the next reads: `headLength` bytes, or all if there are fewer. If
    /// `waits` is false, only as many as the first read returns, and those that are needed to recognize them.
    package func peek(_ inspection: any HeadInspection, waits: Bool) throws(CoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: inspection.headLength)
        var count = 0
        while count < bytes.count, count == 0 || waits || inspection.isUndecided(bytes[..<count]) {
            var outcome = Result<Int, CoreError>.success(0)
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

    /// Skips a byte order mark, after ``peek(_:waits:)``.
    package func skipByteOrderMark() {
        if head.starts(with: ByteView.byteOrderMark) {
            head = head.dropFirst(ByteView.byteOrderMark.count)
        }
    }

    /// The next bytes, at most `count`. Empty at the end.
    package func next(_ count: Int) throws(CoreError) -> [UInt8] {
        var outcome = Result<Int, CoreError>.success(0)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            outcome = read(into: UnsafeMutableRawBufferPointer(buffer))
            if case .success(let count) = outcome { filled = count }
        }
        _ = try outcome.get()
        return bytes
    }

    /// Reads at least a byte; 0 bytes mean the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, CoreError> {
        if isCancelled?() ?? false { return .failure(.cancelled) }
        guard head.isEmpty else {
            let piece = head.prefix(buffer.count)
            buffer.copyBytes(from: piece)
            head = head.dropFirst(piece.count)
            return .success(piece.count)
        }
        return isAtEnd ? .success(0) : source.read(into: buffer)
    }
}
