internal import CWord2Vec

/// A matrix of `rows` x `dimensions` floats (V x D). Its rows are padded with zeros to a multiple of 16 floats and
/// 64-byte aligned, as the kernels of the C core require. Or they are the bytes of a file: read-only, adjacent (S = D)
/// and 4-byte aligned; then `isPadded` is false.
public struct FloatMatrix: Sendable {
    public let rows: Int
    public let dimensions: Int
    /// Floats from one row to the next (S).
    public let stride: Int
    private let memory: Memory
    /// The byte offset of the first row in the memory.
    private let start: Int
    private let isWritable: Bool

    /// Creates a matrix of zeros.
    public init(rows: Int, dimensions: Int, for purpose: String) throws(CoreError) {
        self.rows = rows
        self.dimensions = dimensions
        stride = w2v_stride(dimensions)
        memory = try Memory(
            zeroed: Self.byteCount(rows: rows, dimensions: dimensions), for: purpose, use: .table)
        start = 0
        isWritable = true
    }

    /// Uses the little-endian floats at `offset` of a file, row by row, without a copy. Nil if they cannot be used in
    /// place.
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

    /// The size of a padded matrix in bytes, or Int.max if it overflows.
    public static func byteCount(rows: Int, dimensions: Int) -> Int {
        let (floats, tooMany) = rows.multipliedReportingOverflow(by: w2v_stride(dimensions))
        let (bytes, tooLarge) = floats.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        return tooMany || tooLarge ? .max : bytes
    }

    /// Whether the rows are padded with zeros to a multiple of 16 floats.
    public var isPadded: Bool { stride == w2v_stride(dimensions) }

    /// This matrix if it is padded, otherwise a padded copy. O(V x D).
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

    /// Copies all values of a matrix of the same shape. O(V x D).
    public func setRows(to other: FloatMatrix) {
        precondition(other.rows == rows, "another shape")
        _ = inParallelRanges(of: rows) { rows in for row in rows { setRow(row, toRow: row, of: other) } }
    }

    /// The first rows, in the same memory.
    public func firstRows(_ count: Int) -> FloatMatrix {
        precondition(count >= 0 && count <= rows, "rows outside of the matrix")
        return FloatMatrix(
            rows: count, dimensions: dimensions, stride: stride, memory: memory, start: start, isWritable: isWritable)
    }

    /// The same rows, for a caller who may keep them.
    public func lent() -> MatrixLoan { MatrixLoan(self) }

    /// A matrix that is lent. All copies of it hold the loan's memory object, and nothing else does, so it is known
    /// when they are gone.
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

        /// Whether no copy of the matrix is left.
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

    /// Sets a row. `values` are D floats.
    public func setRow(_ row: Int, to values: [Float]) {
        precondition(values.count == dimensions, "a row has \(dimensions) values")
        writableRow(row).update(from: values, count: dimensions)
    }

    /// Sets a row to a row of a matrix with the same number of dimensions, which may be this one.
    public func setRow(_ row: Int, toRow source: Int, of other: FloatMatrix) {
        precondition(other.dimensions == dimensions, "a row has \(dimensions) values")
        writableRow(row).update(from: other.row(source), count: dimensions)
    }

    /// Sets a row to the D little-endian floats at `offset` of a file.
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

    /// The sum of the squares of a row. NaN or infinite if one of its values is.
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
