internal import CWord2Vec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Borrowed bytes, valid only during the call that lends them (``MappedFile/withView(_:)``). Every access is checked,
/// and none counts references. Indices into a part of a view are those of the whole.
@frozen
public struct ByteView: RandomAccessCollection {
    @usableFromInline let base: UnsafeRawPointer
    public let startIndex: Int
    public let endIndex: Int

    /// Borrows `count` bytes, with indices from 0.
    @inlinable
    public init(base: UnsafeRawPointer, count: Int) {
        self.init(base: base, range: 0..<count)
    }

    @inlinable
    init(base: UnsafeRawPointer, range: Range<Int>) {
        self.base = base
        startIndex = range.lowerBound
        endIndex = range.upperBound
    }

    @inlinable
    public subscript(position: Int) -> UInt8 {
        precondition(position >= startIndex && position < endIndex, "a byte outside of the view")
        return base.load(fromByteOffset: position, as: UInt8.self)
    }

    @inlinable
    public subscript(bounds: Range<Int>) -> ByteView {
        precondition(bounds.lowerBound >= startIndex && bounds.upperBound <= endIndex, "bytes outside of the view")
        return ByteView(base: base, range: bounds)
    }

    /// Eight bytes as a little-endian number.
    @inlinable
    public func eightBytes(at position: Int) -> UInt64 {
        precondition(position >= startIndex && position <= endIndex - 8, "bytes outside of the view")
        return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// Prefetches the bytes around an index, which may be outside the view.
    public func prefetch(at position: Int) {
        w2v_prefetch(UnsafeRawPointer(bitPattern: UInt(bitPattern: base) &+ UInt(bitPattern: position)) ?? base)
    }

    /// The index of the first such byte. O(n).
    @inlinable
    public func firstIndex(of byte: UInt8) -> Int? {
        let place = placeOfByte(byte, base + startIndex, endIndex - startIndex)
        return place < 0 ? nil : startIndex + place
    }

    @inlinable
    public func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        try body(UnsafeBufferPointer(start: (base + startIndex).assumingMemoryBound(to: UInt8.self), count: count))
    }

    /// U+FEFF in UTF-8, which some programs write at the start of a file.
    public static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The start of the text: after the byte order mark, if there is one.
    @inlinable
    public var startOfText: Int {
        startIndex + (starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0)
    }

    /// The line at an index without its line end (LF, CR LF, or CR alone), and the start of the next line, which is the
    /// end of the view after the last line. O(length of the line).
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

    /// The memory of the view.
    @inlinable
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + startIndex, count: count)
    }
}

/// The index of the first such byte. -1 if there is none.
@usableFromInline
func placeOfByte(_ byte: UInt8, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    memchr(start, Int32(byte), count).map { UnsafeRawPointer($0) - start } ?? -1
}

extension [UInt8] {
    /// Whether the bytes of a range equal these. No reference is counted, because threads that share the array would
    /// wait for each other.
    func equal(_ other: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes outside of the array")
        guard other.count == range.count, let right = other.baseAddress else { return range.isEmpty && other.isEmpty }
        return withUnsafeBytes { bytes in
            bytes.baseAddress.map { memcmp($0 + range.lowerBound, right, other.count) == 0 } ?? true
        }
    }

    /// Appends bytes, in one copy if they are contiguous.
    @inlinable
    public mutating func append(all bytes: some Collection<UInt8>) {
        bytes.withBytes { append(contentsOf: $0) }
    }
}

extension Collection<UInt8> {
    /// Lends the bytes in place, or a copy if they are not contiguous.
    @inlinable
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        if let result = try withContiguousStorageIfAvailable(body) { return result }
        return try Array(self).withUnsafeBufferPointer(body)
    }

    /// Whether the bytes are valid UTF-8.
    @inlinable
    public var isValidUTF8: Bool {
        withBytes { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            var seen: UInt64 = 0
            var place = 0
            while place <= raw.count - 8 {
                seen |= raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                place += 8
            }
            while place < raw.count {
                seen |= UInt64(raw[place])
                place += 1
            }
            let isASCII = seen & 0x8080_8080_8080_8080 == 0
            return isASCII || String(validating: bytes, as: UTF8.self) != nil
        }
    }
}

extension ByteView {
    /// Scans a JSON string from `start` to the first byte that ends it or needs decoding: a quotation mark, a backslash
    /// or a control byte. Appends the places after spaces, plus `shift`, to `starts`. Whether the bytes are valid UTF-8
    /// is not checked; if `hasMultibyte` stays false, they are.
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
