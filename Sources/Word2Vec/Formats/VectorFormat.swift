internal import Word2VecCore

/// A file format of word vectors.
public enum VectorFormat: String, Codable, Sendable, CaseIterable {
    /// The original's -binary 1: `V D\n`, then for each word its bytes, a space, D little-endian float32 and `\n`.
    case word2vecBinary
    /// The original's -binary 0: `V D\n`, then for each word a line of its bytes and D numbers.
    case word2vecText
    /// GloVe's text: the same lines without the first. A word that ends with a number behind a space cannot be written.
    case glove
    /// The native format: a safetensors file of one tensor (V x D), with the words in its metadata. It is mapped, not
    /// read, and the safetensors packages of other languages open it.
    case safetensors
    /// A NumPy array (V x D), and beside it a file of words, one a line. Arrays of float16, float32 and float64 are read, in
    /// either byte order, in C's or Fortran's order; written are little-endian ones in C's order.
    case numpy
    /// The TensorFlow Embedding Projector's two files: tab-separated values, and words, one a line. It cannot be read.
    case projector

    /// The format that a name suggests: binary for `.bin`, the native one for `.safetensors`, NumPy's for `.npy`, the
    /// projector's for `.tsv`, else text.
    public init(path: String) {
        let suffixes: [(String, VectorFormat)] = [
            (".bin", .word2vecBinary), (".safetensors", .safetensors), (".npy", .numpy), (".tsv", .projector),
        ]
        self = suffixes.first { path.hasSuffix($0.0) }?.1 ?? .word2vecText
    }

    /// The usual name of the format.
    public var name: String {
        switch self {
        case .word2vecBinary: "word2vec binary"
        case .word2vecText: "word2vec text"
        case .glove: "GloVe text"
        case .safetensors: "safetensors"
        case .numpy: "NumPy"
        case .projector: "Embedding Projector"
        }
    }

    /// The second file of a format that has two: the words beside vectors at `path`. nil for the others. Nothing is beside
    /// standard output, and its own name is returned; ``WordVectors/write(to:format:numbers:precision:words:)`` refuses that.
    public func wordsPath(besides path: String) -> String? {
        let isFile = !OutputFile.isStandardOutput(path)
        func stem(_ suffix: String) -> Substring { path.hasSuffix(suffix) ? path.dropLast(suffix.count) : path[...] }
        switch self {
        case .numpy: return isFile ? stem(".npy") + ".words" : path
        case .projector: return isFile ? stem(".tsv") + ".metadata.tsv" : path
        case .word2vecBinary, .word2vecText, .glove, .safetensors: return nil
        }
    }

    /// The format of a file's bytes.
    ///
    /// - Throws: ``Word2VecError/malformed(path:place:found:expected:)`` if it is none that is read.
    static func recognized(in view: ByteView, of path: String) throws(Word2VecError) -> VectorFormat {
        if NumPyHeader.isMagic(view) { return .numpy }
        if SafetensorsHeader.isLikely(view) { return .safetensors }
        let line = view.line(at: view.startOfText).bytes
        if Word2VecHeader.isLikely(line) {
            return try Word2VecHeader(view, of: path, skipsMark: true).recognizedFormat(in: view)
        }
        if TextRow.dimensions(ofRowsIn: view, from: view.startOfText) != nil { return .glove }
        if let error = FileSignature.explanation(of: Array(view.prefix(FileSignature.length)), of: path) { throw error }
        throw .malformed(
            path: path, place: .line(1), found: view.isEmpty ? "an empty file" : Word2VecError.quoted(line),
            expected: """
                word vectors: a first line of two numbers, words and dimensions; or a line of a word and its values; \
                or a safetensors or .npy file
                """)
    }
}
