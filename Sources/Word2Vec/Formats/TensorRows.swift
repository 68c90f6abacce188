/// The rows of an array in a file, V x D values one behind the other, which lie within the file.
struct TensorRows: Sendable {
    let file: MappedFile
    /// Where the first value stands.
    let start: Int
    let type: ElementType
    let rows: Int
    let dimensions: Int
    let format: VectorFormat

    /// The vectors for words that came with the array, one a row: in the file, if that is wanted and no row is left out.
    /// `escaped` are the ranks of words that may not be UTF-8; they stand somewhere behind `place`.
    func vectors(
        _ words: WordTable, escaped: [Int], place: Int, _ options: VectorLoading
    ) throws(Word2VecError) -> WordVectors {
        let limit = min(rows, options.maximumCount)
        let invalid = escaped.count { $0 < limit && !words.bytes(at: $0).isValidUTF8 }
        if options.storage == .mapped, type == .float32, invalid == 0 || options.invalidUTF8 == .keep,
            let matrix = FloatMatrix(of: file, at: start, rows: limit, dimensions: dimensions)
        {
            let report = LoadingReport(
                format: format, storage: .mapped, rows: limit, duplicateWords: 0, invalidWords: invalid, skippedWords: 0
            )
            return WordVectors(words: words.prefix(limit), matrix: matrix, loading: report)
        }
        var collector = WordCollector(
            path: file.path, policy: options.invalidUTF8, rows: limit, bytes: words.byteCount)
        try collector.add(limit, word: { words.bytes(at: $0) }, at: { _ in .byte(place) })
        return try collector.vectors(dimensions: dimensions, format, of: file) { matrix, rank, row, view in
            matrix.setRow(rank, to: view, at: start + row * dimensions * type.byteCount, as: type)
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
            let words = try WordList.read(view, of: list.path, rows: rows)
            let escaped = (0..<rows).filter { !words.bytes(at: $0).isValidUTF8 }
            return try vectors(words, escaped: escaped, place: 0, options)
        }
    }
}
