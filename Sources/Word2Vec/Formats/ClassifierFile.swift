internal import Word2VecCore

/// Files of classifiers. All numbers are little-endian:
///
///     "W2VCLASS", version 1 (32 bits), Dx, H, Dy (32 bits each), the vectors' fingerprint (64 bits),
///     Dy labels: length (32 bits), bytes
///     float32: means (Dx), scales (Dx), W1 (Dx x H), b1 (H), W2 (H x Dy), b2 (Dy)
///     FNV-1a of all bytes before (64 bits)
///
/// The word vectors are not in it.
extension TextClassifier {
    private static let magic = Array("W2VCLASS".utf8)
    private static let version: UInt32 = 1

    /// Writes the classifier without its vectors, of which it keeps a fingerprint. The file appears whole or not at all.
    ///
    /// - Throws: ``Word2VecError/cannotWrite(path:reason:)``.
    public func write(to path: String) throws(Word2VecError) {
        var bytes = Self.magic
        func append(_ number: some FixedWidthInteger) {
            for shift in stride(from: 0, to: number.bitWidth, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        append(Self.version)
        for size in [network.inputs, network.hidden, network.classes] { append(UInt32(size)) }
        append(fingerprint)
        for label in 0..<labelTable.count {
            append(UInt32(labelTable.bytes(at: label).count))
            bytes += labelTable.bytes(at: label)
        }
        for value in standardization.means + standardization.scales + network.parameters.values {
            append(value.bitPattern)
        }
        var hash = FNV1a()
        hash.combine(bytes)
        append(hash.value)
        let file = try core(OutputFile(path: path))
        try core(file.write(bytes))
        try core(file.commit())
    }

    /// Reads a classifier, to be used with the vectors that it was trained with.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - vectors: those that it was trained with, or a selection of them.
    ///   - allowsOtherVectors: takes any vectors of the right dimensions. Where words lie elsewhere in the space, the answers
    ///     mean nothing.
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``; ``Word2VecError/malformed(path:place:found:expected:)`` with the
    ///   byte; ``Word2VecError/invalidArgument(_:found:expected:)`` if the vectors have other dimensions, or are others.
    /// - Complexity: O(file size + V x D).
    public init(
        contentsOf path: String, vectors: WordVectors, allowsOtherVectors: Bool = false
    ) throws(Word2VecError) {
        self = try MappedFile(path: path).withView { (view) throws(Word2VecError) in
            try Self.read(view, of: path, vectors: vectors, allowsOtherVectors: allowsOtherVectors)
        }
    }

    private static func read(
        _ view: ByteView, of path: String, vectors: WordVectors, allowsOtherVectors: Bool
    ) throws(Word2VecError) -> TextClassifier {
        var reader = ClassifierReader(view: view, path: path)
        try reader.expect(Self.magic, "a classifier of w2v-c, which begins with W2VCLASS")
        let version: UInt32 = try reader.number("the version")
        guard version == Self.version else {
            throw reader.malformed(back: 4, "\(version)", "version \(Self.version) of the format")
        }
        let inputs = try reader.size("a number of dimensions", from: 1)
        let hidden = try reader.size("a number of hidden units", from: 1)
        let classes = try reader.size("a number of labels", from: 2)
        let fingerprint: UInt64 = try reader.number("a fingerprint of vectors")
        var labels = WordTable()
        for _ in 0..<classes {
            let label = try reader.label()
            guard labels.insert(label).isNew else {
                throw reader.malformed(
                    back: label.count, "\(Word2VecError.quoted(label)) again", "a label that none before is")
            }
        }
        let parameters = try TwoLayerNetwork.parameterCount(inputs: inputs, hidden: hidden, classes: classes)
        try reader.checkRest(floats: 2 * inputs + parameters)
        let standardization = Standardization(
            means: try reader.floats(inputs), scales: try reader.floats(inputs))
        let network = TwoLayerNetwork(
            try TwoLayerNetwork.Parameters(
                inputs: inputs, hidden: hidden, classes: classes, values: try reader.floats(parameters)))
        guard vectors.dimensions == inputs else {
            throw .invalidArgument(
                "vectors", found: "\(vectors.dimensions) dimensions",
                expected: "the \(inputs) dimensions that \(path) was trained with")
        }
        guard allowsOtherVectors || vectors.fingerprint == fingerprint else {
            throw .invalidArgument(
                "vectors", found: "different ones with the same number of dimensions",
                expected: "those that \(path) was trained with")
        }
        return TextClassifier(
            labelTable: labels, network: network, standardization: standardization, vectors: vectors,
            fingerprint: vectors.fingerprint)
    }
}

/// Reads a classifier's file from the front. Nothing is taken that was not found to be there.
private struct ClassifierReader {
    let view: ByteView
    let path: String
    private var offset = 0

    init(view: ByteView, path: String) {
        self.view = view
        self.path = path
    }

    /// An error about what begins `back` bytes before the place that was reached.
    func malformed(back: Int = 0, _ found: String, _ expected: String) -> Word2VecError {
        .malformed(path: path, place: .byte(offset - back), found: found, expected: expected)
    }

    private mutating func bytes(_ count: Int, _ what: String) throws(Word2VecError) -> [UInt8] {
        guard count <= view.count - offset else {
            throw malformed("the end of the file", what)
        }
        offset += count
        return Array(view[offset - count..<offset])
    }

    mutating func expect(_ expected: [UInt8], _ what: String) throws(Word2VecError) {
        let found = view[0..<min(expected.count, view.count)]
        guard found.elementsEqual(expected) else { throw malformed(Word2VecError.quoted(found), what) }
        offset = expected.count
    }

    mutating func number<Number: FixedWidthInteger>(_ what: String) throws(Word2VecError) -> Number {
        Self.number(try bytes(Number.bitWidth / 8, what)[...])
    }

    private static func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
        bytes.reversed().reduce(0) { $0 << 8 | Number($1) }
    }

    mutating func size(_ what: String, from least: Int) throws(Word2VecError) -> Int {
        let size: UInt32 = try number(what)
        guard size >= least && size <= 1 << 30 else {
            throw malformed(back: 4, "\(size)", "\(what) from \(least) to \(1 << 30)")
        }
        return Int(size)
    }

    mutating func label() throws(Word2VecError) -> [UInt8] {
        let length: UInt32 = try number("the length of a label")
        guard length > 0 else { throw malformed(back: 4, "0", "the length of a label, above 0") }
        return try bytes(Int(length), "a label of \(length) bytes")
    }

    /// That so many floats and a checksum follow, and that it is right.
    func checkRest(floats: Int) throws(Word2VecError) {
        let (size, tooLarge) = floats.multipliedReportingOverflow(by: 4)
        let rest = view.count - offset
        guard !tooLarge, size == rest - 8 else {
            throw malformed("\(rest) bytes", "\(floats) floats of 4 bytes and a checksum of 8")
        }
        var hash = FNV1a()
        let end = view.count - 8
        for start in stride(from: 0, to: end, by: 1 << 16) { hash.combine(view[start..<min(start + 1 << 16, end)]) }
        let expected: UInt64 = Self.number(Array(view[end..<view.count])[...])
        guard hash.value == expected else {
            throw .malformed(
                path: path, place: .byte(end), found: String(expected, radix: 16),
                expected: "the checksum \(String(hash.value, radix: 16)) of the bytes before: the file is damaged")
        }
    }

    /// Floats that were found to be there.
    mutating func floats(_ count: Int) throws(Word2VecError) -> [Float] {
        let bytes = try bytes(4 * count, "\(count) floats")
        var values: [Float] = []
        values.reserveCapacity(count)
        for at in stride(from: 0, to: bytes.count, by: 4) {
            let value = Float(bitPattern: Self.number(bytes[at..<at + 4]))
            guard value.isFinite else { throw malformed(back: bytes.count - at, "\(value)", "a finite number") }
            values.append(value)
        }
        return values
    }
}

extension WordVectors {
    /// A number that names the words and, as far as six decimals show them, the values. O(V x D).
    var fingerprint: UInt64 {
        var hash = FNV1a()
        hash.combine(UInt64(count))
        hash.combine(UInt64(dimensions))
        for rank in 0..<count {
            hash.combine(words.bytes(at: rank))
            hash.combine([0x0A])
        }
        hash.combine(matrix.fingerprint)
        return hash.value
    }
}
