/// A file format of word vectors.
public enum VectorFormat: String, Codable, Sendable, CaseIterable {
    /// The original's -binary 1: `V D\n`, then for each word its bytes, a space, D little-endian float32 and `\n`.
    case word2vecBinary
    /// The original's -binary 0: `V D\n`, then for each word its bytes, a space, each value with six decimals and a
    /// space behind, and `\n`.
    case word2vecText

    /// The format that a name suggests: binary for `.bin`, else text.
    public init(path: String) {
        self = path.hasSuffix(".bin") ? .word2vecBinary : .word2vecText
    }

    /// What people call it.
    public var name: String {
        switch self {
        case .word2vecBinary: "word2vec binary"
        case .word2vecText: "word2vec text"
        }
    }
}

extension WordVectors {
    /// Reads vectors from a file.
    ///
    /// - Parameter format: nil recognises it by the content.
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``; ``Word2VecError/malformed(path:place:found:expected:)``
    ///   with the line or the byte.
    /// - Complexity: O(file size).
    public init(contentsOf path: String, format: VectorFormat? = nil) throws(Word2VecError) {
        let file = try MappedFile(path: path)
        let header = try VectorFileHeader(file)
        switch format ?? header.recognisedFormat(in: file) {
        case .word2vecBinary: self = try Word2VecBinary.read(file, header)
        case .word2vecText: self = try Word2VecText.read(file, header)
        }
    }

    /// Writes the vectors. The file appears under its name whole or not at all.
    ///
    /// - Throws: ``Word2VecError/cannotWrite(path:reason:)``.
    public func write(to path: String, format: VectorFormat) throws(Word2VecError) {
        let file = try OutputFile(path: path)
        try file.write("\(count) \(dimensions)\n".utf8)
        switch format {
        case .word2vecBinary: try Word2VecBinary.writeRows(of: self, to: file)
        case .word2vecText: try Word2VecText.writeRows(of: self, to: file)
        }
        try file.commit()
    }
}

/// The first line of both formats: `V D`. What it says is a claim until the rows have been seen.
struct VectorFileHeader {
    let rows: Int
    let dimensions: Int
    /// Where the first row begins.
    let end: Int

    /// No header is longer.
    private static let longest = 64

    init(_ file: MappedFile) throws(Word2VecError) {
        let expected = "a first line of two numbers, words and dimensions"
        let limit = min(file.count, Self.longest)
        guard let newline = file.firstIndex(of: UInt8(ascii: "\n"), in: 0..<limit) else {
            throw .malformed(
                path: file.path, place: .line(1), found: file.count == 0 ? "an empty file" : "no such line",
                expected: expected)
        }
        let line = String(decoding: file[0..<newline], as: UTF8.self)
        let fields = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
        guard fields.count == 2, let rows = Int(fields[0]), let dimensions = Int(fields[1]), rows >= 0, dimensions > 0
        else { throw .malformed(path: file.path, place: .line(1), found: "'\(line)'", expected: expected) }
        self.rows = rows
        self.dimensions = dimensions
        end = newline + 1
        // A value takes two bytes at the least and a word one, whatever the format (the last newline may be missing).
        let (rowBytes, overflow) = dimensions.multipliedReportingOverflow(by: 2)
        guard !overflow, rows <= Int32.max, rows == 0 || rowBytes < (file.count - end + 1) / rows else {
            throw .malformed(
                path: file.path, place: .line(1), found: "'\(line)'",
                expected: "a number of words and dimensions that fits a file of \(file.count) bytes")
        }
    }

    /// Text, if the first row is a line of a word and D numbers; else binary.
    func recognisedFormat(in file: MappedFile) -> VectorFormat {
        guard rows > 0 else { return .word2vecText }
        // A word of at most a megabyte, and D numbers of at most 64 bytes; D is known to be less than the file's size.
        let limit = min(file.count, end + 64 * dimensions + (1 << 20))
        guard
            let newline = file.firstIndex(of: UInt8(ascii: "\n"), in: end..<limit)
                ?? (limit == file.count ? limit : nil)
        else { return .word2vecBinary }
        let line = file[end..<newline]
        guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return .word2vecBinary }
        let values = DecimalText.fields(in: line[(space + 1)...])
        let isText = values.count == dimensions && values.allSatisfy { DecimalText.float($0) != nil }
        return isText ? .word2vecText : .word2vecBinary
    }
}
