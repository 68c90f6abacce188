import ArgumentParser
import Word2Vec

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write vectors in another format.",
        usage: "w2v-c export VECTORS -output FILE [-format FORMAT] [-limit N] [-json] [flags]",
        discussion: """
            Formats: binary and text are the original word2vec's. glove is text without the first line; it cannot hold a \
            word that ends with a space and a number. safetensors is the native format, which is mapped into memory. numpy \
            is an .npy file and a file of words. projector writes the two files of the TensorFlow Embedding Projector, which \
            cannot be read back. The format of VECTORS is recognized by its content.

            Example: w2v-c export vectors.safetensors -output vectors.bin
            """,
        aliases: ["convert"]
    )

    @Argument(help: ArgumentHelp("The vectors to read.", valueName: "vectors"), completion: .file())
    var vectors: String

    @Option(
        name: .original("output"), parsing: .unconditional,
        help: ArgumentHelp(
            "The file to write; - is standard output. An existing file is replaced when the new one is complete.",
            valueName: "file"
        ),
        completion: .file())
    var output: String

    @Option(
        name: .original("format"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            The format to write. (default: by the output's name: .bin binary, .safetensors safetensors, .npy numpy, .tsv \
            projector, else text)
            """, valueName: "format"))
    var format: VectorFormat?

    @Option(
        name: .original("limit"), parsing: .unconditional,
        help: ArgumentHelp("Take only the first N words, the most frequent. (default: all)", valueName: "words"))
    var limit: Int?

    @Option(
        name: .original("words"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            The words of VECTORS, one a line, if they are a NumPy array or a safetensors file without words. \
            (default: NAME.words beside NAME.npy)
            """, valueName: "file"), completion: .file())
    var words: String?

    @Option(
        name: .original("output-words"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            The file of the words, with -format numpy or projector. (default: NAME.words beside NAME.npy, NAME.metadata.tsv \
            beside NAME.tsv)
            """, valueName: "file"), completion: .file())
    var outputWords: String?

    @Option(
        name: .original("numbers"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            How text formats write values. shortest: the fewest digits that give the same float32. original: six decimals.
            """, valueName: "shortest|original"))
    var numbers: TextNumbers = .shortest

    @Option(
        name: .original("precision"), parsing: .unconditional,
        help: ArgumentHelp(
            "The type of the values in safetensors and NumPy files. f16 and bf16 round, and halve the file.",
            valueName: "f32|f16|bf16"))
    var precision: VectorPrecision = .float32

    @Option(
        name: .original("invalid-utf8"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            Words that are not valid UTF-8. keep: their bytes as they are. replace: U+FFFD in place of what is invalid. \
            skip: leave them out. fail: write nothing.
            """, valueName: "keep|replace|skip|fail"))
    var invalidUTF8: InvalidUTF8 = .keep

    @Option(
        name: .original("spaces"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            Put this in place of each space, tab and line end in a word: binary and other formats have no place for them, \
            and GloVe's words have some. (default: such a word is an error)
            """, valueName: "text"))
    var spaces: String?

    @Flag(name: .original("json"), help: "Say what was written as one JSON object.")
    var json = false

    private var outputFormat: VectorFormat { format ?? VectorFormat(path: output) }

    func validate() throws {
        _ = try wordLimit(limit)
        let format = outputFormat
        guard outputWords == nil || format.wordsPath(besides: output) != nil else {
            throw ValidationError(
                "-output-words is for the formats numpy and projector: \(format.flagValue) has the words in the file")
        }
        guard !OutputPath.isStandardOutput(output) || outputWords != nil || format.wordsPath(besides: output) == nil
        else {
            throw ValidationError(
                "-output-words is missing: the second file of \(format.flagValue) cannot be standard output, too")
        }
        guard spaces?.contains(where: \.isWhitespace) != true else {
            throw ValidationError("-spaces must not contain a space, found '\(spaces ?? "")'")
        }
        guard precision == .float32 || format == .safetensors || (format == .numpy && precision == .float16) else {
            throw ValidationError("-precision must be f32\(format == .numpy ? " or f16" : "") for \(format.flagValue)")
        }
    }

    func run() throws {
        let messages = try Messages(besides: [("-output", output), ("-output-words", outputWords)], isJSON: json)
        let format = outputFormat
        let second = outputWords ?? format.wordsPath(besides: output)
        let sources = [vectors, words ?? VectorFormat(path: vectors).wordsPath(besides: vectors)].compactMap(\.self)
        for target in [output, second].compactMap(\.self) {
            for source in sources where OutputPath.isSame(target, source) {
                throw ValidationError("\(target): the file that is read would be overwritten")
            }
            try OutputPath.checkWritable(target)
        }
        if let second, OutputPath.isSame(output, second) {
            throw ValidationError("\(second): the vectors and the words cannot be written to the same file")
        }
        var vectors = try WordVectors(
            contentsOf: vectors, maximumCount: limit, invalidUTF8: invalidUTF8, words: words)
        if let spaces { vectors = try vectors.replacingSpaces(with: spaces) }
        for note in vectors.loading?.notes(invalidUTF8) ?? [] { StandardError.write(note + "\n") }
        try vectors.write(to: output, format: format, numbers: numbers, precision: precision, words: second)
        if json {
            print(
                JSON.object([
                    ("output", .string(output)), ("outputWords", second.map(JSON.string) ?? .null),
                    ("format", .string(format.flagValue)), ("words", .integer(vectors.count)),
                    ("dimensions", .integer(vectors.dimensions)),
                ]))
            return
        }
        messages.say(
            """
            Wrote \(vectors.count) vectors of \(vectors.dimensions) dimensions to \(output)\
            \(second.map { " and \($0)" } ?? "") (\(format.name))
            """)
    }
}

extension LoadingReport {
    /// What a user should know about words that are not as they were, or that are odd.
    fileprivate func notes(_ policy: InvalidUTF8) -> [String] {
        var notes: [String] = []
        if duplicateWords > 0 {
            notes.append("Note: \(duplicateWords) rows were left out, whose words stand before")
        }
        if invalidWords > 0 {
            let done =
                switch policy {
                case .keep, .fail: "kept as they are"
                case .replace: "read with U+FFFD"
                case .skip: "left out"
                }
            notes.append("Note: \(invalidWords) words that are not valid UTF-8 were \(done)")
        }
        return notes
    }
}
