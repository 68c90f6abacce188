internal import Word2VecCore

/// The result of an analogy test: how many questions were answered correctly.
public struct AnalogyAccuracy: Equatable, Sendable {
    /// The counts for one section of questions, or for several together.
    public struct Section: Equatable, Sendable {
        /// The name of the section. Empty for questions before the first name.
        public var name: String
        /// The number of questions whose best answer is the expected one.
        public var correct: Int
        /// The number of questions that were asked: the vectors contain all their words.
        public var asked: Int
        /// Questions.
        public var total: Int

        /// The number of questions that were skipped, because the vectors do not contain one of their words.
        public var unknown: Int { total - asked }
        /// `correct` / `asked`. Nil if no question was asked.
        public var accuracy: Double? { asked > 0 ? Double(correct) / Double(asked) : nil }
    }

    /// The results of the sections, in the order of the questions.
    public var sections: [Section]

    /// The sum over all sections.
    public var total: Section { Self.sum("total", sections[...]) }
    /// The sum over the first five sections. These are the semantic ones in `questions-words.txt`.
    public var semantic: Section { Self.sum("semantic", sections.prefix(Self.semanticSections)) }
    /// The sum over the other sections. These are the syntactic ones in `questions-words.txt`.
    public var syntactic: Section { Self.sum("syntactic", sections.dropFirst(Self.semanticSections)) }

    /// As the original counts them.
    private static let semanticSections = 5

    private static func sum(_ name: String, _ sections: ArraySlice<Section>) -> Section {
        sections.reduce(into: Section(name: name, correct: 0, asked: 0, total: 0)) { sum, section in
            sum.correct += section.correct
            sum.asked += section.asked
            sum.total += section.total
        }
    }
}

extension WordVectors {
    /// Answers analogies and counts the correct answers, as the original's `compute-accuracy` does. Case is ignored: in
    /// all scripts, by Unicode's default case folding, where the original ignores it for ASCII only. Only the first
    /// `limit` words are used (nil: all). The three words of a question are excluded from its answers.
    ///
    /// - Throws: ``Word2VecError/outOfMemory(bytes:purpose:)``.
    /// - Complexity: O(V x (U x D + questions)) for U distinct words in the questions. Runs on all cores.
    public func accuracy(
        on questions: AnalogyQuestions, limit: Int? = nil, method: AnalogyMethod = .addition
    ) throws(Word2VecError) -> AnalogyAccuracy {
        let rows = Swift.min(Swift.max(limit ?? count, 0), count)
        let asked = known(questions, limit: rows)
        let search = try search(count: 1, limit: rows)
        let answers = try core(search.analogies(asked.map(\.query), multiplies: method == .multiplication))

        var result = AnalogyAccuracy(
            sections: questions.sections.map { section in
                AnalogyAccuracy.Section(name: section.name, correct: 0, asked: 0, total: section.questions.count)
            })
        for ((section, _, right), answer) in zip(asked, answers) {
            result.sections[section].asked += 1
            // Another row may be the same word in another case.
            if let found = answer.first?.row,
                found == right
                    || CaseFolding.folded(words.bytes(at: found)) == CaseFolding.folded(words.bytes(at: right))
            {
                result.sections[section].correct += 1
            }
        }
        return result
    }
    /// The questions whose words are all among the first `limit` words.
    func known(
        _ questions: AnalogyQuestions, limit: Int
    ) -> [(section: Int, query: AnalogyQuery, answer: Int)] {
        let known = FoldedWords(self, limit: Swift.min(limit, count))
        var asked: [(section: Int, query: AnalogyQuery, answer: Int)] = []
        for (number, section) in questions.sections.enumerated() {
            for question in section.questions {
                guard let a = known.rank(of: question.a), let b = known.rank(of: question.b),
                    let c = known.rank(of: question.c), let d = known.rank(of: question.d)
                else { continue }
                asked.append((number, AnalogyQuery(a: a, b: b, c: c), d))
            }
        }
        return asked
    }
}
