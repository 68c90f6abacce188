/// Analogy questions in sections, as in the file `questions-words.txt` (Mikolov et al. 2013).
///
/// A line of four words, a b c d, asks: a is to b as c is to ? The expected answer is d. A line `: name` begins a
/// section.
public struct AnalogyQuestions: Equatable, Sendable {
    /// One question: a is to b as c is to d.
    public struct Question: Equatable, Sendable {
        /// The first word of the pair that shows the relation.
        public var a: String
        /// The second word of that pair.
        public var b: String
        /// The first word of the other pair.
        public var c: String
        /// The expected answer.
        public var d: String

        /// A question of four words.
        public init(_ a: String, _ b: String, _ c: String, _ d: String) {
            (self.a, self.b, self.c, self.d) = (a, b, c, d)
        }
    }

    /// A section: questions of one kind.
    public struct Section: Equatable, Sendable {
        /// The name of the section. Empty for questions before the first name.
        public var name: String
        /// The questions, in order.
        public var questions: [Question]

        /// A section of questions.
        public init(name: String, questions: [Question]) {
            self.name = name
            self.questions = questions
        }
    }

    /// The sections, in order.
    public var sections: [Section]

    /// Creates questions from sections in memory.
    public init(sections: [Section]) {
        self.sections = sections
    }

    /// Reads a file. Blank lines are skipped.
    ///
    /// - Throws: ``Word2VecError/cannotRead(path:reason:)``; ``Word2VecError/malformed(path:place:found:expected:)``
    ///   for the first line that is neither a question nor a name.
    public init(contentsOf path: String) throws(Word2VecError) {
        try self.init(TextLines(path: path))
    }

    init(_ lines: TextLines) throws(Word2VecError) {
        let path = lines.path
        sections = []
        for line in lines {
            let fields = DecimalText.fields(in: line.bytes)
            if fields.first?.first == UInt8(ascii: ":") {
                let name = line.bytes.drop { $0 != UInt8(ascii: ":") }.dropFirst()
                sections.append(Section(name: Self.text(of: DecimalText.fields(in: name)), questions: []))
            } else if fields.count == 4 {
                if sections.isEmpty { sections.append(Section(name: "", questions: [])) }
                let words = fields.map { String(decoding: $0, as: UTF8.self) }
                sections[sections.count - 1].questions.append(Question(words[0], words[1], words[2], words[3]))
            } else if !fields.isEmpty {
                throw .malformed(
                    path: path, place: .line(line.number), found: Word2VecError.quoted(line.bytes),
                    expected: "four words, or a colon and the name of a section")
            }
        }
        guard sections.contains(where: { !$0.questions.isEmpty }) else {
            throw .malformed(path: path, place: .line(1), found: "no question", expected: "lines of four words")
        }
    }

    private static func text(of fields: [ArraySlice<UInt8>]) -> String {
        fields.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
