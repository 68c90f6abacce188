/// What can go wrong below the domain. The domain has an error of its own for each of these.
public enum CoreError: Error {
    /// A file that cannot be opened or read; `reason` is the system's.
    case cannotRead(path: String, reason: String)
    /// A stream (a pipe, standard input) that would have to be read twice.
    case cannotReadTwice(path: String)
    /// A file that cannot be created, written or renamed.
    case cannotWrite(path: String, reason: String)
    /// Memory that the system does not give.
    case outOfMemory(bytes: Int, purpose: String)
    /// An environment variable with a value that cannot be followed.
    case invalidEnvironment(_ variable: String, found: String, expected: String)
    /// The caller's question whether to stop was answered with yes.
    case cancelled
    /// A file whose head the caller's inspection does not accept, and what it threw.
    case refused(path: String, any Error)
}
