internal import CWord2Vec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The version of the C core and of the whole package.
package let coreVersion = W2V_VERSION

/// The kernels for an instruction set that this processor supports (`w2v_kernels.h`).
///
/// `@unchecked` because it points to a constant table.
package struct KernelTable: @unchecked Sendable {
    let pointer: UnsafePointer<w2v_kernels>

    /// The names of the instruction sets, for the environment variable, the best last.
    private static let sets: [(name: String, isa: w2v_isa)] = [
        ("scalar", W2V_ISA_SCALAR), ("neon", W2V_ISA_NEON), ("avx2", W2V_ISA_AVX2), ("avx512", W2V_ISA_AVX512),
    ]

    /// The environment variable that selects an instruction set.
    package static let environmentVariable = "W2V_ISA"

    /// The instruction sets that this processor supports, the best last.
    package static let present = sets.compactMap { KernelTable(named: $0.name) }

    package static let best = KernelTable(w2v_kernels_best())

    /// Nil if the instruction set is unknown, or not supported by this processor.
    package init?(named name: String) {
        guard let set = Self.sets.first(where: { $0.name == name }), let pointer = w2v_kernels_for(set.isa) else {
            return nil
        }
        self.pointer = pointer
    }

    private init(_ pointer: UnsafePointer<w2v_kernels>) {
        self.pointer = pointer
    }

    package var name: String { Self.sets.first { $0.isa == pointer.pointee.isa }?.name ?? "scalar" }

    /// The kernels to use: those that the environment variable names, otherwise the best that the processor supports.
    /// The environment is read by the first call only.
    ///
    /// - Throws: ``CoreError/invalidEnvironment(_:found:expected:)`` if it names an unknown instruction set, or one
    ///   that is not supported.
    package static func chosen() throws(CoreError) -> KernelTable {
        try choice.get()
    }

    /// The given table, or the one to use by default.
    static func pointer(_ kernels: KernelTable?) throws(CoreError) -> UnsafePointer<w2v_kernels> {
        if let kernels { kernels.pointer } else { try chosen().pointer }
    }

    private static let choice = Result { () throws(CoreError) in try named(by: getenv(environmentVariable)) }

    private static func named(by value: UnsafeMutablePointer<CChar>?) throws(CoreError) -> KernelTable {
        guard let name = value.map({ String(cString: $0) }), !name.isEmpty else {
            return best
        }
        guard let kernels = KernelTable(named: name) else {
            throw .invalidEnvironment(
                environmentVariable, found: name,
                expected: "one of those that this processor has: " + present.map(\.name).joined(separator: ", "))
        }
        return kernels
    }
}
