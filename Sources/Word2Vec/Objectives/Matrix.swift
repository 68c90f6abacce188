extension Objective {
    /// A small matrix of floats in row-major order, for the objectives. For trained word vectors use ``WordVectors``.
    public struct Matrix: Equatable, Sendable {
        /// The number of rows, 1 or more.
        public let rows: Int
        /// The number of columns, 1 or more.
        public let columns: Int
        /// The values in row-major order (`rows` x `columns`).
        public private(set) var values: [Float]

        /// Creates a matrix from values in row-major order.
        ///
        /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if a size is below 1,
        ///   ``Word2VecError/wrongCount(of:found:expected:)`` unless there are `rows` x `columns` values.
        public init(rows: Int, columns: Int, values: [Float]) throws(Word2VecError) {
            try Check.size(rows, "rows")
            try Check.size(columns, "columns")
            let (count, tooMany) = rows.multipliedReportingOverflow(by: columns)
            try Check.count(values.count, of: "values", tooMany ? .max : count)
            self.init(checkedRows: rows, columns: columns, values)
        }

        /// Creates a matrix without checking the sizes.
        init(checkedRows rows: Int, columns: Int, _ values: [Float]) {
            self.rows = rows
            self.columns = columns
            self.values = values
        }

        /// The values of one row. O(1).
        public subscript(row: Int) -> ArraySlice<Float> {
            precondition(row >= 0 && row < rows, "row index out of range")
            return values[row * columns..<(row + 1) * columns]
        }

        /// The value at a row and a column. O(1).
        public subscript(row: Int, column: Int) -> Float {
            get {
                precondition(row >= 0 && row < rows && column >= 0 && column < columns, "index out of range")
                return values[row * columns + column]
            }
            set {
                precondition(row >= 0 && row < rows && column >= 0 && column < columns, "index out of range")
                values[row * columns + column] = newValue
            }
        }
    }
}
