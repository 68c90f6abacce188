internal import CWord2Vec

/// The C core's losses. Counts, words and samples have been checked by the callers in Objectives; what is left to fail is
/// a value that is not finite, and the answer is nil then.
enum CoreObjectives {
    /// A loss with two gradients, for the input (a vector or a matrix) and for the output matrix.
    typealias Gradients = (loss: Double, input: [Float], output: [Float])

    /// The shape of a window and what it is trained by.
    enum Architecture {
        case skipGram
        case cbow(mean: Bool)
    }

    static func sigmoid(_ x: Double) -> Double {
        w2v_logistic(x)
    }

    static func sigmoid(_ x: [Float]) -> [Float] {
        var values = [Float](repeating: 0, count: x.count)
        w2v_logistic_values(x, x.count, &values)
        return values
    }

    static func sigmoidDerivative(_ values: [Float]) -> [Float] {
        var slopes = [Float](repeating: 0, count: values.count)
        w2v_logistic_slopes(values, values.count, &slopes)
        return slopes
    }

    static func softmax(_ x: [Float]) -> [Float]? {
        var probabilities = [Float](repeating: 0, count: x.count)
        return w2v_softmax(x, x.count, &probabilities) == W2V_OK ? probabilities : nil
    }

    static func crossEntropy(_ expected: [Float], _ predicted: [Float]) -> Double? {
        var loss = 0.0
        return w2v_cross_entropy(expected, predicted, expected.count, &loss) == W2V_OK ? loss : nil
    }

    /// The loss of one word, by naive softmax if `negatives` is nil.
    static func prediction(vector: [Float], output: Matrix, target: Int, negatives: [Int]?) -> Gradients? {
        var workspace = [Double](repeating: 0, count: w2v_objective_workspace(output.rows, output.columns))
        var gradients: Gradients = (0, Array(repeating: 0, count: vector.count), output.values)
        let status: w2v_status
        if let negatives = negatives?.map(Int32.init) {
            status = w2v_negative_sampling_loss(
                vector, output.values, output.rows, output.columns, Int32(target), negatives, negatives.count,
                &workspace, &gradients.loss, &gradients.input, &gradients.output)
        } else {
            status = w2v_softmax_loss(
                vector, output.values, output.rows, output.columns, Int32(target), &workspace, &gradients.loss,
                &gradients.input, &gradients.output)
        }
        return status == W2V_OK ? gradients : nil
    }

    /// The loss of a window, by naive softmax if `negatives` is nil; else they are lists of the same length, one for each
    /// prediction.
    static func window(
        _ architecture: Architecture, input: Matrix, output: Matrix, center: Int, contexts: [Int], negatives: [[Int]]?
    ) -> Gradients? {
        var workspace = [Double](repeating: 0, count: w2v_objective_workspace(input.rows, input.columns))
        var gradients: Gradients = (0, input.values, output.values)
        let samples = (negatives ?? []).flatMap { $0.map(Int32.init) }
        let status = input.values.withUnsafeBufferPointer { inputValues in
            output.values.withUnsafeBufferPointer { outputValues in
                contexts.map(Int32.init).withUnsafeBufferPointer { words in
                    samples.withUnsafeBufferPointer { samples -> w2v_status in
                        guard let inputs = inputValues.baseAddress, let outputs = outputValues.baseAddress,
                            let contexts = words.baseAddress
                        else { return W2V_EMPTY }
                        var window = w2v_window(
                            input: inputs, output: outputs, words: input.rows, dimensions: input.columns,
                            centre: Int32(center), contexts: contexts, context_count: words.count,
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

    static func networkParameterCount(inputs: Int, hidden: Int, classes: Int) -> Int {
        w2v_network_parameters(w2v_network(inputs: inputs, hidden: hidden, classes: classes))
    }

    /// yhat (N, Dy).
    static func networkForward(
        inputs: Int, hidden: Int, classes: Int, parameters: [Float], x: Matrix
    ) -> [Float]? {
        let network = w2v_network(inputs: inputs, hidden: hidden, classes: classes)
        var workspace = [Double](repeating: 0, count: w2v_network_workspace(network))
        var probabilities = [Float](repeating: 0, count: x.rows * classes)
        let status = w2v_network_forward(network, parameters, x.values, x.rows, &workspace, &probabilities)
        return status == W2V_OK ? probabilities : nil
    }

    /// The loss, the parameters' gradient in their order, and the gradient of x (N, Dx).
    static func networkLoss(
        inputs: Int, hidden: Int, classes: Int, parameters: [Float], x: Matrix, labels: Matrix, l2: Double
    ) -> (loss: Double, gradient: [Float], x: [Float])? {
        let network = w2v_network(inputs: inputs, hidden: hidden, classes: classes)
        var workspace = [Double](repeating: 0, count: w2v_network_workspace(network))
        var (loss, gradient, xGradient) = (0.0, parameters, x.values)
        let status = w2v_network_loss(
            network, parameters, x.values, labels.values, x.rows, l2, &workspace, &loss, &gradient, &xGradient)
        return status == W2V_OK ? (loss, gradient, xGradient) : nil
    }
}
