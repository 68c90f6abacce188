import Foundation
import TestSupport
import Testing

/// What all commands have in common: names, spellings, help.
@Suite struct CommandLineTests {
    private let folder = try! TemporaryFolder()

    static let commands = [
        "train", "resume", "phrase", "vocab", "classes", "distance", "analogy", "similarity", "odd", "accuracy",
        "classify", "export", "info", "gradcheck",
    ]

    private func corpus() throws -> String {
        try folder.file("corpus.txt", String(repeating: "a b c d e f g\nb c a g f e d\n", count: 40))
    }

    private func vectors() throws -> String {
        try folder.file("v.txt", "4 2\n</s> 0.1 0.1\nking 1 0\nqueen 1 1\napple 0 -2\n")
    }

    /// The flags of the original's demo-word.sh, and those that it leaves out.
    @Test func withoutACommandOptionsAreThoseOfTrain() throws {
        let flags = """
            -cbow 1 -size 20 -window 8 -negative 25 -hs 0 -sample 1e-4 -threads 1 -binary 1 -iter 2 -alpha 0.05 -min-count 5 \
            -debug 2 -classes 0 -exact 1
            """
        let vocabulary = folder.path("vocabulary")
        let original = try CommandLineTool.run(
            "-train \(corpus()) -output \(folder.path("original")) -save-vocab \(vocabulary) \(flags)")
        #expect(original.status == 0 && original.error.isEmpty, "\(original.error)")
        let named = try CommandLineTool.run(
            "train -train \(corpus()) -output \(folder.path("named")) -read-vocab \(vocabulary) \(flags)")
        #expect(named.status == 0)
        #expect(try bytes(of: folder.path("original")) == bytes(of: folder.path("named")))
        let other = try CommandLineTool.run("--size 20 --exact 1 --output \(folder.path("other")) --train", corpus())
        #expect(other.status == 0 && other.lastLine.hasPrefix("Wrote 8 vectors"))
    }

    @Test func theVersionAndTheManualAreFoundHoweverTheyAreSpelled() throws {
        let version = try CommandLineTool.run("--version")
        #expect(version.status == 0 && version.output.hasPrefix("0."))
        for arguments in ["-version", "train -version", "train --version", "distance -version"] {
            #expect(try CommandLineTool.run(arguments).output == version.output, "\(arguments)")
        }
        let manual = try CommandLineTool.run([])
        #expect(manual.status == 0)
        for arguments in ["-h", "-help", "--help", "help"] {
            #expect(try CommandLineTool.run(arguments).output == manual.output, "\(arguments)")
        }
        for command in Self.commands {
            #expect(manual.output.contains("\n  \(command)"))
            let help = try CommandLineTool.run("help \(command)").output
            #expect(help.contains("OPTIONS:") || help.contains("FILES:"))
            #expect(try CommandLineTool.run("\(command) -h").output == help)
        }
        // Behind -- it is a word.
        #expect(try CommandLineTool.run("distance \(vectors()) -- -h").error == "Error: -h: not in the vocabulary\n")
    }

    /// With nothing else that the command needs.
    @Test(arguments: commands)
    func aMisspeltOptionIsNamedBeforeWhatIsMissing(command: String) throws {
        for (option, meant) in [("-jsn", "-json"), ("--jsno", "--json"), ("-josn=3", "-json")] {
            let result = try CommandLineTool.run([command, option])
            #expect(result.status == 64 && result.output.isEmpty)
            let name = option.prefix { $0 != "=" }
            #expect(result.firstErrorLine == "Error: Unknown option '\(name)'. Did you mean '\(meant)'?")
            #expect(result.error.contains("Usage: w2v-c \(command) "))
        }
        let strange = try CommandLineTool.run([command, "-xyzzyxyzzy", "3"])
        #expect(strange.status == 64 && strange.firstErrorLine == "Error: Unknown option '-xyzzyxyzzy'.")
    }

