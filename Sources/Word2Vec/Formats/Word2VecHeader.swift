internal import Word2VecCore

/// The first line of both word2vec formats: `V D`. What it says is a claim until the rows have been seen.
struct Word2VecHeader {
    let rows: Int
    let dimensions: Int
    /// Where the first row begins.
    let end: Int

    /// No header is longer.
    private static let longest = 64

    /// Whether a line is two whole numbers, right or wrong.
    static func isLikely(_ line: ByteView) -> Bool {
        guard line.count <= longest else { return false }
        let fields = line.split(whereSeparator: DecimalText.isBlank)
        return fields.count == 2
            && fields.allSatisfy { field in
                let digits = field.first == UInt8(ascii: "-") ? field.dropFirst() : field
                return !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            }
    }

    /// - Parameter skipsMark: leaves out a byte order mark, which a text may have.
    init(_ view: ByteView, of path: String, skipsMark: Bool = false) throws(Word2VecError) {
        let expected = "a first line of two numbers, words and dimensions"
        let (bytes, next) = view.line(at: skipsMark ? view.startOfText : view.startIndex)
        guard bytes.count < Self.longest, next <= view.endIndex else {
            throw .malformed(
                path: path, place: .line(1), found: view.isEmpty ? "an empty file" : "no such line",
                expected: expected)
        }
        let line = String(decoding: bytes, as: UTF8.self)
        let fields = line.split { $0 == " " || $0 == "\t" }
        guard fields.count == 2, let rows = Int(fields[0]), let dimensions = Int(fields[1]), rows >= 0, dimensions > 0
        else { throw .malformed(path: path, place: .line(1), found: "'\(line)'", expected: expected) }
        self.rows = rows
        self.dimensions = dimensions
        end = next
        // A value takes two bytes at the least and a row's end one, whatever the format (the last newline may be missing).
        let (rowBytes, overflow) = dimensions.multipliedReportingOverflow(by: 2)
        // The size of a file without rows says nothing about their dimensions. No model has more than the largest -size.
        let fits = rows == 0 ? dimensions <= TrainingOptions.most : rowBytes < (view.count - end + 1) / rows
        guard !overflow, rows <= Int32.max, fits else {
            throw .malformed(
                path: path, place: .line(1), found: "'\(line)'",
                expected: "a number of words and dimensions that fits a file of \(view.count) bytes")
        }
    }

    /// Text, if the first row is a line of a word and D numbers, or if what follows its word is all print; else binary.
    func recognizedFormat(in view: ByteView) -> VectorFormat {
        guard rows > 0 else { return .word2vecText }
        // A word of at most a megabyte, and D numbers of at most 64 bytes; D is known to be less than the file's size.
        let start = view[end...].prefix(64 * dimensions + (1 << 20))
        let (line, next) = start.line(at: end)
        if next <= start.endIndex || start.endIndex == view.endIndex {
            var values = [Float](repeating: 0, count: dimensions)
            if case .word = TextRow.read(line, into: &values, .told) { return .word2vecText }
        }
        guard let space = start.firstIndex(of: UInt8(ascii: " ")) else { return .word2vecBinary }
        let isPrint = view[space...].prefix(1024).allSatisfy {
            (UInt8(ascii: " ")...UInt8(ascii: "~")).contains($0) || TextRow.isBlankOrLineEnd($0)
        }
        return isPrint ? .word2vecText : .word2vecBinary
    }
}
