internal import Word2VecCore

/// The errors of the library. `description` is one line that begins with what is at fault and tells how to correct it.
public enum Word2VecError: Error, Equatable, Sendable {
    /// An option with an impossible value. `option` is the flag's name, without its dash.
    case invalidOption(_ option: String, found: String, expected: String)
    /// An impossible argument of a function; `argument` is its name, with the place in it.
    case invalidArgument(_ argument: String, found: String, expected: String)
    /// An environment variable with an impossible value.
    case invalidEnvironment(_ variable: String, found: String, expected: String)
    /// A file that cannot be opened or read; `reason` is the system's message.
    case cannotRead(path: String, reason: String)
    /// A stream (a pipe, standard input) that would have to be read twice.
    case cannotReadTwice(path: String)
    /// A file that cannot be created, written or renamed.
    case cannotWrite(path: String, reason: String)
    /// An empty corpus.
    case emptyCorpus(path: String)
    /// No word reaches the minimum count. `words` and `distinct` count what was read, `highestCount` is the top count
    /// among words.
    case noWords(path: String, minimumCount: Int, words: Int, distinct: Int, highestCount: Int)
    /// A corpus that contains no word of the given vocabulary.
    case noKnownWords(path: String)
    /// A file with wrong content at `place`.
    case malformed(path: String, place: Place, found: String, expected: String)
    /// A word that is not in the vectors.
    case unknownWord(String)
    /// A wrong number of values.
    case wrongCount(of: String, found: Int, expected: Int)
    /// Memory that the system cannot provide.
    case outOfMemory(bytes: Int, purpose: String)
    /// A corpus that has changed since the checkpoint was written.
    case corpusChanged(path: String, found: String, expected: String)
    /// A run, or the reading of a corpus, that was stopped before its end (``TrainingControl/shouldStop``, or a cancelled
    /// task). `checkpoint` is the file to resume from, if there is one.
    case interrupted(checkpoint: String?)
    /// A parameter became infinite or NaN. `epoch` counts from 1; `alpha` is the learning rate in use.
    case diverged(epoch: Int, alpha: Float)

    /// Where in a file.
    public enum Place: Equatable, Sendable {
        /// A line, counted from 1.
        case line(Int)
        /// A byte, counted from 0.
        case byte(Int)
    }
}

extension Word2VecError {
    /// That no word is frequent enough, from the counts of all words that there are.
    static func noWords(path: String, minimumCount: Int, counts: [Int]) -> Word2VecError {
        .noWords(
            path: path, minimumCount: minimumCount, words: counts.reduce(0, +), distinct: counts.count,
            highestCount: counts.max() ?? 0)
    }

    /// What was found, for a message: at most 40 bytes of it, without control characters, which a terminal might obey.
    static func quoted(_ bytes: some Collection<UInt8>) -> String {
        var text = ""
        for scalar in String(decoding: bytes.prefix(40), as: UTF8.self).unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control
            if isControl {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return "'\(text)\(bytes.count > 40 ? "…" : "")'"
    }
}

extension Word2VecError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidOption(let option, let found, let expected):
            "-\(option) must be \(expected), found \(found)"
        case .invalidArgument(let argument, let found, let expected):
            "\(argument) must be \(expected), found \(found)"
        case .invalidEnvironment(let variable, let found, let expected):
            "\(variable) in the environment must be \(expected), found \(found)"
        case .cannotRead(let path, let reason):
            "\(path): cannot be read: \(reason)"
        case .cannotReadTwice(let path):
            "\(path): it is a stream and can be read only once; a regular file can be read again"
        case .cannotWrite(let path, let reason):
            "\(path): cannot be written: \(reason)"
        case .emptyCorpus(let path):
            "\(path): the file is empty"
        case .noWords(let path, _, words: 0, _, _):
            "\(path): the text has no words"
        case .noWords(let path, let minimumCount, let words, let distinct, let highestCount):
            """
            \(path): no word occurs at least \(minimumCount) times (-min-count): \(words) words were read, \
            \(distinct) of them distinct, and the most frequent occurs \(highestCount) times
            """
        case .noKnownWords(let path):
            "\(path): none of its words is in the vocabulary"
        case .malformed(let path, let place, let found, let expected):
            "\(path), \(place): expected \(expected), found \(found)"
        case .unknownWord(let word):
            "\(word): not in the vocabulary"
        case .wrongCount(let thing, let found, let expected):
            "\(thing): expected \(expected), found \(found)"
        case .outOfMemory(let bytes, let purpose):
            "\(purpose): the system cannot provide \(bytes) bytes of memory"
        case .corpusChanged(let path, let found, let expected):
            "\(path): the text changed since the checkpoint was written: expected \(expected), found \(found)"
        case .interrupted(let checkpoint):
            "stopped before the end" + (checkpoint.map { "; resume from \($0)" } ?? "")
        case .diverged(let epoch, let alpha):
            """
            training diverged in epoch \(epoch): a parameter is not finite at alpha \(alpha); \
            a smaller -alpha may help. Nothing was written
            """
        }
    }
}

extension Word2VecError.Place: CustomStringConvertible {
    public var description: String {
        switch self {
        case .line(let line): "line \(line)"
        case .byte(let offset): "byte \(offset)"
        }
    }
}

/// Passes on what a function of Core returns, and its errors as the library's.
func core<Value>(_ body: @autoclosure () throws(CoreError) -> Value) throws(Word2VecError) -> Value {
    do {
        return try body()
    } catch {
        throw Word2VecError(error)
    }
}

extension Word2VecError {
    init(_ error: CoreError) {
        self =
            switch error {
            case .cannotRead(let path, let reason): .cannotRead(path: path, reason: reason)
            case .cannotReadTwice(let path): .cannotReadTwice(path: path)
            case .cannotWrite(let path, let reason): .cannotWrite(path: path, reason: reason)
            case .outOfMemory(let bytes, let purpose): .outOfMemory(bytes: bytes, purpose: purpose)
            case .invalidEnvironment(let variable, let found, let expected):
                .invalidEnvironment(variable, found: found, expected: expected)
            case .cancelled: .interrupted(checkpoint: nil)
            case .refused(_, let error as Word2VecError): error
            case .refused(let path, let error): .cannotRead(path: path, reason: "\(error)")
            }
    }
}
