@testable import Word2Vec
@testable import Word2VecCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The way in: what a file is, what a compressed one holds, byte order marks, lines.
extension Fuzz {
    /// Opens a file of these bytes as text and as vectors, and reads all of it. What is no archive is what it is, but for a
    /// mark; an archive is read or refused.
    static func open(_ bytes: [UInt8]) {
        write(bytes)
        for content in [FileContent.text, .binary] {
            do throws(Word2VecError) {
                let file = try InputFile(path: path, as: content)
                for skipsMark in [false, true] {
                    let found = try core(read(file.reader(skipsMark: skipsMark), pieces: bytes))
                    if file.compression == nil {
                        precondition(found == (skipsMark ? withoutMark(bytes) : bytes), "other bytes")
                    }
                }
                if let count = file.byteCount { precondition(count == bytes.count, "another length") }
                let fingerprint = try core(file.fingerprint())
                precondition(fingerprint?.size == bytes.count, "another size")
            } catch {
                switch error {
                case .malformed, .cannotRead: break
                default: preconditionFailure("\(error)")
                }
            }
        }
    }

    /// Takes an archive, known to be whole, cuts it where the bytes say and changes some of it: the text that comes out is the
    /// one that went in, or there is an error.
    static func damage(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return }
        var archive = archives[Int(bytes[0]) % archives.count]
        for change in stride(from: 3, to: min(bytes.count - 1, 11), by: 2) {
            archive[(Int(bytes[change]) * 7 + Int(bytes[2])) % archive.count] ^= bytes[change + 1]
        }
        let end = Int(bytes[1]) * archive.count / 255
        archive = Array(archive[..<end])
        let isWhole = archives.contains(archive)
        guard FileSignature.compression(of: archive) != nil else { return }
        write(archive)
        do throws(Word2VecError) {
            let file = try InputFile(path: path)
            let found = try core(read(file.reader(), pieces: bytes))
            precondition(found == text, "a damaged archive gave another text")
        } catch {
            precondition(!isWhole, "\(error)")
            guard case .cannotRead = error else {
                // What comes out may begin like something else.
                guard case .malformed = error else { preconditionFailure("\(error)") }
                return
            }
        }
    }

    /// Splits a text into lines, in pieces whose lengths it says itself, and compares with a loop over its bytes; and the same
    /// where a reader of vectors looks for lines.
    static func split(_ text: [UInt8]) {
        let expected = lines(of: withoutMark(text))
        let reader = InputReader(PieceSource(text), isCancelled: nil)
        var found: [[UInt8]] = []
        do throws(Word2VecError) {
            _ = try core(reader.peek(FileContent.text, waits: false))
            reader.skipByteOrderMark()
            let lines = LineReader(reader)
            while let line = try lines.next() { found.append(Array(line)) }
            precondition(found == expected, "other lines from a stream")
            found = []
            try MappedFile(text, name: "text").withView { (view) throws(Word2VecError) in
                var place = view.startOfText
                while place < view.endIndex {
                    let (line, next) = view.line(at: place)
                    found.append(Array(line))
                    place = next
                }
            }
            precondition(found == expected, "other lines in memory")
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private static func lines(of text: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var line: [UInt8]?
        for (place, byte) in text.enumerated() {
            if byte == 10 && place > 0 && text[place - 1] == 13 { continue }
            if byte == 10 || byte == 13 {
                lines.append(line ?? [])
                line = nil
            } else {
                line = (line ?? []) + [byte]
            }
        }
        return line.map { lines + [$0] } ?? lines
    }

    private static func withoutMark(_ bytes: [UInt8]) -> [UInt8] {
        bytes.starts(with: ByteView.byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
    }

    private static func read(_ reader: InputReader, pieces: [UInt8]) throws(CoreError) -> [UInt8] {
        var result: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let length = 1 + Int(pieces.isEmpty ? 0 : pieces[result.count % pieces.count]) * 16
            let count = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(length, 4096)]))
                .get()
            guard count > 0 else { return result }
            result += buffer[..<count]
        }
    }

    // MARK: Files

    private static let path = (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/w2v-c-fuzz-\(getpid())"

    private static func write(_ bytes: [UInt8]) {
        guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    private static let text: [UInt8] = (0..<400).flatMap { Array("line \($0 % 90) of the text w\($0 % 7)\n".utf8) }

    /// The text as each program that is there compresses it.
    private static let archives: [[UInt8]] = Compression.allCases.compactMap { compression in
        write(text)
        let descriptor = openDescriptor(path)
        defer { close(descriptor) }
        guard let child = try? ChildProcess([compression.rawValue, "-c"], input: descriptor) else { return nil }
        var archive: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
        defer { buffer.deallocate() }
        while case let count = child.output.read(into: buffer), count > 0 { archive += buffer[..<count] }
        return child.wait() == .exit(0) ? archive : nil
    }
}

/// Bytes in pieces whose lengths they say themselves.
private final class PieceSource: ByteSource {
    private let bytes: [UInt8]
    private(set) var fileBytes = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, CoreError> {
        guard fileBytes < bytes.count else { return .success(0) }
        let length = 1 + Int(bytes[(fileBytes * 7 + bytes.count) % bytes.count]) % 37
        let piece = bytes[fileBytes...].prefix(min(length, buffer.count))
        buffer.copyBytes(from: piece)
        fileBytes += piece.count
        return .success(piece.count)
    }
}

private func openDescriptor(_ path: String) -> Int32 { open(path, O_RDONLY) }
