import ArgumentParser

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A command or an option that does not exist, in arguments that the parser refused.
///
/// The parser looks for what is missing first: of `train -treshold 3` it says that -train is missing. This names the misspelt
/// option in its place, with what was probably meant.
struct UnknownName {
    let message: String
    /// The command whose usage helps.
    let command: any ParsableCommand.Type

    /// The command, which is the first of the arguments; nil if it exists.
    init?(commandIn arguments: [String], of root: any ParsableCommand.Type) {
        guard let name = arguments.first, !name.hasPrefix("-"), name != "help",
            Self.command(in: arguments, of: root) == nil
        else { return nil }
        command = root
        let near = Spelling.nearest(to: name, in: root.configuration.subcommands.flatMap { $0.names })
        message = "Unknown command '\(name)'." + (near.map { " Did you mean '\($0)'?" } ?? "")
    }

    /// An option behind the command; nil if all exist.
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

    /// The first option that is none, with its dashes.
    func firstUnknown(in arguments: some Sequence<String>) -> String? {
        var isValue = false
        for argument in arguments {
            if isValue {
                isValue = false
                continue
            }
            if argument == "--" { return nil }
            guard argument.hasPrefix("-"), argument != "-", Double(argument) == nil else { continue }
            let option = argument.prefix { $0 != "=" }
            guard let takesValue = hasValue[String(option.drop { $0 == "-" })] else { return String(option) }
            isValue = takesValue && option.count == argument.count
        }
        return nil
    }
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
