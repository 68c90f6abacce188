internal import Word2VecCore

/// The rows of an array in a file as vectors. The array lies within the file.
struct TensorRows: Sendable {
    let file: MappedFile
    let array: StoredArray
    let format: VectorFormat

    /// The vectors for words that came with the array, one a row: in the file, if that is wanted and no row is left out.
    /// `counts` are those of the words, if they are known. `escaped` are the ranks of words that may not be UTF-8; they are
    /// somewhere after `place`.
    func vectors(
        _ words: WordTable, counts: [Int]? = nil, escaped: [Int], place: Int, _ options: VectorLoading
    ) throws(Word2VecError) -> WordVectors {
        let limit = min(array.rows, options.maximumCount)
        let invalid = escaped.count { $0 < limit && !words.bytes(at: $0).isValidUTF8 }
        if options.storage == .mapped, array.isRowsOfFloats, invalid == 0 || options.invalidUTF8 == .keep,
            let matrix = FloatMatrix(of: file, at: array.start, rows: limit, dimensions: array.columns)
        {
            let report = LoadingReport(
                format: format, storage: .mapped, rows: limit, duplicateWords: 0, invalidWords: invalid, skippedWords: 0
            )
            return WordVectors(
                words: words.prefix(limit), matrix: matrix, counts: counts.map { Array($0.prefix(limit)) },
                loading: report)
        }
        var collector = WordCollector(
            path: file.path, policy: options.invalidUTF8, rows: limit, bytes: words.byteCount)
        try collector.add(limit, word: { words.bytes(at: $0) }, at: { _ in .byte(place) })
        return try collector.vectors(dimensions: array.columns, counts: counts, format, of: file) {
            (matrix, ranks, kept, view) throws(Word2VecError) in
            if array.isRowsOfFloats {
                for rank in ranks {
                    matrix.setRow(rank, to: view, at: array.place(row: kept?[rank] ?? rank, column: 0))
                }
            } else if let outsized = matrix.setRows(ranks, from: array, in: view, source: { kept?[$0] ?? $0 }) {
                throw .malformed(
                    path: file.path, place: .byte(outsized.place), found: "\(outsized.value)",
                    expected: "a value that a float32 can hold, at most \(Float.greatestFiniteMagnitude) in size")
            }
        }
    }

    /// The vectors for the words of another file, one a line; `list` is nil if there is none.
    func vectors(wordsOf list: MappedFile?, _ options: VectorLoading) throws(Word2VecError) -> WordVectors {
        guard let list else {
            throw .malformed(
                path: file.path, place: .byte(8), found: "no words in its metadata",
                expected: "words, or a file of words beside it")
        }
        return try list.withView { (view) throws(Word2VecError) in
            let words = try WordList.read(view, of: list.path, rows: array.rows)
            let escaped = (0..<array.rows).filter { !words.bytes(at: $0).isValidUTF8 }
            return try vectors(words, escaped: escaped, place: 0, options)
        }
    }
}