    /// The next option is not taken for a value, nor for a file to be written.
    @Test func anOptionWithoutItsValueIsNamed() throws {
        let folder = try TemporaryFolder()
        let text = try corpus()
        for (arguments, option, next) in [
            (["train", "-train", "-output", folder.path("v")], "-train", "-output"),
            (["train", "-train", text, "-output", "-size", "5"], "-output", "-size"),
            (["-train", text, "-output", folder.path("v"), "-alpha", "--iter", "5"], "-alpha", "--iter"),
            (["export", try vectors(), "--output", "-json"], "--output", "-json"),
            (["classes", try vectors(), "-output", "-seed", "1"], "-output", "-seed"),
        ] {
            let result = try CommandLineTool.run(arguments, in: folder.path)
            #expect(result.status == 64 && result.output.isEmpty)
            #expect(
                result.firstErrorLine.hasPrefix("Error: Missing value for '\(option)': '\(next)' is an option, too"),
                "\(result.error)")
        }
        #expect(try folder.names.isEmpty)
        // Numbers below 0, a single dash, and what follows an equals sign or -- are values.
        let negative = try CommandLineTool.run("train -train \(text) -output \(folder.path("v")) -alpha -1")
        #expect(negative.firstErrorLine == "Error: -alpha must be a finite number above 0, found -1.0")
        #expect(try CommandLineTool.run("export \(vectors()) -output - -limit 1").status == 0)
        let named = try CommandLineTool.run(["export", vectors(), "-output=-json"], in: folder.path)
        #expect(try named.status == 0 && folder.names == ["-json"], "\(named.error)")
    }

    @Test func anOptionOfAnotherCommandIsNamedWithIt() throws {
        let result = try CommandLineTool.run("train -treshold 3")
        #expect(
            result.firstErrorLine == "Error: Unknown option '-treshold'. '-threshold' is an option of 'phrase'.")
        let plain = try CommandLineTool.run("-treshold 3 -train", corpus())
        #expect(plain.firstErrorLine == result.firstErrorLine)
        let value = try CommandLineTool.run("train -train -treshold -otuput 3")
        #expect(value.firstErrorLine == "Error: Unknown option '-otuput'. Did you mean '-output'?")
    }

    @Test func aMisspeltCommandIsNamed() throws {
        for arguments in ["distnace \(try vectors()) king", "help distnace"] {
            let result = try CommandLineTool.run(arguments)
            #expect(result.status == 64 && result.output.isEmpty)
            #expect(result.firstErrorLine == "Error: Unknown command 'distnace'. Did you mean 'distance'?")
        }
        #expect(try CommandLineTool.run("corpus.txt").firstErrorLine == "Error: Unknown command 'corpus.txt'.")
    }

    @Test(arguments: commands)
    func jsonIsTheSameFlagInEveryCommand(command: String) throws {
        #expect(try CommandLineTool.run("help \(command)").output.contains("  -json, --json  "))
    }

    @Test func everySummaryIsAlsoJSON() throws {
        func object(_ arguments: String, input: String = "") throws -> [String: Any] {
            let result = try CommandLineTool.run(arguments.split(separator: " ").map(String.init), input: input)
            #expect(result.status == 0, "\(result.error)")
            return try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(arguments)")
        }
        let (text, state) = try (corpus(), folder.path("state"))
        let train = try object(
            "train -size 8 -iter 3 -threads 1 -json -checkpoint \(state) -output \(folder.path("w")) -train \(text)")
        #expect(train["ending"] as? String == "complete" && train["losses"] is [Any])
        #expect(try object("resume \(state) -json")["output"] as? String == folder.path("w"))
        let counted = try object("train -json -save-vocab \(folder.path("words")) -train \(text)")
        #expect(counted["vocabulary"] as? Int == 8)
        let export = try object("export \(vectors()) -limit 3 -json -output \(folder.path("x.npy"))")
        #expect(export["words"] as? Int == 3 && export["outputWords"] as? String == folder.path("x.words"))
        let phrases = try object("phrase -train \(text) -output \(folder.path("p")) -threshold 1 -passes 2 -json")
        let passes = try #require(phrases["passes"] as? [[String: Any]])
        #expect(passes.count == 2 && passes[0]["words"] as? Int == 560)
        #expect((passes[0]["phrases"] as? [[String: Any]])?.isEmpty == false)
        let check = try object("gradcheck -json")
        #expect(check["failures"] as? Int == 0)
        #expect((check["objectives"] as? [[String: Any]])?.allSatisfy { $0["passes"] as? Bool == true } == true)
    }

    @Test(arguments: ["distance VECTORS king", "analogy VECTORS </s> king queen", "accuracy VECTORS QUESTIONS"])
    func theFirstWordsAreALimitAndTheOldNameWorks(query: String) throws {
        let questions = try folder.file("questions", "king queen apple king\n")
        let query = try query.replacing("VECTORS", with: vectors()).replacing("QUESTIONS", with: questions)
        let (limited, old) = try (
            CommandLineTool.run(query + " -limit 1"), CommandLineTool.run(query + " -threshold 1")
        )
        #expect(limited.status == 0 && limited.output == old.output)
        let all = try CommandLineTool.run(query).output
        #expect(all != limited.output)
        #expect(try CommandLineTool.run(query + " -threshold 0").output == all)
        let help = try CommandLineTool.run(["help", String(query.prefix { $0 != " " })]).output
        #expect(help.contains("  -limit, --limit <words>") && !help.contains("threshold"))
    }

    @Test func aVocabularyIsLimitedInTheSameWay() throws {
        let limited = try CommandLineTool.run("vocab -limit 3 -train", corpus())
        #expect(try limited.output == CommandLineTool.run("vocab -max-vocab 3 -train", corpus()).output)
        #expect(limited.output.split(separator: "\n").count == 3)
        for command in ["vocab", "train"] {
            let help = try CommandLineTool.run("help \(command)").output
            #expect(help.contains("  -limit, --limit <words>") && !help.contains("max-vocab"))
        }
    }

    /// What the shell would offer, from the script as bash runs it.
    private func completions(_ words: String...) throws -> [String] {
        let script = """
            source <("$0" --generate-completion-script bash)
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
            _w2v-c w2v-c "${@: -1}" "${@: -2:1}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try CommandLineTool.run(
            executable: "/bin/bash", ["-c", script, CommandLineTool.path, "w2v-c"] + words)
        #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test func completionScriptsCompleteFileNames() throws {
        let file = try vectors()
        let start = String(file.dropLast(3))
        for words in [
            ["train", "-train"], ["train", "--output"], ["train", "-init"], ["resume"], ["phrase", "-output"],
            ["vocab", "-train"], ["classes"], ["classes", file, "-output"], ["distance"], ["distance", file, "-file"],
            ["analogy"], ["similarity"], ["similarity", file], ["odd"], ["accuracy", file], ["classify", "-save"],
            ["export"], ["export", file, "-words"], ["info"],
        ] {
            let all = words + [start]
            let found =
                switch all.count {
                case 2: try completions(all[0], all[1])
                case 3: try completions(all[0], all[1], all[2])
                default: try completions(all[0], all[1], all[2], all[3])
                }
            #expect(found == [file], "\(words)")
        }
        #expect(try completions("tr") == ["train"])
        #expect(try completions("train", "-lo") == ["-loss", "-lowercase", "-log"])
        #expect(try completions("train", "-share", "") == ["window", "pair"])
    }
}
