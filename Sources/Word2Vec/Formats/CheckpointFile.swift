internal import Word2VecCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Files of checkpoints: safetensors files with the word vectors as their first tensor, so that what reads vectors reads them.
///
///     vectors   F32 (V, D)   input rows
///     output    F32 (V, D)   output rows of negative sampling or the full softmax, if the run has them
///     nodes     F32 (V, D)   rows of the Huffman tree's nodes, likewise
///     best      F32 (V, D)   the vectors of the best epoch, likewise
///     counts    I64 (V)
///     checksum  U64 (1)      of all bytes before (``StreamChecksum``)
///
/// The metadata has the words, as in the native format, and under `checkpoint` a JSON object: `Record`.
enum CheckpointFile {
    /// What is neither words nor numbers.
    struct Record: Codable {
        /// Of this layout.
        var format = Self.currentFormat
        var version = Word2VecVersion.current
        var instructionSet: String
        var options: TrainingOptions
        var corpus: CorpusFingerprint
        var state: TrainingState
        var note: String

        static let currentFormat = 2
    }

    /// What every layout has.
    private struct Layout: Decodable {
        var format: Int
    }

    /// Where the matrices stand in a file, V x D each.
    struct Parameters: Sendable {
        let input: TensorRows
        let output: TensorRows?
        let nodes: TensorRows?
        let best: TensorRows?

        func load(_ store: ModelParameters) throws(Word2VecError) -> FloatMatrix? {
            try Self.copy(input, to: store.input)
            if let output, let matrix = store.output { try Self.copy(output, to: matrix) }
            if let nodes, let matrix = store.nodes { try Self.copy(nodes, to: matrix) }
            guard let best else { return nil }
            let matrix = try core(
                FloatMatrix(rows: best.array.rows, dimensions: best.array.columns, for: "the best vectors"))
            try Self.copy(best, to: matrix)
            return matrix
        }

        private static func copy(_ tensor: TensorRows, to matrix: FloatMatrix) throws(Word2VecError) {
            precondition(matrix.rows == tensor.array.rows && matrix.dimensions == tensor.array.columns, "another shape")
            try tensor.file.withView { (view) throws(Word2VecError) in
                for row in 0..<tensor.array.rows {
                    matrix.setRow(row, to: view, at: tensor.array.place(row: row, column: 0))
                }
            }
        }
    }

    private enum Name {
        static let (output, nodes, best, checksum) = ("output", "nodes", "best", "checksum")
        static let counts = Safetensors.countsName
    }

    // MARK: Writing

    static func write(
        _ record: Record, vocabulary: Vocabulary, parameters: ModelParameters, best: FloatMatrix?, to path: String
    ) throws(Word2VecError) {
        let matrices = [
            (Safetensors.vectorsName, parameters.input), (Name.output, parameters.output),
            (Name.nodes, parameters.nodes), (Name.best, best),
        ].compactMap { name, matrix in matrix.map { (name, $0) } }
        let tensors =
            matrices.map { name, matrix in
                Safetensors.NewTensor(name, "F32", [matrix.rows, matrix.dimensions], width: 4)
            } + [
                Safetensors.NewTensor(Name.counts, "I64", [vocabulary.count], width: 8),
                Safetensors.NewTensor(Name.checksum, "U64", [1], width: 8),
            ]
        let json: Data
        do {
            json = try JSONEncoder().encode(record)
        } catch {
            throw .cannotWrite(path: path, reason: "\(error)")
        }
        let file = try core(OutputFile(path: path, hasChecksum: true))
        try Safetensors.writeHeader(
            words: vocabulary.table,
            metadata: [(SafetensorsHeader.checkpointKey, String(decoding: json, as: UTF8.self))], tensors: tensors,
            to: file, path: path)
        for (_, matrix) in matrices {
            for row in 0..<matrix.rows { try core(file.write { matrix.appendRow(row, to: &$0) }) }
        }
        for count in vocabulary.counts { try core(file.write(Safetensors.bytes(of: UInt64(bitPattern: Int64(count))))) }
        try core(file.write(Safetensors.bytes(of: file.checksum())))
        try core(file.commit())
    }

