import Foundation
import TestSupport
import Testing

/// `analogy`, `similarity`, `odd`, `accuracy`, and what `distance` has beyond the original.
@Suite struct QueryToolTests {
    private let folder = try! TemporaryFolder()

    private func vectors() throws -> String {
        try folder.file(
            "v.txt",
            """
            7 3
            </s> 0.1 0.1 0.1
            man 1 0 0.1
            woman 0 1 0.1
            king 1 0 1
            queen 0 1 1
            apple -1 -1 0
            "quoted"\\ 0 0 -1

            """)
    }

    /// One JSON object a line.
    private func objects(_ output: String) throws -> [[String: Any]] {
        try output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    /// Words and numbers of the rows behind a table's rule.
    private func rows(_ output: String) -> [[String]] {
        output.split(separator: "\n").drop { !$0.hasPrefix("--") }.dropFirst()
            .map { $0.split(separator: " ").map(String.init) }
    }

    @Test(arguments: ["add", "multiply"])
    func analogies(method: String) throws {
        let result = try CommandLineTool.run(
            ["analogy", vectors(), "man", "king", "woman", "-count", "1", "-method", method])
        #expect(result.status == 0 && result.error.isEmpty)
        #expect(
            result.output.hasPrefix("Word: man  Position in vocabulary: 1\nWord: king  Position in vocabulary: 3\n"))
        #expect(rows(result.output).map { $0[0] } == ["queen"])
        #expect(result.output.contains(method == "add" ? "Cosine" : "3CosMul"))
        let limited = try CommandLineTool.run(
            ["analogy", vectors(), "man", "king", "woman", "-limit", "4", "--method", method])
        #expect(rows(limited.output).map { $0[0] } == ["</s>"])
    }

    @Test func analogiesFromStandardInput() throws {
        let result = try CommandLineTool.run(
            ["analogy", vectors(), "-json"], input: "man king woman\nman king\nman king prince\nEXIT\nman king woman\n")
        let answers = try objects(result.output)
        #expect(result.status == 0 && result.error.isEmpty && answers.count == 3)
        let words = try #require(answers[0]["words"] as? [[String: Any]])
        #expect(words.map { $0["word"] as? String } == ["man", "king", "woman"] && words[1]["rank"] as? Int == 3)
        let neighbors = try #require(answers[0]["neighbors"] as? [[String: Any]])
        #expect(neighbors[0]["word"] as? String == "queen" && neighbors[0]["rank"] as? Int == 4)
        #expect((neighbors[0]["similarity"] as? Double ?? 0) > 0.9)
        #expect(answers[1]["error"] as? String == "words of an analogy: expected 3, found 2")
        #expect(answers[2]["error"] as? String == "prince: not in the vocabulary")
    }

    @Test func distancesFromAFile() throws {
        let questions = try folder.file("questions.txt", "king\n\nnowhere\nking queen\n")
        let result = try CommandLineTool.run(["distance", vectors(), "-file", questions, "-count", "2"])
        #expect(result.status == 0 && result.error.isEmpty)
        #expect(result.output.split(separator: "\n").count { $0.contains("Cosine") } == 2)
        #expect(result.output.contains("\nnowhere: not in the vocabulary\n"))
        let stream = try CommandLineTool.run(
            ["distance", vectors(), "-file", "-", "-count", "1", "-json"], input: "\"quoted\"\\\n")
        let words = try #require(try objects(stream.output)[0]["words"] as? [[String: Any]])
        #expect(words[0]["word"] as? String == "\"quoted\"\\")
        let missing = try CommandLineTool.run(["distance", vectors(), "-file", folder.path("missing")])
        #expect(missing.status == 1 && missing.firstErrorLine.contains("missing: cannot be read"))
        let both = try CommandLineTool.run(["distance", vectors(), "king", "-file", questions])
        #expect(both.status != 0 && both.firstErrorLine.contains("-file"))
    }

    /// The answers of a batch are those of single questions, in their order, whatever cannot be answered between them.
    @Test func distancesInBatchesAreThoseOneByOne() throws {
        let lines = (0..<3000).map { n in
            ["king", "man woman", "nowhere", "queen king apple", "", "\t", "</s>\r", "king nowhere man"][n * 7 % 8]
        }
        let text = lines.joined(separator: "\n")
        for flags in [["-count", "2"], ["-json", "-limit", "5"]] {
            let alone = try CommandLineTool.run(["distance", vectors()] + flags, input: text)
            for (file, input) in [(try folder.file("q.txt", text), ""), ("-", text)] {
                let batch = try CommandLineTool.run(["distance", vectors(), "-file", file] + flags, input: input)
                #expect(batch.status == 0 && batch.error.isEmpty)
                #expect(batch.output == alone.output, "\(file)")
            }
        }
        let none = try CommandLineTool.run(["distance", vectors(), "-file", folder.file("none.txt", "\n \n")])
        #expect(none.status == 1 && none.firstErrorLine.contains("none.txt, line 1: expected at least one word"))
    }

