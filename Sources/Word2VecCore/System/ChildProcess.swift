#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file descriptor that is closed with its owner, or one of the standard streams, which stay open.
package final class FileDescriptor: Sendable {
    package let number: Int32
    private let isOwned: Bool

    /// Takes over an open descriptor. It is moved above the standard streams if it is not there: in a process that has closed
    /// them, what is opened takes their numbers, and a child would be given it for its own.
    ///
    /// - Parameter last: the last number of a standard stream.
    package init(_ number: Int32, above last: Int32 = STDERR_FILENO) {
        let moved = number <= last ? fcntl(number, F_DUPFD_CLOEXEC, last + 1) : -1
        if moved >= 0 { close(number) }
        self.number = moved >= 0 ? moved : number
        isOwned = true
    }

    private init(standardStream number: Int32) {
        self.number = number
        isOwned = false
    }

    package static let standardInput = FileDescriptor(standardStream: STDIN_FILENO)

    deinit {
        if isOwned { close(number) }
    }

    /// Whether reading would find a byte, the end, or an error at once; waits so many milliseconds for it, or for ever if
    /// below 0.
    package func isReadable(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) != 0
    }

    /// Reads what there is; 0 bytes are the end. Below 0 `errno` is set.
    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var count: Int
        repeat {
            #if canImport(Glibc)
                count = Glibc.read(number, base, buffer.count)
            #elseif canImport(Musl)
                count = Musl.read(number, base, buffer.count)
            #elseif canImport(Darwin)
                count = Darwin.read(number, base, buffer.count)
            #endif
        } while count < 0 && errno == EINTR
        return count
    }
}

/// A program that runs beside this process, without a shell. It is found in PATH. It does not outlive this object: if it
/// was not waited for, it is killed.
package final class ChildProcess {
    package let process: pid_t
    /// Once it has ended.
    private var status: Status?
    /// What it writes to its standard output.
    package let output: FileDescriptor
    /// What it writes to its standard error. Reading does not wait.
    package let errors: FileDescriptor

    /// How it ended.
    package enum Status: Equatable {
        case exit(Int32)
        case signal(Int32)
        /// The system did not keep it for us: SIGCHLD is ignored.
        case unknown
    }

    /// The system's number for why it did not start; ENOENT if there is no such program.
    package struct Failure: Error {
        package let number: Int32
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: its name and arguments.
    ///   - input: its standard input.
    package init(_ command: [String], input: Int32) throws(Failure) {
        (process, output, errors) = try Self.oneAtATime.withLock { _ in Self.start(command, input) }.get()
    }

    /// A pipe would be inherited by a child of another thread that starts before the pipe is marked.
    private static let oneAtATime = Locked(())

    private static func start(
        _ command: [String], _ input: Int32
    ) -> Result<(pid_t, output: FileDescriptor, errors: FileDescriptor), Failure> {
        do throws(Failure) {
            let (output, childOutput) = try pipe()
            let (errors, childErrors) = try pipe()
            guard fcntl(errors.number, F_SETFL, O_NONBLOCK) == 0 else { throw Failure(number: errno) }
            let process = try spawn(command, descriptors: [input, childOutput.number, childErrors.number])
            withExtendedLifetime((childOutput, childErrors)) {}
            return .success((process, output, errors))
        } catch {
            return .failure(error)
        }
    }

    deinit {
        guard status == nil else { return }
        kill(process, SIGKILL)
        _ = wait()
    }

    /// Waits for its end.
    package func wait() -> Status { statusOfEnd(0) ?? .unknown }

    /// How it ended; nil while it runs.
    package func statusIfEnded() -> Status? { statusOfEnd(WNOHANG) }

    private func statusOfEnd(_ options: Int32) -> Status? {
        if let status { return status }
        var code: Int32 = 0
        var result: pid_t
        repeat { result = waitpid(process, &code, options) } while result < 0 && errno == EINTR
        guard result != 0 else { return nil }
        let signal = code & 0x7F
        status = result < 0 ? .unknown : signal == 0 ? .exit(code >> 8 & 0xFF) : .signal(signal)
        return status
    }

    /// A pipe that no other child inherits, with descriptors beyond those of the standard streams.
    private static func pipe() throws(Failure) -> (read: FileDescriptor, write: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        #if canImport(Glibc)
            let status = Glibc.pipe(&ends)
        #elseif canImport(Musl)
            let status = Musl.pipe(&ends)
        #elseif canImport(Darwin)
            let status = Darwin.pipe(&ends)
        #endif
        guard status == 0 else { throw Failure(number: errno) }
        var raised: [FileDescriptor] = []
        for end in ends {
            let number = fcntl(end, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
            let reason = errno
            close(end)
            // The other end is closed, too, if there is no descriptor left.
            guard number >= 0 else {
                if raised.isEmpty { close(ends[1]) }
                throw Failure(number: reason)
            }
            raised.append(FileDescriptor(number))
        }
        return (raised[0], raised[1])
    }

    /// Starts a program with these standard streams. Signals are not blocked in it, and SIGPIPE ends it, however it is with
    /// this process.
    private static func spawn(_ command: [String], descriptors: [Int32]) throws(Failure) -> pid_t {
        #if canImport(Darwin)
            var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?)
            let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
            let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (stream, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(stream))
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        var process: pid_t = 0
        let status = withCStrings(command) { arguments in
            withCStrings(environment) { environment in
                posix_spawnp(&process, command[0], &actions, &attributes, arguments, environment)
            }
        }
        guard status == 0 else { throw Failure(number: status) }
        return process
    }

    /// Lends strings as C has them, with a null pointer at the end.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("there is a null pointer at least") }
            return body(base)
        }
    }
}
