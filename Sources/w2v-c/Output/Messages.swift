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
