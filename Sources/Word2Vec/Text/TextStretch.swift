internal import Word2VecCore

extension TextStretch {
    /// Deals texts out to `parts` readers in order, each with about as many bytes of text. A file that is read from the front
    /// goes whole to the reader whose turn it is. Readers without a stretch are left out, but for the first.
    static func deal(
        _ files: [InputFile], parts: Int, rules: TokenRules
    ) throws(Word2VecError) -> [[TextStretch]] {
        let total = files.reduce(0) { $0 + $1.expectedTextSize }
        var dealt: [[TextStretch]] = [[]]
        // Text of the files before.
        var before = 0
        for file in files {
            guard let size = file.byteCount else {
                while dealt.count < parts, before > 0, total / parts * dealt.count <= before { dealt.append([]) }
                dealt[dealt.count - 1].append(
                    TextStretch(file: file, range: nil, continuesLine: false, endsText: true))
                before += file.expectedTextSize
                continue
            }
            var start = 0
            while start < size {
                // Where the reader in turn should end, counted in this file.
                let goal = dealt.count < parts ? total / parts * dealt.count - before : Int.max
                if goal <= start {
                    dealt.append([])
                    continue
                }
                let end = goal < size ? try core(file.placeBehindSeparator(from: goal - 1)) : size
                dealt[dealt.count - 1].append(
                    TextStretch(
                        file: file, range: start..<end, continuesLine: try file.lineIsOpen(at: start, rules),
                        endsText: end == size))
                start = end
            }
            before += size
        }
        let busy = dealt.filter { !$0.isEmpty }
        return busy.isEmpty ? [[]] : busy
    }
}

extension InputFile {
    private static let step = 4096

    /// Whether a word stands between the last line end and `offset`. O(white space before it).
    fileprivate func lineIsOpen(at offset: Int, _ rules: TokenRules) throws(Word2VecError) -> Bool {
        var end = offset
        while end > 0 {
            let start = max(0, end - Self.step)
            var bytes = try core(bytes(in: start..<end)[...])
            // A character may stand across the start.
            while let last = bytes.last, bytes.count >= Self.longestSpace || start == 0 {
                let isBlank = [0x20, 0x09, 0x00].contains(last)
                let blank = isBlank ? 1 : rules.unicodeSpaces ? Self.spaceLength(at: bytes) : 0
                if blank == 0 {
                    let isHead = start == 0 && bytes.elementsEqual(ByteView.byteOrderMark)
                    return ![0x0A, 0x0D].contains(last) && !(isHead && rules.skipsByteOrderMark)
                }
                bytes.removeLast(blank)
            }
            end = bytes.endIndex + start
        }
        return false
    }

    /// Bytes of white space beyond ASCII, at the most.
    private static let longestSpace = 3

    /// How many bytes the white space has that stands at the end of some text, beyond what ends words by all rules. UTF-8
    /// needs no look at what stands before.
    private static func spaceLength(at text: ArraySlice<UInt8>) -> Int {
        if text.last == 0x0B || text.last == 0x0C { return 1 }
        for length in 2...longestSpace where text.count >= length {
            let character = String(validating: text.suffix(length), as: UTF8.self)?.unicodeScalars
            if let character, character.count == 1, character.allSatisfy(\.properties.isWhitespace) { return length }
        }
        return 0
    }
}
