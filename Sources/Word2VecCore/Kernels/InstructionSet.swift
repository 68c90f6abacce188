internal import CWord2Vec

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A set of vector instructions that the training kernels are written for.
///
/// A run uses the best that the processor has. The environment's `W2V_ISA` forces another, for tests and comparisons:
/// results differ in the last bits from set to set, and repeat themselves within one.
public enum InstructionSet: String, CaseIterable, Sendable {
    /// Plain C, which the compiler translates as it can.
    case scalar
    /// Arm Advanced SIMD: 4 floats.
    case neon
    /// AVX2 and FMA: 8 floats.
    case avx2
    /// AVX-512 F, BW, DQ and VL: 16 floats.
    case avx512

    /// The environment variable that forces a set.
    public static let environmentVariable = "W2V_ISA"

    /// What this processor can run, in the order above, the best last.
    public static var present: [InstructionSet] {
        allCases.filter { w2v_kernels_for($0.isa) != nil }
    }

    /// What a run uses: what `W2V_ISA` names, else the best that is present. The environment is read once, by the first call.
    ///
    /// - Throws: ``Word2VecError/invalidEnvironment(_:found:expected:)`` if that names no set, or one that is not present.
    public static func chosen() throws(Word2VecError) -> InstructionSet {
        try choice.get()
    }

    private static let choice = Result { () throws(Word2VecError) in try named(by: getenv(environmentVariable)) }

    private static func named(by value: UnsafeMutablePointer<CChar>?) throws(Word2VecError) -> InstructionSet {
        guard let name = value.map({ String(cString: $0) }), !name.isEmpty else {
            return InstructionSet(w2v_kernels_best().pointee.isa)
        }
        guard let set = InstructionSet(rawValue: name), present.contains(set) else {
            throw .invalidEnvironment(
                environmentVariable, found: name,
                expected: "one of those that this processor has: "
                    + present.map(\.rawValue).joined(separator: ", "))
        }
        return set
    }

    private init(_ isa: w2v_isa) {
        self = Self.allCases.first { $0.isa == isa } ?? .scalar
    }

    private var isa: w2v_isa {
        switch self {
        case .scalar: W2V_ISA_SCALAR
        case .neon: W2V_ISA_NEON
        case .avx2: W2V_ISA_AVX2
        case .avx512: W2V_ISA_AVX512
        }
    }

    /// The kernels; present ones only.
    var kernels: UnsafePointer<w2v_kernels> {
        w2v_kernels_for(isa) ?? w2v_kernels_best()
    }

    /// The kernels of a set that is present, or of the chosen one.
    static func kernels(_ set: InstructionSet?) throws(Word2VecError) -> UnsafePointer<w2v_kernels> {
        if let set { set.kernels } else { try chosen().kernels }
    }
}
