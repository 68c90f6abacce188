import CWord2Vec
import TestSupport
import Testing

@Suite struct WordsTests {
    /// Byte by byte.
    private func plainJSONByTheBook(_ text: [UInt8]) -> (end: Int, starts: [Int], hasMultibyte: Bool) {
        let end = text.firstIndex { $0 < 32 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") } ?? text.count
        let starts = text[..<end].indices.filter { text[$0] == UInt8(ascii: " ") }.map { $0 + 1 }
        return (end, starts, text[..<end].contains { $0 >= 128 })
    }

    @Test func plainJSONIsSkippedToTheFirstByteThatNeedsALook() {
        var random = SeededGenerator(seed: 1)
        for round in 0..<20_000 {
            let rare = round % 3 == 0 ? 1 : 40
            let text = (0..<Int.random(in: 0...200, using: &random)).map { _ -> UInt8 in
                switch Int.random(in: 0..<(20 * rare), using: &random) {
                case 0: [0, 10, 31, 34, 92].randomElement(using: &random) ?? 34
                case 1: [32, 33, 35, 91, 93, 127, 128, 0xA0, 0xA2, 0xDC, 255].randomElement(using: &random) ?? 255
                case 2...(5 * rare): 32
                default: UInt8.random(in: 97...122, using: &random)
                }
            }
            let (end, starts, hasMultibyte) = plainJSONByTheBook(text)
            var found = [Int](repeating: -1, count: w2v_word_starts_room(text.count))
            var (count, multibyte) = (-1, false)
            let place = text.withUnsafeBufferPointer { text in
                w2v_skip_plain_json(
                    text.baseAddress ?? UnsafePointer(bitPattern: 8)!, text.count, 1000, &found, &count, &multibyte)
            }
            #expect(place == end && Array(found.prefix(max(count, 0))) == starts.map { $0 + 1000 })
            #expect(multibyte || !hasMultibyte)
        }
    }
}
