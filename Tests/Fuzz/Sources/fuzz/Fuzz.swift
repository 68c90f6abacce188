import CFuzzer

@testable import Word2Vec
@testable import Word2VecCore

/// `fuzz READER [libFuzzer's flags] CORPUS...`: one fuzzer for each reader of files. A trap, a byte read outside of a file, or
/// vectors that are not whole end it.
@main
enum Fuzz {
    static func main() {
        let names = readers.keys.sorted().joined(separator: ", ")
        guard CommandLine.argc > 1, let name = CommandLine.arguments.dropFirst().first, let reader = readers[name]
        else {
            print("usage: fuzz READER [flags] CORPUS...; READER is one of \(names)")
            return
        }
        chosen = reader
        // libFuzzer does not see the reader's name.
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
        arguments?[0] = CommandLine.unsafeArgv[0]
        _ = LLVMFuzzerRunDriver(&count, &arguments) { data, size in
            let bytes = data.map { Array(UnsafeBufferPointer(start: $0, count: size)) } ?? []
            Fuzz.chosen(bytes)
            return 0
        }
    }

    nonisolated(unsafe) private static var chosen: ([UInt8]) -> Void = { _ in }

    private static let readers: [String: @Sendable ([UInt8]) -> Void] = [
        "any": { read($0, nil) },
        "binary": { read($0, .word2vecBinary) },
        "text": { read($0, .word2vecText) },
        "glove": { read($0, .glove) },
        "safetensors": { read($0, .safetensors) },
        "numpy": { read($0, .numpy) },
        "words": { bytes in
            MappedFile(bytes, name: "words").check { view throws(Word2VecError) in
                _ = try WordList.read(view, of: "words", rows: bytes.count { $0 == 10 })
            }
        },
        "tokens": { tokenize($0) },
        "opening": { open($0) },
        "archive": { damage($0) },
        "lines": { split($0) },
        "checkpoint": { readCheckpoint($0) },
        "vocabulary": { bytes in
            for rules in [TokenRules.original, TokenRules(TrainingOptions())] {
                guard
                    let vocabulary = try? Vocabulary(
                        MappedFile(bytes, name: "vocabulary"), minimumCount: 1, maximum: nil, rules: rules)
                else { continue }
                precondition(vocabulary.counts.reduce(0, +) == vocabulary.totalCount)
            }
        },
    ]

    /// Reads a checkpoint whose checksum is made right, and loads what was accepted.
    private static func readCheckpoint(_ bytes: [UInt8]) {
        guard bytes.count >= 8 else { return }
        let end = bytes.count - 8
        let head = Array(bytes[..<end])
        let checksum = MappedFile(head, name: "head").checksum
        let forged = head + (0..<8).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
        guard let checkpoint = try? Checkpoint(MappedFile(forged, name: "checkpoint")) else { return }
        precondition((0...checkpoint.options.epochs).contains(checkpoint.epochsDone))
        precondition(checkpoint.fraction >= 0 && checkpoint.fraction <= 1)
        guard let store = try? ModelParameters(words: checkpoint.vocabulary.count, options: checkpoint.options) else {
            return
        }
        _ = try? checkpoint.load(store)
    }

    /// Reads a file in every way, and each word and value of it.
    private static func read(_ bytes: [UInt8], _ format: VectorFormat?) {
        var options = VectorLoading()
        options.words = MappedFile(Array("a\nb\nc\nd\ne\nf\n".utf8), name: "words")
        for (storage, policy, limit) in [
            (VectorStorage.mapped, InvalidUTF8.keep, Int.max), (.copied, .replace, .max), (.copied, .skip, 3),
            (.mapped, .fail, 2),
        ] {
            options.storage = storage
            options.invalidUTF8 = policy
            options.maximumCount = limit
            guard let vectors = try? WordVectors(MappedFile(bytes, name: "file"), format: format, options) else {
                continue
            }
            precondition(vectors.count <= limit && vectors.matrix.rows == vectors.count)
            for rank in 0..<vectors.count {
                let found = vectors.words.rank(of: vectors.words.bytes(at: rank))
                precondition(found != nil && found ?? 0 <= rank && vectors.vector(at: rank).count == vectors.dimensions)
            }
            precondition((try? vectors.summary())?.words == vectors.count)
        }
    }
}

extension MappedFile {
    fileprivate var checksum: UInt64 { (try? withView { view throws(Word2VecError) in view.checksum }) ?? 0 }

    fileprivate func check(_ body: (ByteView) throws(Word2VecError) -> Void) {
        try? withView(body)
    }
}
