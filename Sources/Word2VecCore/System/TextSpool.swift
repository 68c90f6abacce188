/// What takes bytes in order.
protocol ByteSink: AnyObject {
    /// Lets the caller append to a buffer.
    func write(_ append: (inout [UInt8]) -> Void) throws(Word2VecError)
}

/// Bytes that nobody wants.
final class NoSink: ByteSink {
    private var buffer: [UInt8] = []

    func write(_ append: (inout [UInt8]) -> Void) {
        append(&buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Bytes that are written to a temporary file and then read.
final class TextSpool: ByteSink {
    private let file: TemporaryFile
    private var buffer: [UInt8] = []
    private var byteCount = 0

    private static let bufferSize = 1 << 18

    init() throws(Word2VecError) {
        file = try TemporaryFile(of: "text")
    }

    func write(_ append: (inout [UInt8]) -> Void) throws(Word2VecError) {
        append(&buffer)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// The text. `path` is what messages call it, if not by the file.
    func finish(path: String? = nil) throws(Word2VecError) -> InputFile {
        try flush()
        return InputFile(file, byteCount: byteCount, path: path ?? file.name)
    }

    /// The bytes, mapped; they stay when this object goes.
    func map() throws(Word2VecError) -> (memory: Memory, count: Int) {
        try flush()
        return (try byteCount > 0 ? file.map(byteCount: byteCount) : Memory(bytes: []), byteCount)
    }

    private func flush() throws(Word2VecError) {
        try file.write(buffer, at: byteCount)
        byteCount += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}

extension InputFile {
    /// This file, if its text can be read at any place; else a copy in a temporary file of what it holds. O(bytes).
    func spooled(isCancelled: CancellationCheck? = nil) throws(Word2VecError) -> InputFile {
        guard byteCount == nil else { return self }
        let spool = try TextSpool()
        try copy(to: spool, isCancelled: isCancelled)
        return try spool.finish(path: path)
    }

    /// What the file holds, mapped: itself, or a temporary file with a copy of a stream or of what is compressed. O(1), or
    /// O(bytes) for a copy.
    func mapped() throws(Word2VecError) -> (memory: Memory, count: Int) {
        if let file = try mapFile() { return file }
        let spool = try TextSpool()
        try copy(to: spool, isCancelled: nil)
        return try spool.map()
    }

    private func copy(to spool: TextSpool, isCancelled: CancellationCheck?) throws(Word2VecError) {
        let reader = try self.reader(isCancelled: isCancelled)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { piece.deallocate() }
        while case let count = try reader.read(into: piece).get(), count > 0 {
            try spool.write { $0.append(contentsOf: piece[..<count]) }
        }
    }
}
