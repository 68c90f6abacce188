#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension OutputFile {
    /// The path to pass to the system.
    static func named(_ path: String) -> String { path == standardOutput ? "/dev/stdout" : path }

    /// The directory of a path, with the slash.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// The last component of a path.
    static func name(of path: String) -> Substring {
        path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    }
}

/// Whether two paths lead to the same regular file. If a file does not exist, its directory and name are compared.
package func isSameFile(_ a: String, _ b: String) -> Bool {
    let standardOutputs = [a, b].count(where: OutputFile.isStandardOutput)
    if standardOutputs == 2 { return true }
    let (a, b) = (OutputFile.named(a), OutputFile.named(b))
    var (statusA, statusB) = (stat(), stat())
    switch (stat(a, &statusA) == 0, stat(b, &statusB) == 0) {
    case (true, true):
        return statusA.st_mode & S_IFMT == S_IFREG && isSame(statusA, statusB)
    case (false, false):
        guard OutputFile.name(of: a) == OutputFile.name(of: b), stat(OutputFile.folder(of: a), &statusA) == 0,
            stat(OutputFile.folder(of: b), &statusB) == 0
        else { return a == b }
        return isSame(statusA, statusB)
    default: return false
    }
}

/// Whether both are the same file.
func isSame(_ a: stat, _ b: stat) -> Bool {
    a.st_dev == b.st_dev && a.st_ino == b.st_ino
}
