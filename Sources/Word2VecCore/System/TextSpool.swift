/// A sink for bytes.
package protocol ByteSink: AnyObject {
    /// Lets the caller append to a buffer.
    func write(_ append: (inout [UInt8]) -> Void) throws(CoreError)
}

/// A sink that discards its bytes.
package final class NoSink: ByteSink {
    private var buffer: [UInt8] = []

    package func write(_ append: (inout [UInt8]) -> Void) {
        append(&buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    package init() {}
}

/// A temporary file that is written and then read.
package final class TextSpool: ByteSink {
    private let file: TemporaryFile
    private var buffer: [UInt8] = []
    private var byteCount = 0

    private static let bufferSize = 1 << 18

    package init() throws(CoreError) {
        file = try TemporaryFile(of: "text")
    }

    package func write(_ append: (inout [UInt8]) -> Void) throws(CoreError) {
        append(&buffer)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Ends writing and returns the file for reading. Messages call it `path`, or by the temporary file's name.
    package func finish(path: String? = nil, _ inspection: any HeadInspection) throws(CoreError) -> InputFile {
        try flush()
        return InputFile(file, byteCount: byteCount, path: path ?? file.name, inspection)
    }

    /// Ends writing and maps the bytes, which outlive this object.
    package func map() throws(CoreError) -> (memory: Memory, count: Int) {
        try flush()
        return (try byteCount > 0 ? file.map(byteCount: byteCount) : Memory(bytes: []), byteCount)
    }

    private func flush() throws(CoreError) {
        try file.write(buffer, at: byteCount)
        byteCount += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}

extension InputFile {
    /// This file, if it can be read at any offset; otherwise a copy of its content in a temporary file. O(bytes).
    package func spooled(isCancelled: CancellationCheck? = nil) throws(CoreError) -> InputFile {
        guard byteCount == nil else { return self }
        let spool = try TextSpool()
        try copy(to: spool, isCancelled: isCancelled)
        return try spool.finish(path: path, inspection)
    }

    /// The content of the file, mapped. The content of a stream or of a compressed file is copied to a temporary file.
    /// O(1), or O(bytes) for a copy.
    package func mapped() throws(CoreError) -> (memory: Memory, count: Int) {
        if let file = try mapFile() { return file }
        let spool = try TextSpool()
        try copy(to: spool, isCancelled: nil)
        return try spool.map()
    }

    private func copy(to spool: TextSpool, isCancelled: CancellationCheck?) throws(CoreError) {
        let reader = try self.reader(isCancelled: isCancelled)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { piece.deallocate() }
        while case let count = try reader.read(into: piece).get(), count > 0 {
            try spool.write { $0.append(contentsOf: piece[..<count]) }
        }
    }
}
