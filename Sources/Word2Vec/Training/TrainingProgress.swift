/// Where a run stands.
public struct TrainingProgress: Sendable, Equatable {
    /// The pass in hand, from 1.
    public var epoch: Int
    /// All passes.
    public var epochs: Int
    /// Words read so far, over all passes, before subsampling, sentence ends included.
    public var words: Int
    /// Words of the whole run.
    public var totalWords: Int
    /// The learning rate in use.
    public var alpha: Float
    /// Seconds since training began; the vocabulary is not counted in.
    public var seconds: Double

    /// 0 ... 1.
    public var fraction: Double { totalWords > 0 ? min(1, Double(words) / Double(totalWords)) : 1 }

    /// Words of the corpus a second.
    public var wordsPerSecond: Double { seconds > 0 ? Double(words) / seconds : 0 }
}
