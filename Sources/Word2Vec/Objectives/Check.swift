/// Checks of arguments. Each throws an error that names the argument.
enum Check {
    static func size(_ size: Int, _ name: String) throws(Word2VecError) {
        guard size >= 1 else { throw .invalidArgument(name, found: "\(size)", expected: "1 or above") }
    }

    static func count(_ found: Int, of name: String, _ expected: Int) throws(Word2VecError) {
        guard found == expected else { throw .wrongCount(of: name, found: found, expected: expected) }
    }

    /// Requires a rank among `count`.
    static func rank(_ rank: Int, _ count: Int) throws(Word2VecError) {
        guard rank >= 0, rank < count else {
            throw .invalidArgument("rank", found: "\(rank)", expected: "from 0 to \(count - 1)")
        }
    }

    /// Requires a count above 0.
    static func notEmpty(_ count: Int, _ name: String) throws(Word2VecError) {
        guard count > 0 else { throw .invalidArgument(name, found: "none", expected: "non-empty") }
    }

    static func word(_ word: Int, _ name: String, of words: Int) throws(Word2VecError) {
        guard word >= 0 && word < words && word <= Int(Int32.max) else {
            throw .invalidArgument(name, found: "\(word)", expected: "a row from 0 to \(words - 1)")
        }
    }

    /// Requires every value to be 0 or above.
    static func notNegative(_ values: [Float], _ name: String) throws(Word2VecError) {
        if let i = values.firstIndex(where: { $0 < 0 }) {
            throw .invalidArgument("\(name)[\(i)]", found: "\(values[i])", expected: "0 or above")
        }
    }

    /// The error for the first value that is not finite. If all are finite, a gradient was too large for a float.
    static func notFinite(_ arguments: [(name: String, values: [Float])]) -> Word2VecError {
        for argument in arguments {
            if let i = argument.values.firstIndex(where: { !$0.isFinite }) {
                return .invalidArgument(
                    "\(argument.name)[\(i)]", found: "\(argument.values[i])", expected: "a finite number")
            }
        }
        return .invalidArgument("a gradient", found: "a larger number", expected: "within the range of a float")
    }
}
