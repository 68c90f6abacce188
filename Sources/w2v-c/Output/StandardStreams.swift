#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The three descriptors that a process is started with.
enum StandardStreams {
    /// Keeps the numbers of closed streams from files that are opened later: a corpus that is opened as descriptor 1 would be
    /// taken for standard output. Reading or writing such a stream stays an error, since what takes its place is opened for the
    /// other direction.
    static func reserveClosed() {
        for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(number, F_GETFD) < 0 {
            // The lowest free number, which is this one.
            _ = open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}

/// Where progress and prompts go.
enum StandardError {
    static let isTerminal = isatty(STDERR_FILENO) == 1

    /// Columns of the terminal's window; nil if it is none.
    static var columns: Int? {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes at once; what cannot be written is lost.
    static func write(_ text: String) {
        #if canImport(Glibc)
            _ = Glibc.write(STDERR_FILENO, text, text.utf8.count)
        #elseif canImport(Musl)
            _ = Musl.write(STDERR_FILENO, text, text.utf8.count)
        #elseif canImport(Darwin)
            _ = Darwin.write(STDERR_FILENO, text, text.utf8.count)
        #endif
    }
}

/// Where answers go.
enum StandardOutput {
    /// Sends on what was printed, so that a program at the other end of a pipe sees each answer when it is given.
    static func flush() {
        fflush(nil)
    }
}
