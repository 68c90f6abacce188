internal import CWord2Vec

/// The corpus as token ids: Int32 ranks of the vocabulary, 0 for a sentence end. Words outside the vocabulary are
/// dropped. 4 bytes per token.
package struct TokenStore: Sendable {
    package let count: Int
    private let memory: Memory
    /// Computed when it is first asked for.
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

    /// A checksum that identifies the ids (``StreamChecksum``). O(n) the first time.
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

    /// Whether any token differs from two given ids. O(such tokens at the beginning).
    package func hasOthers(than first: Int32, and second: Int32) -> Bool {
        UnsafeBufferPointer(start: pointer, count: count).contains { $0 != first && $0 != second }
    }

    /// The tokens that are left, those of the lines that were moved out, and the number of these lines.
    package struct HeldOut {
        package let kept: TokenStore
        package let tokens: TokenStore
        package let lines: Int
        package let allLines: Int
    }

    /// Moves lines out of the tokens, which must not be shared (`w2v_hold_out`). O(n).
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

    /// The end of the chunk that begins at `start`: the first sentence end after at least `length` tokens, or `2 *
    /// length` tokens if the line is longer than that.
    package func endOfChunk(from start: Int, length: Int) -> Int {
        let last = min(count, start + 2 * length)
        var end = min(count, start + length)
        while end < last && pointer[end - 1] != 0 { end += 1 }
        return end
    }
}

/// Joins the ids of a corpus from parts of known lengths. Threads may fill different parts at the same time.
package struct TokenStoreBuilder: Sendable {
    private let count: Int
    private let memory: Memory
    /// The file of the memory, if it is mapped.
    private let file: TemporaryFile?

    /// Allocates room for `count` ids, in a temporary file if they exceed the limit.
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

    /// Writes a part. Each id is replaced by `map[id]`, and dropped if that is negative. The number of ids that are
    /// left must be the length of the part's range. Empties the buffer.
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

    /// Whether all ids are written.
    package func fill<Result>(_ body: (UnsafeMutablePointer<Int32>) -> Result) throws(CoreError) -> Result {
        try file?.reserve(0..<max(count, 1) * MemoryLayout<Int32>.stride)
        return body(memory.bound(to: Int32.self))
    }

    /// The ids, when all parts are written.
    package func finish() -> TokenStore {
        TokenStore(memory: memory, count: count)
    }
}
