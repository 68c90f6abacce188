import Foundation
import TestSupport
import Testing

@testable import Word2Vec
@testable import Word2VecCore

/// Reading stops when its task is cancelled.
@Suite struct CancelledReadingTests {
    private let folder = try! TemporaryFolder()

    /// Runs a body in a task that is cancelled when the body says so, and returns its error.
    private func error(
        _ body: @escaping @Sendable (_ cancel: @escaping @Sendable () -> Void) throws -> Void
    ) async -> Word2VecError? {
        let signal = DispatchSemaphore(value: 0)
        let task = Task.detached { try body { signal.signal() } }
        // The threads of tasks may all wait for a stream.
        Thread.detachNewThread {
            signal.wait()
            task.cancel()
        }
        do {
            try await task.value
            return nil
        } catch {
            return error as? Word2VecError
        }
    }

    private var options: TrainingOptions {
        var options = TrainingOptions()
        (options.minimumCount, options.threads) = (1, 2)
        return options
    }

    @Test func aTaskThatIsCancelledBeforehandReadsNothing() async throws {
        let path = try folder.file("text", String(repeating: "a b c\n", count: 100_000))
        let packed = try folder.file(
            "text.gz", Array(repeating: Array("a b c\n".utf8), count: 100_000).joined(), compressedBy: "gzip")
        for path in [path, packed] {
            let corpus = try Corpus(contentsOf: path)
            let options = options
            let bodies: [@Sendable () throws -> Void] = [
                { _ = try corpus.encoded(options: options) }, { _ = try corpus.countedWords(options: options) },
                { _ = try corpus.phrases() }, { _ = try Trainer(options: options).train(corpus) },
            ]
            for body in bodies {
                let task = Task.detached {
                    withUnsafeCurrentTask { $0?.cancel() }
                    try body()
                }
                await #expect(throws: Word2VecError.interrupted(checkpoint: nil)) { try await task.value }
            }
            // Outside of a task nothing is cancelled.
            #expect(try corpus.encoded(options: options).tokenCount == 400_000)
        }
    }

    @Test func readingThatHasBegunStops() async throws {
        // A text without an end.
        let (path, writer) = try folder.pipe("pipe", writtenBy: #"exec yes "a b c" > "$1""#)
        let corpus = try Corpus(contentsOf: path)
        let options = options
        let found = await error { cancel in _ = try corpus.encoded(options: options) { _ in cancel() } }
        #expect(found == .interrupted(checkpoint: nil))
        writer.waitUntilExit()
    }

    @Test(arguments: [
        // Nobody writes; a writer that writes nothing; the head of an archive, and no more of it.
        "", #"exec 3>"$1"; read line < "$2""#,
        #"exec 3>"$1"; printf '\037\213\010\000\000\000\000\000\000\003' >&3; read line < "$2""#,
        #"exec 3>"$1"; printf 'a b' >&3; read line < "$2""#,
    ])
    func waitingForAStreamStops(script: String) async throws {
        let hold = folder.path("hold")
        #expect(mkfifo(hold, 0o600) == 0)
        let (path, writer) = try folder.pipe("pipe", writtenBy: script, hold)
        let corpus = try Corpus(contentsOf: path)
        let options = options
        let found = await error { cancel in
            cancel()
            _ = try corpus.encoded(options: options)
        }
        #expect(found == .interrupted(checkpoint: nil))
        // SIGTERM may be blocked in it.
        kill(writer.processIdentifier, SIGKILL)
        writer.waitUntilExit()
    }
}
