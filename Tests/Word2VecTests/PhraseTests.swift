import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

private typealias Bytes = [UInt8]
private let lineEnd = Bytes("</s>".utf8)

/// The original's word2phrase, plainly: one list of words and pairs, sorted and shortened as it does.
private func originalPhrases(_ text: Bytes, minimum: Int, threshold: Float) -> Bytes {
    let words = tokensByTheBook(text, longest: 58, keepsLastWord: false, original: true)
    func joined(_ a: Bytes, _ b: Bytes) -> Bytes { Bytes((a + [UInt8(ascii: "_")] + b).prefix(59)) }
    var (list, index): ([(word: Bytes, count: Int)], [Bytes: Int]) = ([(lineEnd, 0)], [lineEnd: 0])
    func add(_ word: Bytes) {
        if let at = index[word] {
            list[at].count += 1
        } else {
            index[word] = list.count
            list.append((word, 1))
        }
    }
    var (total, last) = (0, Bytes())
    for word in words where word != lineEnd {
        total += 1
        add(word)
        add(joined(last, word))
        last = word
    }

    let tail = list.enumerated().dropFirst().sorted {
        $0.element.count != $1.element.count ? $0.element.count > $1.element.count : $0.offset < $1.offset
    }
    list = [list[0]] + tail.map(\.element)
    var (counts, size, a): ([Bytes: Int], Int, Int) = ([:], list.count, 0)
    while a < size {
        if list[a].count < minimum { size -= 1 } else { counts[list[a].word] = list[a].count }
        a += 1
    }

    var (output, word, pa, pb, pab, isFirst): (Bytes, Bytes, Int, Int, Int, Bool) = ([], [], 0, 0, 0, true)
    for next in words {
        let last = word
        word = next
        if word == lineEnd {
            output.append(UInt8(ascii: "\n"))
            continue
        }
        var isOut = isFirst
        if let count = counts[word] { pb = count } else { isOut = true }
        isFirst = counts[word] == nil
        if let count = counts[joined(last, word)] { pab = count } else { isOut = true }
        if pa < minimum || pb < minimum { isOut = true }
        let score = isOut ? 0 : Float(pab - minimum) / Float(pa) / Float(pb) * Float(total)
        if score > threshold { pb = 0 }
        output += [UInt8(ascii: score > threshold ? "_" : " ")] + word
        pa = pb
    }
    return output
}

/// Phrases within lines, plainly, and how often each pair was joined.
private func plainPhrases(_ text: Bytes, minimum: Int, threshold: Double) -> (text: Bytes, joins: [Bytes: Int]) {
    let lines = tokensByTheBook(text, longest: 1024, keepsLastWord: true, original: false)
        .split(separator: lineEnd, omittingEmptySubsequences: false).dropLast().map(Array.init)
    var (words, pairs): ([Bytes: Int], [[Bytes]: Int]) = ([:], [:])
    for line in lines {
        for word in line { words[word, default: 0] += 1 }
        for (a, b) in zip(line, line.dropFirst()) where !a.isEmpty { pairs[[a, b], default: 0] += 1 }
    }
    let total = Double(words.values.reduce(0, +))
    func joins(_ a: Bytes, _ b: Bytes) -> Bool {
        guard let na = words[a], let nb = words[b], let pair = pairs[[a, b]], min(na, nb) >= minimum else {
            return false
        }
        return Double(pair - minimum) / Double(na) / Double(nb) * total > threshold
    }
    var (output, made): (Bytes, [Bytes: Int]) = ([], [:])
    for line in lines {
        var isFree = false
        for (n, word) in line.enumerated() {
            let isJoined = isFree && joins(line[n - 1], word)
            if n > 0 { output.append(UInt8(ascii: isJoined ? "_" : " ")) }
            if isJoined { made[line[n - 1] + [UInt8(ascii: "_")] + word, default: 0] += 1 }
            output += word
            isFree = !isJoined
        }
        output.append(UInt8(ascii: "\n"))
    }
    return (output, made)
}

/// Keeps what is written.
private final class MemorySink: ByteSink {
    var bytes: [UInt8] = []

    func write(_ append: (inout [UInt8]) -> Void) { append(&bytes) }
}

@Suite struct PhraseTests {
    private let folder = try! TemporaryFolder()