    // MARK: Reading

    static func read(_ view: ByteView, _ file: MappedFile) throws(Word2VecError) -> Checkpoint {
        guard SafetensorsHeader.isLikely(view) else {
            throw .malformed(
                path: file.path, place: .byte(0), found: Word2VecError.quoted(view.prefix(8)),
                expected: "a checkpoint of w2v-c")
        }
        let header = try SafetensorsHeader(view, of: file.path)
        guard let text = header.checkpoint, let words = header.words else {
            throw .malformed(
                path: file.path, place: .byte(8), found: "a safetensors file without the state of a run",
                expected: "a checkpoint of w2v-c")
        }
        try checkChecksum(view, header, file.path)
        func malformed(_ found: String, _ expected: String) -> Word2VecError {
            .malformed(path: file.path, place: .byte(text.place), found: found, expected: expected)
        }
        let json = Data(text.json.utf8)
        let record: Record
        do {
            let format = try JSONDecoder().decode(Layout.self, from: json).format
            guard format == Record.currentFormat else {
                throw malformed("format \(format), of another version of w2v-c", "format \(Record.currentFormat)")
            }
            record = try JSONDecoder().decode(Record.self, from: json)
        } catch let error as Word2VecError {
            throw error
        } catch {
            throw malformed("\(error)", "the state of a run")
        }
        if let objection = objection(to: record) { throw malformed(objection, "a state that a run can have") }

        let counts = try counts(of: header, in: view, of: file.path)
        var table = WordTable()
        table.reserveCapacity(words: counts.count)
        for rank in 0..<words.table.count {
            guard table.insert(words.table.bytes(at: rank)).isNew else {
                throw .malformed(
                    path: file.path, place: .byte(words.place), found: "a word again", expected: "each word once")
            }
        }
        guard table.count == counts.count, table.count > 1 else {
            throw .malformed(
                path: file.path, place: .byte(words.place), found: "\(table.count) words, \(counts.count) counts",
                expected: "at least two words, and as many counts")
        }
        let options = record.options
        func rows(_ name: String, isNeeded: Bool) throws(Word2VecError) -> TensorRows? {
            guard let tensor = header.tensors.first(where: { $0.name == name }) else {
                guard isNeeded else { return nil }
                throw .malformed(
                    path: file.path, place: .byte(8), found: "no tensor '\(name)'", expected: "the run's parameters")
            }
            try check(tensor, type: "F32", shape: [table.count, options.dimensions], width: 4, header, view, file.path)
            return TensorRows(
                file: file,
                array: StoredArray(
                    start: header.dataStart + tensor.start, type: .float32, rows: table.count,
                    columns: options.dimensions),
                format: .safetensors)
        }
        guard let input = try rows(Safetensors.vectorsName, isNeeded: true) else { preconditionFailure("it is needed") }
        let parameters = Parameters(
            input: input,
            output: try rows(Name.output, isNeeded: options.effectiveNegatives > 0 || options.loss == .softmax),
            nodes: try rows(Name.nodes, isNeeded: options.hierarchicalSoftmax),
            best: try rows(Name.best, isNeeded: false))
        return Checkpoint(
            path: file.path, record: record, vocabulary: Vocabulary(table: table, counts: counts),
            parameters: parameters)
    }

    private static func check(
        _ tensor: SafetensorsHeader.Tensor, type: String, shape: [Int], width: Int, _ header: SafetensorsHeader,
        _ view: ByteView, _ path: String
    ) throws(Word2VecError) {
        var (byteCount, isTooLarge) = (width, false)
        for size in shape {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
            (byteCount, isTooLarge) = (product, isTooLarge || overflow)
        }
        guard tensor.type == type, tensor.shape == shape, !isTooLarge, tensor.start <= tensor.end,
            tensor.end <= view.count - header.dataStart, tensor.end - tensor.start == byteCount
        else {
            throw .malformed(
                path: path, place: .byte(tensor.place),
                found: "\(tensor.type) \(tensor.shape) at \(tensor.start)..<\(tensor.end)",
                expected: "'\(tensor.name)' as \(type) \(shape) within the file")
        }
    }

