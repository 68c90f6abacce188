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

    /// Appends a value in the fewest digits that read back as the same float: `0.1`, `-1e-07`, `nan`, `inf`.
    static func appendShortest(_ value: Float, to bytes: inout [UInt8]) {
        bytes += "\(value)".utf8
    }

    /// Whether a byte stands between the fields of a line: a space, a tab or a carriage return.
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    /// The parts of a line between blanks.
    static func fields(in line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        line.split(whereSeparator: isBlank)
    }

    /// The float nearest to a decimal number; nil if the text is something else.
    static func float(_ text: some Collection<UInt8>) -> Float? {
        shortFloat(text) ?? Float(String(decoding: text, as: UTF8.self))
    }

    /// A number of up to 2^53 without its point, of powers of ten up to 22: both are exact doubles, so that one product or
    /// quotient rounds once (Clinger 1990). To round that again to a float is right unless it stands just between two: a
    /// double nearer to either is on the number's own side. nil for anything else.
    private static func shortFloat(_ text: some Collection<UInt8>) -> Float? {
        var place = text.startIndex
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { text.formIndex(after: &place) }
        var digits: UInt64 = 0
        var (count, decimals) = (0, 0)
        var isBehindPoint = false
        while place != text.endIndex {
            let byte = text[place]
            let digit = byte &- UInt8(ascii: "0")
            if digit < 10 {
                digits = digits &* 10 &+ UInt64(digit)
                count += 1
                if isBehindPoint { decimals += 1 }
            } else if byte == UInt8(ascii: "."), !isBehindPoint {
                isBehindPoint = true
            } else {
                break
            }
            text.formIndex(after: &place)
        }
        guard count > 0, count < 20, digits <= 1 << 53 else { return nil }
        var power = -decimals
        if place != text.endIndex {
            guard let exponent = exponent(text[place...]) else { return nil }
            power += exponent
        }
        guard power.magnitude < powersOfTen.count else { return nil }
        let value = power < 0 ? Double(digits) / powersOfTen[-power] : Double(digits) * powersOfTen[power]
        let isNormal = value == 0 || (value >= 0x1p-126 && value < 0x1p127)
        guard isNormal, value.bitPattern & 0x1FFF_FFFF != 0x1000_0000 else { return nil }
        return Float(isNegative ? -value : value)
    }

    /// `e`, a sign or none, and one or two digits.
    private static func exponent(_ text: some Collection<UInt8>) -> Int? {
        var rest = text.dropFirst()
        guard let mark = text.first, mark | 0x20 == UInt8(ascii: "e") else { return nil }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard (1...2).contains(rest.count) else { return nil }
        var value = 0
        for byte in rest {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]
}
