internal import Word2VecCore

/// NumPy's .npy: a float array of V x D values; the words stand in a file beside it.
enum NumPy {
    static func read(
        _ file: MappedFile, _ view: ByteView, _ options: VectorLoading
    ) throws(Word2VecError) -> WordVectors {
        let header = try NumPyHeader(view, of: file.path)
        let rows = TensorRows(file: file, array: header.array, format: .numpy)
        if let words = options.words { return try rows.vectors(wordsOf: words, options) }
        let path = VectorFormat.numpy.wordsPath(besides: file.path) ?? file.path
        return try rows.vectors(wordsOf: MappedFile(path: path, as: .text), options)
    }

    static func write(
        _ vectors: WordVectors, precision: VectorPrecision, to file: OutputFile
    ) throws(Word2VecError) {
        try core(
            file.write(NumPyHeader.bytes(precision.elementType, rows: vectors.count, dimensions: vectors.dimensions)))
        try vectors.writeValues(as: precision.elementType, to: file)
    }
}

/// The head of an .npy file: a magic number, a version, a length, and a Python dictionary
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (V, D), }`. A type begins with `<` if values have their lowest byte
/// first, and with `>` if they have it last.
struct NumPyHeader {
    let array: StoredArray

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// Types without their first letter.
    private static let types: [(name: String, type: ElementType)] = [
        ("f4", .float32), ("f2", .float16), ("f8", .float64),
    ]

    static func isMagic(_ head: some Collection<UInt8>) -> Bool { head.starts(with: magic) }

    init(_ view: ByteView, of path: String) throws(Word2VecError) {
        func malformed(_ found: String, _ expected: String, at place: Int) -> Word2VecError {
            .malformed(path: path, place: .byte(place), found: found, expected: expected)
        }
        guard Self.isMagic(view), view.count >= 12 else {
            throw malformed("something else", "the head of an .npy file", at: 0)
        }
        // Version 1 has a length of two bytes, 2 and 3 of four.
        let version = view[6]
        guard (1...3).contains(version) else { throw malformed("version \(version)", "version 1, 2 or 3", at: 6) }
        let width = version == 1 ? 2 : 4
        let length = (0..<width).reduce(0) { $0 | Int(view[8 + $1]) << (8 * $1) }
        let start = 8 + width
        guard length <= view.count - start, length <= 1 << 16 else {
            throw malformed("a header of \(length) bytes", "one that fits the file", at: 8)
        }
        let dataStart = start + length
        let text = String(decoding: view[start..<dataStart], as: UTF8.self)
        let expected = """
            {'descr': '<f4', 'fortran_order': False, 'shape': (words, dimensions)}, a type of <f2, <f4, <f8, >f2, >f4 or >f8
            """
        guard let fields = Self.fields(of: text), fields.shape[0] <= Int32.max, fields.shape[1] > 0,
            let order = fields.type.first, order == "<" || order == ">",
            let type = Self.types.first(where: { $0.name == fields.type.dropFirst() })?.type
        else { throw malformed(Word2VecError.quoted(view[start..<dataStart]), expected, at: start) }
        let (rows, dimensions) = (fields.shape[0], fields.shape[1])
        let (values, tooMany) = rows.multipliedReportingOverflow(by: dimensions)
        let (bytes, tooLarge) = values.multipliedReportingOverflow(by: type.byteCount)
        guard !tooMany, !tooLarge, bytes == view.count - dataStart else {
            throw malformed(
                "\(view.count - dataStart) bytes", "\(rows) x \(dimensions) values to the end of the file",
                at: dataStart)
        }
        array = StoredArray(
            start: dataStart, type: type, rows: rows, columns: dimensions, isBigEndian: order == ">",
            isColumnMajor: fields.isFortran)
    }

    /// The three entries of the dictionary, in any order; nil for anything else.
    private static func fields(of text: String) -> (type: Substring, isFortran: Bool, shape: [Int])? {
        var parts = text.split { " {}:(),'\n".contains($0) }[...]
        var (type, isFortran, shape): (Substring?, Bool?, [Int]?)
        while let key = parts.popFirst() {
            switch key {
            case "descr" where type == nil:
                guard let name = parts.popFirst() else { return nil }
                type = name
            case "fortran_order" where isFortran == nil:
                guard let value = parts.popFirst(), value == "False" || value == "True" else { return nil }
                isFortran = value == "True"
            case "shape" where shape == nil:
                var sizes: [Int] = []
                while let number = parts.first.flatMap({ Int($0) }), number >= 0 {
                    sizes.append(number)
                    parts.removeFirst()
                }
                guard sizes.count == 2 else { return nil }
                shape = sizes
            default: return nil
            }
        }
        guard let type, let isFortran, let shape else { return nil }
        return (type, isFortran, shape)
    }

    /// A header whose length makes the values begin at a multiple of 64 bytes.
    static func bytes(_ type: ElementType, rows: Int, dimensions: Int) -> [UInt8] {
        let name = types.first { $0.type == type }?.name ?? ""
        var text = Array("{'descr': '<\(name)', 'fortran_order': False, 'shape': (\(rows), \(dimensions)), }".utf8)
        while (magic.count + 4 + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
        text.append(UInt8(ascii: "\n"))
        return magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
    }
}
