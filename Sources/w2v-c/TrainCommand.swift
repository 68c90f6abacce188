import ArgumentParser
import Word2Vec

/// What `w2v-c train` does once its flags are read.
struct TrainCommand {
    let files: Train.Files
    let options: TrainingOptions
    let debug: Int
    let seedIsGiven: Bool

    func run() throws {
        let trainer = try Trainer(options: options)
        let instructionSet = try InstructionSet.chosen().rawValue
        let corpus = try Corpus(contentsOf: files.train)
        let words = files.output.flatMap { files.classes > 0 ? nil : format(of: $0).wordsPath(besides: $0) }
        for path in [files.output, words, files.saveVocabulary].compactMap({ $0 }) {
            try checkOutput(
                path,
                against: files.train.map { ("-train", $0) } + [
                    ("-read-vocab", files.readVocabulary),
                    ("-save-vocab", path == files.output ? files.saveVocabulary : nil),
                ])
        }

        let encoded = try corpus.encoded(
            options: options, vocabulary: files.readVocabulary.map { try Vocabulary(contentsOf: $0, options: options) })
        if debug > 0 { printSummary(of: encoded, instructionSet: instructionSet) }
        if let path = files.saveVocabulary {
            try encoded.vocabulary.write(to: path)
            if debug > 0 || files.output == nil {
                print("Wrote the vocabulary of \(encoded.vocabulary.count) words to \(path)")
            }
        }
        guard let output = files.output else { return }

        let line = ProgressLine(isOn: debug > 1)
        let show: @Sendable (TrainingProgress) -> Void = { line.show($0) }
        let vectors = try trainer.train(encoded, progress: debug > 0 ? show : nil)
        if let last = line.finish(), debug > 0 {
            print("Trained \(last.totalWords) words in \(last.seconds.text(2)) s: \(last.rateText)")
            if !last.losses.isEmpty {
                print("Mean loss per pair, by epoch: \(last.losses.map { $0.text(4) }.joined(separator: " "))")
            }
        }
        try write(vectors, to: output)
    }

    private func printSummary(of corpus: EncodedCorpus, instructionSet: String) {
        let vocabulary = corpus.vocabulary
        print("Vocab size: \(vocabulary.count)")
        print("Words in train file: \(vocabulary.totalCount)")
        if corpus.truncatedWords > 0 { print("Words cut because of their length: \(corpus.truncatedWords)") }
        guard files.output != nil else { return }
        var objectives: [String] = []
        if options.hierarchicalSoftmax { objectives.append("hierarchical softmax") }
        if options.effectiveNegatives > 0 { objectives.append("\(options.negatives) negative samples") }
        if options.loss == .softmax { objectives.append("full softmax") }
        print(
            """
            Model: \(options.architecture == .cbow ? "CBOW" : "skip-gram"), \(objectives.joined(separator: " and ")), \
            size \(options.dimensions), window \(options.window)
            """)
        if options.hierarchicalSoftmax && options.effectiveNegatives > 0 {
            print("Note: -hs 1 leaves negative sampling on, as in the original; -negative 0 switches it off")
        }
        if options.exact && seedIsGiven {
            print("Note: -seed has no effect: -exact 1 uses the original's own random numbers")
        }
        print(
            """
            Run: \(options.epochs) epochs, alpha \(options.effectiveAlpha), sample \(options.sample), \
            \(options.effectiveThreads) \(options.effectiveThreads == 1 ? "thread" : "threads"), \
            \(options.exact ? "exact" : "seed \(options.seed), \(instructionSet)")
            """)
    }

    private func format(of path: String) -> VectorFormat {
        files.binary.map { $0.isOn ? .word2vecBinary : .word2vecText } ?? VectorFormat(path: path)
    }

    private func write(_ vectors: WordVectors, to path: String) throws {
        if files.classes > 0 {
            try vectors.classes(files.classes).write(to: path)
            print("Wrote \(files.classes) classes of \(vectors.count) words to \(path) (text)")
            return
        }
        let format = format(of: path)
        // Text is the original's, byte for byte.
        try vectors.write(to: path, format: format, numbers: .sixDecimals)
        print("Wrote \(vectors.count) vectors of \(vectors.dimensions) dimensions to \(path) (\(format.name))")
    }
}
