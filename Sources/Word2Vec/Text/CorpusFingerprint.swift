internal import Word2VecCore

/// What a corpus can be known by: of each file its size, when it was changed and a hash of samples, which are looked at before
/// it is read; and a checksum of all token ids, which is certain.
struct CorpusFingerprint: Codable, Equatable, Sendable {
    struct File: Codable, Equatable, Sendable {
        /// As a path from the root, or `-`.
        var path: String
        /// Nil for a stream, of which nothing is known before it is read.
        var state: InputFile.Fingerprint?
    }

    var files: [File]
    /// Of an epoch.
    var tokens: Int
    /// Of the lines that are held out.
    var heldOutTokens: Int
    var tokenChecksum: UInt64

    /// The files that another process cannot read again by their names: pipes, and standard input, even if it was a file.
    var streams: [String] { files.filter { $0.state == nil || InputFile.isInherited($0.path) }.map(\.path) }

    /// O(tokens).
    init(of corpus: EncodedCorpus) throws(Word2VecError) {
        files = []
        for path in corpus.paths {
            let file = try InputFile(path: path)
            files.append(File(path: InputFile.absolute(path), state: try file.state()))
        }
        tokens = corpus.tokenCount
        heldOutTokens = corpus.heldOutTokenCount
        tokenChecksum = corpus.checksum
    }

    /// Finds out before anything is read whether files are those that they were. When they were changed is no reason: a copy
    /// of the same text is the same text. Nor is it one that they are split or compressed in another way; then only the tokens
    /// tell.
    func checkFiles(at paths: [String]) throws(Word2VecError) {
        guard paths.count == files.count else { return }
        for (path, file) in zip(paths, files) {
            guard let expected = file.state, let found = try InputFile(path: path).state(),
                found.compression == expected.compression
            else { continue }
            guard found.size == expected.size else {
                throw .corpusChanged(path: path, found: "\(found.size) bytes", expected: "\(expected.size) bytes")
            }
            guard found.samples == expected.samples else {
                throw .corpusChanged(path: path, found: "a different text of the same size", expected: "the same text")
            }
        }
    }

    /// Finds out whether a corpus that was read is the same to the last token.
    func check(_ corpus: EncodedCorpus) throws(Word2VecError) {
        let found = corpus.tokenCount + corpus.heldOutTokenCount
        guard corpus.tokenCount == tokens, found == tokens + heldOutTokens, corpus.checksum == tokenChecksum else {
            throw .corpusChanged(
                path: corpus.name, found: "a different text, of \(found) tokens",
                expected: "the same text, of \(tokens + heldOutTokens) tokens")
        }
    }
}

extension InputFile {
    fileprivate func state() throws(Word2VecError) -> Fingerprint? { try core(fingerprint()) }
}
