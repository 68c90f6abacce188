internal import CWord2Vec

/// The losses and gradients of `w2v_objective.h` and `w2v_network.h`. Matrices are arrays, row by row. The caller has
/// checked counts, rows and samples. Functions return nil if a value is not finite.
package enum ObjectiveKernels {
    /// A loss with its gradients with respect to the input (a vector or a matrix) and to the output matrix.
    package typealias Gradients = (loss: Double, input: [Float], output: [Float])

    /// The shape and the objective of a window.
    package enum Architecture {
        case skipGram
        case cbow(mean: Bool)
    }

    package static func sigmoid(_ x: Double) -> Double {
        w2v_logistic(x)
    }

    package static func sigmoid(_ x: [Float]) -> [Float] {
        var values = [Float](repeating: 0, count: x.count)
        w2v_logistic_values(x, x.count, &values)
        return values
    }

    package static func sigmoidDerivative(_ values: [Float]) -> [Float] {
        var slopes = [Float](repeating: 0, count: values.count)
        w2v_logistic_slopes(values, values.count, &slopes)
        return slopes
    }

    package static func softmax(_ x: [Float]) -> [Float]? {
        var probabilities = [Float](repeating: 0, count: x.count)
        return w2v_softmax(x, x.count, &probabilities) == W2V_OK ? probabilities : nil
    }

    package static func crossEntropy(_ expected: [Float], _ predicted: [Float]) -> Double? {
        var loss = 0.0
        return w2v_cross_entropy(expected, predicted, expected.count, &loss) == W2V_OK ? loss : nil
    }

    /// The loss of predicting one word from a vector (D). `output` is V x D. The naive softmax is used if `negatives`
    /// is nil.
    package static func prediction(
        vector: [Float], output: [Float], words: Int, target: Int, negatives: [Int]?
    ) -> Gradients? {
        let dimensions = vector.count
        var workspace = [Double](repeating: 0, count: w2v_objective_workspace(words, dimensions))
        var gradients: Gradients = (0, Array(repeating: 0, count: dimensions), output)
        let status: w2v_status
        if let negatives = negatives?.map(Int32.init) {
            status = w2v_negative_sampling_loss(
                vector, output, words, dimensions, Int32(target), negatives, negatives.count,
                &workspace, &gradients.loss, &gradients.input, &gradients.output)
        } else {
            status = w2v_softmax_loss(
                vector, output, words, dimensions, Int32(target), &workspace, &gradients.loss, &gradients.input,
                &gradients.output)
        }
        return status == W2V_OK ? gradients : nil
    }

    /// The loss of a window. `input` and `output` are V x D. Naive softmax if `negatives` is nil; otherwise `negatives` has one
    /// list for each prediction, all of the same length.
    package static func window(
        _ architecture: Architecture, input: [Float], output: [Float], words vocabulary: Int, center: Int,
        contexts: [Int], negatives: [[Int]]?
    ) -> Gradients? {
        let dimensions = input.count / vocabulary
        var workspace = [Double](repeating: 0, count: w2v_objective_workspace(vocabulary, dimensions))
        var gradients: Gradients = (0, input, output)
        let samples = (negatives ?? []).flatMap { $0.map(Int32.init) }
        let status = input.withUnsafeBufferPointer { inputValues in
            output.withUnsafeBufferPointer { outputValues in
                contexts.map(Int32.init).withUnsafeBufferPointer { words in
                    samples.withUnsafeBufferPointer { samples -> w2v_status in
                        guard let inputs = inputValues.baseAddress, let outputs = outputValues.baseAddress,
                            let contexts = words.baseAddress
                        else { return W2V_EMPTY }
                        var window = w2v_window(
                            input: inputs, output: outputs, words: vocabulary, dimensions: dimensions,
                            center: Int32(center), contexts: contexts, context_count: words.count,
                            loss: negatives == nil ? W2V_SOFTMAX_LOSS : W2V_NEGATIVE_SAMPLING_LOSS,
                            negatives: samples.baseAddress, negative_count: negatives?.first?.count ?? 0)
                        switch architecture {
                        case .skipGram:
                            return w2v_skip_gram_loss(
                                &window, &workspace, &gradients.loss, &gradients.input, &gradients.output)
                        case .cbow(let mean):
                            return w2v_cbow_loss(
                                &window, mean, &workspace, &gradients.loss, &gradients.input, &gradients.output)
                        }
                    }
                }
            }
        }
        return status == W2V_OK ? gradients : nil
    }

    package static func networkParameterCount(inputs: Int, hidden: Int, classes: Int) -> Int {
        w2v_network_parameters(w2v_network(inputs: inputs, hidden: hidden, classes: classes))
    }

    /// yhat (N x Dy) for x (N x Dx).
    package static func networkForward(
        inputs: Int, hidden: Int, classes: Int, parameters: [Float], x: [Float]
    ) -> [Float]? {
        let network = w2v_network(inputs: inputs, hidden: hidden, classes: classes)
        var workspace = [Double](repeating: 0, count: w2v_network_workspace(network))
        let rows = x.count / inputs
        var probabilities = [Float](repeating: 0, count: rows * classes)
        let status = w2v_network_forward(network, parameters, x, rows, &workspace, &probabilities)
        return status == W2V_OK ? probabilities : nil
    }

    /// The loss, the parameters' gradient in their order, and the gradient of x (N x Dx).
    package static func networkLoss(
        inputs: Int, hidden: Int, classes: Int, parameters: [Float], x: [Float], labels: [Float], l2: Double
    ) -> (loss: Double, gradient: [Float], x: [Float])? {
        let network = w2v_network(inputs: inputs, hidden: hidden, classes: classes)
        var workspace = [Double](repeating: 0, count: w2v_network_workspace(network))
        var (loss, gradient, xGradient) = (0.0, parameters, x)
        let status = w2v_network_loss(
            network, parameters, x, labels, x.count / inputs, l2, &workspace, &loss, &gradient, &xGradient)
        return status == W2V_OK ? (loss, gradient, xGradient) : nil
    }
}
