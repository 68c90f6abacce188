internal import CWord2Vec

/// The sample on which the loss of a run is measured: windows of the text with noise words, drawn once for the run.
///
/// They are drawn as in training: centers are spread over the text and subsampled, the radius is 1 ... W, and noise
/// words come from the noise distribution. The sample depends on the seed, through a random stream of its own, and not
/// on the number of threads.
package struct LossSample: Sendable {
    /// The number of predictions: the contexts of each window for skip-gram, one per window for CBOW.
    package let predictions: Int
    private let windows: Int
    private let negatives: Int
    private let (centers, ends, contexts, noise): (Memory, Memory, Memory, Memory)
    private let tree: TreeMemory
    private let kernels: KernelTable
    private let (isCBOW, isSoftmax): (Bool, Bool)
    /// A row for the mean of CBOW. Locked, because two epochs of a tiny text may be measured at the same time.
    private let row: Locked<Memory>
    /// The estimated time of a measurement, before one has been timed.
    package let estimatedSeconds: Double

    /// - Parameters:
    ///   - tokens: the text that the windows are drawn from, as ranks of the vocabulary.
    ///   - epoch: the number of tokens in an epoch of training, which determines the size of the sample.
    package init(
        of tokens: TokenStore, counts: WordCounts, settings: TrainerSettings, dimensions: Int, epoch: Int,
        tree: TreeMemory
    ) throws(CoreError) {
        var draw = WindowDraw(counts: counts, settings: settings)
        draw.drawWindows(from: tokens, epoch: epoch)
        self.tree = tree
        isCBOW = settings.isCBOW
        isSoftmax = settings.isSoftmax
        negatives = settings.negatives
        kernels = try KernelTable.chosen()
        windows = draw.centers.count
        predictions = isCBOW ? windows : draw.contexts.count
        centers = try Memory(copying: draw.centers, for: "sample of the loss")
        ends = try Memory(copying: draw.ends, for: "sample of the loss")
        contexts = try Memory(copying: draw.contexts, for: "sample of the loss")
        noise = try Memory(copying: draw.noise, for: "sample of the loss")
        row = Locked(try Memory(zeroed: w2v_stride(dimensions) * MemoryLayout<Float>.stride, for: "row"))
        let outputs = isSoftmax ? counts.counts.count : negatives + 1 + tree.longestCode
        estimatedSeconds = Double(predictions * outputs) * Self.secondsOfAProduct
    }

    /// The mean loss per prediction, in nats. It is not finite if a dot product is not, and nil if there are no
    /// windows. Other threads may train the parameters at the same time.
    package func loss(of parameters: ModelParameters) -> Double? {
        guard windows > 0 else { return nil }
        var model = parameters.cModel
        var tree = tree.cTree
        var sample = w2v_loss_sample(
            windows: windows, centers: centers.bound(to: Int32.self), ends: ends.bound(to: Int64.self),
            contexts: contexts.bound(to: Int32.self), negatives: negatives, noise: noise.bound(to: Int32.self))
        var sum = 0.0
        row.withLock { row in
            _ = w2v_sample_loss(
                &model, &tree, kernels.pointer, &sample, isCBOW, isSoftmax, row.bound(to: Float.self), &sum)
        }
        return sum / Double(predictions)
    }

    /// The time of a dot product of two rows and its logistic loss, on a slow machine.
    private static let secondsOfAProduct = 1e-7
}

