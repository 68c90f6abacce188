import ArgumentParser
import Word2Vec

struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describe a file of vectors, or this version and processor.",
        usage: "w2v-c info [VECTORS] [-json]",
        discussion: """
            With a file, shows its format, words, dimensions, the lengths of its vectors, and defects: vectors that are zero \
            or not finite, words that occur twice or are not valid UTF-8. For a checkpoint it also shows the progress of the \
            run. Without a file, shows the instruction sets of this processor. The best one is used, unless the environment \
            names another: W2V_ISA=scalar w2v-c train ...
            """
    )

    @Argument(
        help: ArgumentHelp("A file of vectors; its format is recognized by the content.", valueName: "vectors"),
        completion: .file())
    var vectors: String?

    @Option(
        name: .original("words"), parsing: .unconditional,
        help: ArgumentHelp(
            "The words of a NumPy array or of a safetensors file without words. (default: NAME.words beside NAME.npy)",
            valueName: "file"), completion: .file())
    var words: String?

    @Flag(name: .original("json"), help: "One JSON object in place of text.")
    var json = false

    func validate() throws {
        guard words == nil || vectors != nil else { throw ValidationError("-words needs a file of vectors") }
    }

    func run() throws {
        let entries = try vectors.map { try Self.entries(of: $0, words: words) } ?? Self.entriesOfTheMachine()
        if json {
            print(JSON.object(entries.map { ($0.key, $0.value) }))
        } else {
            for entry in entries { print("\(entry.title): \(entry.text)") }
        }
    }

    /// A line of text, and a member of the JSON object.
    private struct Entry {
        let key: String
        let title: String
        let text: String
        let value: JSON

        init(_ key: String, _ title: String, _ text: String, _ value: JSON) {
            (self.key, self.title, self.text, self.value) = (key, title, text, value)
        }

        init(_ key: String, _ title: String, _ number: Int) {
            self.init(key, title, "\(number)", .integer(number))
        }

        init(_ key: String, _ title: String, _ text: String) {
            self.init(key, title, text, .string(text))
        }
    }

    private static func entries(of path: String, words: String?) throws -> [Entry] {
        let vectors = try WordVectors(contentsOf: path, words: words)
        let summary = try vectors.summary()
        var entries = [Entry("file", "File", path)]
        if let loading = vectors.loading {
            entries.append(Entry("format", "Format", loading.format.name, .string(loading.format.flagValue)))
            entries.append(Entry("rows", "Rows", loading.rows))
            entries.append(Entry("storage", "Values", loading.storage.rawValue))
        }
        entries += [
            Entry("words", "Words", summary.words),
            Entry("dimensions", "Dimensions", summary.dimensions),
        ]
        let lengths = summary.lengths
        entries.append(
            Entry(
                "lengths", "Lengths",
                lengths.map {
                    "least \(text($0.least)), mean \(text($0.mean)), greatest \(text($0.greatest))"
                } ?? "none is finite",
                lengths.map {
                    .object([
                        ("least", .number($0.least)), ("mean", .number($0.mean)), ("greatest", .number($0.greatest)),
                    ])
                } ?? .null))
        entries += [
            Entry("zeroRows", "Zero vectors", summary.zeroRows),
            Entry("nanRows", "Vectors with NaN", summary.nanRows),
            Entry("infiniteRows", "Vectors with infinite values", summary.infiniteRows),
            Entry("duplicateWords", "Duplicate words", summary.duplicateWords),
            Entry("invalidWords", "Words that are not valid UTF-8", summary.invalidWords),
        ]
        if let checkpoint = try? Checkpoint(contentsOf: path) { entries += self.entries(of: checkpoint) }
        return entries
    }

    /// A length, with four decimals unless they would not show it.
    private static func text(_ length: Double) -> String {
        length == 0 || (0.01..<1e6).contains(length) ? length.text(4) : "\(Float(length))"
    }

    /// What a checkpoint tells besides its vectors.
    private static func entries(of checkpoint: Checkpoint) -> [Entry] {
        let percent = checkpoint.fraction * 100
        return [
            Entry("version", "Checkpoint of version", checkpoint.version),
            Entry(
                "train", "Text", checkpoint.corpusPaths.joined(separator: ", "),
                .array(checkpoint.corpusPaths.map(JSON.string))),
            Entry("percent", "Trained", "\(percent.text(1))%", .number(percent)),
            Entry(
                "epochsDone", "Epochs done", "\(checkpoint.epochsDone) of \(checkpoint.options.epochs)",
                .integer(checkpoint.epochsDone)),
            Entry(
                "losses", "Mean loss per pair, by epoch",
                checkpoint.losses.map { $0.text(4) }.joined(separator: " "),
                .array(checkpoint.losses.map(JSON.number))),
        ]
    }

    private static func entriesOfTheMachine() throws -> [Entry] {
        let present = InstructionSet.present.map(\.rawValue)
        return [
            Entry("version", "Version", Word2VecVersion.current),
            Entry("processor", "Processor", InstructionSet.processorName),
            Entry(
                "instructionSetsPresent", "Instruction sets present", present.joined(separator: ", "),
                .array(present.map(JSON.string))),
            Entry("instructionSetChosen", "Instruction set chosen", try InstructionSet.chosen().rawValue),
            Entry("threads", "Threads by default", TrainingOptions().effectiveThreads),
        ]
    }
}
