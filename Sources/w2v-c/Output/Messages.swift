import ArgumentParser
import Word2Vec

/// What a command says about its work: on standard output, or on standard error where standard output is a result.
struct Messages {
    let isJSON: Bool
    private let areOnStandardError: Bool

    /// - Parameters:
    ///   - outputs: files that are written, with the flags that name them. One of them may be standard output.
    ///   - isJSON: whether the result on standard output is a JSON object.
    init(besides outputs: [(flag: String, path: String?)], isJSON: Bool = false) throws {
        var users = outputs.filter { $0.path.map(OutputPath.isStandardOutput) == true }.map(\.flag)
        if isJSON { users.append("-json") }
        guard users.count < 2 else {
            throw ValidationError("\(users[0]) and \(users[1]) cannot both be standard output")
        }
        self.isJSON = isJSON
        areOnStandardError = !users.isEmpty
    }

    func say(_ text: String) {
        if areOnStandardError { StandardError.write(text + "\n") } else { print(text) }
    }
}

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
