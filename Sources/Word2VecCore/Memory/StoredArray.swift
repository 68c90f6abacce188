/// A two-dimensional array of numbers in a file, rows x columns.
package struct StoredArray: Sendable {
    /// The byte offset of the first value.
    package let start: Int
    package let type: ElementType
    package let rows: Int
    package let columns: Int
    /// Whether values are big-endian.
    package var isBigEndian = false
    /// Whether the values of a column are adjacent (Fortran order) instead of those of a row.
    package var isColumnMajor = false

    /// Whether the values of each row are adjacent floats in the processor's byte order.
    package var isRowsOfFloats: Bool {
        type == .float32 && !isBigEndian && (!isColumnMajor || rows == 1 || columns == 1)
    }

    /// The size of all values, in bytes.
    package var byteCount: Int { rows * columns * type.byteCount }

    /// The byte offset of a value.
    package func place(row: Int, column: Int) -> Int {
        start + (isColumnMajor ? column * rows + row : row * columns + column) * type.byteCount
    }

    package init(
        start: Int, type: ElementType, rows: Int, columns: Int, isBigEndian: Bool = false, isColumnMajor: Bool = false
    ) {
        (self.start, self.type, self.rows, self.columns) = (start, type, rows, columns)
        (self.isBigEndian, self.isColumnMajor) = (isBigEndian, isColumnMajor)
    }
}

/// A finite value of an array that is too large for a float.
package struct OutsizedValue: Sendable {
    /// Its byte offset.
    package let place: Int
    package let value: Double
}

extension FloatMatrix {
    /// The number of rows that are read together from columns, so that their cache lines stay in the L1 cache.
    private static let rowsPerBlock = 256

    /// Replaces rows of this matrix with the rows of an array that `source` returns. Each value is rounded to the
    /// nearest float. Returns the first value that is too large for a float, if there is one; the rows are then
    /// meaningless. O(`ranks` x D).
    package func setRows(
        _ ranks: Range<Int>, from array: StoredArray, in view: ByteView, source: (Int) -> Int
    ) -> OutsizedValue? {
        precondition(array.columns == dimensions, "rows of \(dimensions) values")
        let bytes = view[array.start..<array.start + array.byteCount].bytes
        guard let base = bytes.baseAddress else { return nil }
        func number<Bits: FixedWidthInteger>(_ type: Bits.Type, at place: Int) -> Bits {
            let bits = base.loadUnaligned(fromByteOffset: place, as: Bits.self)
            return array.isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
        }
        switch array.type {
        case .float32:
            fill(ranks, array, source) { Float(bitPattern: number(UInt32.self, at: 4 * $0)) }
        case .float16:
            fill(ranks, array, source) { HalfPrecision.float(binary16: number(UInt16.self, at: 2 * $0)) }
        case .bfloat16:
            fill(ranks, array, source) { HalfPrecision.float(bfloat16: number(UInt16.self, at: 2 * $0)) }
        case .float64:
            var outsized: OutsizedValue?
            fill(ranks, array, source) { place in
                let value = Double(bitPattern: number(UInt64.self, at: 8 * place))
                let float = Float(value)
                if float.isInfinite, value.isFinite {
                    outsized = OutsizedValue(place: array.start + 8 * place, value: value)
                }
                return float
            }
            return outsized
        }
        return nil
    }

    /// `value` returns the value at an index of the array.
    @inline(__always)
    private func fill(
        _ ranks: Range<Int>, _ array: StoredArray, _ source: (Int) -> Int, _ value: (Int) -> Float
    ) {
        guard array.isColumnMajor else {
            for rank in ranks {
                let (row, target) = (source(rank), writableRow(rank))
                precondition(row >= 0 && row < array.rows, "a row outside of the array")
                for d in 0..<dimensions { target[d] = value(row * dimensions + d) }
            }
            return
        }
        for start in Swift.stride(from: ranks.lowerBound, to: ranks.upperBound, by: Self.rowsPerBlock) {
            let block = start..<min(start + Self.rowsPerBlock, ranks.upperBound)
            for d in 0..<dimensions {
                for rank in block {
                    let row = source(rank)
                    precondition(row >= 0 && row < array.rows, "a row outside of the array")
                    writableRow(rank)[d] = value(d * array.rows + row)
                }
            }
        }
    }
}
