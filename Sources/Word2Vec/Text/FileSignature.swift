internal import Word2VecCore

/// What a reader expects of a file.
enum FileContent: HeadInspection {
    /// Text in UTF-8.
    case text
    /// Vectors, or another file of this package: text or binary, which its reader recognizes.
    case binary
}

extension FileContent {
    var headLength: Int { FileSignature.length }

    func compression(of head: [UInt8]) -> Compression? { FileSignature.compression(of: head) }

    func isUndecided(_ head: ArraySlice<UInt8>) -> Bool { FileSignature.isUndecided(head) }

    func check(_ head: [UInt8], of path: String, unpackedFrom compression: Compression?) throws {
        try FileSignature.check(head, of: path, as: self, unpackedFrom: compression)
    }
}

extension InputFile {
    /// Finds out what a file is, and whether it can be read.
    ///
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``; ``Word2VecError/malformed(path:place:found:expected:)`` if it
    ///   is recognized as something else than what is expected.
    convenience init(path: String, as content: FileContent = .text) throws(Word2VecError) {
        do { try self.init(path: path, content) } catch { throw Word2VecError(error) }
    }
}

extension MappedFile {
    /// Maps what a file holds; throws as the opening of an ``InputFile``.
    init(path: String, as content: FileContent = .binary) throws(Word2VecError) {
        self = try core(MappedFile(InputFile(path: path, content)))
    }
}

extension OutputFile {
    /// Makes a text appear that begins with a word of the user's, if it will be read as it stands.
    ///
    /// - Throws: ``Word2VecError/cannotWrite(path:reason:)``, also if its head is like that of another kind of file.
    func commitText(_ path: String, as content: FileContent) throws(Word2VecError) {
        if let other = FileSignature.misreading(of: try core(head(FileSignature.length)), as: content) {
            throw .cannotWrite(
                path: path,
                reason: """
                    its first word begins like \(other): the file would not be read again as it is. safetensors and \
                    the original's formats take every such word
                    """)
        }
        try core(commit())
    }
}

/// What the first bytes of a file say that it is.
enum FileSignature {
    /// Bytes of a file that are looked at.
    static let length = 1024

    /// The compression of a file with this head.
    static func compression(of head: some Collection<UInt8>) -> Compression? {
        guard !isSafetensors(head) else { return nil }
        return Compression(head: head)
    }

    /// Whether a head of few bytes may be the beginning of something that is recognized by more.
    static func isUndecided(_ head: some Collection<UInt8>) -> Bool {
        signatures.contains { $0.count > head.count && $0.starts(with: head) }
    }

    private static let signatures: [[UInt8]] =
        Compression.allCases.flatMap(\.signatures) + marks.map(\.bytes) + [ByteView.byteOrderMark]
        + foreign.filter { $0.offset == 0 }.flatMap(\.signatures)

    /// Checks that a file is none that is recognized and cannot be read as what is expected.
    ///
    /// - Parameter compression: what the head was unpacked from.
    /// - Throws: ``Word2VecError/malformed(path:place:found:expected:)``, which says what the file is, and the command that
    ///   makes a readable file of it.
    static func check(
        _ head: [UInt8], of path: String, as content: FileContent, unpackedFrom compression: Compression? = nil
    ) throws(Word2VecError) {
        let file = FileOperand(path: path, compression: compression)
        if NumPyHeader.isMagic(head) || isSafetensors(head) {
            guard content == .text else { return }
            let kind = isSafetensors(head) ? "a safetensors file" : "a NumPy array"
            throw .malformed(path: path, place: .byte(0), found: kind, expected: "text")
        }
        let expected = content == .text ? "text in UTF-8" : "word vectors"
        func refusal(_ found: String, _ remedy: String) -> Word2VecError {
            .malformed(path: path, place: .byte(0), found: found, expected: "\(expected) (\(remedy))")
        }
        if let mark = marks.first(where: { head.starts(with: $0.bytes) }) {
            throw refusal(
                "the byte order mark of \(mark.name)", "\(file.command("iconv -f \(mark.family) -t UTF-8")) converts it"
            )
        }
        if compression != nil, let again = Self.compression(of: head) {
            throw refusal(
                "a file that was compressed twice",
                "\(file.command(again.command.joined(separator: " "))) unpacks it")
        }
        if let kind = foreign.first(where: { $0.matches(head) }) { throw refusal(kind.name, kind.remedy(file)) }
        if content == .text, let error = unmarkedEncoding(of: head, file: file, expected: expected) { throw error }
    }

