internal import Word2VecCore

/// Where the values of vectors from a file are kept.
public enum VectorStorage: String, Sendable, CaseIterable {
    /// In the file, which is mapped: values are read on demand, and programs that open the same file share its memory. Only
    /// float32 values in safetensors or NumPy's format can be mapped. Other files are copied, and so is a file of which rows
    /// are left out.
    ///
    /// For a compressed file or a stream, a temporary file with its content is mapped.
    ///
    /// The index of the words is made after some dozens of lookups. Until then a lookup takes O(V).
    case mapped
    /// In memory. The file may change afterwards.
    case copied
}

/// The treatment of words that are not valid UTF-8.
public enum InvalidUTF8: String, Sendable, CaseIterable {
    /// The bytes are kept and written unchanged. As text they have U+FFFD.
    case keep
    /// The file is refused.
    case fail
    /// Invalid parts are replaced by U+FFFD, so that the words are found by their text. Words that become equal are duplicates.
    case replace
    /// They are left out.
    case skip
}

/// A report on the reading of vectors from a file.
public struct LoadingReport: Sendable, Equatable {
    /// The format of the file.
    public var format: VectorFormat
    /// Where the values are kept.
    public var storage: VectorStorage
    /// Rows that were read, including those that were left out.
    public var rows: Int
    /// Rows that were left out because an earlier row has the same word. Words of a mapped file are not compared: there
    /// equal words all keep their rows, and the first is found.
    public var duplicateWords: Int
    /// Words that are not valid UTF-8, whatever was done about them.
    public var invalidWords: Int
    /// Rows that were left out because of that.
    public var skippedWords: Int
}

/// How vectors are read.
struct VectorLoading: Sendable {
    var maximumCount = Int.max
    var storage = VectorStorage.mapped
    var invalidUTF8 = InvalidUTF8.keep
    /// The file of words, for formats that have one; nil: where they are by default.
    var words: MappedFile?
}

extension WordVectors {
    /// Reads vectors from a file, which may be compressed with gzip, bzip2, xz or zstd; `-` is standard input.
    ///
    /// Of rows with equal words the first counts and the others are left out (``LoadingReport/duplicateWords``). In text, a
    /// word may hold spaces: the last D fields of a line are its values; only if the first line tells D may such a word end
    /// with a number. NaN and infinite values are read as they are; such rows are at cosine 0 from everything.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - format: nil recognizes it by the content.
    ///   - maximumCount: reads only the first rows.
    ///   - loading: whether the values may stay in the file.
    ///   - invalidUTF8: the treatment of words that are not valid UTF-8.
    ///   - words: the file of words, for NumPy's format and for safetensors files without words; by default
    ///     beside the vectors (``VectorFormat/wordsPath(besides:)``).
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``; ``Word2VecError/malformed(path:place:found:expected:)``
    ///   with the line or the byte; ``Word2VecError/invalidArgument(_:found:expected:)``.
    /// - Complexity: O(file size); for a mapped file O(bytes of its words).
    public init(
        contentsOf path: String, format: VectorFormat? = nil, maximumCount: Int? = nil,
        loading: VectorStorage = .mapped, invalidUTF8: InvalidUTF8 = .keep, words: String? = nil
    ) throws(Word2VecError) {
        if let maximumCount, maximumCount < 0 {
            throw .invalidArgument("maximumCount", found: "\(maximumCount)", expected: "0 or above")
        }
        var options = VectorLoading()
        options.maximumCount = maximumCount ?? .max
        options.storage = loading
        options.invalidUTF8 = invalidUTF8
        if let words { options.words = try MappedFile(path: words, as: .text) }
        try self.init(MappedFile(path: path), format: format, options)
    }

    init(_ file: MappedFile, format: VectorFormat?, _ options: VectorLoading) throws(Word2VecError) {
        self = try file.withView { (view) throws(Word2VecError) in
            let found: VectorFormat
            if let format { found = format } else { found = try .recognized(in: view, of: file.path) }
            return switch found {
            case .word2vecBinary: try Word2VecBinary.read(file, view, options)
            case .word2vecText, .glove: try TextVectors.read(file, view, found, options)
            case .safetensors: try Safetensors.read(file, view, options)
            case .numpy: try NumPy.read(file, view, options)
            case .projector:
                throw .invalidArgument(
                    "format", found: found.name, expected: "a format that can be read, which has words and values")
            }
        }
    }
}
