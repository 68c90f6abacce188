internal import CWord2Vec

/// The memory budget for the token ids of a run. Ids beyond it are kept in temporary files. Shared by the threads that
/// read the text.
package final class TokenMemory: Sendable {
    /// The number of ids in a chunk of memory, and in a chunk of a file.
    private static let (memoryChunk, fileChunk) = (1 << 20, 1 << 22)

    package let limit: Int
    private let inUse = Locked(0)

    /// - Parameter limit: the budget in bytes. Nil: a quarter of the memory that the process may use.
    package init(limit: Int?) {
        self.limit = limit ?? usableMemory / 4
    }

    /// Room for at least this many ids, and not many more than are expected.
    fileprivate func chunk(of needed: Int, expected: Int) throws(CoreError) -> TokenBuffer.Chunk {
        let width = MemoryLayout<Int32>.stride
        let capacity = max(needed, min(expected, Self.memoryChunk))
        let fits = inUse.withLock { inUse in
            guard capacity * width <= limit - inUse else { return false }
            inUse += capacity * width
            return true
        }
        if fits {
            let memory = try Memory(zeroed: capacity * width, for: "token ids", use: .table)
            return TokenBuffer.Chunk(memory: memory, capacity: capacity, isFile: false)
        }
        let larger = max(needed, min(expected, Self.fileChunk))
        let file = try TemporaryFile()
        let memory = try file.map(byteCount: larger * width)
        try file.reserve(0..<larger * width)
        return TokenBuffer.Chunk(memory: memory, capacity: larger, isFile: true)
    }

    fileprivate func giveBack(_ chunk: TokenBuffer.Chunk) {
        guard !chunk.isFile else { return }
        inUse.withLock { $0 -= chunk.capacity * MemoryLayout<Int32>.stride }
    }
}

/// The token ids of a part of the text, in order, in chunks that are freed one by one. It is a class, so that no copy
/// keeps a freed chunk alive.
///
/// `@unchecked Sendable` because only one thread at a time uses it: the one that reads the part, and, when all threads
/// have finished, the one that joins the parts.
package final class TokenBuffer: @unchecked Sendable {
    fileprivate struct Chunk {
        let memory: Memory
        let capacity: Int
        let isFile: Bool
        var count = 0
    }

    private let memory: TokenMemory
    /// The maximum number of ids still to come, as far as it is known.
    private var expected: Int
    private var chunks: [Chunk] = []

    /// - Parameter expected: the maximum number of ids. Nil if it is unknown.
    package init(memory: TokenMemory, expected: Int?) {
        self.memory = memory
        self.expected = expected ?? Int.max
    }

    /// The place for the next ids, with room for `count` of them.
    package func room(for count: Int) throws(CoreError) -> UnsafeMutablePointer<Int32> {
        if chunks.last.map({ $0.capacity - $0.count < count }) ?? true {
            chunks.append(try memory.chunk(of: count, expected: expected))
        }
        let last = chunks[chunks.count - 1]
        return last.memory.bound(to: Int32.self) + last.count
    }

    /// Adds the ids that were written to the place that `room(for:)` returned.
    package func advance(by count: Int) {
        chunks[chunks.count - 1].count += count
        if expected < Int.max { expected = max(0, expected - count) }
    }

    /// Drops all ids.
    package func removeAll() {
        chunks.forEach(memory.giveBack)
        chunks = []
    }

    /// Passes the ids to `body` in order, and frees their memory on the way.
    package func drain(
        _ body: (UnsafePointer<Int32>, _ count: Int) throws(CoreError) -> Void
    ) throws(CoreError) {
        chunks.reverse()
        while let chunk = chunks.popLast() {
            try body(UnsafePointer(chunk.memory.bound(to: Int32.self)), chunk.count)
            memory.giveBack(chunk)
        }
    }
}

/// Borrowed token ids, valid only during the call that passes them.
package struct TokenView {
    /// Borrows `count` ids.
    package let pointer: UnsafePointer<Int32>
    package let count: Int
}
