import Foundation

/// What a process left behind.
public struct ProcessResult: Sendable {
    public var status: Int32
    public var output: String
    public var error: String
    /// Whether a signal ended it.
    public var crashed: Bool

    /// The last line of standard output.
    public var lastLine: String { output.split(separator: "\n").last.map(String.init) ?? "" }
    /// The first line of standard error.
    public var firstErrorLine: String { error.split(separator: "\n").first.map(String.init) ?? "" }
}

/// The built `w2v-c`, run as a process.
public enum CommandLineTool {
    /// Runs `w2v-c` with arguments, `input` at its standard input, more in its environment, and from a folder.
    public static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], in folder: String? = nil
    ) throws -> ProcessResult {
        let tool = try RunningTool(
            executable: path, arguments, environment: environment, in: folder)
        tool.write(input)
        return tool.wait()
    }

    /// Runs `w2v-c` with one string of arguments, split at spaces, and more.
    public static func run(_ arguments: String, _ more: String...) throws -> ProcessResult {
        try run(arguments.split(separator: " ").map(String.init) + more)
    }

    /// Runs `w2v-c` where a shell has set limits: `limits` are its `ulimit` arguments.
    public static func run(_ arguments: [String], limits: String) throws -> ProcessResult {
        let tool = try start(shell: "ulimit \(limits); exec \"$@\"", arguments)
        return tool.wait()
    }

    /// Runs a program that the system has, with `input` at its standard input.
    public static func run(executable: String, _ arguments: [String], input: String = "") throws -> ProcessResult {
        let tool = try RunningTool(executable: executable, arguments)
        tool.write(input)
        return tool.wait()
    }

    /// Runs `w2v-c` from a shell's script, which is to run "$@"; "$0" is a file.
    public static func run(shell script: String, file: String, _ arguments: [String]) throws -> ProcessResult {
        try run(executable: "/bin/sh", ["-c", script, file, folder + "/w2v-c"] + arguments)
    }

    /// Starts `w2v-c`, so that it can be sent signals.
    public static func start(_ arguments: [String]) throws -> RunningTool {
        try RunningTool(executable: path, arguments)
    }

    /// The same from a shell's script, which is to run "$@".
    public static func start(shell script: String, _ arguments: [String]) throws -> RunningTool {
        try RunningTool(executable: "/bin/sh", ["-c", script, "sh", path] + arguments)
    }

    /// The SHA-256 of a file, in hexadecimal.
    public static func sha256(of path: String) throws -> String {
        let result = try run(executable: "/usr/bin/env", ["sha256sum", path])
        return String(result.output.prefix { $0 != " " })
    }

    /// The built `w2v-c`; W2V_TOOL in the environment names another, such as one that was built with optimization.
    public static var path: String {
        ProcessInfo.processInfo.environment["W2V_TOOL"] ?? folder + "/w2v-c"
    }

    /// Where the package's products are built: beside the running tests.
    private static var folder: String {
        #if os(Linux)
            let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
            return URL(filePath: executable).deletingLastPathComponent().path
        #else
            let tests = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
            return (tests?.bundleURL ?? Bundle.main.bundleURL).deletingLastPathComponent().path
        #endif
    }
}

/// A process that runs. Threads of its own feed it and read what it writes, so that it never waits for its reader.
public final class RunningTool {
    private let process = Process()
    private let input = Pipe()
    private let output = PipeReader()
    private let error = PipeReader()
    private var inputIsOpen = true

    fileprivate init(
        executable: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) throws {
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.standardInput = input
        process.standardOutput = output.pipe
        process.standardError = error.pipe
        try process.run()
        output.begin()
        error.begin()
    }

    public var isRunning: Bool { process.isRunning }

    /// Sends a signal; nothing happens if it has ended.
    public func send(_ signal: Int32) {
        if process.isRunning { kill(process.processIdentifier, signal) }
    }

    /// Gives it bytes to read, and with `ends` the end of its input behind them. It need not read them.
    public func write(_ text: String, ends: Bool = true) {
        inputIsOpen = inputIsOpen && !ends
        let handle = input.fileHandleForWriting
        Thread.detachNewThread {
            // A process that ends before it has read all is no error.
            var broken = sigset_t()
            sigemptyset(&broken)
            sigaddset(&broken, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &broken, nil)
            try? handle.write(contentsOf: Data(text.utf8))
            if ends { try? handle.close() }
        }
    }

    /// Waits for standard output to hold so many lines, and returns what it holds; less if it ends before.
    public func output(lines: Int) -> String {
        output.wait { $0.count { $0 == UInt8(ascii: "\n") } >= lines }
    }

    /// The same for standard error, until it holds a text.
    public func error(holding text: String) -> String {
        error.wait { String(decoding: $0, as: UTF8.self).contains(text) }
    }

    /// Waits for its end.
    public func wait() -> ProcessResult {
        if inputIsOpen { write("") }
        let (output, error) = (output.wait { _ in false }, error.wait { _ in false })
        process.waitUntilExit()
        return ProcessResult(
            status: process.terminationStatus, output: output, error: error,
            crashed: process.terminationReason == .uncaughtSignal)
    }
}

/// What comes out of a pipe, read by a thread as it comes.
private final class PipeReader: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isAtEnd = false
    }

    let pipe = Pipe()
    private let condition = NSCondition()
    nonisolated(unsafe) private var state = State()

    func begin() {
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread { [self] in
            while true {
                let data = handle.availableData
                condition.withLock {
                    state.bytes += data
                    state.isAtEnd = data.isEmpty
                    condition.broadcast()
                }
                if data.isEmpty { return }
            }
        }
    }

    /// What was read once it is enough, or all there is.
    func wait(until isEnough: ([UInt8]) -> Bool) -> String {
        condition.withLock {
            while !state.isAtEnd, !isEnough(state.bytes) { condition.wait() }
            return String(decoding: state.bytes, as: UTF8.self)
        }
    }
}

/// Tests that take minutes run only if W2V_LONG_TESTS is 1 in the environment.
public var runsLongTests: Bool {
    ProcessInfo.processInfo.environment["W2V_LONG_TESTS"] == "1"
}
