/// The original's text rows.
enum Word2VecText {
    static func writeRows(of vectors: WordVectors, to file: OutputFile) throws(Word2VecError) {
        for rank in 0..<vectors.count {
            try file.write { buffer in
                buffer += vectors.words.bytes(at: rank)
                buffer.append(UInt8(ascii: " "))
                for value in vectors.vector(at: rank) {
                    DecimalText.append(value, to: &buffer)
                    buffer.append(UInt8(ascii: " "))
                }
                buffer.append(UInt8(ascii: "\n"))
            }
        }
    }

    /// One row a line: the word up to the first space, then D numbers. Blank lines at the end are passed over.
    static func read(_ file: MappedFile, _ header: VectorFileHeader) throws(Word2VecError) -> WordVectors {
        let matrix = try FloatMatrix(rows: header.rows, dimensions: header.dimensions, for: file.path)
        var words = WordTable()
        words.reserveCapacity(words: header.rows)
        var offset = header.end
        for rank in 0..<header.rows {
            func malformed(_ found: String, _ expected: String) -> Word2VecError {
                .malformed(path: file.path, place: .line(rank + 2), found: found, expected: expected)
            }
            guard offset < file.count else {
                throw malformed("the end of the file", "row \(rank + 1) of \(header.rows)")
            }
            let (line, next) = file.line(at: offset)
            offset = next
            let word = line.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            let fields = DecimalText.fields(in: line[word.endIndex...])
            guard fields.count == header.dimensions else {
                throw malformed("\(fields.count) values", "a word and \(header.dimensions) values")
            }
            var values: [Float] = []
            values.reserveCapacity(fields.count)
            for field in fields {
                guard let value = DecimalText.float(field) else {
                    throw malformed(Word2VecError.quoted(field), "a number")
                }
                values.append(value)
            }
            guard words.append(word) else {
                throw malformed("\(Word2VecError.quoted(word)) again", "a word that no row before has")
            }
            matrix.setRow(rank, to: values)
        }
        while offset < file.count {
            guard file[offset] == UInt8(ascii: "\n") || file[offset] == UInt8(ascii: "\r") else {
                throw .malformed(
                    path: file.path, place: .line(header.rows + 2), found: "more text",
                    expected: "the end of the file after \(header.rows) rows")
            }
            offset += 1
        }
        return WordVectors(words: words, matrix: matrix)
    }
}