    private func join(
        _ texts: [Bytes], minimum: Int = 1, threshold: Double = 100, passes: Int = 1, exact: Bool
    ) throws -> (text: Bytes, results: [Phrases]) {
        let paths = try texts.enumerated().map { try folder.file("text\($0.offset)", $0.element) }
        var options = PhraseOptions()
        (options.minimumCount, options.threshold) = (minimum, threshold)
        (options.passes, options.exact) = (passes, exact)
        let sink = MemorySink()
        let results = try Corpus(contentsOf: paths).phrases(options) { sink }
        return (sink.bytes, results)
    }

    private func join(_ text: String, minimum: Int = 1, threshold: Double, exact: Bool) throws -> String {
        String(
            decoding: try join([Bytes(text.utf8)], minimum: minimum, threshold: threshold, exact: exact).text,
            as: UTF8.self)
    }

    /// A text of few words, so that pairs repeat, with all that is odd in texts.
    private static func text(_ random: inout SeededGenerator) -> Bytes {
        let long = [57, 58, 59, 60, 130].map { String(repeating: "x", count: $0) }
        let words =
            ["a", "b", "c", "a_b", "b_c", "a_", "_b", "_", "</s>", "\0", "a\0z", "\0b", "a\rb", "\r", "ä", "\u{1F600}"]
            + long
        var text = Bytes()
        let commonness = Int.random(in: 1...words.count, using: &random)
        for _ in 0..<Int.random(in: 0...120, using: &random) {
            let bound = Bool.random(using: &random) ? commonness : words.count
            text += words[Int.random(in: 0..<bound, using: &random)].utf8
            text += [" ", " ", " ", "\n", "\t", "  ", "\r\n", " \n\n"].randomElement(using: &random)!.utf8
        }
        if Bool.random(using: &random) { text += "a".utf8 }
        return text.isEmpty ? [UInt8(ascii: "\n")] : text
    }

