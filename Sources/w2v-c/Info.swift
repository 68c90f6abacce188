import ArgumentParser
import Word2Vec

struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the version, and what this processor has that training makes use of.",
        usage: "w2v-c info",
        discussion: """
            The best instruction set that is present is used, unless the environment names another: \
            W2V_ISA=scalar w2v-c train ...
            """
    )

    func run() throws {
        print("Version: \(Word2VecVersion.current)")
        print("Instruction sets present: \(InstructionSet.present.map(\.rawValue).joined(separator: ", "))")
        print("Instruction set chosen: \(try InstructionSet.chosen().rawValue)")
        print("Threads by default: \(TrainingOptions().effectiveThreads)")
    }
}