    /// What a text with this head would be taken for; nil if it would be read as it stands.
    static func misreading(of head: [UInt8], as content: FileContent) -> String? {
        if head.starts(with: ByteView.byteOrderMark) { return "a byte order mark, which readers skip" }
        if let compression = compression(of: head) { return "a file of \(compression.rawValue)" }
        if NumPyHeader.isMagic(head) || isSafetensors(head) { return "a file of numbers" }
        do {
            try check(head, of: "", as: content)
            return nil
        } catch {
            if case .malformed(_, _, let found, _) = error { return found }
            return nil
        }
    }

    /// What a file that no reader of vectors recognizes may be, for the error; nil if nobody knows.
    static func explanation(of head: [UInt8], of path: String) -> Word2VecError? {
        let file = FileOperand(path: path, compression: nil)
        if let error = unmarkedEncoding(of: head, file: file, expected: "word vectors") { return error }
        let text = head.starts(with: ByteView.byteOrderMark) ? head.dropFirst(ByteView.byteOrderMark.count) : head[...]
        let start = String(decoding: text.drop { [9, 10, 13, 32].contains($0) }.prefix(64), as: UTF8.self).lowercased()
        let kinds: [(prefixes: [String], name: String, remedy: String)] = [
            (["<!doctype html", "<html"], "a web page (HTML)", "download the file itself, not the page about it"),
            (["<?xml"], "an XML file", "its words and values are needed as text"),
            (
                ["version https://git-lfs.github.com/"], "a Git LFS pointer, which stands for a file",
                "git lfs pull fetches the file"
            ),
            (["{", "["], "JSON", "its words and values are needed as text"),
        ]
        guard let kind = kinds.first(where: { $0.prefixes.contains { start.hasPrefix($0) } }) else { return nil }
        return .malformed(
            path: path, place: .line(1), found: kind.name, expected: "word vectors (\(kind.remedy))")
    }

    /// As `SafetensorsHeader.isLikely`; the length of a header may begin with any bytes, also with those of an archive.
    private static func isSafetensors(_ head: some Collection<UInt8>) -> Bool {
        let bytes = Array(head.prefix(9))
        return bytes.count == 9 && bytes[5...7].allSatisfy { $0 == 0 } && bytes[8] == UInt8(ascii: "{")
    }
}

extension FileSignature {
    // Those of four bytes first: two of them are a mark, too.
    private static let marks: [(name: String, family: String, bytes: [UInt8])] = [
        ("UTF-32LE", "UTF-32", [0xFF, 0xFE, 0, 0]), ("UTF-32BE", "UTF-32", [0, 0, 0xFE, 0xFF]),
        ("UTF-16LE", "UTF-16", [0xFF, 0xFE]), ("UTF-16BE", "UTF-16", [0xFE, 0xFF]),
    ]

    /// Fewer bytes tell nothing about an encoding.
    private static let fewestBytes = 16

    /// Text of mostly Latin letters in UTF-16 or UTF-32 without a mark: zeros at every second byte, or at three of four.
    private static func unmarkedEncoding(of head: [UInt8], file: FileOperand, expected: String) -> Word2VecError? {
        guard head.count >= fewestBytes else { return nil }
        var zeros = [0, 0, 0, 0]
        for (place, byte) in head.enumerated() where byte == 0 { zeros[place % 4] += 1 }
        // true: nearly all bytes at this place of four are zero; false: nearly none; nil: neither.
        let places = zeros.map { count -> Bool? in
            count * 16 >= head.count * 3 ? true : count * 40 <= head.count ? false : nil
        }
        let encodings: [(name: String, zeros: [Bool?])] = [
            ("UTF-16LE", [false, true, false, true]), ("UTF-16BE", [true, false, true, false]),
            ("UTF-32LE", [false, true, true, true]), ("UTF-32BE", [true, true, true, false]),
        ]
        guard let encoding = encodings.first(where: { $0.zeros == places })?.name else { return nil }
        return .malformed(
            path: file.path, place: .byte(0),
            found:
                "\(zeros.reduce(0, +)) zeros in the first \(head.count) bytes, as in \(encoding) without a byte order mark",
            expected: "\(expected) (\(file.command("iconv -f \(encoding) -t UTF-8")) converts it)")
    }

