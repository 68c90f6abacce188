/// The errors of Word2VecCore. The library has an error of its own for each of them.
public enum CoreError: Error {
    /// A file cannot be opened or read. `reason` is the system's message.
    case cannotRead(path: String, reason: String)
    /// A stream (a pipe, standard input) would have to be read twice.
    case cannotReadTwice(path: String)
    /// A file cannot be created, written or renamed.
    case cannotWrite(path: String, reason: String)
    /// The system has not enough memory.
    case outOfMemory(bytes: Int, purpose: String)
    /// An environment variable has an invalid value.
    case invalidEnvironment(_ variable: String, found: String, expected: String)
    /// The caller's check for cancellation returned true.
    case cancelled
    /// The caller's inspection of a file's first bytes threw this error.
    case refused(path: String, any Error)
}
