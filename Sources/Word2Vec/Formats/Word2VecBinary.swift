internal import Word2VecCore

/// The original's binary rows.
enum Word2VecBinary {
    static func writeRows(of vectors: WordVectors, to file: OutputFile) throws(Word2VecError) {
        for rank in 0..<vectors.count {
            try core(
                file.write { buffer in
                    buffer += vectors.words.bytes(at: rank)
                    buffer.append(UInt8(ascii: " "))
                    vectors.matrix.appendRow(rank, to: &buffer)
                    buffer.append(UInt8(ascii: "\n"))
                })
        }
    }

    /// Why a word cannot stand in such a file; nil if it can.
    static func objection(to word: some Collection<UInt8>) -> String? {
        if word.contains(UInt8(ascii: " ")) { return "a space" }
        if word.contains(UInt8(ascii: "\n")) { return "a line end" }
        return nil
    }

    /// Rows with or without the newline behind them: other programs leave it out. The words end at the first space.
    static func read(
        _ file: MappedFile, _ view: ByteView, _ options: VectorLoading
    ) throws(Word2VecError) -> WordVectors {
        let header = try Word2VecHeader(view, of: file.path)
        let (rows, rowBytes) = (header.rows, header.dimensions * 4)
        // The header fits the file at two bytes a value; here a value has four, and a word a space.
        guard rows == 0 || rowBytes + 1 <= (view.count - header.end) / rows else {
            throw .malformed(
                path: file.path, place: .line(1), found: "a file of \(view.count) bytes",
                expected: "at least \(rows) rows of \(rowBytes + 1) bytes")
        }
        let limit = min(rows, options.maximumCount)
        var words = WordCollector(
            path: file.path, policy: options.invalidUTF8, rows: limit,
            bytes: view.count - header.end - rows * (rowBytes + 1))
        // Where the values of each row begin; and the words of the last rows, which are taken while they are in the cache.
        var starts: [Int] = []
        starts.reserveCapacity(limit)
        var latest: [Range<Int>] = []
        var offset = header.end
        for row in 0..<limit {
            if offset < view.count, view[offset] == UInt8(ascii: "\n") { offset += 1 }
            guard let space = view[offset...].firstIndex(of: UInt8(ascii: " ")) else {
                throw .malformed(
                    path: file.path, place: .byte(offset), found: "the end of the file",
                    expected: "row \(row + 1) of \(rows): a word and a space")
            }
            let word = view[offset..<space]
            guard word.firstIndex(of: UInt8(ascii: "\n")) == nil else {
                throw .malformed(
                    path: file.path, place: .byte(offset), found: "a word that holds a line end",
                    expected: "row \(row + 1) of \(rows) of \(header.dimensions) values each")
            }
            guard view.count - (space + 1) >= rowBytes else {
                throw .malformed(
                    path: file.path, place: .byte(space + 1), found: "\(view.count - (space + 1)) bytes",
                    expected: "the \(rowBytes) bytes of row \(row + 1)'s values")
            }
            // Eight rows ahead, which stand about as far apart as this one and the last.
            view.prefetch(at: space + 8 * (space - (starts.last ?? 0) + 1))
            starts.append(space + 1)
            latest.append(offset..<space)
            if latest.count == WordTable.blockSize {
                try words.add(latest, of: view) { .byte($0.lowerBound) }
                latest.removeAll(keepingCapacity: true)
            }
            offset = space + 1 + rowBytes
        }
        guard limit < rows || view[offset...].allSatisfy({ $0 == UInt8(ascii: "\n") }) else {
            throw .malformed(
                path: file.path, place: .byte(offset), found: "\(view.count - offset) more bytes",
                expected: "the end of the file after \(rows) rows")
        }
        try words.add(latest, of: view) { .byte($0.lowerBound) }
        let valueStarts = starts
        return try words.vectors(dimensions: header.dimensions, .word2vecBinary, of: file) {
            matrix, ranks, kept, view in
            for rank in ranks { matrix.setRow(rank, to: view, at: valueStarts[kept?[rank] ?? rank]) }
        }
    }
}
