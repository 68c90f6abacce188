import ArgumentParser
import Word2Vec

extension NameSpecification {
    /// A flag with the original's single dash, and with two.
    static func original(_ name: String) -> NameSpecification {
        [.customLong(name, withSingleDash: true), .customLong(name)]
    }
}

extension TrainingOptions.NegativeSharing: ExpressibleByArgument {}
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

/// How a text's words are told.
struct TextRules: ParsableArguments {
    @Option(
        name: .original("lowercase"), parsing: .unconditional,
        help: ArgumentHelp(
            "1: read all words in small letters, of any script. Words of -read-vocab are taken as they stand.",
            valueName: "0|1"))
    var lowercase = Switch.off

    @Option(
        name: .original("unicode-space"), parsing: .unconditional,
        help: ArgumentHelp(
            """
            1: words also end at white space beyond ASCII, such as the no-break space and the ideographic space; lines do \
            not.
            """, valueName: "0|1"))
    var unicodeSpace = Switch.off

    func apply(to options: inout TrainingOptions) {
        options.lowercase = lowercase.isOn
        options.unicodeWhitespace = unicodeSpace.isOn
    }
}
