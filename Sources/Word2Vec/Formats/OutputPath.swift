/// Questions about a file that is to be written, for asking before the work is done.
public enum OutputPath {
    /// Finds out whether a file can be written at `path`, without leaving a trace.
    ///
    /// - Throws: ``Word2VecError/cannotWrite(path:reason:)``.
    public static func checkWritable(_ path: String) throws(Word2VecError) {
        try OutputFile.checkWritable(path: path)
    }

    /// Whether two paths lead to one regular file, so that writing the one would destroy the other.
    public static func isSame(_ a: String, _ b: String) -> Bool {
        isSameFile(a, b)
    }
}