/// Draws the windows of a sample.
package struct WindowDraw {
    package private(set) var centers: [Int32] = []
    package private(set) var ends: [Int64] = []
    package private(set) var contexts: [Int32] = []
    package private(set) var noise: [Int32] = []

    private let isCBOW: Bool
    private let negatives: Int
    private let window: UInt32
    private let keep: [UInt32]?
    private let alias: AliasTable
    /// The mean fraction of tokens that subsampling keeps.
    private let keptShare: Double
    private var random: UInt64

    /// The maximum and minimum number of predictions of a sample.
    private static let (most, least) = (20_000, 256)
    /// The number of windows in an epoch per window of the sample. With it a measurement takes under 1% of the time of
    /// an epoch: .3% with negative sampling, .6 to .8% with hierarchical softmax (King James Bible, D = 100, one
    /// thread).
    private static let share = 512
    /// The maximum number of tokens that are tried as centers.
    private static let mostTries = 1_000_000
    /// The maximum number of draws of a noise word that is not the center.
    private static let mostDraws = 16

    package init(counts words: WordCounts, settings: TrainerSettings) {
        let counts = words.counts
        isCBOW = settings.isCBOW
        negatives = settings.negatives
        window = UInt32(min(settings.window, Int(W2V_SENTENCE_MAX)))
        let keep = Subsampling.keepThresholds(counts: counts, totalCount: words.total, sample: settings.sample)
        self.keep = keep
        alias = AliasTable(
            negativesFor: settings.negatives > 0 ? counts : [], exponent: settings.noiseExponent)
        random = w2v_random_stream(settings.seed, UInt64.max - 1, 0)
        let kept = counts.indices.dropFirst().reduce(0.0) { sum, word in
            sum + Double(counts[word]) * (keep.map { (Double($0[word]) + 1) / 4_294_967_296 } ?? 1)
        }
        keptShare = kept / Double(max(words.total, 1))
    }

    /// - Parameter epoch: the number of tokens in an epoch of training.
    package mutating func drawWindows(from tokens: TokenStore, epoch: Int) {
        guard tokens.count > 0 else { return }
        let wanted = Int(Double(epoch) * keptShare) / Self.share
        // Steps of the golden section, without a common divisor, come to every token once before they come to one again, and
        // lie evenly over the text wherever they end.
        let step = Self.coprime(to: tokens.count, from: Int(Double(tokens.count) * 0.618))
        var position = Int(next() % UInt64(tokens.count))
        for tries in 0..<Self.mostTries {
            let predictions = isCBOW ? centers.count : contexts.count
            let isEnough = predictions >= Self.least && centers.count >= wanted
            // All windows of a tiny text.
            let isTinyPass = tokens.count <= Self.least && tries < tokens.count
            if predictions >= Self.most || isEnough && !isTinyPass { return }
            drawWindow(at: position, of: tokens)
            position = (position + step) % tokens.count
        }
    }

    private mutating func drawWindow(at position: Int, of tokens: TokenStore) {
        let center = tokens[position]
        guard center != 0, isKept(center) else { return }
        let radius = Int(window - w2v_random_below(UInt32(truncatingIfNeeded: next() >> 32), window))
        let before = contexts.count
        takeContexts(stride(from: position - 1, through: 0, by: -1), radius, of: tokens)
        takeContexts(stride(from: position + 1, to: tokens.count, by: 1), radius, of: tokens)
        guard contexts.count > before else { return }
        centers.append(center)
        ends.append(Int64(contexts.count))
        for _ in 0..<negatives { noise.append(noiseWord(besides: center)) }
    }

    /// Adds up to `count` words of the center's sentence, on one side of it.
    private mutating func takeContexts(
        _ positions: some Sequence<Int>, _ count: Int, of tokens: TokenStore
    ) {
        let end = contexts.count + count
        for position in positions {
            let word = tokens[position]
            guard word != 0, contexts.count < end else { return }
            if isKept(word) { contexts.append(word) }
        }
    }

    /// Returns -1 if there is no word other than the center.
    private mutating func noiseWord(besides center: Int32) -> Int32 {
        for _ in 0..<Self.mostDraws {
            let word = 1 + Int32(alias.draw(next()))
            if word != center { return word }
        }
        return -1
    }

    private mutating func isKept(_ word: Int32) -> Bool {
        guard let keep else { return true }
        return UInt32(truncatingIfNeeded: next() >> 32) <= keep[Int(word)]
    }

    private mutating func next() -> UInt64 { w2v_random_next(&random) }

    /// The first number from `start` on that is coprime to `count`.
    private static func coprime(to count: Int, from start: Int) -> Int {
        func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
        var number = max(start, 1)
        while divisor(number, count) != 1 { number += 1 }
        return number
    }
}
