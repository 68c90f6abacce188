import ArgumentParser
import Word2Vec

extension VectorFormat: ExpressibleByArgument {
    /// The formats by the names that flags have for them.
    private static let flagValues: [(String, VectorFormat)] = [
        ("binary", .word2vecBinary), ("text", .word2vecText), ("glove", .glove), ("safetensors", .safetensors),
        ("numpy", .numpy), ("projector", .projector),
    ]

    public init?(argument: String) {
        guard let format = Self.flagValues.first(where: { $0.0 == argument })?.1 else { return nil }
        self = format
    }

    public static var allValueStrings: [String] { flagValues.map(\.0) }

    /// What a flag says for it.
    var flagValue: String { Self.flagValues.first { $0.1 == self }?.0 ?? rawValue }
}

extension InvalidUTF8: ExpressibleByArgument {}

extension TextNumbers: ExpressibleByArgument {
    public init?(argument: String) {
        switch argument {
        case "shortest": self = .shortest
        case "original": self = .sixDecimals
        default: return nil
        }
    }

    public static var allValueStrings: [String] { ["shortest", "original"] }
}

extension VectorPrecision: ExpressibleByArgument {
    public init?(argument: String) {
        switch argument {
        case "f32": self = .float32
        case "f16": self = .float16
        case "bf16": self = .bfloat16
        default: return nil
        }
    }

    public static var allValueStrings: [String] { ["f32", "f16", "bf16"] }
}
