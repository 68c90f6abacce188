import ArgumentParser

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A mistake in the arguments that the parser does not find, or describes as another one.
///
/// It looks for missing options first: of `train -treshold 3` it says that -train is missing, and not that -treshold does not
/// exist. And it accepts every value, as the original does: `export v.bin -output -json` would write a file `-json`.
struct ArgumentMistake {
    let message: String
    /// The command whose usage helps.
    let command: any ParsableCommand.Type

    /// A command that does not exist: the first of the arguments. Nil if it exists.
    init?(commandIn arguments: [String], of root: any ParsableCommand.Type) {
        guard let name = arguments.first, !name.hasPrefix("-"), name != "help",
            Self.command(in: arguments, of: root) == nil
        else { return nil }
        command = root
        let near = Spelling.nearest(to: name, in: root.configuration.subcommands.flatMap { $0.names })
        message = "Unknown command '\(name)'." + (near.map { " Did you mean '\($0)'?" } ?? "")
    }

    /// An option without its value, in whose place there is another option. Nil if there is none.
    init?(valueIn arguments: [String], of root: any ParsableCommand.Type) {
        // Describing the options takes a while.
        guard zip(arguments, arguments.dropFirst()).contains(where: { Options.isOption($0) && Options.isOption($1) }),
            let command = Self.command(in: arguments, of: root),
            let (option, next) = Options(of: command).firstWithoutValue(in: arguments.dropFirst())
        else { return nil }
        self.command = command
        message =
            "Missing value for '\(option)': '\(next)' is an option, too. For such a value write \(option)=\(next)"
    }

    /// An option that does not exist. Nil if all exist.
    init?(optionIn arguments: [String], of root: any ParsableCommand.Type) {
        guard let command = Self.command(in: arguments, of: root) else { return nil }
        let options = Options(of: command)
        guard let unknown = options.firstUnknown(in: arguments.dropFirst()) else { return nil }
        self.command = command
        message =
            "Unknown option '\(unknown)'."
            + Self.suggestion(for: unknown, options, command, of: root.configuration.subcommands)
    }

    private static func command(
        in arguments: [String], of root: any ParsableCommand.Type
    ) -> (any ParsableCommand.Type)? {
        root.configuration.subcommands.first { command in arguments.first.map(command.names.contains) == true }
    }

    private static func suggestion(
        for name: String, _ options: Options, _ command: any ParsableCommand.Type,
        of commands: [any ParsableCommand.Type]
    ) -> String {
        let written = String(name.drop { $0 == "-" })
        let dashes = name.prefix { $0 == "-" }
        if let near = Spelling.nearest(to: written, in: options.shown) { return " Did you mean '\(dashes)\(near)'?" }
        for other in commands where other != command {
            guard let near = Spelling.nearest(to: written, in: Options(of: other).shown) else { continue }
            return " '\(dashes)\(near)' is an option of '\(other._commandName)'."
        }
        return ""
    }
}

extension ParsableCommand {
    fileprivate static var names: [String] { [_commandName] + configuration.aliases }
}

/// The options of a command, as the parser describes them.
private struct Options {
    private struct Tool: Decodable {
        let command: Command
    }

    private struct Command: Decodable {
        let arguments: [Argument]?
    }

    private struct Argument: Decodable {
        let kind: String
        let names: [Name]?
        let shouldDisplay: Bool
    }

    private struct Name: Decodable {
        let name: String
    }

    /// Those of the manual, without dashes.
    private(set) var shown: [String] = []
    /// All of them, without dashes, and whether a value follows.
    private var hasValue: [String: Bool] = ["help-hidden": false, "experimental-dump-help": false, "version": false]

    init(of command: any ParsableCommand.Type) {
        let tool = try? JSONDecoder().decode(Tool.self, from: Data(command._dumpHelp().utf8))
        for argument in tool?.command.arguments ?? [] where argument.kind != "positional" {
            // The names are one name, with one dash and with two.
            for name in Set((argument.names ?? []).map(\.name)) {
                hasValue[name] = argument.kind == "option"
                if argument.shouldDisplay { shown.append(name) }
            }
        }
        shown.sort()
    }

    /// The first option that does not exist, with its dashes.
    func firstUnknown(in arguments: some Sequence<String>) -> String? {
        given(in: arguments).first { hasValue[Self.name(of: $0.option)] == nil }?.option
    }

    /// The first option whose value is the name of an option, and that name.
    func firstWithoutValue(in arguments: some Sequence<String>) -> (option: String, next: String)? {
        for (option, value) in given(in: arguments) {
            if let value, Self.isOption(value), hasValue[Self.name(of: value)] != nil { return (option, value) }
        }
        return nil
    }

    /// Whether an argument has the form of an option: it is neither a number nor `-`.
    static func isOption(_ argument: String) -> Bool {
        argument.hasPrefix("-") && argument != "-" && argument != "--" && Double(argument) == nil
    }

    /// The options before `--`, each with the argument that is its value.
    private func given(in arguments: some Sequence<String>) -> [(option: String, value: String?)] {
        var given: [(option: String, value: String?)] = []
        var isValue = false
        for argument in arguments {
            if isValue {
                given[given.count - 1].value = argument
                isValue = false
                continue
            }
            if argument == "--" { break }
            guard Self.isOption(argument) else { continue }
            let option = String(argument.prefix { $0 != "=" })
            given.append((option, nil))
            isValue = hasValue[Self.name(of: option)] == true && option.count == argument.count
        }
        return given
    }

    private static func name(of option: String) -> String { String(option.drop { $0 == "-" }) }
}

/// Which of some names was meant.
private enum Spelling {
    /// The name that takes the fewest changes, if these are few for its length.
    static func nearest(to name: String, in names: [String]) -> String? {
        names.map { (name: $0, distance: distance(Array(name), Array($0))) }
            .filter { $0.distance * 3 <= max(name.count, $0.name.count) + 1 }
            .min { $0.distance < $1.distance }?.name
    }

    /// Insertions, deletions, replacements and exchanges of neighbors that turn one word into another.
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
