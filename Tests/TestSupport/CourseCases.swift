import Foundation

/// The checked numbers of CS224n's assignment: windows over ten rows of three values, with losses and gradients that were
/// derived in float64 numpy from the formulas and equal the course's. `Fixtures/expected_w2v_gradients.json` holds them.
public struct CourseCases: Decodable, Sendable {
    /// A window; `negatives` is nil for naive softmax.
    public struct Case: Decodable, Sendable {
        public var name: String
        public var center: String
        public var context: [String]
        public var negatives: [[Int]]?
        public var loss: Double
        public var gradIn: [[Double]]
        public var gradOut: [[Double]]

        /// Otherwise it is skip-gram.
        public var isCBOW: Bool { name.hasPrefix("cbow") }
    }

    /// Rows 0 to 4 are the input vectors, 5 to 9 the output vectors.
    public var dummyVectors: [[Double]]
    public var tokens: [String: Int]
    public var cases: [Case]

    public static func load() throws -> CourseCases {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            CourseCases.self, from: Data(contentsOf: URL(filePath: Fixtures.path("expected_w2v_gradients.json"))))
    }

    public var input: [Double] { dummyVectors.prefix(5).flatMap { $0 } }
    public var output: [Double] { dummyVectors.suffix(5).flatMap { $0 } }
}

/// The largest |x - y| / max(1, |y|); infinite for lists of different lengths or what is not finite.
public func relativeError(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count, found.allSatisfy(\.isFinite) else { return .infinity }
    return zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
}
