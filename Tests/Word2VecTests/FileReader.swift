import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// A reader of files from outside, by what it makes of a small one.
struct FileReader: Sendable, CustomTestStringConvertible {
    let name: String
    /// What it reads.
    let text: [UInt8]
    /// What it read, as text; each reading opens the file again.
    let read: @Sendable (_ path: String) throws -> String
    var isBinary = false

    var testDescription: String { name }

    init(_ name: String, _ text: String, _ read: @escaping @Sendable (String) throws -> String) {
        (self.name, self.text, self.read) = (name, Array(text.utf8), read)
    }

    init(binary name: String, _ bytes: [UInt8], _ read: @escaping @Sendable (String) throws -> String) {
        (self.name, text, self.read, isBinary) = (name, bytes, read, true)
    }

    private static func description(of vectors: WordVectors) -> String {
        zip(words(vectors), rows(vectors)).map { "\($0) \($1)" }.joined(separator: "; ")
    }

    private static let vectors = try! WordVectors(
        words: ["king", "queen", "man", "woman"], vectors: [[1, 0], [0.5, 1], [-1, 0.25], [0.125, -1]])
    private static let values: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40]

    /// All that read text.
    static let ofText: [FileReader] = [
        FileReader("corpus", "king queen\nman\n\nwoman\n") { path in
            try Reading(Corpus(contentsOf: path).encoded(rules: .standard, minimumCount: 1, vocabulary: nil))
                .tokens.joined(separator: " ")
        },
        FileReader("counted words", "king queen\nman\n\nking\n") { path in
            var options = TrainingOptions()
            options.minimumCount = 1
            let words = try Corpus(contentsOf: path).countedWords(options: options)
            return words.vocabulary.table.words.joined(separator: " ")
        },
        FileReader("phrases", "new york\nnew york\nnew york\nnew york\nnew york\nold\n") { path in
            var options = PhraseOptions()
            (options.minimumCount, options.threshold) = (1, 0)
            let phrases = try Corpus(contentsOf: path).phrases(options: options)
            return "\(phrases[0].words) \(phrases[0].phrases.map(\.text))"
        },
        FileReader("word2vec text", "3 2\nking 0.5 0.25\nqueen 0.5 0.2\nman -0.5 0.1\n") { path in
            description(of: try WordVectors(contentsOf: path))
        },
        FileReader("GloVe text", "king 0.5 0.25\nqueen 0.5 0.2\nman -0.5 0.1\n") { path in
            description(of: try WordVectors(contentsOf: path))
        },
        FileReader("vocabulary", "</s> 3\nking 9\nqueen 7\n") { path in
            try Vocabulary(contentsOf: path, options: TrainingOptions()).table.words.joined(separator: " ")
        },
        FileReader("the original's vocabulary", "</s> 3\nking 9\nqueen 7\n") { path in
            var options = TrainingOptions()
            options.exact = true
            return try Vocabulary(contentsOf: path, options: options).table.words.joined(separator: " ")
        },
        FileReader("word list", "king\nqueen\nman\n") { path in
            let array = path + ".npy"
            let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }\n"
            try Data(npy(header, values)).write(to: URL(filePath: array))
            return description(of: try WordVectors(contentsOf: array, words: path))
        },
        FileReader("pairs", "king\tqueen\t8.5\nman\twoman\t3\n") { path in "\(try WordPairs(contentsOf: path))" },
        FileReader("analogies", ": family\nman king woman queen\n: other\nking man queen woman\n") { path in
            "\(try AnalogyQuestions(contentsOf: path))"
        },
        FileReader("evaluation", ": family\nman king woman queen\n") { path in
            "\(try EvaluationSet(contentsOf: path))"
        },
        FileReader("labels", "pos\tking queen\nneg\tman\n\npos\tqueen\n") { path in
            let text = try LabeledText(contentsOf: path)
            return (0..<text.count).map { "\(text.number(of: $0)) \(text.label(at: $0)): \(text.text(at: $0))" }
                .joined(separator: "; ")
        },
        FileReader("texts to label", "king queen\nman\n\nqueen\n") { path in
            let lines = try LabeledText([("a", "king king"), ("b", "man"), ("a", "queen"), ("b", "woman man")])
            let classifier = try TextClassifier.train(on: lines, vectors: vectors)
            var answers: [String] = []
            let coverage = try classifier.predict(linesOf: path) { answers += $0.map { $0?.label ?? "-" } }
            return "\(answers) \(coverage)"
        },
        FileReader("queries", "king\n\nking queen\n") { path in
            let lines = try LineReader(path: path)
            var read: [String] = []
            while let line = try lines.next() { read.append(String(decoding: line, as: UTF8.self)) }
            return read.joined(separator: "|")
        },
    ]

    private static let word2vecBinary: [UInt8] =
        Array("3 1\n".utf8)
        + ["a", "b", "c"].enumerated().flatMap { row, word -> [UInt8] in
            Array(word.utf8) + [32] + values[4 * row..<4 * row + 4] + [10]
        }

    /// All that read files that are not text.
    static let ofBinary: [FileReader] = [
        FileReader(binary: "word2vec binary", word2vecBinary) { path in
            description(of: try WordVectors(contentsOf: path))
        },
        FileReader(
            binary: "safetensors",
            safetensors(
                #"{"__metadata__":{"words":"a b c"},"x":{"dtype":"F32","shape":[3,1],"data_offsets":[0,12]}}"#, values)
        ) { path in description(of: try WordVectors(contentsOf: path)) },
        FileReader(
            binary: "NumPy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }\n", values)
        ) { path in
            let list = path + ".words"
            try Data("a\nb\nc\n".utf8).write(to: URL(filePath: list))
            return description(of: try WordVectors(contentsOf: path, words: list))
        },
    ]
}
