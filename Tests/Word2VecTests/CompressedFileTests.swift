import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Files that are read through the program that unpacks them.
@Suite struct CompressedFileTests {
    private let folder = try! TemporaryFolder()

    /// Those whose programs are there. gzip has to be.
    static let compressions = Compression.allCases.filter { compression in
        compression == .gzip
            || ["/bin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].contains {
                FileManager.default.isExecutableFile(atPath: $0 + compression.rawValue)
            }
    }

    private static let prose = Array(
        (0..<4000).map { "line \($0) of words w\($0 % 300) w\($0 % 17)\($0 % 5 == 0 ? "\r\n" : "\n")" }.joined().utf8)

    private func read(
        _ paths: [String], rules: TokenRules = .standard, threads: Int = 1, _ vocabulary: Vocabulary? = nil
    ) throws -> Reading {
        try Reading(
            Corpus(contentsOf: paths).encoded(rules: rules, minimumCount: 1, vocabulary: vocabulary, threads: threads))
    }

    private func error(_ body: () throws -> Void) -> Word2VecError? {
        do {
            try body()
            return nil
        } catch {
            return error as? Word2VecError
        }
    }

    @Test(arguments: compressions, FileReader.ofText + FileReader.ofBinary)
    func everyReaderReadsWhatACompressedFileHolds(compression: Compression, reader: FileReader) throws {
        let expected = try reader.read(folder.file("plain", reader.text))
        // Whatever its name.
        let path = try folder.file("file.txt", reader.text, compressedBy: compression.rawValue)
        #expect(try reader.read(path) == expected)
        if !reader.isBinary {
            let marked = try folder.file(
                "marked", ByteView.byteOrderMark + reader.text, compressedBy: compression.rawValue)
            #expect(try reader.read(marked) == expected)
        }
    }

    @Test(arguments: compressions)
    func itsCorpusIsThatOfThePlainFile(compression: Compression) throws {
        let plain = try folder.file("plain", Self.prose)
        let path = try folder.file("c", Self.prose, compressedBy: compression.rawValue)
        for rules in [TokenRules.standard, .folding, .original] {
            let expected = try read([plain], rules: rules)
            #expect(try read([path], rules: rules) == expected)
            #expect(try read([path], rules: rules, threads: 4) == expected)
            let several = try read([plain, plain, plain], rules: rules)
            for threads in [1, 2, 5] {
                #expect(try read([path, plain, path], rules: rules, threads: threads) == several)
                #expect(try read([path, path, path], rules: rules, threads: threads) == several)
            }
        }
        // A regular file, so that it can be read again.
        let corpus = try Corpus(contentsOf: path)
        for _ in 0..<2 { _ = try corpus.encoded(rules: .standard, minimumCount: 1, vocabulary: nil) }
        var rules = TokenRules.original
        rules.pruneAbove = 100
        #expect(try read([path], rules: rules) == read([plain], rules: rules))
    }

    @Test(arguments: compressions)
    func itsPartsAreOneText(compression: Compression) throws {
        let half = Self.prose.count / 2 + 3
        let parts = try [Self.prose[..<half], Self.prose[half...]].enumerated().map {
            try bytes(of: folder.file("part\($0.offset)", $0.element, compressedBy: compression.rawValue))
        }
        let path = try folder.file("joined", parts[0] + parts[1])
        #expect(try read([path]) == read([folder.file("plain", Self.prose)]))
    }

