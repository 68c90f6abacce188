internal import CWord2Vec

/// What the token ids of a run may take of memory. What goes beyond lies in temporary files. Shared by the threads that
/// read the text.
package final class TokenMemory: Sendable {
    /// Ids in a piece of memory, and in a file.
    private static let (memoryChunk, fileChunk) = (1 << 20, 1 << 22)

    package let limit: Int
    private let inUse = Locked(0)

    /// - Parameter limit: in bytes; nil is a quarter of what the process may use.
    package init(limit: Int?) {
        self.limit = limit ?? usableMemory / 4
    }

    /// Room for at least so many ids, and not many more than are expected.
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

/// Token ids of a part of the text in the order of their writing, in chunks that are given back one by one. A class, so
/// that no copy keeps what is given back.
///
/// `@unchecked Sendable` because one thread at a time has it: the one that reads the part, and then, when all have read,
/// the one that joins it.
package final class TokenBuffer: @unchecked Sendable {
    fileprivate struct Chunk {
        let memory: Memory
        let capacity: Int
        let isFile: Bool
        var count = 0
    }

    private let memory: TokenMemory
    /// The most ids still to come, as far as is known.
    private var expected: Int
    private var chunks: [Chunk] = []

    /// - Parameter expected: the most ids that there can be; nil if nobody knows.
    package init(memory: TokenMemory, expected: Int?) {
        self.memory = memory
        self.expected = expected ?? Int.max
    }

    /// Where the next ids go; there is room for `count` of them.
    package func room(for count: Int) throws(CoreError) -> UnsafeMutablePointer<Int32> {
        if chunks.last.map({ $0.capacity - $0.count < count }) ?? true {
            chunks.append(try memory.chunk(of: count, expected: expected))
        }
        let last = chunks[chunks.count - 1]
        return last.memory.bound(to: Int32.self) + last.count
    }

    /// Counts the ids that were written where `room(for:)` said.
    package func advance(by count: Int) {
        chunks[chunks.count - 1].count += count
        if expected < Int.max { expected = max(0, expected - count) }
    }

    /// Forgets the ids.
    package func removeAll() {
        chunks.forEach(memory.giveBack)
        chunks = []
    }

    /// Hands over the ids from the front, and gives back their memory on the way.
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

/// Token ids that someone else keeps. Valid only during the call that passes them.
package struct TokenView {
    /// `count` ids.
    package let pointer: UnsafePointer<Int32>
    package let count: Int
}
