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
    private static let flagValues: [(String, TextNumbers)] = [("shortest", .shortest), ("original", .sixDecimals)]

    public init?(argument: String) {
        guard let numbers = Self.flagValues.first(where: { $0.0 == argument })?.1 else { return nil }
        self = numbers
    }

    public static var allValueStrings: [String] { flagValues.map(\.0) }
    public var defaultValueDescription: String { Self.flagValues.first { $0.1 == self }?.0 ?? rawValue }
}

extension VectorPrecision: ExpressibleByArgument {
    private static let flagValues: [(String, VectorPrecision)] = [
        ("f32", .float32), ("f16", .float16), ("bf16", .bfloat16),
    ]

    public init?(argument: String) {
        guard let precision = Self.flagValues.first(where: { $0.0 == argument })?.1 else { return nil }
        self = precision
    }

    public static var allValueStrings: [String] { flagValues.map(\.0) }
    public var defaultValueDescription: String { Self.flagValues.first { $0.1 == self }?.0 ?? rawValue }
}
