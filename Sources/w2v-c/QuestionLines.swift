import Word2Vec

/// Questions from standard input or a file, one of words between spaces or tabs a line, until the end or the line EXIT.
struct QuestionLines {
    /// Written to standard error before each line is read from standard input.
    var prompt: String
    var isJSON: Bool

    /// Asks for lines and has each answered. A question that cannot be answered gives its error in place of an answer, and
    /// the next is asked.
    func answerEach(_ answer: ([String]) throws -> Void) throws {
        while true {
            if !isJSON { StandardError.write(prompt) }
            guard let line = readLine(), line != "EXIT" else { return }
            try give(line, answer)
        }
    }

    /// The same for the lines of a file, or of standard input if its name is -.
    func answerEach(in path: String, _ answer: ([String]) throws -> Void) throws {
        guard path != "-" else {
            while let line = readLine() { try give(line, answer) }
            return
        }
        for line in try TextLines(path: path) { try give(String(decoding: line.bytes, as: UTF8.self), answer) }
    }

    private func give(_ line: String, _ answer: ([String]) throws -> Void) throws {
        let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
        guard !words.isEmpty else { return }
        do {
            try answer(words)
        } catch let error as Word2VecError {
            if isJSON {
                print(JSON.object([("words", .array(words.map(JSON.string))), ("error", .string("\(error)"))]))
            } else {
                print(error)
            }
        }
        StandardOutput.flush()
    }
}
