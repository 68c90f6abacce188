import Foundation
import TestSupport
import Testing

@Suite struct ClassesTests {
    private let folder = try! TemporaryFolder()

    private func vectors() throws -> String {
        try folder.file("v.txt", "6 2\n</s> 0 0\na 1 0.1\nb 0 1\nc 2 0\nd 0.1 3\ne -1 -1\n")
    }

    private func classes(_ flags: String) throws -> ProcessResult {
        try CommandLineTool.run("classes \(vectors()) \(flags)")
    }

    @Test func wordsWithTheirClassesInOrderOfRankOrOfClass() throws {
        let shown = try classes("-classes 3")
        #expect(shown.status == 0)
        let lines = shown.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.map { $0[0] } == ["</s>", "a", "b", "c", "d", "e"])
        let group = Dictionary(uniqueKeysWithValues: lines.map { ($0[0], $0[1]) })
        #expect(group["a"] == group["c"] && group["b"] == group["d"])
        #expect(Set([group["a"], group["b"], group["e"]]).count == 3 && group["</s>"] == "0")
        for text in ["Mean cosine to the center: 0.99", "Inertia: 0.00", "zero or not finite: 1"] {
            #expect(shown.error.contains(text), "\(shown.error)")
        }

        let path = folder.path("classes")
        let sorted = try classes("-classes 3 -sort 1 -output \(path)")
        #expect(sorted.error.isEmpty && sorted.lastLine == "Wrote 3 classes of 6 words to \(path)")
        #expect(sorted.output.hasPrefix("Class  Words  Mean cosine\n    0 "))
        let order = try text(of: path).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(order.map { $0[1] } == lines.map { $0[1] }.sorted())
        #expect(Set(order) == Set(lines))
    }

    @Test func theSeedRepeatsTheClasses() throws {
        #expect(try classes("-classes 3 -seed 7").output == classes("--classes 3 --seed 7 --method kmeans++").output)
        let seeds = try Set((1...8).map { try classes("-classes 3 -seed \($0)").output })
        #expect(seeds.count > 1)
    }

    @Test func theOriginalsClassesComeFromSavedVectors() throws {
        let flags = "-cbow 0 -negative 5 -size 16 -min-count 20 -iter 1 -exact 1 -binary 1 -debug 0"
        let path = folder.path("v.bin")
        #expect(try CommandLineTool.run("train \(flags) -train", Fixtures.bible, "-output", path).status == 0)
        let result = try CommandLineTool.run(
            "classes \(path) -classes 50 -method original -output", folder.path("classes_50.txt"))
        #expect(result.status == 0 && result.output.contains("Rounds: 10"))
        let golden = try #require(GoldenRun.all.first { $0.file == "classes_50.txt" })
        #expect(try CommandLineTool.sha256(of: folder.path("classes_50.txt")) == golden.sha256)
    }

    @Test func classesAsJSON() throws {
        let result = try classes("-classes 3 -json")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let groups = try #require(object["classes"] as? [[String: Any]])
        #expect(groups.map { $0["class"] as? Int } == [0, 1, 2] && object["method"] as? String == "kmeans++")
        let words = try groups.flatMap { try #require($0["words"] as? [String]) }
        #expect(words.sorted() == ["</s>", "a", "b", "c", "d", "e"])
        #expect(try #require(object["meanCosine"] as? Double) > 0.99)
        #expect(!result.error.contains("Class  Words"))
    }

    static let misuse: [(flags: String, firstLineNames: String)] = [
        ("-classes 2 -sroth 1", "-sroth"), ("-classes 0", "-classes"), ("-classes -1", "-classes"),
        ("-classes x", "-classes"),
        ("-classes 6", "at most 5"), ("-classes 1000001", "-classes"), ("-classes 2 -iter 0", "-iter"),
        ("-classes 2 -method kmeans", "-method"), ("-classes 2 -method original -seed 3", "-seed"),
        ("-classes 2 -method original -iter 3", "-iter"), ("-classes 2 -sort 2", "-sort"), ("", "-classes"),
        ("-classes 2 -output /no/such/x", "/no/such/x: cannot be written"),
    ]

    @Test(arguments: misuse.indices)
    func misuseIsNamedInTheFirstLine(index: Int) throws {
        let (flags, name) = Self.misuse[index]
        let result = try classes(flags)
        #expect(result.status != 0 && !result.crashed && result.output.isEmpty)
        #expect(result.firstErrorLine.contains(name), "\(result.error)")
    }

    @Test func brokenVectorsAndTheirOwnFileAreErrors() throws {
        let broken = try folder.file("broken", "2 2\na 1 2\nb 1\n")
        let result = try CommandLineTool.run("classes \(broken) -classes 1")
        #expect(result.status == 1 && result.firstErrorLine.contains("line 3: expected a word and 2 values"))
        let own = try classes("-classes 2 -output \(folder.path("v.txt"))")
        #expect(own.firstErrorLine.contains("would be overwritten"))
    }
}
