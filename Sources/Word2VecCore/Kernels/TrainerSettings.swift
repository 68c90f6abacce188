/// The settings of a run that the trainers and the loss sample need.
package struct TrainerSettings: Sendable {
    /// The maximum number of words on each side of a center.
    package var window: Int
    /// The number of negative samples per prediction. 0 with the full softmax, or with hierarchical softmax alone.
    package var negatives: Int
    /// The mean number of uses of a negative sample in the pool.
    package var reuse: Int
    /// Whether all pairs of a window share its negative samples.
    package var sharesWindow: Bool
    /// Whether fewer negative samples are drawn, with a control variate.
    package var reducesVariance: Bool
    package var isCBOW: Bool
    /// Whether the gradient of CBOW is divided by the number of contexts.
    package var dividesGradient: Bool
    package var isSoftmax: Bool
    /// The subsampling threshold. 0: no subsampling.
    package var sample: Float
    /// The exponent of the noise distribution.
    package var noiseExponent: Double
    package var seed: UInt64
    package var threads: Int
    /// The initial learning rate.
    package var alpha: Float
    package var epochs: Int

    package init(
        window: Int, negatives: Int, reuse: Int, sharesWindow: Bool, reducesVariance: Bool, isCBOW: Bool,
        dividesGradient: Bool, isSoftmax: Bool, sample: Float, noiseExponent: Double, seed: UInt64, threads: Int,
        alpha: Float, epochs: Int
    ) {
        (self.window, self.negatives, self.reuse, self.sharesWindow) = (window, negatives, reuse, sharesWindow)
        self.reducesVariance = reducesVariance
        (self.isCBOW, self.dividesGradient, self.isSoftmax) = (isCBOW, dividesGradient, isSoftmax)
        (self.sample, self.noiseExponent, self.seed) = (sample, noiseExponent, seed)
        (self.threads, self.alpha, self.epochs) = (threads, alpha, epochs)
    }
}
