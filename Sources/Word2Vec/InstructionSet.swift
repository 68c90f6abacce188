internal import Word2VecCore

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
    public static let environmentVariable = KernelTable.environmentVariable

    /// What this processor can run, in the order above, the best last.
    public static var present: [InstructionSet] { KernelTable.present.compactMap { InstructionSet($0) } }

    /// What a run uses: what `W2V_ISA` names, else the best that is present. The environment is read once, by the first call.
    ///
    /// - Throws: ``Word2VecError/invalidEnvironment(_:found:expected:)`` if that names no set, or one that is not present.
    public static func chosen() throws(Word2VecError) -> InstructionSet {
        InstructionSet(try core(KernelTable.chosen())) ?? .scalar
    }

    /// What the processor calls itself, and the kind of machine, as in `Intel(R) Xeon(R) Processor @ 2.50GHz (x86_64)`; the
    /// kind alone where it has no name.
    public static var processorName: String { Processor.name }

    private init?(_ kernels: KernelTable) { self.init(rawValue: kernels.name) }

    /// The kernels, of a set that is present.
    var kernels: KernelTable { KernelTable(named: rawValue) ?? .best }
}
