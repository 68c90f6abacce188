internal import CWord2Vec

/// A matrix of `rows` x `dimensions` floats (V x D). Rows are padded with zeros to a stride of 16 floats and 64-byte
/// aligned, as the C core's kernels want them.
struct FloatMatrix: Sendable {
    let rows: Int
    let dimensions: Int
    /// Floats from one row to the next (S).
    let stride: Int
    private let memory: Memory

    /// A matrix of zeros.
    init(rows: Int, dimensions: Int, for purpose: String) throws(Word2VecError) {
        self.rows = rows
        self.dimensions = dimensions
        stride = w2v_stride(dimensions)
        memory = try Memory(
            zeroed: Self.byteCount(rows: rows, dimensions: dimensions), for: purpose, use: .table)
    }

    /// The bytes of such a matrix, or Int.max if there is no such number.
    static func byteCount(rows: Int, dimensions: Int) -> Int {
        let (floats, tooMany) = rows.multipliedReportingOverflow(by: w2v_stride(dimensions))
        let (bytes, tooLarge) = floats.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        return tooMany || tooLarge ? .max : bytes
    }

    /// The first row; valid while this value is.
    var pointer: UnsafeMutablePointer<Float> {
        memory.bound(to: Float.self)
    }

    /// The values of a row (D).
    subscript(row: Int) -> [Float] {
        Array(UnsafeBufferPointer(start: self.row(row), count: dimensions))
    }

    /// Replaces a row while the matrix is being built. `values` are D floats.
    func setRow(_ row: Int, to values: [Float]) {
        precondition(values.count == dimensions, "a row has \(dimensions) values")
        self.row(row).update(from: values, count: dimensions)
    }

    /// Replaces a row by the D little-endian floats at `offset` of a file.
    func setRow(_ row: Int, from file: MappedFile, at offset: Int) {
        let source = UnsafeRawBufferPointer(rebasing: file.bytes[offset..<offset + dimensions * 4])
        let destination = self.row(row)
        UnsafeMutableRawBufferPointer(start: destination, count: source.count).copyMemory(from: source)
        #if _endian(big)
            for d in 0..<dimensions { destination[d] = Float(bitPattern: destination[d].bitPattern.byteSwapped) }
        #endif
    }

    /// Appends a row as D little-endian floats.
    func appendRow(_ row: Int, to bytes: inout [UInt8]) {
        let source = self.row(row)
        #if _endian(big)
            for d in 0..<dimensions { withUnsafeBytes(of: source[d].bitPattern.littleEndian) { bytes += $0 } }
        #else
            bytes += UnsafeRawBufferPointer(start: source, count: dimensions * MemoryLayout<Float>.stride)
        #endif
    }

    private func row(_ row: Int) -> UnsafeMutablePointer<Float> {
        precondition(row >= 0 && row < rows, "row outside of the matrix")
        return pointer + row * stride
    }
}