    /// The last eight bytes are the checksum of all before.
    private static func checkChecksum(
        _ view: ByteView, _ header: SafetensorsHeader, _ path: String
    ) throws(Word2VecError) {
        guard let tensor = header.tensors.first(where: { $0.name == Name.checksum }) else {
            throw .malformed(path: path, place: .byte(8), found: "no checksum", expected: "a checkpoint of w2v-c")
        }
        try check(tensor, type: "U64", shape: [1], width: 8, header, view, path)
        let place = view.count - 8
        guard header.dataStart + tensor.start == place else {
            throw .malformed(
                path: path, place: .byte(tensor.place), found: "\(view.count - header.dataStart) bytes of data",
                expected: "\(tensor.end): the file is damaged")
        }
        let found = view.eightBytes(at: place)
        let expected = view[0..<place].checksum
        guard found == expected else {
            throw .malformed(
                path: path, place: .byte(place), found: String(found, radix: 16),
                expected: "the checksum \(String(expected, radix: 16)) of the bytes before: the file is damaged")
        }
    }

    /// The counts of the words, whose sum is a number.
    static func counts(
        of header: SafetensorsHeader, in view: ByteView, of path: String
    ) throws(Word2VecError) -> [Int] {
        guard let tensor = header.tensors.first(where: { $0.name == Name.counts }), let rows = tensor.shape.first else {
            throw .malformed(path: path, place: .byte(8), found: "no counts", expected: "the words' counts")
        }
        try check(tensor, type: "I64", shape: [rows], width: 8, header, view, path)
        var counts: [Int] = []
        var total = 0
        counts.reserveCapacity(rows)
        for row in 0..<rows {
            let place = header.dataStart + tensor.start + 8 * row
            let count = Int(truncatingIfNeeded: view.eightBytes(at: place))
            let (sum, overflow) = total.addingReportingOverflow(count)
            guard count >= 0, !overflow, sum <= Vocabulary.largestTotal else {
                throw .malformed(
                    path: path, place: .byte(place), found: "\(count)",
                    expected: "counts from 0, whose sum is at most \(Vocabulary.largestTotal)")
            }
            counts.append(count)
            total = sum
        }
        return counts
    }

    /// What is impossible about a state; nil if nothing is.
    private static func objection(to record: Record) -> String? {
        let (options, state, tokens) = (record.options, record.state, record.corpus.tokens)
        do throws(Word2VecError) {
            try options.validate()
        } catch {
            return "\(error)"
        }
        let most = Vocabulary.largestTotal
        guard (0...most).contains(tokens), (0...most).contains(record.corpus.heldOutTokens),
            !record.corpus.files.isEmpty
        else { return "\(tokens) tokens" }
        // The exact mode counts the words of the vocabulary, which may be another text's.
        let total = options.epochs * (options.exact ? most : tokens)
        guard state.losses.count == options.epochs, (0...options.epochs).contains(state.epoch) else {
            return "epoch \(state.epoch) of \(options.epochs)"
        }
        guard (0...tokens).contains(state.position), (0...total).contains(state.words) else {
            return "\(state.words) words of \(total), at \(state.position) of \(tokens)"
        }
        guard state.losses.allSatisfy({ $0?.isFinite ?? true }), state.seconds.isFinite,
            (0...total).contains(state.keptWords), (0...Int.max >> 8).contains(state.pairs), state.seconds >= 0,
            state.scores.count <= options.epochs, (0...options.epochs).contains(state.firstRated)
        else { return "losses, times or scores that are none" }
        guard let original = state.original else {
            return options.exact && state.words > 0 ? "no state of the exact mode" : nil
        }
        let isWhole =
            options.exact && original.alpha.isFinite
            && [original.wordCount, original.lastCount, original.done].allSatisfy {
                (0...Int(Int64.max >> 8)).contains($0)
            }
        return isWhole ? nil : "another state of the exact mode"
    }
}
