import Word2Vec

/// Questions from standard input or a file, one of words between spaces or tabs a line, until the end or the line EXIT.
struct QuestionLines {
    /// Written to standard error before each line is read from standard input.
    var prompt: String
    var isJSON: Bool

    /// Asks for lines and has each answered. A question that cannot be answered gives its error in place of an answer, and
    /// the next is asked.
    func answerEach(_ answer: ([String]) throws -> Void) throws {
        let lines = try LineReader(path: "-")
        while true {
            if !isJSON { StandardError.write(prompt) }
            guard let line = try lines.next(), !line.elementsEqual("EXIT".utf8) else { return }
            let words = Self.words(of: line)
            if !words.isEmpty { try give(words, answer) }
            StandardOutput.flush()
        }
    }

    /// Hands over the questions of a file, or of standard input if its name is -, many at a time: of a pipe those that are
    /// there, so that a program may wait for an answer before it asks again.
    func forEachBatch(
        of path: String, _ body: ([[String]]) throws(Word2VecError) -> Void
    ) throws(Word2VecError) {
        var isEmpty = true
        let reader = try LineReader(path: path)
        while let lines = try reader.nextLines() {
            let questions = lines.map(Self.words).filter { !$0.isEmpty }
            guard !questions.isEmpty else { continue }
            isEmpty = false
            try body(questions)
            StandardOutput.flush()
        }
        guard !isEmpty else {
            throw .malformed(path: path, place: .line(1), found: "no question", expected: "at least one word in a line")
        }
    }

    private static func words(of line: ArraySlice<UInt8>) -> [String] {
        String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\t" }.map(String.init)
    }

    private func give(_ words: [String], _ answer: ([String]) throws -> Void) throws {
        do {
            try answer(words)
        } catch let error as Word2VecError {
            show(error, for: words)
        }
    }

    /// Shows an error in place of an answer.
    func show(_ error: Word2VecError, for words: [String]) {
        if isJSON {
            print(JSON.object([("words", .array(words.map(JSON.string))), ("error", .string("\(error)"))]))
        } else {
            print(error)
        }
    }
}
