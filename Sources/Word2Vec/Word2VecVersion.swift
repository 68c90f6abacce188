internal import Word2VecCore

/// The library's version.
public enum Word2VecVersion {
    /// Major.minor.patch.
    public static let current = coreVersion
}
