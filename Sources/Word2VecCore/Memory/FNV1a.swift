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
