/// Questions about a file that is to be written, for asking before the work is done.
public enum OutputPath {
    /// Finds out whether a file can be written at `path`, without leaving a trace.
    ///
    /// - Throws: ``Word2VecError/cannotWrite(path:reason:)``.
    public static func checkWritable(_ path: String) throws(Word2VecError) {
        try OutputFile.checkWritable(path: path)
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
