import ArgumentParser
import Word2Vec

extension NameSpecification {
    /// A flag with the original's single dash, and with two.
    static func original(_ name: String) -> NameSpecification {
        [.customLong(name, withSingleDash: true), .customLong(name)]
    }
}

extension TrainingOptions.NegativeSharing: ExpressibleByArgument {}
extension TrainingOptions.NegativeVariance: ExpressibleByArgument {}
extension TrainingOptions.Loss: ExpressibleByArgument {}
extension TrainingOptions.CBOWGradient: ExpressibleByArgument {}

/// A size in bytes: a number with K, M or G behind it (powers of 1024), or of megabytes.
struct MemorySize: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
        let shift = argument.last.flatMap { shifts[Character($0.uppercased())] }
        let digits = shift == nil ? argument[...] : argument.dropLast()
        guard let number = Int(digits), number >= 0, digits.first?.isNumber == true,
            case (let bytes, let overflow) = number.multipliedReportingOverflow(by: 1 << (shift ?? 20)), !overflow
        else { return nil }
        self.bytes = bytes
    }
}

/// 0 or 1, as the original spells no and yes.
enum Switch: String, ExpressibleByArgument, CaseIterable {
    case off = "0"
    case on = "1"

    var isOn: Bool { self == .on }
}

/// Does what reads the flags' values; an option that no run can have is a wrong flag.
func checkingFlags<Value>(_ body: () throws(Word2VecError) -> Value) throws -> Value {
    do {
        return try body()
    } catch {
        throw ValidationError("\(error)")
    }
}

/// The value of -limit, or of -threshold, as it was called before, where 0 is all; nil: all words.
func wordLimit(_ limit: Int?, threshold: Int? = nil) throws -> Int? {
    guard limit == nil || threshold == nil else {
        throw ValidationError("-threshold is the old name of -limit: give one")
    }
    if let threshold, threshold < 0 { throw ValidationError("-threshold must be 0 or above, found \(threshold)") }
    if let limit, limit < 1 { throw ValidationError("-limit must be 1 or above, found \(limit)") }
    return limit ?? (threshold == 0 ? nil : threshold)
}

/// An error that is said as it is.
struct Failure: Error, CustomStringConvertible {
    let description: String
}

func checkDebug(_ level: Int) throws {
    guard level >= 0 else { throw ValidationError("-debug must be 0, 1 or 2, found \(level)") }
}

/// A text that is worked on and not trained on.
struct TextFiles: ParsableArguments {
    @Option(
        name: .original("train"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            """
            The text; - is standard input. Required. Repeat the flag for several files, which are read in this order. Files \
            compressed with gzip, bzip2, xz or zstd are decompressed by these programs.
            """,
            valueName: "file"), completion: .file())
    var train: [String]
}

/// Which words of a text count, and how they are told.
struct WordRules: ParsableArguments {
    @Option(
        name: .original("min-count"), parsing: .unconditional,
        help: ArgumentHelp("Skip words that occur less often than this.", valueName: "times"))
    var minCount = 5

    @Option(
        name: .original("limit"), parsing: .unconditional,
        help: ArgumentHelp(
            "Keep only the first N words, the most frequent; </s>, the sentence end, is one of them. (default: all)",
            valueName: "words"))
    var limit: Int?

    /// What -limit was called.
    @Option(name: .original("max-vocab"), parsing: .unconditional, help: .hidden)
    var maxVocabulary: Int?

    @Option(
        name: .original("lowercase"), parsing: .unconditional,
        help: ArgumentHelp(
            "1: lowercase the text, in any script. Words of -read-vocab stay as they are.",
            valueName: "0|1"))
    var lowercase = Switch.off

    @Option(
        name: .original("unicode-space"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            1: words are also separated by white space beyond ASCII, such as the no-break space. Lines still end as without \
            this flag.
            """, valueName: "0|1"))
    var unicodeSpace = Switch.off

    /// For the commands' validate().
    func check() throws {
        guard limit == nil || maxVocabulary == nil else {
            throw ValidationError("-max-vocab is the old name of -limit: give one")
        }
    }

    func apply(to options: inout TrainingOptions) {
        options.minimumCount = minCount
        options.maximumVocabulary = limit ?? maxVocabulary
        options.lowercase = lowercase.isOn
        options.unicodeWhitespace = unicodeSpace.isOn
    }
}
