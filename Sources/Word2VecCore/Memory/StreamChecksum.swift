/// A checksum of bytes that arrive in pieces: FNV-1a steps over eight bytes each (little-endian), and a last step over
/// the rest and its length. Any change within eight bytes changes the checksum. Several gigabytes per second.
public struct StreamChecksum {
    private var hash = FNV1a()
    /// The bytes that are not eight yet, and their number.
    private var (rest, restCount): (UInt64, UInt64) = (0, 0)

    /// Adds the next bytes.
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

/// The 64-bit FNV-1a hash (Fowler, Noll, Vo): fast, the same on every machine, and not cryptographic.
@frozen
public struct FNV1a {
    @usableFromInline var state: UInt64 = 0xCBF2_9CE4_8422_2325

    @inlinable
    public mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* Self.prime }
    }

    /// A step over 64 bits at once, an extension of FNV-1a: the high bits are folded into the low ones.
    @inlinable
    public mutating func combine(_ word: UInt64) {
        let product = (state ^ word) &* Self.prime
        state = product ^ product >> 32
    }

    @usableFromInline static let prime: UInt64 = 0x100_0000_01B3

    /// The hash of everything combined so far.
    @inlinable public var value: UInt64 { state }

    @inlinable
    public init() {}
}
