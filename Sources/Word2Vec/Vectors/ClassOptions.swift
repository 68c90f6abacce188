/// How to group words. Each property names its flag of `w2v-c classes`.
public struct ClassOptions: Codable, Equatable, Sendable {
    /// A way of k-means.
    public enum Method: String, Codable, Sendable, CaseIterable {
        /// From seeds that lie apart (Arthur and Vassilvitskii 2007), until no word moves; of vectors scaled to length 1, so by
        /// cosine (spherical k-means: Dhillon and Modha 2001).
        case plusPlus = "kmeans++"
        /// The original's -classes, in its arithmetic: word r starts in class r mod count, and ten rounds are run. Long
        /// vectors weigh more.
        case original
    }

    /// `-classes`: how many.
    public var count: Int
    /// `-method`
    public var method = Method.plusPlus
    /// `-seed`: of the seeds' draws.
    public var seed: UInt64 = 1
    /// `-iter`: rounds at the most.
    public var iterations = 100

    /// The defaults.
    public init(count: Int) {
        self.count = count
    }

    /// Checks every option.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first that no run can have.
    public func validate() throws(Word2VecError) {
        guard (1...Self.most).contains(count) else {
            throw .invalidOption("classes", found: "\(count)", expected: "from 1 to \(Self.most)")
        }
        guard (1...Self.most).contains(iterations) else {
            throw .invalidOption("iter", found: "\(iterations)", expected: "from 1 to \(Self.most)")
        }
    }

    private static let most = 1_000_000
}
