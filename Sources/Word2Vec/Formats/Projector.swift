/// The TensorFlow Embedding Projector's two files: values with tabs between them, and words, one a line. A file of one column
/// has no line of titles.
enum Projector {
    static func writeValues(
        of vectors: WordVectors, numbers: TextNumbers, to file: OutputFile
    ) throws(Word2VecError) {
        for rank in 0..<vectors.count {
            try file.write { buffer in
                for (d, value) in vectors.vector(at: rank).enumerated() {
                    if d > 0 { buffer.append(UInt8(ascii: "\t")) }
                    numbers.append(value, to: &buffer)
                }
                buffer.append(UInt8(ascii: "\n"))
            }
        }
    }

    /// Why a word cannot stand in such a file; nil if it can.
    static func objection(to word: some BidirectionalCollection<UInt8>) -> String? {
        word.contains(UInt8(ascii: "\t")) ? "a tab" : WordList.objection(to: word)
    }
}
