import Foundation
import TestSupport
import Testing

@Suite struct ClassifyTests {
    private let folder = try! TemporaryFolder()

    private func vectors() throws -> String {
        try folder.file("v.txt", "5 2\n</s> 0.1 0.1\nsun 2 1\nwarm 1.5 1\nrain -2 1\ncold -1.5 0.9\n")
    }

    private func lines(_ count: Int = 30) throws -> String {
        let texts = [("fine", "sun warm"), ("foul", "rain cold"), ("fine", "warm sun sun"), ("foul", "rain\train")]
        return try folder.file(
            "train.tsv", (0..<count).map { "\(texts[$0 % 4].0)\t\(texts[$0 % 4].1)\n" }.joined())
    }

    private func classify(_ flags: String, input: String = "") throws -> ProcessResult {
        let arguments = ["classify", "-vectors", try vectors()] + flags.split(separator: " ").map(String.init)
        return try CommandLineTool.run(arguments, input: input)
    }

    @Test func aTestFileIsReportedOn() throws {
        let test = try folder.file("test.tsv", "fine\tsun\nfoul\train unknown\nfine\tcold\n")
        let result = try classify("-train \(lines()) -test \(test)")
        #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
        let parts = [
            "30 lines with 2 labels in \(folder.path("train.tsv"))",
            "Words in \(folder.path("train.tsv")): 67, 0 of them (0.00%) without a vector",
            "Trained 20 epochs in ", "Mean loss per line, by epoch: ",
            "Words in \(test): 4, 1 of them (25.00%) without a vector",
            "Accuracy: 0.6667 (2 of 3 lines; majority class: 0.6667)",
            "Class   Lines  Precision  Recall      F1\nfine        2     1.0000  0.5000  0.6667\n",
            "Confusion matrix", "1  fine        1  1\n2  foul        0  1",
        ]
        for part in parts { #expect(result.output.contains(part), "\(part)\n\(result.output)") }
        let silent = try classify("-train \(lines()) -test \(test) -debug 0")
        #expect(silent.output.hasPrefix("Accuracy: 0.6667") && silent.error.isEmpty)
    }

    @Test func foldsAreReportedOnAndRepeatThemselves() throws {
        let result = try classify("-train \(lines()) -k-fold 3 -debug 0 -seed 4")
        #expect(result.status == 0 && result.error.isEmpty)
        #expect(
            result.output.hasPrefix(
                "Accuracy per fold: 1.0000 1.0000 1.0000\nMean: 1.0000, standard deviation 0.0000\n"))
        #expect(result.output.contains("Accuracy: 1.0000 (30 of 30 lines;"))
        #expect(try classify("--train \(lines()) --k-fold 3 --debug 0 --seed 4").output == result.output)
    }

    @Test func theResultIsAlsoJSON() throws {
        let result = try classify("-train \(lines()) -k-fold 3 -json")
        #expect(result.status == 0 && result.error.contains("Trained 3 folds of 20 epochs each in "))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(object["accuracy"] as? Double == 1 && object["lines"] as? Int == 30)
        #expect(object["confusion"] as? [[Int]] == [[15, 0], [0, 15]])
        #expect((object["classes"] as? [[String: Any]])?.map { $0["label"] as? String } == ["fine", "foul"])
        #expect((object["losses"] as? [Double])?.count == 20 && (object["foldAccuracies"] as? [Double])?.count == 3)
        #expect((object["coverage"] as? [String: Any])?["words"] as? Int == 67)
    }