    /// A kind of file that is recognized and not read.
    private struct Foreign: Sendable {
        let name: String
        let signatures: [[UInt8]]
        var offset = 0
        /// What makes a readable file of it.
        let remedy: @Sendable (FileOperand) -> String

        func matches(_ head: [UInt8]) -> Bool {
            signatures.contains { head.dropFirst(offset).starts(with: $0) }
        }
    }

    private static let foreign: [Foreign] = [
        Foreign(
            name: "a zip archive, as are .npz, .pt and .docx files",
            signatures: [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6], [0x50, 0x4B, 7, 8]]
        ) { "\($0.command("unzip")) unpacks it" },
        Foreign(name: "a 7z archive", signatures: [[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]]) {
            "\($0.command("7z x")) unpacks it"
        },
        Foreign(name: "a rar archive", signatures: [Array("Rar!".utf8) + [0x1A, 7]]) {
            "\($0.command("unrar x")) unpacks it"
        },
        Foreign(
            name: "a tar archive", signatures: [Array("ustar\0".utf8), Array("ustar  \0".utf8)], offset: 257
        ) { "\($0.command("tar -xf")) unpacks it" },
        Foreign(name: "an lz4 archive", signatures: [[0x04, 0x22, 0x4D, 0x18]]) {
            "\($0.command("lz4 -dc")) unpacks it"
        },
        Foreign(name: "an lzip archive", signatures: [Array("LZIP".utf8) + [1]]) {
            "\($0.command("lzip -dc")) unpacks it"
        },
        Foreign(name: "a file of compress (.Z)", signatures: [[0x1F, 0x9D]]) {
            "\($0.command("gzip -dc")) unpacks it"
        },
        Foreign(name: "a fastText model", signatures: [[0xBA, 0x16, 0x4F, 0x2F]]) { _ in
            "its vectors are in the .vec file that belongs to it"
        },
        Foreign(
            name: "a Python pickle, as gensim's save writes",
            signatures: [[0x80, 4, 0x95], [0x80, 5, 0x95]]
                + [2, 3].flatMap { version in "}]()cX".utf8.map { [0x80, version, $0] } }
        ) {
            "in Python, gensim.models.KeyedVectors.load('\($0.path)').save_word2vec_format('vectors.bin', binary=True)"
        },
        Foreign(
            name: "an HDF5 file", signatures: [[0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]]
        ) { "\($0.command("h5dump")) shows what is in it" },
        Foreign(name: "a Parquet file", signatures: [Array("PAR1".utf8) + [0x15]]) { _ in
            "in Python, pandas.read_parquet reads it"
        },
        Foreign(name: "an Arrow file", signatures: [Array("ARROW1\0\0".utf8)]) { _ in
            "in Python, pandas.read_feather reads it"
        },
        Foreign(name: "an SQLite database", signatures: [Array("SQLite format 3\0".utf8)]) {
            "\($0.command("sqlite3")) opens it"
        },
        Foreign(name: "a PDF", signatures: [Array("%PDF-".utf8)]) {
            "\($0.command("pdftotext")) converts it"
        },
        Foreign(
            name: "a Microsoft Office file", signatures: [[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]]
        ) { _ in "save it as text" },
    ]
}

/// A file as a command has it that is shown to the user.
private struct FileOperand: Sendable {
    let path: String
    /// What has to be unpacked first.
    let compression: Compression?

    /// `tool FILE`, or with a compressed file a pipeline.
    func command(_ tool: String) -> String {
        let isStandardInput = path == InputFile.standardInput
        guard let compression else { return isStandardInput ? tool : "\(tool) \(quotedPath)" }
        let unpacking = compression.command.joined(separator: " ")
        // tar reads a pipe if it is told so.
        let consumer = tool.hasPrefix("tar ") ? tool + " -" : tool
        return isStandardInput ? "\(unpacking) | \(consumer)" : "\(unpacking) \(quotedPath) | \(consumer)"
    }

    /// The path as a shell reads it.
    private var quotedPath: String {
        let isPlain = path.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
                true
            default: "./_-+=:,@%".utf8.contains(byte)
            }
        }
        return isPlain
            ? path : "'\(path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
    }
}
