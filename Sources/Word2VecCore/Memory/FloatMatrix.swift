internal import CWord2Vec

/// A matrix of `rows` x `dimensions` floats (V x D). Its rows are padded with zeros to a stride of 16 floats and 64-byte
/// aligned, as the C core's kernels want them; or they are the bytes of a file, which cannot be written to, stand one behind
/// the other (S = D) and are 4-byte aligned (`isPadded` is false).
public struct FloatMatrix: Sendable {
    public let rows: Int
    public let dimensions: Int
    /// Floats from one row to the next (S).
    public let stride: Int
    private let memory: Memory
    /// Where in the memory the first row begins, in bytes.
    private let start: Int
    private let isWritable: Bool

    /// A matrix of zeros.
    public init(rows: Int, dimensions: Int, for purpose: String) throws(CoreError) {
        self.rows = rows
        self.dimensions = dimensions
        stride = w2v_stride(dimensions)
        memory = try Memory(
            zeroed: Self.byteCount(rows: rows, dimensions: dimensions), for: purpose, use: .table)
        start = 0
        isWritable = true
    }

    /// The little-endian floats at `offset` of a file, row by row, without a copy; nil if they cannot be used as they stand
    /// there.
    package init?(of file: MappedFile, at offset: Int, rows: Int, dimensions: Int) {
        #if _endian(big)
            return nil
        #else
            guard offset % MemoryLayout<Float>.alignment == 0 else { return nil }
            let (floats, tooMany) = rows.multipliedReportingOverflow(by: dimensions)
            precondition(
                offset >= 0 && !tooMany && floats <= (file.count - offset) / MemoryLayout<Float>.stride,
                "rows outside of the file")
            self.rows = rows
            self.dimensions = dimensions
            stride = dimensions
            memory = file.memory
            start = offset
            isWritable = false
        #endif
    }

    /// The bytes of a padded matrix, or Int.max if there is no such number.
    public static func byteCount(rows: Int, dimensions: Int) -> Int {
        let (floats, tooMany) = rows.multipliedReportingOverflow(by: w2v_stride(dimensions))
        let (bytes, tooLarge) = floats.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        return tooMany || tooLarge ? .max : bytes
    }

    /// Whether each row has zeros up to a stride of 16 floats.
    public var isPadded: Bool { stride == w2v_stride(dimensions) }

    /// This matrix if it is padded, else a copy that is. O(V x D).
    public func padded(for purpose: String) throws(CoreError) -> FloatMatrix {
        if isPadded { return self }
        return try copy(for: purpose)
    }

    /// A padded matrix of the same values, in memory of its own. O(V x D).
    public func copy(for purpose: String) throws(CoreError) -> FloatMatrix {
        let copy = try FloatMatrix(rows: rows, dimensions: dimensions, for: purpose)
        copy.setRows(to: self)
        return copy
    }

    /// Takes all values of a matrix of the same shape. O(V x D).
    public func setRows(to other: FloatMatrix) {
        precondition(other.rows == rows, "another shape")
        _ = inParallelRanges(of: rows) { rows in for row in rows { setRow(row, toRow: row, of: other) } }
    }

    /// The first rows alone, in the same memory.
    public func firstRows(_ count: Int) -> FloatMatrix {
        precondition(count >= 0 && count <= rows, "rows outside of the matrix")
        return FloatMatrix(
            rows: count, dimensions: dimensions, stride: stride, memory: memory, start: start, isWritable: isWritable)
    }

    /// The same rows, to be given to somebody who may keep them.
    public func lent() -> MatrixLoan { MatrixLoan(self) }

    /// A matrix that is lent, and whether it was given back: all that have it, and nobody else, hold the loan's memory object.
    public struct MatrixLoan {
        private let lender: FloatMatrix
        private var memory: Memory

        fileprivate init(_ lender: FloatMatrix) {
            self.lender = lender
            memory = Memory(lending: lender.memory)
        }

        public var matrix: FloatMatrix {
            FloatMatrix(
                rows: lender.rows, dimensions: lender.dimensions, stride: lender.stride, memory: memory,
                start: lender.start, isWritable: false)
        }

        /// Whether nobody has the matrix any more.
        public mutating func isOver() -> Bool { isKnownUniquelyReferenced(&memory) }
    }

    private init(rows: Int, dimensions: Int, stride: Int, memory: Memory, start: Int, isWritable: Bool) {
        self.rows = rows
        self.dimensions = dimensions
        self.stride = stride
        self.memory = memory
        self.start = start
        self.isWritable = isWritable
    }

    /// The first row; valid while this value is.
    public var pointer: UnsafeMutablePointer<Float> {
        (memory.base + start).assumingMemoryBound(to: Float.self)
    }

    /// The values of a row (D).
    public subscript(row: Int) -> [Float] {
        Array(UnsafeBufferPointer(start: self.row(row), count: dimensions))
    }

    /// Replaces a row while the matrix is being built. `values` are D floats.
    public func setRow(_ row: Int, to values: [Float]) {
        precondition(values.count == dimensions, "a row has \(dimensions) values")
        writableRow(row).update(from: values, count: dimensions)
    }

    /// Replaces a row by one of a matrix of as many dimensions, which may be this one.
    public func setRow(_ row: Int, toRow source: Int, of other: FloatMatrix) {
        precondition(other.dimensions == dimensions, "a row has \(dimensions) values")
        writableRow(row).update(from: other.row(source), count: dimensions)
    }

    /// Replaces a row by the D little-endian floats at `offset` of a file.
    public func setRow(_ row: Int, to view: ByteView, at offset: Int) {
        let source = view[offset..<offset + dimensions * MemoryLayout<Float>.stride].bytes
        let destination = writableRow(row)
        UnsafeMutableRawBufferPointer(start: destination, count: source.count).copyMemory(from: source)
        #if _endian(big)
            for d in 0..<dimensions { destination[d] = Float(bitPattern: destination[d].bitPattern.byteSwapped) }
        #endif
    }

    /// Appends a row as D little-endian floats.
    public func appendRow(_ row: Int, to bytes: inout [UInt8]) {
        let source = self.row(row)
        #if _endian(big)
            for d in 0..<dimensions { withUnsafeBytes(of: source[d].bitPattern.littleEndian) { bytes += $0 } }
        #else
            bytes += UnsafeRawBufferPointer(start: source, count: dimensions * MemoryLayout<Float>.stride)
        #endif
    }

    /// The sum of a row's squares: NaN or infinite if a value is.
    public func squaredLength(ofRow row: Int) -> Double {
        let source = self.row(row)
        var sum = 0.0
        for d in 0..<dimensions { sum += Double(source[d]) * Double(source[d]) }
        return sum
    }

    private func row(_ row: Int) -> UnsafeMutablePointer<Float> {
        precondition(row >= 0 && row < rows, "row outside of the matrix")
        return pointer + row * stride
    }

    public func writableRow(_ row: Int) -> UnsafeMutablePointer<Float> {
        precondition(isWritable, "the rows of a file cannot be written to")
        return self.row(row)
    }
}
