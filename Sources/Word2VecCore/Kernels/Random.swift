internal import CWord2Vec

/// The linear congruential generator of the original program.
public struct OriginalGenerator {
    public var state: UInt64

    public mutating func next() -> UInt64 {
        state = w2v_lcg_next(state)
        return state
    }

    public init(state: UInt64) {
        self.state = state
    }
}

/// The generator of the default trainer. The same seed gives the same numbers on every machine.
public struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    /// The purpose of the numbers. Streams with the same seed are independent of each other.
    public enum Stream: UInt64 {
        case values = 0
        case parameters
        case order
        case folds
        case classes
    }

    public init(seed: UInt64, stream: Stream = .values) {
        state = w2v_random_stream(seed, 0, stream.rawValue)
    }

    public mutating func next() -> UInt64 {
        w2v_random_next(&state)
    }

    /// A random number 0 ... n - 1, for n below 2^32.
    public mutating func below(_ n: Int) -> Int {
        Int(w2v_random_below(UInt32(truncatingIfNeeded: next() >> 32), UInt32(n)))
    }

    /// A random number 0 ..< 1 of 24 bits.
    public mutating func nextUnit() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// A random number 0 ..< 1 of 53 bits.
    public mutating func nextDouble() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}
