internal import Word2VecCore

/// Where the values of vectors from a file are kept.
public enum VectorStorage: String, Sendable, CaseIterable {
    /// In the file, which is mapped: nothing is read until it is asked for, and programs that open the same file share its
    /// memory. That takes a file whose values can be used where they stand: float32 in safetensors or NumPy's format.
    /// Others are copied, and so is a file of which rows are left out.
    ///
    /// Of a compressed file or a stream, a temporary file with what it holds is mapped.
    ///
    /// There is no index of the words at first: some dozens are looked for one by one, O(V), before it is made.
    case mapped
    /// In memory of their own, whatever becomes of the file.
    case copied
}

/// What is done about words of a file that are not valid UTF-8.
public enum InvalidUTF8: String, Sendable, CaseIterable {
    /// They keep their bytes, and are written again as they are. As text they read with U+FFFD.
    case keep
    /// The file is not read.
    case fail
    /// U+FFFD takes the place of what is invalid, so that they are found by what they read as. Words that become equal are
    /// duplicates.
    case replace
    /// They are left out.
    case skip
}

/// What was found when vectors were read from a file.
public struct LoadingReport: Sendable, Equatable {
    /// The format of the file.
    public var format: VectorFormat
    /// Where the values are.
    public var storage: VectorStorage
    /// Rows that were read, those that were left out among them.
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
    ///   - invalidUTF8: what is done about words that are not valid UTF-8.
    ///   - words: the file of words, for NumPy's format and for safetensors files without words; by default it stands
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
