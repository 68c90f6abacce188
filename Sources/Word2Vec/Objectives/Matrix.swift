extension Objective {
    /// A small matrix of floats, row by row, for the objectives. Word vectors in use are ``WordVectors``.
    public struct Matrix: Equatable, Sendable {
        public let rows: Int
        public let columns: Int
        /// The values, row after row (`rows` x `columns`).
        public private(set) var values: [Float]

        /// A matrix of `values`, row after row.
        ///
        /// - Throws: ``Word2VecError/invalidArgument(_:found:expected:)`` if a size is below 1,
        ///   ``Word2VecError/wrongCount(of:found:expected:)`` if there are not as many values as places.
        public init(rows: Int, columns: Int, values: [Float]) throws(Word2VecError) {
            try Check.size(rows, "rows")
            try Check.size(columns, "columns")
            let (count, tooMany) = rows.multipliedReportingOverflow(by: columns)
            try Check.count(values.count, of: "values", tooMany ? .max : count)
            self.init(checkedRows: rows, columns: columns, values)
        }

        /// The same, where the sizes are known to be right.
        init(checkedRows rows: Int, columns: Int, _ values: [Float]) {
            self.rows = rows
            self.columns = columns
            self.values = values
        }

        /// The values of a row. O(1).
        public subscript(row: Int) -> ArraySlice<Float> {
            precondition(row >= 0 && row < rows, "row outside of the matrix")
            return values[row * columns..<(row + 1) * columns]
        }

        /// One value.
        public subscript(row: Int, column: Int) -> Float {
            get {
                precondition(row >= 0 && row < rows && column >= 0 && column < columns, "place outside of the matrix")
                return values[row * columns + column]
            }
            set {
                precondition(row >= 0 && row < rows && column >= 0 && column < columns, "place outside of the matrix")
                values[row * columns + column] = newValue
            }
        }
    }
}
