internal import Word2VecCore

/// Checks of an output path before the work is done.
public enum OutputPath {
    /// Checks that a file can be written at `path`. Leaves no trace.
    ///
    /// - Throws: ``Word2VecError/cannotWrite(path:reason:)``.
    public static func checkWritable(_ path: String) throws(Word2VecError) {
        try core(OutputFile.checkWritable(path: path))
    }

    /// Whether two paths lead to one regular file or both to standard output, so that writing the one would destroy the
    /// other.
    public static func isSame(_ a: String, _ b: String) -> Bool {
        isSameFile(a, b)
    }

    /// A path from the root, so that it leads to the same place from every working directory.
    public static func absolute(_ path: String) -> String {
        InputFile.absolute(path)
    }

    /// Whether a path leads to something that is written in place and cannot be replaced: a device, a pipe.
    public static func isDevice(_ path: String) -> Bool {
        OutputFile.isDevice(path)
    }

    /// Whether a path is standard output: `-`, or one of the system's names for it.
    public static func isStandardOutput(_ path: String) -> Bool {
        OutputFile.isStandardOutput(path)
    }
}

/// A command's answer: text for a file, which appears whole or not at all, or for standard output (`-`).
package enum Answer {
    package static func write(_ text: String, to path: String) throws(Word2VecError) {
        let file = try core(OutputFile(path: path))
        try core(file.write(text.utf8))
        try core(file.commit())
    }
}

/// A file of lines that grows: each line is there, for those who follow the file, when it is appended.
package struct LineLog: Sendable {
    private let file: AppendedFile

    /// Opens a file, or makes it. Something else than a regular file is opened as it is.
    ///
    /// - Parameter continuing: whether what is there stays, but for a last line without an end, which a crash may leave.
    package init(path: String, continuing: Bool) throws(Word2VecError) {
        file = try core(AppendedFile(path: path, continuing: continuing))
    }

    /// Appends lines, all or none of them.
    package func append(_ lines: String) throws(Word2VecError) {
        try core(file.append(lines))
    }

    /// Waits until all is on the disk.
    package func sync() throws(Word2VecError) {
        try core(file.sync())
    }
}
