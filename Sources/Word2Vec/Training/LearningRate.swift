/// The learning rate: it falls linearly over the run, to 1/10000 of its start and no further, as in the original.
struct LearningRate: Sendable {
    let start: Float
    /// Words of the whole run.
    let totalWords: Int

    /// The rate after so many words.
    func rate(after words: Int) -> Float {
        let rest = 1 - Float(words) / Float(totalWords + 1)
        return max(start * rest, start * 1e-4)
    }
}