    /// A program that asks only when it has its answer is not kept waiting for more questions.
    @Test func everyAnswerComesBeforeTheNextQuestion() throws {
        let process = try CommandLineTool.start(["distance", vectors(), "-file", "-", "-json"])
        for (count, word) in ["king", "nowhere", "man woman"].enumerated() {
            process.write(word + "\n", ends: false)
            #expect(process.output(lines: count + 1).count { $0 == "\n" } == count + 1)
        }
        #expect(process.wait().status == 0)
    }

    @Test func similarityOfTwoWordsAsArguments() throws {
        let result = try CommandLineTool.run(["similarity", vectors(), "man", "king"])
        #expect(result.status == 0 && result.output == "man king 0.773957\n")
        let json = try objects(try CommandLineTool.run(["similarity", vectors(), "man", "king", "-json"]).output)
        #expect(json.count == 1 && abs((json[0]["similarity"] as? Double ?? 0) - 0.773957) < 1e-6)
        for (words, error) in [
            (["man", "nowhere"], "nowhere: not in the vocabulary, and no file"), (["man"], "man: no such file"),
            (["man", "king", "queen"], "man: no such file; words are compared two at a time, found 3"),
        ] {
            let wrong = try CommandLineTool.run(["similarity", vectors()] + words)
            #expect(wrong.status != 0 && wrong.firstErrorLine.contains(error), "\(wrong.error)")
        }
        // A file of that name makes all of them files.
        _ = try folder.file("man", "man\tking\t3\nman\tqueen\t2\n")
        let file = try CommandLineTool.run(["similarity", vectors(), "man", "king"], in: folder.path)
        #expect(file.status == 1 && file.firstErrorLine.contains("king: cannot be read"))
        #expect(try CommandLineTool.run(["similarity", vectors(), "man"], in: folder.path).output.contains("Spearman"))
    }

