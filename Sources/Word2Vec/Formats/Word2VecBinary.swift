/// The original's binary rows.
enum Word2VecBinary {
    static func writeRows(of vectors: WordVectors, to file: OutputFile) throws(Word2VecError) {
        for rank in 0..<vectors.count {
            try file.write { buffer in
                buffer += vectors.words.bytes(at: rank)
                buffer.append(UInt8(ascii: " "))
                vectors.matrix.appendRow(rank, to: &buffer)
                buffer.append(UInt8(ascii: "\n"))
            }
        }
    }

    /// Rows with or without the newline behind them: other programs leave it out.
    static func read(_ file: MappedFile, _ header: VectorFileHeader) throws(Word2VecError) -> WordVectors {
        let rowBytes = header.dimensions * 4
        // The header fits the file at a byte a value; here a value has four, and a word a space.
        guard header.rows == 0 || rowBytes + 1 <= (file.count - header.end) / header.rows else {
            throw .malformed(
                path: file.path, place: .line(1), found: "a file of \(file.count) bytes",
                expected: "at least \(header.rows) rows of \(rowBytes + 1) bytes")
        }
        let matrix = try FloatMatrix(rows: header.rows, dimensions: header.dimensions, for: file.path)
        var words = WordTable()
        words.reserveCapacity(words: header.rows)
        var offset = header.end
        for rank in 0..<header.rows {
            if offset < file.count, file[offset] == UInt8(ascii: "\n") { offset += 1 }
            let start = offset
            guard let space = file.firstIndex(of: UInt8(ascii: " "), in: start..<file.count) else {
                throw .malformed(
                    path: file.path, place: .byte(start), found: "the end of the file",
                    expected: "row \(rank + 1) of \(header.rows): a word and a space")
            }
            guard file.count - (space + 1) >= rowBytes else {
                throw .malformed(
                    path: file.path, place: .byte(space + 1), found: "\(file.count - (space + 1)) bytes",
                    expected: "the \(rowBytes) bytes of row \(rank + 1)'s values")
            }
            guard words.append(file[start..<space]) else {
                throw .malformed(
                    path: file.path, place: .byte(start),
                    found: "\(Word2VecError.quoted(file[start..<space])) again",
                    expected: "a word that no row before has")
            }
            matrix.setRow(rank, from: file, at: space + 1)
            offset = space + 1 + rowBytes
        }
        return WordVectors(words: words, matrix: matrix)
    }
}
