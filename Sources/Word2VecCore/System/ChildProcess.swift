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

/// A file descriptor that is closed when its owner is freed. The standard streams are never closed.
package final class FileDescriptor: Sendable {
    package let number: Int32
    private let isOwned: Bool

    /// Takes over an open descriptor. A descriptor with the number of a standard stream is moved to a higher number: a
    /// process that closed its standard streams gets these numbers for the files that it opens, and a child would use
    /// them as its streams.
    ///
    /// - Parameter last: the highest number of a standard stream.
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

    /// Waits until reading would return at once with bytes, the end or an error. Returns false after this many
    /// milliseconds; below 0 it waits forever.
    package func isReadable(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) != 0
    }

    /// Reads available bytes. Returns 0 at the end, and a negative number with `errno` set after an error.
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

/// A child process, started without a shell from a program in PATH. It does not outlive this object: it is killed if it
/// was not waited for.
package final class ChildProcess {
    package let process: pid_t
    /// Set when it has ended.
    private var status: Status?
    /// Its standard output.
    package let output: FileDescriptor
    /// Its standard error. Reading does not wait.
    package let errors: FileDescriptor

    /// How it ended.
    package enum Status: Equatable {
        case exit(Int32)
        case signal(Int32)
        /// Unknown: SIGCHLD is ignored, so the system does not keep the status.
        case unknown
    }

    /// The error number of a failed start. ENOENT if there is no such program.
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

    /// A pipe that other children do not inherit, with descriptors above the standard streams.
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

    /// Starts a program with these standard streams. Its signals are not blocked, and SIGPIPE ends it, whatever this
    /// process has set.
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

    /// Lends strings as a null-terminated array of C strings.
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