    @Test func similarityOfPairFiles() throws {
        let one = try folder.file("one.tsv", "man\twoman\t5\nking\tqueen\t9\nking\tapple\t1\nman\tprince\t3\n")
        let two = try folder.file("two.csv", "# a comment\nx,y,1\n")
        let table = try CommandLineTool.run(["similarity", vectors(), one, two])
        #expect(table.status == 0 && table.error.isEmpty)
        let lines = table.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines[0] == ["File", "Spearman", "Pearson", "Pairs", "Of", "Unknown", "words"])
        #expect(lines[1][0] == one && lines[1][1] == "1.0000" && Array(lines[1][3...]) == ["3", "4", "1"])
        #expect(lines[2] == [two, "-", "-", "0", "1", "2"])
        #expect(
            table.output.contains("Unknown in \(one): prince\n") && table.output.contains("Unknown in \(two): x y\n"))
        let answers = try objects(try CommandLineTool.run(["similarity", vectors(), one, two, "-json"]).output)
        #expect(answers[0]["pairs"] as? Int == 3 && answers[0]["unknownWords"] as? [String] == ["prince"])
        #expect(
            (answers[0]["spearman"] as? Double).map { abs($0 - 1) < 1e-12 } == true && answers[1]["spearman"] is NSNull)
        let broken = try CommandLineTool.run(["similarity", vectors(), folder.file("b", "a\tb\t1\nc\n")])
        #expect(broken.status == 1 && broken.firstErrorLine.contains("b, line 2: expected two words and a number"))
    }

    @Test func similarityOfWords() throws {
        let result = try CommandLineTool.run(["similarity", vectors()], input: "man king\nman\n</s> nowhere\n")
        #expect(result.status == 0)
        #expect(
            result.output.split(separator: "\n").map(String.init) == [
                "man king 0.773957", "words of a pair: expected 2, found 1", "nowhere: not in the vocabulary",
            ])
    }

    @Test func theOddOne() throws {
        let result = try CommandLineTool.run(["odd", vectors(), "king", "queen", "apple"])
        #expect(result.status == 0 && result.output == "apple\n")
        let lines = try CommandLineTool.run(["odd", vectors(), "-json"], input: "man king queen apple\nking\n")
        let answers = try objects(lines.output)
        #expect(answers[0]["odd"] as? String == "apple" && answers[1]["error"] != nil)
        let unknown = try CommandLineTool.run(["odd", vectors(), "king", "nowhere"])
        #expect(unknown.status == 1 && unknown.firstErrorLine == "Error: nowhere: not in the vocabulary")
    }

    @Test func accuracyOfAnalogies() throws {
        let questions = try folder.file(
            "q.txt",
            ": family\nMan King Woman Queen\nman king woman apple\nman king woman prince\n: b\n: c\n: d\n: e\n: gram1\n"
                + "king man queen woman\n")
        let result = try CommandLineTool.run(["accuracy", vectors(), questions])
        #expect(result.status == 0 && result.error.isEmpty)
        let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines[1] == ["family", "50.00", "%", "1", "2", "1"] && lines[2] == ["b", "-", "0", "0", "0"])
        #expect(lines[6] == ["gram1", "100.00", "%", "1", "1", "0"])
        #expect(
            result.output.hasSuffix(
                """

                Total accuracy: 66.67 %   Semantic accuracy: 50.00 %   Syntactic accuracy: 100.00 %
                Questions seen / total: 3 4   75.00 %

                """))
        let none = try CommandLineTool.run(["accuracy", vectors(), questions, "-limit", "2", "-method", "multiply"])
        #expect(none.output.contains("Total accuracy: -   Semantic accuracy: -   Syntactic accuracy: -"))
        let answer = try objects(try CommandLineTool.run(["accuracy", vectors(), questions, "-json"]).output)[0]
        #expect((answer["total"] as? [String: Any])?["correct"] as? Int == 2)
        #expect((answer["sections"] as? [[String: Any]])?.map { $0["unknown"] as? Int } == [1, 0, 0, 0, 0, 0])
        let broken = try CommandLineTool.run(["accuracy", vectors(), folder.file("b", ": a\nx y\n")])
        #expect(broken.status == 1 && broken.firstErrorLine.contains("b, line 2: expected four words"))
    }

    @Test(arguments: [
        ["analogy", "a", "b", "c", "-metod", "add"], ["analogy", "a", "b"],
        ["analogy", "a", "b", "c", "-method", "cos"],
        ["odd", "a", "b", "-jsn"], ["accuracy"], ["accuracy", "q", "-threshold", "-1"],
        ["accuracy", "q", "-limit", "0"],
        ["similarity", "p", "-count", "3"],
        ["distance", "a", "-threshold", "-2"], ["distance", "a", "-limit", "-2"],
        ["distance", "a", "-limit", "2", "-threshold", "2"],
    ])
    func whatMakesNoSenseIsRefused(arguments: [String]) throws {
        let result = try CommandLineTool.run([arguments[0], vectors()] + arguments.dropFirst())
        #expect(result.status == 64 && !result.crashed && result.firstErrorLine.hasPrefix("Error: "))
        if let flag = ["-metod", "-jsn", "-threshold", "-limit", "-count"].first(where: arguments.contains) {
            #expect(result.firstErrorLine.contains(flag))
        }
    }

    @Test func everyInstructionSetGivesTheSameAnswer() throws {
        let path = folder.path("v.bin")
        let trained = try CommandLineTool.run(
            "train -exact 1 -cbow 0 -negative 5 -size 20 -iter 1 -min-count 50 -debug 0 -train", Fixtures.bible,
            "-output",
            path)
        #expect(trained.status == 0)
        let sets = try CommandLineTool.run(["info"]).output.split(separator: "\n")
            .first { $0.hasPrefix("Instruction sets present: ") }?.dropFirst(26).split(separator: ", ").map(String.init)
        let outputs = try (sets ?? []).map { set in
            try CommandLineTool.run(
                ["distance", path, "-file", "-", "-json"], input: "king\nking david\nbread\n",
                environment: ["W2V_ISA": set]
            ).output
        }
        #expect(outputs.count > 1 && Set(outputs).count == 1 && outputs[0].split(separator: "\n").count == 3)
        let unknown = try CommandLineTool.run(["distance", path, "king"], environment: ["W2V_ISA": "mmx"])
        #expect(unknown.status == 1 && unknown.firstErrorLine.contains("W2V_ISA"))
    }
}