    @Test func aClassifierIsSavedAndUsed() throws {
        let (model, again) = (folder.path("a.model"), folder.path("b.model"))
        let saved = try classify("-train \(lines()) -save \(model)")
        #expect(saved.status == 0 && saved.lastLine == "Wrote the classifier with 2 labels to \(model)")
        #expect(try classify("-train \(lines()) -save \(again)").status == 0)
        #expect(try bytes(of: model) == bytes(of: again))
        let new = try folder.file("new.txt", "sun warm\nrain\n\nnothing known\ncold rain")
        let result = try classify("-model \(model) -predict \(new)")
        #expect(result.status == 0)
        let answers = result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
        #expect(answers.map { $0[0] } == ["fine", "foul", "", "", "foul"] && answers.allSatisfy { $0.count == 2 })
        #expect(answers[2][1] == "0" && Double(answers[0][1])! > 0.9)
        #expect(
            result.error.contains(
                "Warning: \(new), line 3 (and 1 more): no word has a vector; 2 of 5 lines skipped\n"))
        let piped = try classify("-model \(model) -predict -", input: text(of: new))
        #expect(piped.output == result.output)
        let top = try classify("-model \(model) -predict - -top 5", input: "sun\n").output
        let fields = top.split(separator: "\t")
        #expect(fields.count == 4 && fields[0] == "fine" && fields[2] == "foul")
        #expect(try classify("-model \(model) -test \(lines()) -debug 0").output.hasPrefix("Accuracy: 1.0000"))
        #expect(try classify("-train \(lines()) -predict \(new)").output.hasPrefix("fine\t"))
    }

    @Test func aModelWantsItsVectors() throws {
        let model = folder.path("m.model")
        _ = try classify("-train \(lines()) -save \(model)")
        let others = try folder.file("others.txt", "2 2\nsun 1 1\nrain 1 2\n")
        func run(_ vectors: String, _ flags: String...) throws -> ProcessResult {
            try CommandLineTool.run(
                ["classify", "-vectors", vectors, "-model", model, "-predict", "-"] + flags, input: "sun\n")
        }
        let refused = try run(others)
        #expect(refused.status == 1 && refused.firstErrorLine.contains("vectors must be those that \(model)"))
        #expect(try run(others, "-other-vectors", "1").status == 0)
        let wide = try run(folder.file("wide.txt", "1 3\nsun 1 1 1\n"), "-other-vectors", "1")
        #expect(wide.status == 1 && wide.firstErrorLine.contains("found 3 dimensions"))
        let broken = try bytes(of: model)
        _ = try folder.file("m.model", broken.dropLast(20))
        #expect(try classify("-model \(model) -predict -").firstErrorLine.contains("m.model, byte "))
    }

    @Test func badLinesAreNamed() throws {
        func error(_ text: String) throws -> String {
            let path = try folder.file("bad.tsv", text)
            let result = try classify("-train \(path) -k-fold 2 -debug 0")
            #expect(result.status == 1 && !result.crashed && result.output.isEmpty)
            return result.firstErrorLine
        }
        let path = folder.path("bad.tsv")
        #expect(
            try error("a\tsun\nb rain\na\tsun\nb cold\n")
                == "Error: \(path), line 2: expected a label, a tab and a text, found 'b rain' (and 1 more such line)")
        #expect(
            try error("a\tsun\na\train\n").hasPrefix("Error: the labels of \(path) must be at least two"))
        #expect(try error("a\tx\nb\ty\n") == "Error: \(path): none of its words is in the vocabulary")
        #expect(try error("") == "Error: \(path): the file is empty")
        // Lines without a known word are sane as long as others are there.
        let some = try folder.file("some.tsv", "a\tsun\nb\tx\nb\train\na\twarm\nb\tcold y\n")
        let result = try classify("-train \(some) -k-fold 2")
        #expect(result.status == 0 && result.output.contains("Words in \(some): 6, 2 of them (33.33%)"))
        #expect(result.error == "Warning: \(some), line 2: no word has a vector; 1 of 5 lines skipped\n")
    }

    @Test func labelsOfTheTestThatAreUnknownAreSaid() throws {
        let test = try folder.file("test.tsv", "fine\tsun\nodd\train\n")
        let result = try classify("-train \(lines()) -test \(test) -debug 0")
        #expect(result.status == 0 && result.error.contains("labels that the classifier does not know: odd"))
        #expect(result.output.contains("Accuracy: 0.5000"))
    }

    @Test func answersAreAlsoJSON() throws {
        let new = try folder.file("new.txt", "sun warm\n\nrain\n")
        let result = try classify("-train \(lines()) -predict \(new) -top 2 -json")
        #expect(result.status == 0)
        let answers = try result.output.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(object?["labels"] as? [[String: Any]])
        }
        #expect(answers.map { $0.map { $0["label"] as? String } } == [["fine", "foul"], [], ["foul", "fine"]])
        #expect((answers[0][0]["probability"] as? Double ?? 0) > 0.9)
    }

    static let misuse: [(flags: String, firstLineNames: String)] = [
        ("-trian x", "-trian"), ("-train TRAIN", "-test"), ("-k-fold 2", "-train"),
        ("-train TRAIN -k-fold 1", "-k-fold"),
        ("-train TRAIN -k-fold 31", "-k-fold"), ("-train TRAIN -k-fold x", "-k-fold"),
        ("-train TRAIN -k-fold 2 -test TRAIN", "-k-fold"),
        ("-train TRAIN -k-fold 2 -hidden 0", "-hidden"), ("-train TRAIN -k-fold 2 -alpha 0", "-alpha"),
        ("-train TRAIN -k-fold 2 -alpha nan", "-alpha"), ("-train TRAIN -k-fold 2 -iter 0", "-iter"),
        ("-train TRAIN -k-fold 2 -batch 0", "-batch"), ("-train TRAIN -k-fold 2 -l2 -1", "-l2"),
        ("-train TRAIN -k-fold 2 -l2 3", "-l2"), ("-train TRAIN -k-fold 2 -seed x", "-seed"),
        ("-train TRAIN -k-fold 2 -json 2", "2"), ("-train TRAIN -predict - -test TRAIN -json", "-json"),
        ("-train TRAIN -save x -json", "-json"), ("-train TRAIN -save -", "-save must be a file"),
        ("-train TRAIN -k-fold 2 -debug -1", "-debug"), ("-train TRAIN -k-fold 2 -top 2", "-top"),
        ("-train TRAIN -predict TRAIN -top 0", "-top"), ("-model x -train TRAIN -test TRAIN", "-train"),
        ("-model x -test TRAIN -hidden 3", "-hidden"), ("-model x -k-fold 3", "-k-fold"), ("-model x", "-test"),
        ("-model x -test TRAIN -save y", "-save"), ("-model missing -test TRAIN", "missing: cannot be read"),
        ("-train TRAIN -k-fold 2 -other-vectors 1", "-other-vectors"), ("-train - -predict -", "-: "),
        ("-train missing -k-fold 2", "missing: cannot be read"), ("-train TRAIN -k-fold 2 stray", "stray"),
        ("-train TRAIN -save TRAIN", "-train would be overwritten"), ("-train TRAIN -save /no/such/m", "/no/such/m"),
        ("-train TRAIN -save x -iter 1000000000", "-iter"), ("-train TRAIN -save x -alpha 1e38 -l2 0", "diverged"),
    ]

    @Test(arguments: misuse.indices)
    func misuseIsNamedInTheFirstLine(index: Int) throws {
        let (flags, name) = Self.misuse[index]
        let train = try lines()
        let result = try classify(flags.replacing("TRAIN", with: train))
        #expect(result.status != 0 && !result.crashed)
        #expect(result.firstErrorLine.contains(name), "\(result.error)")
        #expect(!result.output.contains("Accuracy"))
        #expect(try folder.names == ["train.tsv", "v.txt"], "nothing is written")
    }

    @Test func theManualStatesEveryFlag() throws {
        let help = try CommandLineTool.run("help classify").output
        for flag in [
            "vectors", "train", "test", "k-fold", "predict", "save", "model", "other-vectors", "hidden", "alpha",
            "iter",
            "batch", "l2", "seed", "top", "json", "debug",
        ] {
            #expect(help.contains("  -\(flag), --\(flag) "), "-\(flag)")
        }
        #expect(try CommandLineTool.run("help").output.contains("classify"))
    }

    /// From a verse's words to the group of books that it stands in: law, history, wisdom, prophets, gospels, acts, letters
    /// or revelation. Small vectors and few epochs, so far from the documentation's accuracy, but far above the share of
    /// the largest group, .2256.
    @Test func theBibleKnowsWhereAVerseStands() throws {
        let vectors = folder.path("kjv.bin")
        let trained = try CommandLineTool.run(
            "train -cbow 0 -size 32 -min-count 1 -iter 2 -debug 0 -train", Fixtures.bible, "-output", vectors)
        #expect(trained.status == 0, "\(trained.error)")
        let verses = try folder.file("verses.tsv", Fixtures.labeledVerses(by: "group"))
        let result = try CommandLineTool.run(
            "classify -k-fold 2 -hidden 16 -iter 4 -json -vectors \(vectors) -train", verses)
        #expect(result.status == 0, "\(result.error)")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(object["lines"] as? Int == 31102, "every verse has a known word")
        let accuracy = try #require(object["accuracy"] as? Double)
        let recall = try #require(object["macroRecall"] as? Double)
        #expect(accuracy > 0.42 && recall > 0.25, "accuracy \(accuracy), mean recall \(recall)")
    }
}
