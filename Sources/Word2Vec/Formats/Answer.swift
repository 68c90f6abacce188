/// A command's answer: text for a file, which appears whole or not at all, or for standard output (`-`).
package enum Answer {
    package static func write(_ text: String, to path: String) throws(Word2VecError) {
        let file = try OutputFile(path: path)
        try file.write(text.utf8)
        try file.commit()
    }
}
