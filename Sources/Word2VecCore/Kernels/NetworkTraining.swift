internal import CWord2Vec

/// A two-layer network in training: its parameters, and the examples for its mini-batches.
///
/// It is used by one thread. Any number of networks may share examples.
package final class NetworkTraining {
    private let network: w2v_network
    private let examples: Examples
    private let standardization: Standardization
    private let batch: Int
    private let parameterCount: Int
    private let parameters: Memory
    private let workspace: Memory

    /// The examples: rows, each with a class 0 ..< Dy.
    package struct Examples: Sendable {
        package let x: FloatMatrix
        package let classes: [Int32]

        package init(x: FloatMatrix, classes: [Int32]) {
            (self.x, self.classes) = (x, classes)
        }
    }

    /// - Parameters:
    ///   - initial: W1, b1, W2, b2, one after the other.
    ///   - hidden: hidden units (H).
    ///   - classes: classes (Dy).
    ///   - batch: the maximum number of rows in a step.
    package init(
        _ initial: [Float], hidden: Int, classes: Int, examples: Examples, standardization: Standardization, batch: Int
    ) throws(CoreError) {
        let values = initial
        network = w2v_network(inputs: examples.x.dimensions, hidden: hidden, classes: classes)
        precondition(
            values.count
                == ObjectiveKernels.networkParameterCount(
                    inputs: network.inputs, hidden: hidden, classes: classes))
        precondition(standardization.means.count == network.inputs)
        precondition(examples.classes.count <= examples.x.rows)
        self.examples = examples
        self.standardization = standardization
        self.batch = batch
        parameterCount = values.count
        parameters = try Memory(copying: values, for: "the classifier's parameters")
        workspace = try Memory(
            zeroed: w2v_network_step_workspace(network, batch) * MemoryLayout<Float>.stride,
            for: "the workspace of the classifier's training")
    }

    /// Takes one step on a mini-batch. Returns the sum of the rows' losses before the step. Nil if a value is not
    /// finite.
    package func step(_ rows: ArraySlice<Int32>, alpha: Float, l2: Float) -> Double? {
        precondition(rows.count <= batch)
        var loss = 0.0
        let status = rows.withUnsafeBufferPointer { rows in
            examples.classes.withUnsafeBufferPointer { classes in
                standardization.means.withUnsafeBufferPointer { means in
                    standardization.scales.withUnsafeBufferPointer { scales in
                        guard let rowsBase = rows.baseAddress, let classesBase = classes.baseAddress,
                            let meansBase = means.baseAddress, let scalesBase = scales.baseAddress
                        else { return W2V_EMPTY }
                        var all = w2v_examples(
                            x: examples.x.pointer, stride: examples.x.stride, count: classes.count,
                            classes: classesBase, means: meansBase, scales: scalesBase)
                        return w2v_network_step(
                            network, parameters.bound(to: Float.self), &all, rowsBase, rows.count, alpha, l2,
                            workspace.bound(to: Float.self), &loss)
                    }
                }
            }
        }
        return status == W2V_OK ? loss : nil
    }

    /// The current parameters. Nil if one is not finite.
    package func result() -> [Float]? {
        let values = Array(UnsafeBufferPointer(start: parameters.bound(to: Float.self), count: parameterCount))
        return values.allSatisfy(\.isFinite) ? values : nil
    }
}

/// The standardization of inputs to mean 0 and standard deviation 1, column by column: (x - mean) * scale.
package struct Standardization: Equatable, Sendable {
    package let means: [Float]
    package let scales: [Float]

    package init(means: [Float], scales: [Float]) {
        self.means = means
        self.scales = scales
    }

    /// Computes the standardization of some rows of a matrix, at least one. A column whose values differ only by
    /// rounding errors, or by less than 1e-38, has scale 0 and so no effect. O(rows x D).
    package init(of matrix: FloatMatrix, rows: [Int32]) {
        var sums = [Double](repeating: 0, count: matrix.dimensions)
        var squares = sums
        let first = (0..<matrix.dimensions).map { Double(matrix.pointer[Int(rows[0]) * matrix.stride + $0]) }
        for row in rows {
            let values = matrix.pointer + Int(row) * matrix.stride
            for d in 0..<matrix.dimensions {
                // From the first row on: what is common to all cancels before it is squared.
                let value = Double(values[d]) - first[d]
                sums[d] += value
                squares[d] += value * value
            }
        }
        let count = Double(rows.count)
        let means = sums.map { $0 / count }
        self.means = zip(means, first).map { Float($0 + $1) }
        scales = means.indices.map { d in
            let deviation = max(0, squares[d] / count - means[d] * means[d]).squareRoot()
            let scale = deviation > 1e-6 * abs(means[d] + first[d]) ? Float(1 / deviation) : 0
            return scale.isFinite ? scale : 0
        }
    }

    /// A standardized row, the input of the network.
    package func apply(to row: [Float]) -> [Float] {
        row.indices.map { (row[$0] - means[$0]) * scales[$0] }
    }
}
