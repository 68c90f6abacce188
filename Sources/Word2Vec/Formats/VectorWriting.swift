internal import Word2VecCore

/// How values are written as text.
public enum TextNumbers: String, Sendable, CaseIterable {
    /// In the fewest digits that read back as the same float.
    case shortest
    /// As the original writes them, `%lf `: six decimals and a space.
    case sixDecimals

    func append(_ value: Float, to bytes: inout [UInt8]) {
        switch self {
        case .shortest: DecimalText.appendShortest(value, to: &bytes)
        case .sixDecimals: DecimalText.append(value, to: &bytes)
        }
    }
}

/// How values are written to safetensors and NumPy files.
public enum VectorPrecision: String, Sendable, CaseIterable {
    /// Four bytes: as they are.
    case float32
    /// IEEE half precision, two bytes: the nearest of 11 bits, infinite from 65520 on.
    case float16
    /// The upper half of a float32: the nearest of 8 bits. Not in NumPy's format.
    case bfloat16

    var elementType: ElementType {
        switch self {
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        }
    }
}

extension WordVectors {
    /// Writes the vectors. An existing file is replaced when the new one is complete. Of two files, that of the words is first.
    /// `-` is standard output.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - format: its format.
    ///   - numbers: how text formats write values.
    ///   - precision: how safetensors and NumPy files store them.
    ///   - wordsPath: the second file of a format that has two; by default ``VectorFormat/wordsPath(besides:)``.
    /// - Throws: ``Word2VecError/cannotWrite(path:reason:)``, also for a word that the format cannot hold;
    ///   ``Word2VecError/invalidArgument(_:found:expected:)`` for a precision that it does not have.
    public func write(
        to path: String, format: VectorFormat, numbers: TextNumbers = .shortest, precision: VectorPrecision = .float32,
        words wordsPath: String? = nil
    ) throws(Word2VecError) {
        try format.check(precision)
        let wordsPath = wordsPath ?? format.wordsPath(besides: path)
        if let wordsPath, isSameFile(path, wordsPath) {
            throw .cannotWrite(path: wordsPath, reason: "the vectors and the words cannot be written to the same file")
        }
        try checkWords(for: format, path)
        if format == .word2vecText { try checkText(path) }
        let file = try core(OutputFile(path: path))
        let wordsFile = try wordsPath.map { (path) throws(Word2VecError) in
            try core(OutputFile(path: path))
        }
        switch format {
        case .word2vecBinary:
            try core(file.write("\(count) \(dimensions)\n".utf8))
            try Word2VecBinary.writeRows(of: self, to: file)
        case .word2vecText:
            try core(file.write("\(count) \(dimensions)\n".utf8))
            try TextVectors.writeRows(of: self, numbers: numbers, to: file)
        case .glove: try TextVectors.writeRows(of: self, numbers: numbers, to: file)
        case .safetensors: try Safetensors.write(self, precision: precision, to: file, path: path)
        case .numpy: try NumPy.write(self, precision: precision, to: file)
        case .projector: try Projector.writeValues(of: self, numbers: numbers, to: file)
        }
        if let wordsFile {
            if format == .projector {
                try Projector.writeLabels(of: words, to: wordsFile)
            } else {
                try WordList.write(words, to: wordsFile)
            }
            try format == .projector ? core(wordsFile.commit()) : wordsFile.commitText(wordsPath ?? path, as: .text)
        }
        try format == .glove ? file.commitText(path, as: .binary) : core(file.commit())
    }

    /// Finds out beforehand whether each word can be written.
    private func checkWords(for format: VectorFormat, _ path: String) throws(Word2VecError) {
        for rank in 0..<count {
            let word = words.bytes(at: rank)
            let objection: String? =
                switch format {
                case .word2vecBinary: Word2VecBinary.objection(to: word)
                case .word2vecText: TextRow.objection(to: word, .told)
                case .glove: TextRow.objection(to: word, .inferred)
                case .safetensors: nil
                case .numpy: WordList.objection(to: word)
                case .projector: Projector.objection(to: word)
                }
            if let objection {
                let takesIt = format == .glove && TextRow.objection(to: word, .told) == nil
                throw .cannotWrite(
                    path: path,
                    reason: """
                        the word \(Word2VecError.quoted(word)) of row \(rank + 1) holds \(objection), for which \
                        \(format.name) has no place; safetensors takes every word\
                        \(takesIt ? ", word2vec text takes this one" : ""), and -spaces replaces them
                        """)
            }
        }
    }

    /// Text of which every word ends with a value would be refused by its reader.
    private func checkText(_ path: String) throws(Word2VecError) {
        guard TextVectors.areLikeValues(count, words.bytes(at:)) else { return }
        throw .cannotWrite(
            path: path,
            reason: """
                every word ends with a number behind a space, as if the rows had a further value; safetensors takes every \
                word, and -spaces replaces them
                """)
    }

    /// Writes all rows as little-endian values, one behind the other.
    func writeValues(as type: ElementType, to file: OutputFile) throws(Word2VecError) {
        for rank in 0..<count {
            try core(
                file.write { buffer in
                    switch type {
                    case .float32, .float64: matrix.appendRow(rank, to: &buffer)
                    case .float16, .bfloat16:
                        for value in matrix[rank] {
                            let bits =
                                type == .float16 ? HalfPrecision.binary16(value) : HalfPrecision.bfloat16(value)
                            buffer.append(UInt8(truncatingIfNeeded: bits))
                            buffer.append(UInt8(truncatingIfNeeded: bits >> 8))
                        }
                    }
                })
        }
    }
}

extension VectorFormat {
    /// Whether a format can store values so.
    func check(_ precision: VectorPrecision) throws(Word2VecError) {
        let fits =
            switch self {
            case .safetensors: true
            case .numpy: precision != .bfloat16
            case .word2vecBinary, .word2vecText, .glove, .projector: precision == .float32
            }
        guard fits else {
            throw .invalidArgument(
                "precision", found: precision.rawValue,
                expected: self == .numpy ? "float32 or float16 for \(name)" : "float32 for \(name)")
        }
    }
}
