import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGINT, SIGTERM and SIGHUP while training goes on: the first is remembered, the second ends the process.
enum StopSignals {
    private static let first = Atomic<Int32>(0)

    /// The signal that came; nil if none did.
    static var received: Int32? {
        let number = first.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// What a shell says for a process that a signal ended.
    static func exitCode(_ signal: Int32) -> Int32 { 128 + signal }

    /// Begins to catch them. One that is ignored, as SIGHUP is under `nohup`, stays ignored.
    static func catchThem() {
        _ = received  // so that the handler finds it made
        for number in [SIGINT, SIGTERM, SIGHUP] where !ignores(signal(number, SIG_IGN)) { _ = signal(number, handle) }
    }

    /// Lets them through to this process. A parent that starts programs from a thread of its own which blocks signals, as
    /// Foundation's `Process` does, leaves them blocked.
    static func unblockThem() {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Keeps the exit statuses of children, which unpack compressed files. A parent that ignores SIGCHLD leaves it ignored, and
    /// then the system forgets them.
    static func keepChildStatuses() { _ = signal(SIGCHLD, SIG_DFL) }

    /// Goes on with an error where a file grows beyond the limit that the system sets, instead of being ended.
    static func ignoreFileSizeSignal() { _ = signal(SIGXFSZ, SIG_IGN) }

    private static let handle: @convention(c) (Int32) -> Void = { number in
        let (isFirst, _) = first.compareExchange(expected: 0, desired: number, ordering: .relaxed)
        if !isFirst { _exit(128 + number) }
    }

    private static func ignores(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
