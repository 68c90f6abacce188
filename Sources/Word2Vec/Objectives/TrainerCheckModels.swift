internal import Word2VecCore

extension TrainerChecks {
    /// The two matrices of a model.
    struct Model {
        var input: Objective.Matrix
        var output: Objective.Matrix

        /// The model after `body` has updated a copy of its matrices. `body` returns false if a value is not finite.
        func changed(
            _ body: (_ input: FloatMatrix, _ output: FloatMatrix) throws(Word2VecError) -> Bool
        ) throws(Word2VecError) -> Model {
            let (input, output) = (try input.padded(), try output.padded())
            guard try body(input, output) else { throw .diverged(epoch: 1, alpha: TrainerChecks.alpha) }
            return Model(input: Objective.Matrix(input), output: Objective.Matrix(output))
        }
    }

    static func model(
        words: Int, dimensions: Int, largest: Float, _ random: inout SeededRandom
    ) throws(Word2VecError) -> Model {
        func matrix() throws(Word2VecError) -> Objective.Matrix {
            try Objective.Matrix(
                rows: words, columns: dimensions,
                values: (0..<words * dimensions).map { _ in Float.random(in: -largest...largest, using: &random) })
        }
        return Model(input: try matrix(), output: try matrix())
    }

    /// A model in double, so that rounding errors do not accumulate over steps.
    struct Parameters {
        private var input: [Double]
        private var output: [Double]

        init(_ model: Model) {
            input = model.input.values.map(Double.init)
            output = model.output.values.map(Double.init)
        }

        var count: Int { input.count + output.count }
        var largest: Double { (input + output).reduce(0) { max($0, abs($1)) } }

        /// Parameters -= alpha * gradient.
        mutating func descend(_ gradient: Objective.Window, alpha: Float, inputTimes: Double = 1) {
            for i in input.indices {
                input[i] -= Double(alpha) * inputTimes * Double(gradient.inputGradient.values[i])
                output[i] -= Double(alpha) * Double(gradient.outputGradient.values[i])
            }
        }

        func model(like model: Model) throws(Word2VecError) -> Model {
            Model(
                input: try Objective.Matrix(
                    rows: model.input.rows, columns: model.input.columns, values: input.map { Float($0) }),
                output: try Objective.Matrix(
                    rows: model.input.rows, columns: model.input.columns, values: output.map { Float($0) }))
        }

        /// The largest absolute difference. Infinite if a value is not finite.
        func largestDifference(from model: Model) -> Double {
            zip(input + output, model.input.values + model.output.values).reduce(0) {
                let difference = abs($1.0 - Double($1.1))
                return difference.isFinite ? max($0, difference) : .infinity
            }
        }
    }
}

extension Objective.Matrix {
    init(_ matrix: FloatMatrix) {
        self.init(
            checkedRows: matrix.rows, columns: matrix.dimensions, (0..<matrix.rows).flatMap { matrix[$0] })
    }

    /// A copy with padded rows, as the kernels expect it.
    func padded() throws(Word2VecError) -> FloatMatrix {
        let matrix = try core(FloatMatrix(rows: rows, dimensions: columns, for: "a small matrix"))
        for row in 0..<rows { matrix.setRow(row, to: Array(self[row])) }
        return matrix
    }
}
