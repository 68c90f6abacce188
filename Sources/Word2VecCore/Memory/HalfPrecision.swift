/// 16-bit floats: IEEE 754 binary16, and bfloat16, the upper half of a float. (Swift's Float16 is not available on
/// every platform.)
public enum HalfPrecision {
    /// Exact.
    public static func float(binary16 half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10 & 0x1F)
        let fraction = UInt32(half & 0x3FF)
        switch exponent {
        case 0: return Float(bitPattern: sign | (Float(fraction) * 0x1p-24).bitPattern)
        case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// Rounds to nearest, ties to even. Values from 65520 on become infinite.
    public static func binary16(_ value: Float) -> UInt16 {
        let sign = UInt16(value.bitPattern >> 16 & 0x8000)
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        if value.isNaN { return sign | 0x7E00 | UInt16(magnitude >> 13 & 0x3FF) }
        if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
        if magnitude < 0x3880_0000 {  // below 2^-14: a multiple of 2^-24
            return sign | UInt16((Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven))
        }
        return sign | UInt16((magnitude + 0xFFF + (magnitude >> 13 & 1) - 0x3800_0000) >> 13)
    }

    /// Exact.
    public static func float(bfloat16 half: UInt16) -> Float { Float(bitPattern: UInt32(half) << 16) }

    /// Rounds to nearest, ties to even.
    public static func bfloat16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }
}

/// The storage type of a tensor's values.
public enum ElementType: Sendable {
    case float16
    case bfloat16
    case float32
    case float64

    public var byteCount: Int {
        switch self {
        case .float16, .bfloat16: 2
        case .float32: 4
        case .float64: 8
        }
    }
}