    @Test(arguments: compressions)
    func aStreamMayBeCompressed(compression: Compression) throws {
        let plain = try folder.file("plain", Self.prose)
        let source = try folder.file("c", Self.prose, compressedBy: compression.rawValue)
        for script in [
            #"cat "$2" > "$1""#,
            #"exec 3>"$1"; head -c 2 "$2" >&3; tail -c +3 "$2" | head -c 900 >&3; tail -c +903 "$2" >&3"#,
        ] {
            let (path, writer) = try folder.pipe("pipe\(UUID().uuidString)", writtenBy: script, source)
            let corpus = try Corpus(contentsOf: [path, plain])
            let found = try Reading(corpus.encoded(rules: .standard, minimumCount: 1, vocabulary: nil, threads: 3))
            #expect(try found == read([plain, plain]))
            writer.waitUntilExit()
            #expect(throws: Word2VecError.cannotReadTwice(path: path)) {
                try corpus.encoded(rules: .standard, minimumCount: 1, vocabulary: nil)
            }
        }
    }

    @Test(arguments: compressions)
    func aTruncatedArchiveIsAnErrorWhereverItIsCut(compression: Compression) throws {
        let whole = try bytes(of: folder.file("whole", Self.prose, compressedBy: compression.rawValue))
        var random = SeededGenerator(seed: 5)
        let ends =
            Array(9...24) + (0..<12).map { _ in Int.random(in: 25..<whole.count, using: &random) } + [whole.count - 1]
        for end in ends where FileSignature.compression(of: whole[..<end]) != nil {
            let path = try folder.file("cut", whole[..<end])
            let error = error { _ = try read([path]) }
            guard case .cannotRead(path, let reason)? = error else {
                Issue.record("cut at \(end) of \(whole.count): \(String(describing: error))")
                continue
            }
            #expect(reason.contains("\(compression.rawValue) -dc"))
            #expect(reason.contains("exit status"))
            // What the program said.
            #expect(
                reason.lowercased().contains("unexpected") || reason.contains("premature") || reason.contains("end"))
        }
        // The same for what is mapped, and for a pipe.
        let cut = try folder.file("cut", whole.dropLast(5))
        #expect(error { _ = try WordVectors(contentsOf: cut) } != nil)
        let (path, writer) = try folder.pipe("pipe", writtenBy: #"cat "$2" > "$1""#, cut)
        #expect(error { _ = try read([path]) } != nil)
        writer.waitUntilExit()
    }

    @Test(arguments: compressions)
    func damageIsAnErrorOrTheSameText(compression: Compression) throws {
        let expected = try read([folder.file("plain", Self.prose)])
        let whole = try bytes(of: folder.file("whole", Self.prose, compressedBy: compression.rawValue))
        var random = SeededGenerator(seed: 6)
        for round in 0..<30 {
            var changed = whole
            let place = round < 12 ? round : Int.random(in: 0..<whole.count, using: &random)
            changed[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            let path = try folder.file("changed", changed)
            guard FileSignature.compression(of: changed) != nil else { continue }
            do {
                let found = try read([path])
                #expect(found == expected, "\(place)")
            } catch {
                guard case Word2VecError.cannotRead(path, _) = error else {
                    Issue.record("\(place): \(error)")
                    continue
                }
            }
        }
    }

    @Test(arguments: compressions)
    func bytesBehindAnArchiveAreAnError(compression: Compression) throws {
        // They may be a second archive that is damaged.
        let whole = try bytes(of: folder.file("whole", Self.prose, compressedBy: compression.rawValue))
        let path = try folder.file("more", whole + Array("more".utf8))
        let error = error { _ = try read([path]) }
        guard case .cannotRead(path, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func whatAnArchiveHoldsIsLookedAtToo() throws {
        let inner: [(String, [UInt8], String)] = [
            ("UTF-16", [0xFF, 0xFE, 97, 0, 98, 0], "iconv -f UTF-16 -t UTF-8"),
            ("zip", [0x50, 0x4B, 3, 4, 20, 0], "gzip -dc"), ("gzip", [0x1F, 0x8B, 8, 0, 0], "compressed twice"),
            ("tar", [UInt8](repeating: 97, count: 257) + Array("ustar\u{0}00".utf8) + [0], "| tar -xf -"),
        ]
        for (name, bytes, says) in inner {
            let path = try folder.file(name, bytes, compressedBy: "gzip")
            for read in [{ _ = try self.read([path]) }, { _ = try WordVectors(contentsOf: path) }]
                as [() throws -> Void]
            {
                let error = error(read)
                #expect(error?.description.contains(says) == true, "\(name): \(String(describing: error))")
                #expect(error?.description.contains("gzip -dc \(path) |") == true)
            }
        }
        let empty = try folder.file("empty", [], compressedBy: "gzip")
        #expect(throws: Word2VecError.self) { try read([empty]) }
        #expect(throws: Word2VecError.self) { try WordVectors(contentsOf: empty) }
    }

    @Test func progressIsThatOfTheCompressedFile() throws {
        let text = (0..<40).flatMap { _ in Self.prose }
        let path = try folder.file("c", text, compressedBy: "gzip")
        let plain = try folder.file("plain", Self.prose)
        let size = try bytes(of: path).count + Self.prose.count
        let reports = Locked<[ReadingProgress]>([])
        var options = TrainingOptions()
        (options.minimumCount, options.threads) = (1, 2)
        let encoded = try Corpus(contentsOf: [path, plain]).encoded(options: options) { progress in
            reports.withLock { $0.append(progress) }
        }
        let found = reports.withLock { $0 }
        let last = try #require(found.last)
        #expect(last.bytes == size && last.totalBytes == size && last.fraction == 1)
        #expect(last.words == encoded.tokenCount)
        for (one, next) in zip(found, found.dropFirst()) { #expect(one.bytes <= next.bytes) }
    }

    @Test(arguments: [false, true])
    func aRunOnACompressedFileGoesOnToTheSameBytes(exact: Bool) throws {
        var options = TrainingOptions()
        (options.minimumCount, options.dimensions, options.epochs, options.threads) = (1, 6, 3, 1)
        options.exact = exact
        let path = try folder.file("c.gz", subjectsText(lines: 700).utf8, compressedBy: "gzip")
        let corpus = try Corpus(contentsOf: path).encoded(options: options)
        let whole = try Trainer(options: options).run(corpus).vectors

        let chunks = Locked(0)
        var control = TrainingControl()
        control.checkpoints = CheckpointPlan(path: folder.path("state"))
        control.shouldStop = {
            chunks.withLock { chunks in
                chunks += 1
                return chunks > 1
            }
        }
        let stopped = try Trainer(options: options).run(corpus, control: control)
        #expect(stopped.ending == .interrupted)
        let checkpoint = try Checkpoint(contentsOf: folder.path("state"))
        let resumed = try Trainer(resuming: checkpoint).run(checkpoint.corpus(), from: checkpoint).vectors
        #expect(rows(resumed) == rows(whole) && words(resumed) == words(whole))

        // It may have been unpacked, or compressed by another program, since: then the tokens tell.
        let unpacked = try folder.file("c", subjectsText(lines: 700))
        #expect(try checkpoint.corpus(at: [unpacked]).tokenCount == corpus.tokenCount)
        let other = try folder.file("c", subjectsText(lines: 700, seed: 3))
        #expect(throws: Word2VecError.self) { try checkpoint.corpus(at: [other]) }
        // Another file of the same kind is found out at once.
        let changed = try folder.file("c.gz", subjectsText(lines: 701).utf8, compressedBy: "gzip")
        let error = error { _ = try checkpoint.corpus(at: [changed]) }
        #expect(error?.description.contains("bytes") == true)
    }

    @Test func whoStopsEarlyLeavesNoProcess() throws {
        let path = try folder.file("c", (0..<40).flatMap { _ in Self.prose }, compressedBy: "gzip")
        let file = try InputFile(path: path)
        // It is dropped before its first byte, and in the middle, while it waits to write more.
        for readsSome in [false, true] {
            var reader: InputReader? = try file.reader()
            if readsSome {
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 12, alignment: 16)
                defer { buffer.deallocate() }
                #expect(try reader?.read(into: buffer).get() ?? 0 > 0)
            }
            reader = nil
        }
        let endless = Pipe()
        var child: ChildProcess? = try ChildProcess(
            ["gzip", "-c"], input: endless.fileHandleForReading.fileDescriptor)
        let process = try #require(child?.process)
        #expect(kill(process, 0) == 0)
        child = nil
        // Not even as a zombie.
        #expect(kill(process, 0) != 0 && errno == ESRCH)
    }

    private func decompressor(_ script: String, isCancelled: CancellationCheck?) throws -> Decompressor {
        let file = FileDescriptor(open("/dev/null", O_RDONLY))
        return try Decompressor(
            .gzip, file: file, range: 0..<0, path: "c", isCancelled: isCancelled, command: ["/bin/sh", "-c", script])
    }

    private func firstBytes(of source: Decompressor) throws -> [UInt8] {
        var outcome = Result<Int, CoreError>.success(0)
        let bytes = [UInt8](unsafeUninitializedCapacity: 100) { buffer, count in
            outcome = source.read(into: UnsafeMutableRawBufferPointer(buffer))
            count = (try? outcome.get()) ?? 0
        }
        _ = try outcome.get()
        return bytes
    }

    /// A descriptor whose other end is closed is always ready: waiting for it is no waiting.
    @Test func aProgramMayCloseItsErrorsAndIsStillWaitedFor() throws {
        let questions = Mutex(0)
        let source = try decompressor("exec 2>&-; sleep .3; echo a b") {
            questions.withLock { $0 += 1 }
            return false
        }
        #expect(try firstBytes(of: source) == Array("a b\n".utf8))
        // Once in each wait of a tenth of a second.
        #expect(questions.withLock { $0 } < 1000)
    }

    @Test func aProgramThatClosesAllAndLivesOnCanBeCancelled() throws {
        let questions = Mutex(0)
        let source = try decompressor("exec >&- 2>&-; exec sleep 1000") {
            questions.withLock { count in
                count += 1
                return count > 5
            }
        }
        #expect { _ = try firstBytes(of: source) } throws: { error in
            if case .cancelled? = error as? CoreError { true } else { false }
        }
    }

    /// What is opened in a process without standard streams gets their numbers.
    @Test func whatWeOpenIsAboveTheStandardStreamsAndClosed() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let reader = FileDescriptor(ends[0])
        var writer: FileDescriptor? = FileDescriptor(ends[1], above: ends[1])
        #expect(try #require(writer).number > ends[1])
        #expect(!reader.isReadable(within: 0))
        writer = nil
        // The end of a pipe that nobody can write to.
        #expect(reader.isReadable(within: 10_000))
        #expect(withUnsafeTemporaryAllocation(byteCount: 8, alignment: 1) { reader.read(into: $0) } == 0)
    }

    @Test func aProgramThatIsMissingIsKnownAtOnce() {
        #expect {
            _ = try ChildProcess(
                ["w2v-c-has-no-such-program"], input: Pipe().fileHandleForReading.fileDescriptor)
        } throws: { error in
            (error as? ChildProcess.Failure)?.number == ENOENT
        }
    }
}
