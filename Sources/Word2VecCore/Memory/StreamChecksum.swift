/// A checksum of bytes that come in pieces: steps of FNV-1a over eight bytes each, the first of them lowest, and at the end
/// over what is left and its length. A change within eight bytes never goes unnoticed. Some gigabytes a second.
public struct StreamChecksum {
    private var hash = FNV1a()
    /// Bytes that do not make eight yet, and their number.
    private var (rest, restCount): (UInt64, UInt64) = (0, 0)

    /// Takes the bytes that follow.
    public mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        var place = 0
        while place < bytes.count && restCount > 0 {
            take(bytes[place])
            place += 1
        }
        // A copy that stays in registers.
        var hash = hash
        while place <= bytes.count - 8 {
            hash.combine(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            place += 8
        }
        self.hash = hash
        while place < bytes.count {
            take(bytes[place])
            place += 1
        }
    }

    private mutating func take(_ byte: UInt8) {
        rest |= UInt64(byte) << (8 * restCount)
        restCount += 1
        if restCount == 8 {
            hash.combine(rest)
            (rest, restCount) = (0, 0)
        }
    }

    public var value: UInt64 {
        var hash = hash
        hash.combine(rest)
        hash.combine(restCount)
        return hash.value
    }
}

extension ByteView {
    /// The checksum of the bytes. O(n).
    public var checksum: UInt64 {
        var checksum = StreamChecksum()
        checksum.combine(bytes)
        return checksum.value
    }
}

/// The hash FNV-1a of 64 bits (Fowler, Noll, Vo): fast, the same everywhere, and no guard against forgers.
@frozen
public struct FNV1a {
    @usableFromInline var state: UInt64 = 0xCBF2_9CE4_8422_2325

    @inlinable
    public mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* Self.prime }
    }

    /// A step with 64 bits at once, which FNV-1a itself does not have: the high bits are folded down.
    @inlinable
    public mutating func combine(_ word: UInt64) {
        let product = (state ^ word) &* Self.prime
        state = product ^ product >> 32
    }

    @usableFromInline static let prime: UInt64 = 0x100_0000_01B3

    /// The hash of what was combined so far.
    @inlinable public var value: UInt64 { state }

    @inlinable
    public init() {}
}
