/// The hash FNV-1a of 64 bits (Fowler, Noll, Vo): fast, the same everywhere, and no guard against forgers.
public struct FNV1a {
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    public mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* Self.prime }
    }

    /// A step with 64 bits at once, which FNV-1a itself does not have: the high bits are folded down.
    @inline(__always)
    public mutating func combine(_ word: UInt64) {
        let product = (value ^ word) &* Self.prime
        value = product ^ product >> 32
    }

    private static let prime: UInt64 = 0x100_0000_01B3

    public init() {}
}
