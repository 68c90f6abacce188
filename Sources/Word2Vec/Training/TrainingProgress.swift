/// Where a run stands.
public struct TrainingProgress: Sendable, Equatable {
    /// The pass in hand, from 1.
    public var epoch: Int
    /// Passes of which every chunk is trained; the threads may be at the next ones already.
    public var epochsDone = 0
    /// All passes.
    public var epochs: Int
    /// Words read so far, over all passes, before subsampling, sentence ends included.
    public var words: Int
    /// Words of the whole run.
    public var totalWords: Int
    /// The learning rate in use.
    public var alpha: Float
    /// The mean loss of a pair of a context and a centre in each epoch so far, the one in hand last: the sum of its
    /// outputs' -log s(+-x), the negative-sampling loss of Mikolov et al. 2013b (eq. 4) and the like for a Huffman path,
    /// taken before the pair's update at one in every 256 windows. At the start of the training it is (K + 1) log 2.
    /// Empty before the first sample, and in exact mode, which takes none.
    public var losses: [Double]
    /// The score of each epoch that was evaluated (``TrainingControl/evaluation``); nil where there was none to give.
    public var scores: [Double?] = []
    /// Seconds of training, those before a checkpoint that the run goes on from included; the vocabulary is not counted in.
    public var seconds: Double

    /// 0 ... 1.
    public var fraction: Double { totalWords > 0 ? min(1, Double(words) / Double(totalWords)) : 1 }

    /// The mean loss of the epoch in hand.
    public var loss: Double? { losses.last }

    /// Seconds still to come, at the speed so far; nil at the start.
    public var secondsLeft: Double? { fraction > 0 ? seconds * (1 - fraction) / fraction : nil }

    /// Words of the corpus a second.
    public var wordsPerSecond: Double { seconds > 0 ? Double(words) / seconds : 0 }
}
