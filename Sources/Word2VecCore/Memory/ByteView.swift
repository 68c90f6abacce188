internal import CWord2Vec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes that someone else keeps, good only inside of the call that lends them (``MappedFile/withView(_:)``). Every access is
/// checked, and none counts references. A part of a view has the places of the whole.
public struct ByteView: RandomAccessCollection {
    private let base: UnsafeRawPointer
    public let startIndex: Int
    public let endIndex: Int

    /// `count` bytes, counted from 0.
    public init(base: UnsafeRawPointer, count: Int) {
        self.init(base: base, range: 0..<count)
    }

    private init(base: UnsafeRawPointer, range: Range<Int>) {
        self.base = base
        startIndex = range.lowerBound
        endIndex = range.upperBound
    }

    public subscript(position: Int) -> UInt8 {
        precondition(position >= startIndex && position < endIndex, "a byte outside of the view")
        return base.load(fromByteOffset: position, as: UInt8.self)
    }

    public subscript(bounds: Range<Int>) -> ByteView {
        precondition(bounds.lowerBound >= startIndex && bounds.upperBound <= endIndex, "bytes outside of the view")
        return ByteView(base: base, range: bounds)
    }

    /// Eight bytes as a number, the first of them lowest.
    public func eightBytes(at position: Int) -> UInt64 {
        precondition(position >= startIndex && position <= endIndex - 8, "bytes outside of the view")
        return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// Brings the bytes around a place to the cache, which may lie outside of the view.
    public func prefetch(at position: Int) {
        w2v_prefetch(UnsafeRawPointer(bitPattern: UInt(bitPattern: base) &+ UInt(bitPattern: position)) ?? base)
    }

    /// The first place of a byte. O(n).
    public func firstIndex(of byte: UInt8) -> Int? {
        guard let found = memchr(base + startIndex, Int32(byte), count) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    public func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        try body(UnsafeBufferPointer(start: (base + startIndex).assumingMemoryBound(to: UInt8.self), count: count))
    }

    /// U+FEFF in UTF-8, which some programs write at the head of a file.
    public static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Where a text begins: behind a byte order mark, if there is one.
    public var startOfText: Int {
        startIndex + (starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0)
    }

    /// The line at a place without its end (LF, CR LF, or CR alone), and where the next begins: behind the view, if there is
    /// none. O(length of the line).
    public func line(at start: Int) -> (bytes: ByteView, next: Int) {
        // The longer the line, the longer the pieces in which its end is looked for.
        var (place, length) = (start, 256)
        while place < endIndex {
            let piece = self[place..<Swift.min(place + length, endIndex)]
            let newline = piece.firstIndex(of: UInt8(ascii: "\n"))
            if let end = self[place..<(newline ?? piece.endIndex)].firstIndex(of: UInt8(ascii: "\r")) {
                let isCRLF = end + 1 < endIndex && self[end + 1] == UInt8(ascii: "\n")
                return (self[start..<end], end + (isCRLF ? 2 : 1))
            }
            if let newline { return (self[start..<newline], newline + 1) }
            (place, length) = (piece.endIndex, 2 * length)
        }
        return (self[start..<endIndex], endIndex + 1)
    }

    /// The memory itself.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + startIndex, count: count)
    }
}

extension [UInt8] {
    /// Whether the bytes of a range are these. No reference is counted: threads that share the array would wait for each other.
    public func equal(_ other: some Collection<UInt8>, in range: Range<Int>) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes outside of the array")
        let isEqual = other.withContiguousStorageIfAvailable { other in
            guard other.count == range.count, let right = other.baseAddress else {
                return range.isEmpty && other.isEmpty
            }
            return withUnsafeBytes { bytes in
                bytes.baseAddress.map { memcmp($0 + range.lowerBound, right, other.count) == 0 } ?? true
            }
        }
        return isEqual ?? self[range].elementsEqual(other)
    }

    /// Appends bytes at once, if they lie together.
    public mutating func append(all bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ append(contentsOf: $0) }) == nil { append(contentsOf: bytes) }
    }
}

extension Collection<UInt8> {
    /// Whether the bytes are UTF-8.
    public var isValidUTF8: Bool {
        withContiguousStorageIfAvailable { Self.isASCII(UnsafeRawBufferPointer($0)) } ?? allSatisfy { $0 < 0x80 }
            || String(validating: self, as: UTF8.self) != nil
    }

    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var seen: UInt64 = 0
        var place = 0
        while place <= bytes.count - 8 {
            seen |= bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            place += 8
        }
        for byte in bytes[place...] { seen |= UInt64(byte) }
        return seen & 0x8080_8080_8080_8080 == 0
    }
}

extension ByteView {
    /// Goes over the bytes of a JSON string from `start` to the first that needs a look of its own: a quotation mark, a
    /// backslash or a control byte. Appends the places behind spaces, moved by `shift`, to `starts`. Whether the bytes are
    /// UTF-8 is not looked at; if `hasMultibyte` stays false there is nothing to look at.
    public func skipPlainJSON(
        from start: Int, appendingWordStartsTo starts: inout [Int], movedBy shift: Int, hasMultibyte: inout Bool
    ) -> Int {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: w2v_word_starts_room(Self.pieceLength)) { room in
            guard let found = room.baseAddress else { return start }
            var place = start
            while place < endIndex {
                let piece = self[place..<Swift.min(place + Self.pieceLength, endIndex)]
                guard let text = piece.bytes.baseAddress else { break }
                var count = 0
                let length = w2v_skip_plain_json(
                    text.assumingMemoryBound(to: UInt8.self), piece.count, place + shift, found, &count, &hasMultibyte)
                starts.append(contentsOf: room[..<count])
                place += length
                if length < piece.count { break }
            }
            return place
        }
    }

    private static let pieceLength = 4096
}
