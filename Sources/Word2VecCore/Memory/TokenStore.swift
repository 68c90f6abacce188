internal import CWord2Vec

/// The corpus as token ids: Int32 ranks of the vocabulary, 0 where a sentence ends. Words outside the vocabulary are not
/// in it. 4 bytes a token.
package struct TokenStore: Sendable {
    package let count: Int
    private let memory: Memory
    /// Once somebody has asked for it.
    private let knownChecksum = Locked<UInt64?>(nil)

    /// Takes over memory that holds `count` ids.
    package init(memory: Memory, count: Int) {
        self.memory = memory
        self.count = count
    }

    /// The first id; valid while this value is.
    var pointer: UnsafePointer<Int32> {
        UnsafePointer(memory.bound(to: Int32.self))
    }

    package subscript(position: Int) -> Int32 {
        precondition(position >= 0 && position < count, "position outside of the tokens")
        return pointer[position]
    }

    /// A number that names the ids (``StreamChecksum``). O(n) the first time.
    package var checksum: UInt64 {
        knownChecksum.withLock { known in
            if let known { return known }
            var checksum = StreamChecksum()
            #if _endian(big)
                for position in 0..<count {
                    withUnsafeBytes(of: self[position].littleEndian) { checksum.combine($0) }
                }
            #else
                checksum.combine(UnsafeRawBufferPointer(UnsafeBufferPointer(start: pointer, count: count)))
            #endif
            known = checksum.value
            return checksum.value
        }
    }

    /// Whether any token is a word. O(sentence ends before the first word).
    package var hasWords: Bool { hasOthers(than: 0, and: 0) }

    /// Whether any token is none of two ids. O(such tokens at the beginning).
    package func hasOthers(than first: Int32, and second: Int32) -> Bool {
        UnsafeBufferPointer(start: pointer, count: count).contains { $0 != first && $0 != second }
    }

    /// What is left of the tokens, those of the lines that were moved out, and how many lines these are.
    package struct HeldOut {
        package let kept: TokenStore
        package let tokens: TokenStore
        package let lines: Int
        package let allLines: Int
    }

    /// Moves lines out of the tokens, which are those of nobody else (`w2v_hold_out`). O(n).
    package func holdingOut(
        _ share: Double, seed: UInt64, memory: TokenMemory
    ) throws(CoreError) -> HeldOut {
        let threshold = UInt64(share * 0x1p64)
        let tokens = self.memory.bound(to: Int32.self)
        let counted = w2v_hold_out(tokens, Int64(count), seed, threshold, nil)
        let held = try TokenStoreBuilder(count: Int(counted.held_tokens), limit: memory)
        _ = try held.fill { w2v_hold_out(tokens, Int64(count), seed, threshold, $0) }
        return HeldOut(
            kept: TokenStore(memory: self.memory, count: Int(counted.kept_tokens)), tokens: held.finish(),
            lines: Int(counted.held_lines), allLines: Int(counted.lines))
    }

    /// The end of the chunk that begins at `start`: the first sentence end at least `length` tokens on, or, in a line
    /// that is longer, `2 * length` tokens on.
    package func endOfChunk(from start: Int, length: Int) -> Int {
        let last = min(count, start + 2 * length)
        var end = min(count, start + length)
        while end < last && pointer[end - 1] != 0 { end += 1 }
        return end
    }
}

/// Puts the ids of a corpus together from its parts, whose lengths are known. Threads may fill different parts at once.
package struct TokenStoreBuilder: Sendable {
    private let count: Int
    private let memory: Memory
    /// Where the memory lies, if it is a file's.
    private let file: TemporaryFile?

    /// Room for `count` ids: a temporary file's if they are more than the limit.
    package init(count: Int, limit: TokenMemory) throws(CoreError) {
        let byteCount = max(count, 1) * MemoryLayout<Int32>.stride
        self.count = count
        if byteCount > limit.limit {
            let file = try TemporaryFile()
            memory = try file.map(byteCount: byteCount)
            self.file = file
        } else {
            memory = try Memory(zeroed: byteCount, for: "token ids", use: .table)
            file = nil
        }
    }

    /// Writes a part, each id replaced by `map[id]`, those with a negative one left out; that must give as many as the
    /// part's range has. The buffer is empty then.
    package func fill(_ range: Range<Int>, from buffer: TokenBuffer, map: [Int32]) throws(CoreError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "part outside of the tokens")
        var next = range.lowerBound
        try buffer.drain { (ids, count) throws(CoreError) in
            let most = min(range.upperBound, next + count)
            try file?.reserve(next * MemoryLayout<Int32>.stride..<most * MemoryLayout<Int32>.stride)
            next += Int(w2v_ids_map(ids, Int64(count), map, memory.bound(to: Int32.self) + next))
            precondition(next <= range.upperBound, "more tokens than were counted")
        }
        precondition(next == range.upperBound, "fewer tokens than were counted")
    }

    /// Has all ids written.
    package func fill<Result>(_ body: (UnsafeMutablePointer<Int32>) -> Result) throws(CoreError) -> Result {
        try file?.reserve(0..<max(count, 1) * MemoryLayout<Int32>.stride)
        return body(memory.bound(to: Int32.self))
    }

    /// The ids, once all parts are there.
    package func finish() -> TokenStore {
        TokenStore(memory: memory, count: count)
    }
}
