import Foundation

/// The files beside the tests.
public enum Fixtures {
    /// The King James Bible, one verse a line.
    public static let bible = path("kjv_bible.lines")

    /// The Bible's verses as `label<TAB>verse` lines, made as the documentation does it: by `book`, or by `group` of books.
    public static func labeledVerses(by label: String) throws -> String {
        let result = try CommandLineTool.run(
            executable: "/usr/bin/env",
            ["awk", "-v", "by=\(label)", "-f", path("label_verses.awk"), path("kjv_books.tsv"), bible])
        guard result.status == 0 else { throw Failure(message: result.error) }
        return result.output
    }

    private struct Failure: Error {
        let message: String
    }

    public static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures").appending(path: name).path
    }
}

/// A folder that goes with the test.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        path = NSTemporaryDirectory() + "w2v-c-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A path in the folder.
    public func path(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Writes a file and returns its path.
    public func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let path = self.path(name)
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    public func file(_ name: String, _ text: String) throws -> String {
        try file(name, text.utf8)
    }

    /// Writes some bytes as a program for compressed files makes them, and returns the path.
    public func file(_ name: String, _ bytes: some Sequence<UInt8>, compressedBy program: String) throws -> String {
        let source = try file(name + ".source", bytes)
        let result = try CommandLineTool.run(
            executable: "/bin/sh", ["-c", "\(program) -c < \"$1\" > \"$2\"", "sh", source, path(name)])
        try FileManager.default.removeItem(atPath: source)
        guard result.status == 0 else { throw Failure(message: result.error) }
        return path(name)
    }

    private struct Failure: Error {
        let message: String
    }

    /// A pipe with a name, into which a shell's script writes that has the pipe as $1 and other paths behind it.
    public func pipe(_ name: String, writtenBy script: String, _ paths: String...) throws -> (path: String, Process) {
        let path = self.path(name)
        guard mkfifo(path, 0o600) == 0 else { throw Failure(message: "no pipe \(path)") }
        let writer = Process()
        writer.standardInput = FileHandle.nullDevice
        writer.executableURL = URL(filePath: "/bin/sh")
        writer.arguments = ["-c", script, "sh", path] + paths
        try writer.run()
        return (path, writer)
    }

    /// The names of the files in the folder, hidden ones too.
    public var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

/// A file's bytes.
public func bytes(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
}

/// A file as text.
public func text(of path: String) throws -> String {
    String(decoding: try bytes(of: path), as: UTF8.self)
}
