internal import Word2VecCore

/// The head of a safetensors file: eight bytes with the length of a JSON object, and the object. It has for each tensor its
/// type, shape and place, and in `__metadata__` pairs of strings. All that it says is checked against the file.
struct SafetensorsHeader {
    /// A tensor, at `start` ..< `end` of the data.
    struct Tensor {
        var name = ""
        var type = ""
        var shape: [Int] = []
        var start = 0
        var end = 0
        /// Where the header has it.
        var place = 0
    }

    /// By order in the header.
    private(set) var tensors: [Tensor] = []
    /// The words of the metadata, if there are any.
    private(set) var words: SafetensorsWords?
    /// Another string of the metadata, and where it stands.
    private(set) var checkpoint: (json: String, place: Int)?
    /// Where the tensors' data begins in the file.
    let dataStart: Int

    /// The key of the words in the metadata.
    static let wordsKey = "words"
    /// The key of the state of a run.
    static let checkpointKey = "checkpoint"
    /// What the safetensors packages accept.
    static let longest = 100_000_000

    /// Whether a file begins as such a file does, though it may be cut short: with a length that no text begins with, and an
    /// object.
    static func isLikely(_ view: ByteView) -> Bool {
        view.count > 8 && view.eightBytes(at: 0) < 1 << 40 && view[8] == UInt8(ascii: "{")
    }

    init(_ view: ByteView, of path: String) throws(Word2VecError) {
        guard view.count >= 8 else {
            throw .malformed(
                path: path, place: .byte(0), found: "\(view.count) bytes",
                expected: "the eight bytes of a safetensors header's length")
        }
        let length = view.eightBytes(at: 0)
        guard length <= view.count - 8 else {
            throw .malformed(
                path: path, place: .byte(0), found: "a header of \(length) bytes",
                expected: "one that fits a file of \(view.count) bytes")
        }
        dataStart = 8 + Int(length)
        var json = JSONCursor(view[8..<dataStart], of: path)
        var hasMetadata = false
        try json.object { (key, place, json) throws(Word2VecError) in
            if key == "__metadata__" {
                guard !hasMetadata else { throw json.malformed(at: place, "a second __metadata__", "one") }
                hasMetadata = true
                try readMetadata(&json)
            } else {
                var tensor = try Self.tensor(&json)
                (tensor.name, tensor.place) = (key, place)
                tensors.append(tensor)
            }
        }
        try json.end()
    }

    private mutating func readMetadata(_ json: inout JSONCursor) throws(Word2VecError) {
        try json.object { (key, place, json) throws(Word2VecError) in
            if key == Self.wordsKey {
                guard words == nil else { throw json.malformed(at: place, "words again", "one value") }
                words = try SafetensorsWords(&json)
            } else if key == Self.checkpointKey {
                checkpoint = (try json.string(), place)
            } else {
                _ = try json.string()
            }
        }
    }

    private static func tensor(_ json: inout JSONCursor) throws(Word2VecError) -> Tensor {
        var tensor = Tensor()
        var seen: Set<String> = []
        try json.object { (key, place, json) throws(Word2VecError) in
            guard seen.insert(key).inserted else { throw json.malformed(at: place, "\(key) again", "one value") }
            switch key {
            case "dtype": tensor.type = try json.string()
            case "shape": tensor.shape = try json.wholeNumbers()
            case "data_offsets":
                let offsets = try json.wholeNumbers()
                guard offsets.count == 2 else { throw json.malformed(at: place, "\(offsets.count) offsets", "two") }
                (tensor.start, tensor.end) = (offsets[0], offsets[1])
            default: throw json.malformed(at: place, "'\(key)'", "dtype, shape or data_offsets")
            }
        }
        guard seen.count == 3 else {
            throw json.malformed(at: json.offset, "\(seen.sorted())", "a tensor's dtype, shape and data_offsets")
        }
        return tensor
    }
}
