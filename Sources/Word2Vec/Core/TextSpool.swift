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

/// A text that is written to a temporary file and then read.
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
    func finish(path: String? = nil) throws(Word2VecError) -> TextFile {
        try flush()
        return TextFile(file, byteCount: byteCount, path: path ?? file.name)
    }

    private func flush() throws(Word2VecError) {
        try file.write(buffer, at: byteCount)
        byteCount += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}

extension TextFile {
    /// This text if it can be read again; a copy in a temporary file of a stream. O(bytes).
    func spooled() throws(Word2VecError) -> TextFile {
        guard isStream else { return self }
        let spool = try TextSpool()
        var reader = try self.reader(of: nil)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { piece.deallocate() }
        while case let count = try reader.read(into: piece).get(), count > 0 {
            try spool.write { $0.append(contentsOf: piece[..<count]) }
        }
        return try spool.finish(path: path)
    }
}
