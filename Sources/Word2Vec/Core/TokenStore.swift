/// The corpus as token ids: Int32 ranks of the vocabulary, 0 where a sentence ends. Words outside the vocabulary are not
/// in it. 4 bytes a token.
struct TokenStore: Sendable {
    let count: Int
    private let memory: Memory

    /// Takes over memory that holds `count` ids.
    init(memory: Memory, count: Int) {
        self.memory = memory
        self.count = count
    }

    /// The first id; valid while this value is.
    var pointer: UnsafePointer<Int32> {
        UnsafePointer(memory.bound(to: Int32.self))
    }

    subscript(position: Int) -> Int32 {
        precondition(position >= 0 && position < count, "position outside of the tokens")
        return pointer[position]
    }

    /// Whether any token is a word. O(sentence ends before the first word).
    var hasWords: Bool {
        UnsafeBufferPointer(start: pointer, count: count).contains { $0 != 0 }
    }

    /// The end of the chunk that begins at `start`: the first sentence end at least `length` tokens on, or, in a line
    /// that is longer, `2 * length` tokens on.
    func endOfChunk(from start: Int, length: Int) -> Int {
        let last = min(count, start + 2 * length)
        var end = min(count, start + length)
        while end < last && pointer[end - 1] != 0 { end += 1 }
        return end
    }
}