    @Test(arguments: [0, 1, 2, 5])
    func theExactModeFollowsTheOriginalOnOddTexts(minimum: Int) throws {
        var random = SeededGenerator(seed: UInt64(minimum) + 1)
        var joins = 0
        for _ in 0..<60 {
            let text = Self.text(&random)
            for threshold in [0, 1.5, 20] {
                let (found, results) = try join([text], minimum: minimum, threshold: threshold, exact: true)
                #expect(
                    found == originalPhrases(text, minimum: minimum, threshold: Float(threshold)),
                    "\(text) \(threshold)")
                joins += results[0].joins
            }
        }
        #expect(joins > 20)
    }

    @Test(arguments: [0, 1, 2, 5])
    func theDefaultModeFollowsItsRulesOnOddTexts(minimum: Int) throws {
        var random = SeededGenerator(seed: UInt64(minimum) + 11)
        var joins = 0
        for _ in 0..<60 {
            let text = Self.text(&random)
            for threshold in [0, 1.5, 20] {
                let (found, results) = try join([text], minimum: minimum, threshold: threshold, exact: false)
                let expected = plainPhrases(text, minimum: minimum, threshold: threshold)
                #expect(found == expected.text, "\(text) \(threshold)")
                // A pair may read like another, as a_ b and a _b do: then their counts are added here.
                let made = Dictionary(results[0].phrases.map { ($0.bytes, $0.count) }, uniquingKeysWith: +)
                #expect(made == expected.joins)
                joins += results[0].joins
            }
        }
        #expect(joins > 20)
    }

    @Test func textsOfManyPiecesAndWordsAreTheSame() throws {
        var random = SeededGenerator(seed: 3)
        var (text, word) = (Bytes(), 0)
        for _ in 0..<100_000 {
            // Every third word depends on the one before.
            word =
                Int.random(in: 0..<3, using: &random) == 0
                ? word * 7 % 3000 : Int(pow(Double.random(in: 0..<1, using: &random), 3) * 3000)
            text += "w\(word)".utf8 + [UInt8(ascii: Int.random(in: 0..<12, using: &random) == 0 ? "\n" : " ")]
        }
        let exact = try join([text], minimum: 2, threshold: 20, exact: true)
        #expect(exact.text == originalPhrases(text, minimum: 2, threshold: 20))
        let plain = try join([text], minimum: 2, threshold: 20, exact: false)
        let expected = plainPhrases(text, minimum: 2, threshold: 20)
        #expect(plain.text == expected.text)
        let counts = plain.results[0].phrases.map(\.count)
        #expect(counts == expected.joins.values.sorted(by: >) && counts.count > 50)
        #expect(plain.results[0].words == 100_000)
        // Files are one text, or one after the other; cut in a word and behind a line.
        let half = text.prefix(text.count / 2)
        #expect(
            try join([Array(half), Array(text.dropFirst(half.count))], minimum: 2, threshold: 20, exact: true).text
                == exact.text)
        let lines = text[...text.prefix(text.count / 2).lastIndex(of: UInt8(ascii: "\n"))!]
        #expect(
            try join([Array(lines), Array(text.dropFirst(lines.count))], minimum: 2, threshold: 20, exact: false).text
                == plain.text)
    }

    @Test func rulesOfTheExactMode() throws {
        // A word of a pair that was joined joins nothing more; the last word, without white space behind it, is lost.
        #expect(try join("x y x y z \nx", threshold: 0, exact: true) == " x_y x_y z\n")
        #expect(try join("x y z", minimum: 0, threshold: 0, exact: true) == " x_y")
        // Pairs go on across lines in counting, not in joining.
        #expect(
            try join("a\nb\na\nb\na b q q q q q \n", minimum: 1, threshold: 1, exact: true).hasSuffix(
                " a_b q_q q_q q\n"))
    }

    @Test func rulesOfTheDefaultMode() throws {
        let text = "new york is big\nnew york\r\nin new york new\nnew\nyork"
        let joined = "new_york is big\nnew_york\nin new_york new\nnew\nyork\n"
        #expect(try join(text, threshold: 1, exact: false) == joined)
        #expect(try join(text, minimum: 3, threshold: 0, exact: false) == text.replacing("\r\n", with: "\n") + "\n")
        let long = String(repeating: "y", count: 1000)
        let twice = "\(long) z q q q q\n\(long) z q q q q\n"
        #expect(try join(twice, threshold: 1, exact: false) == twice.replacing("\(long) z", with: "\(long)_z"))
        #expect(try join("\n\n a\n", threshold: 0, exact: false) == "\n\na\n")
    }

    @Test(arguments: [false, true])
    func aSecondPassReadsWhatTheFirstHasWritten(exact: Bool) throws {
        let text = Bytes(
            String(repeating: "in new york city hall they met\nthey met in a hall of new\n", count: 9).utf8)
        let once = try join([text], minimum: 3, threshold: 3, exact: exact)
        let twice = try join([once.text], minimum: 3, threshold: 3, exact: exact)
        let both = try join([text], minimum: 3, threshold: 3, passes: 2, exact: exact)
        #expect(both.text == twice.text && both.text != once.text)
        #expect(both.results.count == 2)
        #expect(both.results[0].phrases == once.results[0].phrases)
        #expect(both.results[1].phrases == twice.results[0].phrases)
        #expect(both.results[1].words == once.results[0].words - once.results[0].joins)
    }

    @Test func thePhrasesOfTheBible() throws {
        let corpus = try Corpus(contentsOf: Fixtures.bible)
        let top = ["thou_shalt", "thou_hast", "thus_saith", "round_about", "these_things"]
        for exact in [false, true] {
            var options = PhraseOptions()
            options.exact = exact
            let result = try corpus.phrases(options: options)[0]
            #expect(result.phrases.prefix(5).map(\.text) == top)
            #expect(result.phrases.prefix(5).map(\.count) == [1250, 769, 444, 295, 293])
            #expect(result.phrases.allSatisfy { $0.score > 100 })
            #expect(result.words == 792_032 && result.joins == result.phrases.reduce(0) { $0 + $1.count })
        }
    }

    @Test func whatCannotBeIsAnError() throws {
        let corpus = try Corpus(contentsOf: folder.file("a", "a b\n"))
        func expect(_ error: Word2VecError, _ change: (inout PhraseOptions) -> Void) {
            var options = PhraseOptions()
            change(&options)
            #expect(throws: error) { try corpus.phrases(options: options) }
        }
        expect(.invalidOption("min-count", found: "-1", expected: "0 or above")) { $0.minimumCount = -1 }
        expect(.invalidOption("threshold", found: "nan", expected: "a finite number, 0 or above")) {
            $0.threshold = .nan
        }
        expect(.invalidOption("threshold", found: "1e+300", expected: "a finite number, 0 or above")) {
            $0.threshold = 1e300
        }
        expect(.invalidOption("passes", found: "0", expected: "from 1 to 100")) { $0.passes = 0 }
        #expect(throws: Word2VecError.cannotWrite(path: "/no/such/x", reason: "No such file or directory")) {
            try corpus.joinPhrases(to: "/no/such/x")
        }
        #expect(try folder.names == ["a"])
    }
}
