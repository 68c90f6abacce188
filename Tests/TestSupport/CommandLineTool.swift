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
    /// Runs `w2v-c` with arguments, `input` at its standard input, and more in its environment.
    public static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> ProcessResult {
        try run(executable: folder + "/w2v-c", arguments, input: input, environment: environment)
    }

    /// Runs `w2v-c` with one string of arguments, split at spaces, and more.
    public static func run(_ arguments: String, _ more: String...) throws -> ProcessResult {
        try run(arguments.split(separator: " ").map(String.init) + more)
    }

    /// Runs `w2v-c` where a shell has set limits: `limits` are its `ulimit` arguments.
    public static func run(_ arguments: [String], limits: String) throws -> ProcessResult {
        try run(
            executable: "/bin/sh", ["-c", "ulimit \(limits); exec \"$@\"", "sh", folder + "/w2v-c"] + arguments)
    }

    /// Starts `w2v-c`, so that it can be sent signals.
    public static func start(_ arguments: [String]) throws -> RunningTool {
        try RunningTool(executable: folder + "/w2v-c", arguments)
    }

    /// The same from a shell's script, which is to run "$@".
    public static func start(shell script: String, _ arguments: [String]) throws -> RunningTool {
        try RunningTool(executable: "/bin/sh", ["-c", script, "sh", folder + "/w2v-c"] + arguments)
    }

    /// The SHA-256 of a file, in hexadecimal.
    public static func sha256(of path: String) throws -> String {
        let result = try run(executable: "/usr/bin/env", ["sha256sum", path], input: "")
        return String(result.output.prefix { $0 != " " })
    }

    static func run(
        executable: String, _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> ProcessResult {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        let (inputPipe, outputPipe, errorPipe) = (Pipe(), Pipe(), Pipe())
        process.standardInput = inputPipe
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        try process.run()
        try inputPipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try inputPipe.fileHandleForWriting.close()
        // What goes to standard error here fits a pipe's buffer; the output may not.
        let output = try outputPipe.fileHandleForReading.readToEnd() ?? Data()
        let error = try errorPipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return ProcessResult(
            status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
            error: String(decoding: error, as: UTF8.self), crashed: process.terminationReason == .uncaughtSignal)
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

/// A `w2v-c` that runs.
public final class RunningTool {
    private let process = Process()
    private let (output, error) = (Pipe(), Pipe())

    fileprivate init(executable: String, _ arguments: [String]) throws {
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = error
        try process.run()
    }

    public var isRunning: Bool { process.isRunning }

    /// Sends a signal; nothing happens if it has ended.
    public func send(_ signal: Int32) {
        if process.isRunning { kill(process.processIdentifier, signal) }
    }

    /// Waits for its end. What it wrote must fit the buffers of pipes.
    public func wait() throws -> ProcessResult {
        process.waitUntilExit()
        return ProcessResult(
            status: process.terminationStatus,
            output: String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self),
            error: String(decoding: try error.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self),
            crashed: process.terminationReason == .uncaughtSignal)
    }
}

/// Tests that take minutes run only if W2V_LONG_TESTS is 1 in the environment.
public var runsLongTests: Bool {
    ProcessInfo.processInfo.environment["W2V_LONG_TESTS"] == "1"
}
