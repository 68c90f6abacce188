internal import Word2VecCore

/// Checks of an output path, to be made before long work.
public enum OutputPath {
    /// Checks that a file can be written at `path`. Leaves no trace.
    ///
    /// - Throws: ``Word2VecError/cannotWrite(path:reason:)``.
    public static func checkWritable(_ path: String) throws(Word2VecError) {
        try core(OutputFile.checkWritable(path: path))
    }

    /// Whether two paths lead to the same regular file, or both to standard output. Writing one would then destroy the
    /// other.
    public static func isSame(_ a: String, _ b: String) -> Bool {
        isSameFile(a, b)
    }

    /// The absolute path, which is independent of the working directory.
    public static func absolute(_ path: String) -> String {
        InputFile.absolute(path)
    }

    /// Whether a path leads to a device or a pipe, which is written in place and not replaced.
    public static func isDevice(_ path: String) -> Bool {
        OutputFile.isDevice(path)
    }

    /// Whether a path means standard output: `-`, or one of the system's names for it.
    public static func isStandardOutput(_ path: String) -> Bool {
        OutputFile.isStandardOutput(path)
    }
}

/// The text output of a command, for standard output (`-`) or a file, which is written completely or not at all.
package enum Answer {
    package static func write(_ text: String, to path: String) throws(Word2VecError) {
        let file = try core(OutputFile(path: path))
        try core(file.write(text.utf8))
        try core(file.commit())
    }
}

/// A file that grows line by line. A line can be read by others (`tail -f`) as soon as it is appended.
package struct LineLog: Sendable {
    private let file: AppendedFile

    /// Opens a file, or creates it. A device or a pipe is opened as it is.
    ///
    /// - Parameter continuing: whether to keep the present lines. A last line without a line end, which a crash may
    ///   leave, is removed.
    package init(path: String, continuing: Bool) throws(Word2VecError) {
        file = try core(AppendedFile(path: path, continuing: continuing))
    }

    /// Appends lines: all, or none if there is an error.
    package func append(_ lines: String) throws(Word2VecError) {
        try core(file.append(lines))
    }

    /// Waits until all lines are on the disk.
    package func sync() throws(Word2VecError) {
        try core(file.sync())
    }
}
