internal import Word2VecCore

/// Reads the JSON of a file from the front, as far as file headers need it. Strings are checked to be UTF-8 without control
/// bytes; nothing is taken on trust, and nothing nests deeper than its caller asks.
struct JSONCursor {
    let view: ByteView
    private(set) var offset: Int
    private let path: String

    init(_ view: ByteView, of path: String) {
        self.view = view
        self.path = path
        offset = view.startIndex
    }

    func malformed(at place: Int, _ found: String, _ expected: String) -> Word2VecError {
        .malformed(path: path, place: .byte(place), found: found, expected: expected)
    }

    /// That something else stands here.
    func unexpected(_ expected: String) -> Word2VecError {
        malformed(
            at: offset,
            offset < view.endIndex ? Word2VecError.quoted(view[offset..<offset + 1]) : "the end of the header",
            expected)
    }

    /// An object. `member` reads the value of each key, which stands at a place.
    mutating func object(
        _ member: (String, Int, inout JSONCursor) throws(Word2VecError) -> Void
    ) throws(Word2VecError) {
        try expect("{")
        if try accept("}") { return }
        repeat {
            skipBlanks()
            let place = offset
            let key = try string()
            try expect(":")
            try member(key, place, &self)
        } while try accept(",")
        try expect("}")
    }

    /// An array of whole numbers from 0 to Int.max.
    mutating func wholeNumbers() throws(Word2VecError) -> [Int] {
        try expect("[")
        if try accept("]") { return [] }
        var numbers: [Int] = []
        repeat { numbers.append(try wholeNumber()) } while try accept(",")
        try expect("]")
        return numbers
    }

    /// A string that may be longer than a message has room for, but not by much.
    mutating func string() throws(Word2VecError) -> String {
        try beginString()
        var bytes: [UInt8] = []
        while let scalar = try nextScalar() { bytes += UTF8.encode(scalar)?.map { $0 } ?? [] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nothing but blanks is left.
    mutating func end() throws(Word2VecError) {
        skipBlanks()
        guard offset == view.endIndex else { throw unexpected("the end of the header") }
    }

    mutating func beginString() throws(Word2VecError) {
        try expect("\"")
    }

    /// Goes to another place of a string, of which what lies between was looked at already.
    mutating func advance(to place: Int) {
        precondition(place >= view.startIndex && place <= view.endIndex, "a place outside of the header")
        offset = place
    }

    /// The next character of a string; nil if it ends, and the cursor stands behind it.
    mutating func nextScalar() throws(Word2VecError) -> Unicode.Scalar? {
        guard offset < view.endIndex else { throw unexpected("the end of a string") }
        let byte = view[offset]
        switch byte {
        case UInt8(ascii: "\""):
            offset += 1
            return nil
        case UInt8(ascii: "\\"):
            return try escape()
        case 0..<0x20:
            throw malformed(at: offset, "the control byte \(byte)", "an escape for it")
        case 0..<0x80:
            offset += 1
            return Unicode.Scalar(byte)
        default:
            return try multibyteScalar()
        }
    }

    /// A character of two to four bytes.
    private mutating func multibyteScalar() throws(Word2VecError) -> Unicode.Scalar {
        var iterator = view[offset...].prefix(4).makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
            throw malformed(at: offset, "a byte that is not UTF-8", "UTF-8")
        }
        offset += UTF8.width(scalar)
        return scalar
    }

    private mutating func escape() throws(Word2VecError) -> Unicode.Scalar {
        let start = offset
        offset += 1
        guard offset < view.endIndex else { throw unexpected("an escape") }
        let byte = view[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimal(digits: 4)
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard unit < 0xDC00, view[offset...].prefix(2).elementsEqual("\\u".utf8) else { break }
            offset += 2
            let low = try hexadecimal(digits: 4)
            guard (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            else { break }
            return scalar
        default: break
        }
        throw malformed(at: start, Word2VecError.quoted(view[start..<offset]), "an escape of JSON")
    }

    private mutating func hexadecimal(digits: Int) throws(Word2VecError) -> UInt32 {
        let text = view[offset...].prefix(digits)
        guard text.count == digits, text.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: text, as: UTF8.self), radix: 16)
        else { throw unexpected("\(digits) hexadecimal digits") }
        offset += digits
        return value
    }

    private mutating func wholeNumber() throws(Word2VecError) -> Int {
        skipBlanks()
        let start = offset
        while offset < view.endIndex, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(view[offset]) { offset += 1 }
        guard let number = Int(String(decoding: view[start..<offset].prefix(20), as: UTF8.self)), offset - start <= 19
        else { throw malformed(at: start, Word2VecError.quoted(view[start..<offset]), "a number from 0 to \(Int.max)") }
        return number
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Word2VecError) {
        guard try accept(character) else { throw unexpected("'\(character)'") }
    }

    private mutating func accept(_ character: Unicode.Scalar) throws(Word2VecError) -> Bool {
        skipBlanks()
        guard offset < view.endIndex, view[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func skipBlanks() {
        while offset < view.endIndex, DecimalText.isBlank(view[offset]) || view[offset] == UInt8(ascii: "\n") {
            offset += 1
        }
    }
}
