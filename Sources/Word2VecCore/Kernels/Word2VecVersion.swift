internal import CWord2Vec

/// The library's version.
public enum Word2VecVersion {
    /// Major.minor.patch.
    public static let current = W2V_VERSION
}
