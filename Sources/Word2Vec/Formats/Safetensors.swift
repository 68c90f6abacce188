internal import Word2VecCore

/// The native format: a safetensors file with a tensor `vectors` of V x D values, the words in its metadata, and if they are
/// known a tensor `counts` of V numbers (I64): how often each word occurred.
///
/// The header is filled up with blanks so that the values begin at a multiple of 64 bytes and can be used where they stand.
enum Safetensors {
    private static let types: [(name: String, type: ElementType)] = [
        ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16), ("F64", .float64),
    ]
    private static let alignment = 64

    static func read(
        _ file: MappedFile, _ view: ByteView, _ options: VectorLoading
    ) throws(Word2VecError) -> WordVectors {
        let header = try SafetensorsHeader(view, of: file.path)
        let (type, rows, dimensions) = try shape(of: header, in: view, of: file.path)
        let tensor = TensorRows(
            file: file,
            array: StoredArray(start: header.dataStart, type: type, rows: rows, columns: dimensions),
            format: .safetensors)
        guard let words = header.words else {
            return try tensor.vectors(wordsOf: options.words, options)
        }
        // No words and one empty word are the same string.
        let table = rows == 0 ? words.table.prefix(words.table.byteCount == 0 ? 0 : .max) : words.table
        guard table.count == rows else {
            throw .malformed(
                path: file.path, place: .byte(words.place), found: "\(table.count) words",
                expected: "as many as the tensor has rows, \(rows)")
        }
        return try tensor.vectors(
            table, counts: counts(of: header, rows: rows, in: view, of: file.path), escaped: words.escaped,
            place: words.place, options)
    }

    /// How often each word occurred, if the file tells. A tensor of that name with another type or shape is something else.
    private static func counts(
        of header: SafetensorsHeader, rows: Int, in view: ByteView, of path: String
    ) throws(Word2VecError) -> [Int]? {
        guard let tensor = header.tensors.first(where: { $0.name == countsName }), tensor.type == "I64",
            tensor.shape == [rows]
        else { return nil }
        guard tensor.start <= tensor.end, tensor.end <= view.count - header.dataStart,
            tensor.end - tensor.start == 8 * rows
        else {
            throw .malformed(
                path: path, place: .byte(tensor.place), found: "counts at \(tensor.start)..<\(tensor.end)",
                expected: "\(8 * rows) bytes within the file")
        }
        let start = header.dataStart + tensor.start
        return (0..<rows).map { Int(truncatingIfNeeded: view.eightBytes(at: start + 8 * $0)) }
    }

    /// The shape of the vectors: of the only tensor, or of several the one that is named so, which stands first.
    private static func shape(
        of header: SafetensorsHeader, in view: ByteView, of path: String
    ) throws(Word2VecError) -> (ElementType, rows: Int, dimensions: Int) {
        func malformed(_ found: String, _ expected: String, at place: Int = 8) -> Word2VecError {
            .malformed(path: path, place: .byte(place), found: found, expected: expected)
        }
        let isAlone = header.tensors.count == 1
        guard let tensor = isAlone ? header.tensors.first : header.tensors.first(where: { $0.name == vectorsName })
        else {
            throw malformed(
                "\(header.tensors.count) tensors", "one tensor of words x dimensions, or one named \(vectorsName)")
        }
        guard let type = types.first(where: { $0.name == tensor.type })?.type else {
            throw malformed(
                Word2VecError.quoted(tensor.type.utf8), "a tensor of F32, F16, BF16 or F64", at: tensor.place)
        }
        guard tensor.shape.count == 2, tensor.shape[0] <= Int32.max, tensor.shape[1] > 0 else {
            throw malformed("the shape \(tensor.shape)", "words x dimensions", at: tensor.place)
        }
        let (rows, dimensions) = (tensor.shape[0], tensor.shape[1])
        let data = view.count - header.dataStart
        let (values, tooMany) = rows.multipliedReportingOverflow(by: dimensions)
        let (bytes, tooLarge) = values.multipliedReportingOverflow(by: type.byteCount)
        guard !tooMany, !tooLarge, tensor.start == 0, tensor.end == bytes, isAlone ? bytes == data : bytes <= data
        else {
            throw malformed(
                "the shape \(tensor.shape) at \(tensor.start)..<\(tensor.end) of \(data) bytes",
                isAlone ? "a tensor that fills the data" : "a tensor at the data's beginning", at: tensor.place)
        }
        return (type, rows, dimensions)
    }

    static func write(
        _ vectors: WordVectors, precision: VectorPrecision, to file: OutputFile, path: String
    ) throws(Word2VecError) {
        let type = precision.elementType
        let name = types.first { $0.type == type }?.name ?? ""
        try writeHeader(
            words: vectors.words, metadata: [],
            tensors: [NewTensor(vectorsName, name, [vectors.count, vectors.dimensions], width: type.byteCount)]
                + (vectors.counts == nil ? [] : [NewTensor(countsName, "I64", [vectors.count], width: 8)]),
            to: file, path: path)
        try vectors.writeValues(as: type, to: file)
        for count in vectors.counts ?? [] { try core(file.write(bytes(of: UInt64(bitPattern: Int64(count))))) }
    }

    /// The bytes of a number, lowest first.
    static func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// The name of the tensor of vectors.
    static let vectorsName = "vectors"
    /// The name of the tensor of the words' counts.
    static let countsName = "counts"

    /// A tensor that is to be written.
    struct NewTensor {
        let name: String
        let type: String
        let shape: [Int]
        let byteCount: Int

        /// `width` is the bytes of a value.
        init(_ name: String, _ type: String, _ shape: [Int], width: Int) {
            (self.name, self.type, self.shape) = (name, type, shape)
            byteCount = shape.reduce(width, *)
        }
    }

    /// Finds out before the work is done whether words will have room in a header, beside what else is in it. O(V).
    static func checkFit(of words: WordTable, path: String) throws(Word2VecError) {
        let (byteCount, room) = (words.byteCount + words.count, SafetensorsHeader.longest - 1 << 20)
        // A byte takes six at the most.
        guard byteCount > room / 6 else { return }
        var json: [UInt8] = []
        for rank in 0..<words.count { SafetensorsWords.append(words.bytes(at: rank), to: &json) }
        guard json.count + words.count <= room else { throw tooLong(json.count + words.count, path) }
    }

    private static func tooLong(_ byteCount: Int, _ path: String) -> Word2VecError {
        .cannotWrite(
            path: path,
            reason: """
                its words take \(byteCount) bytes, and the header of a safetensors file has at most \
                \(SafetensorsHeader.longest)
                """)
    }

    /// Writes what comes before the data of tensors, which are to follow in this order.
    static func writeHeader(
        words: WordTable, metadata: [(key: String, value: String)], tensors: [NewTensor], to file: OutputFile,
        path: String
    ) throws(Word2VecError) {
        var header = Array("{\"__metadata__\":{\"w2v-c\":\"\(Word2VecVersion.current)\"".utf8)
        for (key, value) in metadata {
            header += ",\"\(key)\":\"".utf8
            for byte in value.utf8 { SafetensorsWords.appendJSON(byte, to: &header) }
            header.append(UInt8(ascii: "\""))
        }
        header += ",\"\(SafetensorsHeader.wordsKey)\":\"".utf8
        for rank in 0..<words.count {
            if rank > 0 { header.append(WordTable.separator) }
            SafetensorsWords.append(words.bytes(at: rank), to: &header)
        }
        header += "\"}".utf8
        var start = 0
        for tensor in tensors {
            header +=
                """
                ,"\(tensor.name)":{"dtype":"\(tensor.type)","shape":[\(tensor.shape.map(String.init).joined(separator: ","))],\
                "data_offsets":[\(start),\(start + tensor.byteCount)]}
                """.utf8
            start += tensor.byteCount
        }
        header.append(UInt8(ascii: "}"))
        while (header.count + 8) % alignment != 0 { header.append(UInt8(ascii: " ")) }
        guard header.count <= SafetensorsHeader.longest else { throw tooLong(header.count, path) }
        try core(file.write(bytes(of: UInt64(header.count))))
        try core(file.write(header))
    }
}
