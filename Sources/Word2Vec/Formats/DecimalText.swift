/// Floats as decimal text, byte for byte as C's printf and strtof have them.
enum DecimalText {
    /// Appends a value as `%lf` prints it: six decimals, rounded half to even on the exact value.
    static func append(_ value: Float, to bytes: inout [UInt8]) {
        if value.isNaN {
            bytes += (value.sign == .minus ? "-nan" : "nan").utf8
            return
        }
        if value.sign == .minus { bytes.append(UInt8(ascii: "-")) }
        let magnitude = Double(value.magnitude)
        if magnitude.isInfinite {
            bytes += "inf".utf8
            return
        }
        // A float has 24 bits and 10^6 = 2^6 * 15625 adds 14: the product is exact, and its rounding the only one.
        let scaled = (magnitude * 1e6).rounded(.toNearestOrEven)
        guard scaled < 9e18 else {
            bytes += "\(UInt128(magnitude)).000000".utf8  // 24 bits this far up are a whole number
            return
        }
        let millionths = UInt64(scaled)
        bytes += "\(millionths / 1_000_000)".utf8
        bytes.append(UInt8(ascii: "."))
        var unit: UInt64 = 100_000
        let fraction = millionths % 1_000_000
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(fraction / unit % 10))
            unit /= 10
        }
    }

    /// The parts of a line between spaces, tabs and carriage returns.
    static func fields(in line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
    }

    /// The float nearest to a decimal number; nil if the text is something else.
    static func float(_ text: ArraySlice<UInt8>) -> Float? {
        shortFloat(text) ?? Float(String(decoding: text, as: UTF8.self))
    }

    /// Up to 7 digits and 10 decimals without an exponent: both are exact floats, so one division rounds once
    /// (Clinger 1990). nil for anything else.
    private static func shortFloat(_ text: ArraySlice<UInt8>) -> Float? {
        var rest = text
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        var digits = 0
        var decimals: Int?
        var count = 0
        for byte in rest {
            if byte == UInt8(ascii: ".") && decimals == nil {
                decimals = 0
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            digits = digits * 10 + Int(byte - UInt8(ascii: "0"))
            guard digits < 1 << 24 else { return nil }
            decimals? += 1
            count += 1
        }
        guard count > 0, (decimals ?? 0) < powersOfTen.count else { return nil }
        let value = Float(digits) / powersOfTen[decimals ?? 0]
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Float] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10]
}
