/// A stretch of a text that one thread reads: it begins where a word may begin and ends behind white space, or at the
/// end of the text.
struct TextStretch: Sendable {
    let file: TextFile
    /// Bytes of a regular file; nil is all of a stream.
    let range: Range<Int>?
    /// Whether a word stands before it on its first line.
    let continuesLine: Bool
    /// Whether the text ends with it.
    let endsText: Bool

    /// Deals texts out to `parts` readers in order, each with about as many bytes of regular files; where a stream stands
    /// among them, it goes to the reader whose turn it is. Readers without a stretch are left out, but for the first.
    static func deal(_ files: [TextFile], parts: Int) throws(Word2VecError) -> [[TextStretch]] {
        let total = files.reduce(0) { $0 + ($1.byteCount ?? 0) }
        var dealt: [[TextStretch]] = [[]]
        var before = 0
        for file in files {
            guard let size = file.byteCount else {
                dealt[dealt.count - 1].append(
                    TextStretch(file: file, range: nil, continuesLine: false, endsText: true))
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
                let end = goal < size ? try file.endOfSeparator(near: goal) : size
                dealt[dealt.count - 1].append(
                    TextStretch(
                        file: file, range: start..<end, continuesLine: try file.lineIsOpen(at: start),
                        endsText: end == size))
                start = end
            }
            before += size
        }
        let busy = dealt.filter { !$0.isEmpty }
        return busy.isEmpty ? [[]] : busy
    }
}

extension TextFile {
    private static let step = 4096

    /// The first place at or after `offset`, which is above 0, that stands just behind a space, tab or newline; else the
    /// end of the file.
    fileprivate func endOfSeparator(near offset: Int) throws(Word2VecError) -> Int {
        let size = byteCount ?? 0
        var start = offset - 1
        while start < size {
            let bytes = try bytes(in: start..<min(start + Self.step, size))
            if let at = bytes.firstIndex(where: { [0x20, 0x09, 0x0A].contains($0) }) { return start + at + 1 }
            start += bytes.count
        }
        return size
    }

    /// Whether a word stands between the last newline and `offset`. O(white space before it).
    fileprivate func lineIsOpen(at offset: Int) throws(Word2VecError) -> Bool {
        var end = offset
        while end > 0 {
            let start = max(0, end - Self.step)
            if let last = try bytes(in: start..<end).last(where: { ![0x20, 0x09, 0x0D].contains($0) }) {
                return last != 0x0A
            }
            end = start
        }
        return false
    }
}
