/// The progress of a run.
public struct TrainingProgress: Sendable, Equatable {
    /// The current epoch, from 1.
    public var epoch: Int
    /// Epochs that are complete and whose loss was measured; threads may already train the next ones.
    public var epochsDone = 0
    /// All epochs of the run.
    public var epochs: Int
    /// Words read so far, over all epochs, before subsampling, sentence ends included.
    public var words: Int
    /// Words of the whole run.
    public var totalWords: Int
    /// Words left by subsampling so far, over all epochs.
    public var keptWords = 0
    /// Pairs trained so far: with skip-gram a center and a word of its window, with CBOW a center and its window.
    public var pairs = 0
    /// The learning rate in use.
    public var alpha: Float
    /// The latest loss, in nats: the mean over the pairs of a sample of windows, with the parameters at that time.
    ///
    /// The sample is drawn once for a run, with its noise words, by the seed: up to 20,000 pairs, as many as can be measured
    /// in half a percent of an epoch's time, and at least 256. Its windows are of the lines held out
    /// (``TrainingOptions/holdout``), else of the text that is trained on. A pair's loss is that of what is trained: the
    /// negative-sampling loss (Mikolov et al. 2013b, eq. 4), which is (K + 1) log 2 at the start, the hierarchical softmax's
    /// (eq. 3), the sum of both, or the full softmax's (eq. 2). CBOW has one pair a window. It is measured at the end of each
    /// epoch, and for progress as often as costs another half a percent. nil before the first time, and if no window was found.
    public var loss: Double?
    /// The loss at the end of each epoch so far.
    public var losses: [Double]
    /// The score of each epoch that was evaluated (``TrainingControl/evaluation``); nil where there is none.
    public var scores: [Double?] = []
    /// Seconds of training, including those before the checkpoint that the run continues from, without the counting of words.
    public var seconds: Double

    /// 0 ... 1.
    public var fraction: Double { totalWords > 0 ? min(1, Double(words) / Double(totalWords)) : 1 }

    /// Estimated remaining seconds, at the speed so far; nil at the start.
    public var secondsLeft: Double? { fraction > 0 ? seconds * (1 - fraction) / fraction : nil }

    /// Words of the corpus a second.
    public var wordsPerSecond: Double { seconds > 0 ? Double(words) / seconds : 0 }
}
