private import CMachine

/// The core that this thread runs on, and what it can do at most.
public enum Core {
    /// Keeps this thread, and those that it starts from now on, on the core where it is.
    public static func pin() {
        _ = machine_pin(machine_core())
    }

    /// Multiply-add operations, counted as two each, that registers of so many floats do in a second.
    ///
    /// - Parameter rounds: of 12 chains each; 10,000 take about 30 microseconds.
    public static func operationsPerSecond(lanes: Int, rounds: Int = 100_000) -> Double {
        let seconds = time { machine_multiply_add(Int32(lanes), rounds) }
        return Double(2 * lanes * Int(MACHINE_CHAINS) * rounds) / seconds
    }

    /// Seconds of processor time that a piece of work takes on this thread: a neighbor who takes the core away does not
    /// count, one who slows it down does.
    public static func time(_ work: () throws -> Void) rethrows -> Double {
        let start = machine_thread_seconds()
        try work()
        return machine_thread_seconds() - start
    }

    /// Seconds of processor time that this process has used, over all threads.
    public static var processorSeconds: Double { machine_processor_seconds() }

    /// The most memory that this process has held, in bytes; pages of mapped files count.
    public static var peakMemory: Int { Int(machine_peak_memory()) }
}
