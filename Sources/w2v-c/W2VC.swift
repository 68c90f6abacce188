import ArgumentParser
import Word2Vec

@main
struct W2VC: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "w2v-c",
        abstract: "Train word embeddings (word2vec) and query them.",
        discussion: """
            Every option may be written with one dash, as in the original program, or with two. Without a command, options \
            are those of train: w2v-c -train corpus.txt -output vectors.bin
            The manual of a command: w2v-c help COMMAND. Completion for a shell, bash, zsh or fish: w2v-c \
            --generate-completion-script bash
            """,
        version: Word2VecVersion.current,
        subcommands: [
            Train.self, Resume.self, Phrase.self, Vocab.self, Classes.self, Distance.self, Analogy.self,
            Similarity.self, Odd.self, Accuracy.self, Classify.self, Export.self, Info.self, GradCheck.self,
        ],
        // A letter h of its own would be found in mistyped flags, too: -treshold would be a question for help.
        helpNames: [.customLong("help", withSingleDash: true), .long]
    )

    static func main() {
        StandardStreams.reserveClosed()
        StopSignals.unblockThem()
        StopSignals.ignoreFileSizeSignal()
        StopSignals.keepChildStatuses()
        let arguments = completed(Array(CommandLine.arguments.dropFirst()))
        if let mistake = ArgumentMistake(commandIn: arguments, of: self)
            ?? ArgumentMistake(valueIn: arguments, of: self)
        {
            exit(mistake.message, usageOf: mistake.command)
        }
        var command: any ParsableCommand
        do {
            command = try parseAsRoot(arguments)
        } catch {
            if !exitCode(for: error).isSuccess, let mistake = ArgumentMistake(optionIn: arguments, of: self) {
                exit(mistake.message, usageOf: mistake.command)
            }
            exit(withError: error)
        }
        do {
            try command.run()
        } catch let error as ValidationError {
            exit(error.message, usageOf: type(of: command))
        } catch {
            exit(withError: error)
        }
    }

    /// Options of this command itself; others are train's.
    private static let ownOptions = ["help", "h", "version", "generate-completion-script", "experimental-dump-help"]

    /// The arguments as the parser wants them: with a command, and with the spellings of help and version that it knows.
    private static func completed(_ arguments: [String]) -> [String] {
        var arguments = arguments
        if let first = arguments.first, first.hasPrefix("-"), !first.hasPrefix("---"),
            !ownOptions.contains(String(first.drop { $0 == "-" }.prefix { $0 != "=" }))
        {
            arguments.insert("train", at: 0)
        }
        for place in arguments.indices.prefix(2) where arguments[place] == "-version" { arguments[place] = "--version" }
        // So that a command that does not exist is named.
        if arguments.count > 1, arguments[0] == "help", arguments[1] != "help", !arguments[1].hasPrefix("-") {
            arguments = [arguments[1], "-help"]
        }
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        for place in arguments.indices.prefix(end) where arguments[place] == "-h" { arguments[place] = "-help" }
        return arguments
    }

    private static func exit(_ message: String, usageOf command: any ParsableCommand.Type) -> Never {
        let isRoot = command == self
        let usage = isRoot ? usageString() : usageString(for: command)
        StandardError.write(
            """
            Error: \(message)
            Usage: \(usage.replacing("\n", with: "\n       "))
              See 'w2v-c \(isRoot ? "" : command._commandName + " ")-help' for more information.

            """)
        exit(withError: ExitCode.validationFailure)
    }
}
