import ArgumentParser
import Word2Vec

@main
struct W2VC: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "w2v-c",
        abstract: "Trains word embeddings (word2vec) and asks them for neighbours.",
        discussion: """
            Every flag may be written with one dash, as the original program has it, or with two.
            The manual of a command: w2v-c help COMMAND.
            """,
        version: Word2VecVersion.current,
        subcommands: [
            Train.self, Resume.self, PhraseCommand.self, Vocab.self, Classes.self, Distance.self, Analogy.self,
            Similarity.self, Odd.self, Accuracy.self, Classify.self, Export.self, Info.self, GradCheck.self,
        ],
        // A letter h of its own would be found in mistyped flags, too: -treshold would be a question for help.
        helpNames: [.customLong("help", withSingleDash: true), .long]
    )

    static func main() {
        StopSignals.unblockThem()
        StopSignals.ignoreFileSizeSignal()
        main(CommandLine.arguments.dropFirst().map { $0 == "-h" ? "-help" : $0 })
    }
}
