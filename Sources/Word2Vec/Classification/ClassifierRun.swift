internal import Word2VecCore

/// Trains the network of a classifier: epochs of mini-batches in random order.
struct ClassifierRun {
    let examples: LabeledExamples
    /// The rows to train on.
    let rows: [Int32]
    let classes: Int
    let options: ClassifierOptions

    /// Returns the trained network, and the mean loss per row for each epoch.
    func run(
        _ standardization: Standardization, progress: TextClassifier.Progress?
    ) throws(Word2VecError) -> (network: TwoLayerNetwork, losses: [Double]) {
        let initial = try initialParameters()
        let training = try core(
            NetworkTraining(
                initial, hidden: options.hidden, classes: classes, examples: examples.training,
                standardization: standardization, batch: batch))
        let rate = LearningRate(start: Float(options.alpha), totalWords: options.epochs * rows.count)
        var random = SeededRandom(seed: options.seed, stream: .order)
        var order = rows
        var losses: [Double] = []
        for epoch in 0..<options.epochs {
            order.shuffle(by: &random)
            var loss = 0.0
            for start in stride(from: 0, to: order.count, by: batch) {
                let part = order[start..<min(start + batch, order.count)]
                let alpha = rate.rate(after: epoch * order.count + start)
                guard let partLoss = training.step(part, alpha: alpha, l2: Float(options.l2)) else {
                    throw .diverged(epoch: epoch + 1, alpha: alpha)
                }
                loss += partLoss
            }
            losses.append(loss / Double(order.count))
            progress?(epoch + 1, losses[epoch])
        }
        guard let values = training.result() else {
            throw .diverged(epoch: options.epochs, alpha: Float(options.alpha))
        }
        let parameters = try TwoLayerNetwork.Parameters(
            inputs: examples.x.dimensions, hidden: options.hidden, classes: classes, values: values)
        return (TwoLayerNetwork(parameters), losses)
    }

    private var batch: Int { min(options.batch, rows.count) }

    /// Random weights, uniform within +-sqrt(6 / (inputs + outputs)) of their layer, and biases of 0 (Glorot and Bengio
    /// 2010). The paper uses four times that range before a sigmoid. With inputs of standard deviation 1, that range
    /// gave worse results on the verses of the King James Bible.
    private func initialParameters() throws(Word2VecError) -> [Float] {
        let (inputs, hidden) = (examples.x.dimensions, options.hidden)
        let count = try TwoLayerNetwork.parameterCount(inputs: inputs, hidden: hidden, classes: classes)
        let bytes = count * MemoryLayout<Float>.stride
        guard bytes <= usableMemory / 4 else {
            throw .outOfMemory(bytes: bytes, purpose: "-hidden \(hidden) for \(inputs) dimensions")
        }
        var random = SeededRandom(seed: options.seed, stream: .parameters)
        func weights(_ rows: Int, _ columns: Int) -> [Float] {
            let largest = (6 / Float(rows + columns)).squareRoot()
            return (0..<rows * columns).map { _ in largest * (2 * random.nextUnit() - 1) }
        }
        return weights(inputs, hidden) + Array(repeating: 0, count: hidden) + weights(hidden, classes)
            + Array(repeating: 0, count: classes)
    }
}

extension Array {
    /// Shuffles the elements (Fisher and Yates). Unlike the method of the standard library, it gives the same order
    /// with every version of Swift.
    mutating func shuffle(by random: inout SeededRandom) {
        for i in indices.dropFirst().reversed() { swapAt(i, random.below(i + 1)) }
    }
}
