import ArgumentParser
import Word2Vec

/// What `w2v-c train` does once its flags are read.
struct TrainRun {
    let files: Train.Files
    let supervision: Train.Supervision
    let options: TrainingOptions
    let debug: Int
    let isJSON: Bool
    let seedIsGiven: Bool

    func run() throws {
        let messages = try Messages(
            besides: [("-output", files.output), ("-save-vocab", files.saveVocabulary), ("-log", supervision.log)],
            isJSON: isJSON)
        let trainer = try Trainer(options: options)
        let instructionSet = try InstructionSet.chosen().rawValue
        let corpus = try Corpus(contentsOf: files.train)
        let plan = files.output.map { RunPlan(files, supervision, output: $0) }
        let inputs: [(flag: String, path: String?)] =
            files.train.map { ("-train", $0) } + [
                ("-read-vocab", files.readVocabulary), ("-init", supervision.initialVectors),
            ]
        if let plan {
            try plan.checkOutputs(against: inputs, besides: [("-save-vocab", files.saveVocabulary)])
        } else if let path = files.saveVocabulary {
            try checkOutput(path, against: inputs)
        }
        let initialVectors = try supervision.initialVectors.map { try WordVectors(contentsOf: $0) }
        if let initialVectors { try trainer.checkDimensions(of: initialVectors) }
        let session = try plan.map {
            try TrainingSession(
                plan: $0, trainer: trainer, debug: debug, messages: messages, initialVectors: initialVectors)
        }

        let encoded = try ProgressLine(isOn: debug > 1).follow { progress in
            try corpus.encoded(
                options: options,
                vocabulary: files.readVocabulary.map { try Vocabulary(contentsOf: $0, options: options) },
                progress: progress)
        }
        if debug > 0 { saySummary(of: encoded, instructionSet, messages) }
        if let path = files.saveVocabulary {
            try encoded.vocabulary.write(to: path)
            if debug > 0 || files.output == nil {
                messages.say("Wrote the vocabulary of \(encoded.vocabulary.count) words to \(path)")
            }
        }
        if debug > 0, let initialVectors, let path = supervision.initialVectors {
            sayStart(from: initialVectors, path: path, encoded.vocabulary, messages)
        }
        if isJSON, session == nil {
            print(
                JSON.object([
                    ("vocabulary", .integer(encoded.vocabulary.count)),
                    ("words", .integer(encoded.vocabulary.totalCount)),
                    ("savedVocabulary", files.saveVocabulary.map(JSON.string) ?? .null),
                ]))
        }
        try session?.run(encoded)
    }

    /// How many words of other vectors are there, and how many are not.
    private func sayStart(
        from vectors: WordVectors, path: String, _ vocabulary: Vocabulary, _ messages: Messages
    ) {
        let dropped = vocabulary.wordsMissing(of: vectors)
        let words = dropped.count == 1 ? "1 word" : "\(dropped.count) words"
        let are = dropped.count == 1 ? "is" : "are"
        let shown = dropped.prefix(5).joined(separator: " ") + (dropped.count > 5 ? " ..." : "")
        messages.say(
            """
            Start: \(vocabulary.count(in: vectors)) of \(vocabulary.count) words from \(path), the others at random; \
            \(words) of \(path) \(are) not in the vocabulary and \(are) dropped\(dropped.isEmpty ? "" : ": \(shown)")
            """)
    }

    private func saySummary(of corpus: EncodedCorpus, _ instructionSet: String, _ messages: Messages) {
        let vocabulary = corpus.vocabulary
        messages.say("Vocab size: \(vocabulary.count)")
        messages.say("Words in train file: \(vocabulary.totalCount)")
        if corpus.truncatedWords > 0 { messages.say("Words cut because of their length: \(corpus.truncatedWords)") }
        if corpus.heldOutTokenCount > 0 {
            let lines = corpus.heldOutLines
            messages.say("Held out: \(lines.count) of \(lines.total) lines, \(corpus.heldOutTokenCount) words")
        }
        guard files.output != nil else { return }
        var objectives: [String] = []
        if options.hierarchicalSoftmax { objectives.append("hierarchical softmax") }
        if options.effectiveNegatives > 0 { objectives.append("\(options.negatives) negative samples") }
        if options.loss == .softmax { objectives.append("full softmax") }
        messages.say(
            """
            Model: \(options.architecture == .cbow ? "CBOW" : "skip-gram"), \(objectives.joined(separator: " and ")), \
            size \(options.dimensions), window \(options.window)
            """)
        if options.hierarchicalSoftmax && options.effectiveNegatives > 0 {
            messages.say("Note: -hs 1 leaves negative sampling on, as in the original; -negative 0 switches it off")
        }
        if options.exact && seedIsGiven {
            messages.say("Note: -seed has no effect: -exact 1 uses the original's own random numbers")
        }
        messages.say(
            """
            Run: \(options.epochs) epochs, alpha \(options.effectiveAlpha), sample \(options.sample), \
            \(options.effectiveThreads) \(options.effectiveThreads == 1 ? "thread" : "threads"), \
            \(options.exact ? "exact" : "seed \(options.seed), \(instructionSet)")
            """)
    }
}
