internal import Word2VecCore

/// The words of a native file: one string in the metadata, with a space between two words.
///
/// Within a word, `\s` stands for a space, `\\` for a backslash, and `\xHH`, two hexadecimal digits, for a byte that is not
/// part of valid UTF-8. (As JSON has its own escapes besides, the file has each of these backslashes twice.) An empty word is
/// written as nothing. So `metadata["words"].split(" ")` are the words in any language, but for those three escapes.
struct SafetensorsWords {
    /// As many as there are spaces in the string, and one.
    private(set) var table = WordTable()
    /// The ranks of words with `\xHH`.
    private(set) var escaped: [Int] = []
    /// Where the string stands.
    let place: Int

    /// Reads the string at the cursor.
    init(_ json: inout JSONCursor) throws(Word2VecError) {
        try json.beginString()
        place = json.offset
        let view = json.view
        var storage: [UInt8] = []
        var offsets = [0]
        storage.reserveCapacity(view.endIndex - json.offset + 1)
        offsets.reserveCapacity((view.endIndex - json.offset) / 4)
        var hasMultibyte = false
        // What is taken over as it stands, from here to the cursor.
        var run = json.offset
        while true {
            // Where a place of the view will be in the storage, as long as the run lasts.
            let shift = storage.count - run
            json.advance(
                to: view.skipPlainJSON(
                    from: json.offset, appendingWordStartsTo: &offsets, movedBy: shift, hasMultibyte: &hasMultibyte))
            let start = json.offset
            guard let scalar = try json.nextScalar() else {
                storage.append(all: view[run..<start])
                break
            }
            if view[start] != UInt8(ascii: "\\") {
                if scalar == " " { offsets.append(start + shift + 1) }
                continue
            }
            storage.append(all: view[run..<start])
            if scalar == "\\" {
                let (byte, isEscaped) = try Self.escape(&json)
                if isEscaped, escaped.last != offsets.count - 1 { escaped.append(offsets.count - 1) }
                storage.append(byte)
            } else {
                storage += UTF8.encode(scalar)?.map { $0 } ?? []
                if scalar == " " { offsets.append(storage.count) }
            }
            run = json.offset
        }
        if hasMultibyte, !view[place..<json.offset].isValidUTF8 {
            // Once more, character by character, to the place at fault.
            json.advance(to: place)
            while try json.nextScalar() != nil {}
        }
        storage.append(WordTable.separator)
        offsets.append(storage.count)
        table = WordTable(storage: storage, offsets: offsets)
    }

    /// The byte behind a backslash.
    private static func escape(_ json: inout JSONCursor) throws(Word2VecError) -> (byte: UInt8, isEscaped: Bool) {
        let place = json.offset
        switch try json.nextScalar() {
        case "\\": return (UInt8(ascii: "\\"), false)
        case "s": return (UInt8(ascii: " "), false)
        case "x":
            if let high = try json.nextScalar(), let low = try json.nextScalar(),
                let h = Character(high).hexDigitValue, let l = Character(low).hexDigitValue
            {
                return (UInt8(16 * h + l), true)
            }
        default: break
        }
        throw json.malformed(
            at: place, Word2VecError.quoted(json.view[place..<json.offset]), "\\\\, s or x and two hexadecimal digits")
    }

    /// Appends a word as it stands in the JSON.
    static func append(_ word: some Collection<UInt8>, to json: inout [UInt8]) {
        func appendASCII(_ byte: UInt8) {
            switch byte {
            case UInt8(ascii: " "): json += "\\\\s".utf8
            case UInt8(ascii: "\\"): json += "\\\\\\\\".utf8
            default: appendJSON(byte, to: &json)
            }
        }
        if word.isValidUTF8 {
            for byte in word {
                if byte < 0x80 { appendASCII(byte) } else { json.append(byte) }
            }
            return
        }
        var decoder = UTF8()
        var rest = word[...]
        while !rest.isEmpty {
            var iterator = rest.prefix(4).makeIterator()
            if case .scalarValue(let scalar) = decoder.decode(&iterator) {
                let width = UTF8.width(scalar)
                if scalar.isASCII { appendASCII(UInt8(scalar.value)) } else { json += rest.prefix(width) }
                rest = rest.dropFirst(width)
            } else if let byte = rest.popFirst() {
                json += "\\\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            }
            decoder = UTF8()
        }
    }

    /// Appends a byte of a JSON string, with an escape where it needs one.
    static func appendJSON(_ byte: UInt8, to json: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\\"): json += "\\\\".utf8
        case UInt8(ascii: "\""): json += "\\\"".utf8
        case UInt8(ascii: "\n"): json += "\\n".utf8
        case UInt8(ascii: "\t"): json += "\\t".utf8
        case 0..<0x20: json += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
        default: json.append(byte)
        }
    }
}
