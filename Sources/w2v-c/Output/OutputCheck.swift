import ArgumentParser
import Word2Vec

/// Finds out before any work is done whether a file can be written, and that it is none of those that other flags name.
func checkOutput(_ path: String, against others: [(flag: String, path: String?)]) throws {
    for case (let flag, let other?) in others where OutputPath.isSame(path, other == "-" ? "/dev/stdin" : other) {
        throw ValidationError("\(path): the file of \(flag) would be overwritten")
    }
    try OutputPath.checkWritable(path)
}

/// Refuses standard output for a file that is read again.
func checkIsFile(_ path: String?, of flag: String) throws {
    guard let path, OutputPath.isStandardOutput(path) else { return }
    throw ValidationError("\(flag) must be a file, which is read again; found standard output (\(path))")
}
