/// What the trainers and the sample of the loss need to know of a run.
package struct TrainerSettings: Sendable {
    /// The most words on each side of a center.
    package var window: Int
    /// Noise words of each prediction; 0 with the full softmax, or hierarchical softmax alone.
    package var negatives: Int
    /// Centers that a pool of noise words serves.
    package var reuse: Int
    /// Whether all centers of a window share its noise words.
    package var sharesWindow: Bool
    package var isCBOW: Bool
    /// Whether CBOW's gradient is divided among the words of the mean.
    package var dividesGradient: Bool
    package var isSoftmax: Bool
    /// The threshold of subsampling; 0 keeps all.
    package var sample: Float
    /// The power of the counts by which noise words are drawn.
    package var noiseExponent: Double
    package var seed: UInt64
    package var threads: Int
    /// At the beginning of the run.
    package var alpha: Float
    package var epochs: Int

    package init(
        window: Int, negatives: Int, reuse: Int, sharesWindow: Bool, isCBOW: Bool, dividesGradient: Bool,
        isSoftmax: Bool, sample: Float, noiseExponent: Double, seed: UInt64, threads: Int, alpha: Float, epochs: Int
    ) {
        (self.window, self.negatives, self.reuse, self.sharesWindow) = (window, negatives, reuse, sharesWindow)
        (self.isCBOW, self.dividesGradient, self.isSoftmax) = (isCBOW, dividesGradient, isSoftmax)
        (self.sample, self.noiseExponent, self.seed) = (sample, noiseExponent, seed)
        (self.threads, self.alpha, self.epochs) = (threads, alpha, epochs)
    }
}
