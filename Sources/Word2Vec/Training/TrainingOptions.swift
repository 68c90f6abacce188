internal import Word2VecCore

/// The options of training. Each property names its flag of `w2v-c train`. The defaults are the original's, except for `threads`.
public struct TrainingOptions: Codable, Equatable, Sendable {
    /// What a window predicts.
    public enum Architecture: String, Codable, Sendable {
        /// The center from the mean of its contexts: faster, better for frequent words.
        case cbow
        /// Each context's row learns the center: slower, better for rare words and small corpora.
        case skipGram
    }

    /// Which pairs of a center and a context share their noise words.
    public enum NegativeSharing: String, Codable, Sendable, CaseIterable {
        /// All pairs of a window: a matrix product instead of so many dot products, and at least equal scores.
        case window
        /// None: each pair draws its own noise words, as in the original. CBOW has one pair a window anyway.
        case pair
    }

    /// How the negative samples of a window are used.
    public enum NegativeVariance: String, Codable, Sendable, CaseIterable {
        /// K samples are drawn, and all are updated, as in the original.
        case plain
        /// About two thirds of K samples are drawn, with larger weights. A control variate lowers the variance of what the
        /// inputs learn. Faster, with about equal scores. See <doc:TheMathematics>.
        case reduced
    }

    /// The part of CBOW's gradient that each of the n context words of a window gets.
    public enum CBOWGradient: String, Codable, Sendable, CaseIterable {
        /// All of it, as in the original: n times the gradient of the mean.
        case undivided
        /// 1/n of it: the true gradient of the mean.
        case divided
    }

    /// The loss that training minimizes.
    public enum Loss: String, Codable, Sendable, CaseIterable {
        /// Negative sampling, hierarchical softmax, or both: see `negatives` and `hierarchicalSoftmax`.
        case approximate
        /// The full softmax over the vocabulary, which the others approximate (Mikolov et al. 2013b, eq. 2): all words are
        /// outputs of every window. For vocabularies of at most ``largestSoftmax`` words.
        case softmax
    }

    /// `-loss`
    public var loss = Loss.approximate
    /// `-cbow`
    public var architecture = Architecture.cbow
    /// `-cbow-gradient`: the part of CBOW's gradient for each context word. The default learning rate suits `undivided`.
    public var cbowGradient = CBOWGradient.undivided
    /// `-size`: dimensions of a vector (D).
    public var dimensions = 100
    /// `-window`: the largest number of words on each side of a center (W). The radius is drawn uniformly from 1 ... W.
    public var window = 5
    /// `-negative`: noise words for each window (K); 0 switches negative sampling off. The full softmax draws none.
    public var negatives = 5
    /// `-share`: which pairs share noise words. With `exact` it is `pair`, as in the original.
    public var sharing = NegativeSharing.window
    /// `-variance`: how negative samples are used. `reduced` is for negative sampling alone, with windows that share their
    /// samples and a reuse of 2 or above.
    public var variance = NegativeVariance.plain
    /// `-reuse`: how often a noise word that was drawn is used on average, at windows that lie hundreds of words apart;
    /// 1 draws each anew. nil is 8, or 1 with `exact`. See ``effectiveReuse``.
    public var negativeReuse: Int?
    /// `-ns-exponent`: noise words are drawn by count to this power; 0 draws all words alike, a negative one prefers rare
    /// words (item2vec: Caselles-Dupré et al. 2018).
    public var noiseExponent = 0.75
    /// `-hs`: hierarchical softmax, alone or beside negative sampling.
    public var hierarchicalSoftmax = false
    /// `-sample`: threshold of subsampling as a share of the corpus; 0 keeps every word.
    public var sample = 1e-3
    /// `-holdout`: the share of the lines that training leaves out, 0 ..< 1, chosen by the seed and the line's number; the loss
    /// is measured on them (``TrainingProgress/loss``). They count for the vocabulary. Each 1000 words of a longer line are a
    /// line of their own here. 0: none, and the loss is measured on the text that is trained on.
    public var holdout = 0.0
    /// `-alpha`: starting learning rate; nil is .05 for CBOW, .025 for skip-gram. It falls linearly to 1/10000 of itself.
    public var alpha: Double?
    /// `-iter`: passes over the corpus.
    public var epochs = 5
    /// `-min-count`: words that occur less often are skipped.
    public var minimumCount = 5
    /// `-limit`: the most words of the vocabulary, `</s>` included: the most frequent are kept. nil: no limit.
    public var maximumVocabulary: Int?
    /// `-lowercase`: the text is lowercased, by Unicode's mapping of single characters (of the version that Swift's
    /// standard library has): `Σ` is `σ` everywhere, `İ` is `i` and a dot above. Bytes that are not UTF-8 stay.
    public var lowercase = false
    /// `-unicode-space`: words end at all that has Unicode's property White_Space, such as U+00A0 and U+3000. Sentences end at
    /// a newline alone.
    public var unicodeWhitespace = false
    /// `-token-memory`: bytes of memory for the token ids, 4 a token. If they need more, they are kept in a temporary file in
    /// TMPDIR (else /var/tmp, else /tmp). nil is a quarter of the memory that the
    /// process may use: the machine's, or its control group's limit; 0 is always a file.
    public var tokenMemory: Int?
    /// `-threads` (T); nil is the machine's cores, and 1 with `exact`.
    public var threads: Int?
    /// `-seed`: of all random numbers of the default mode. On one thread the same seed gives the same bytes.
    public var seed: UInt64 = 1
    /// `-exact`: reproduces the output of the original program byte for byte, on one thread. `seed` is not used.
    public var exact = false

    /// The original's defaults.
    public init() {}

    /// The initial learning rate: `alpha`, or its default.
    public var effectiveAlpha: Double { alpha ?? (architecture == .cbow ? 0.05 : 0.025) }

    /// The number of threads: `threads`, or its default.
    public var effectiveThreads: Int { threads ?? (exact ? 1 : Processor.cores) }

    /// The number of noise words: `negatives`, or 0 with the full softmax.
    public var effectiveNegatives: Int { loss == .softmax ? 0 : negatives }

    /// The most words that ``Loss/softmax`` is for: a window costs as many times more than with negative sampling as there
    /// are words to one noise word.
    public static let largestSoftmax = 50_000

    /// How often a noise word is used. The words drawn wait in a pool of some hundred, and each noise word is one of the
    /// pool, picked at random; so their distribution is that of `noiseExponent`, and their rows stay in the cache.
    public var effectiveReuse: Int { negativeReuse ?? (exact ? 1 : 8) }

    /// Checks every option, once, before anything is read or trained.
    ///
    /// - Throws: ``Word2VecError/invalidOption(_:found:expected:)`` for the first that no run can have.
    public func validate() throws(Word2VecError) {
        func require(
            _ option: String, _ found: some CustomStringConvertible, _ expected: String, _ holds: Bool
        ) throws(Word2VecError) {
            guard holds else { throw .invalidOption(option, found: found.description, expected: expected) }
        }
        try require("size", dimensions, "from 1 to \(Self.most)", (1...Self.most).contains(dimensions))
        try require("window", window, "from 1 to \(Self.most)", (1...Self.most).contains(window))
        try require("negative", negatives, "from 0 to \(Self.most)", (0...Self.most).contains(negatives))
        try require(
            "negative", negatives, "above 0 when -hs is 0: there is nothing to train with",
            negatives > 0 || hierarchicalSoftmax || loss == .softmax)
        try require(
            "hs", hierarchicalSoftmax ? 1 : 0, "0 with -loss softmax",
            loss == .approximate || !hierarchicalSoftmax)
        try require("loss", loss.rawValue, "approximate with -exact 1", !exact || loss == .approximate)
        try require(
            "reuse", effectiveReuse, "from 1 to \(Self.mostReuse)", (1...Self.mostReuse).contains(effectiveReuse))
        try require(
            "ns-exponent", noiseExponent, "from -\(Self.mostExponent) to \(Self.mostExponent)",
            abs(noiseExponent) <= Self.mostExponent)
        try require("sample", sample, "a finite number, 0 or above", sample.isFinite && sample >= 0)
        try require("holdout", holdout, "from 0 to below 1", holdout >= 0 && holdout < 1)
        try require(
            "alpha", effectiveAlpha, "a finite number above 0",
            effectiveAlpha.isFinite && Float(effectiveAlpha) > 0 && Float(effectiveAlpha).isFinite)
        try require("iter", epochs, "from 1 to \(Self.most)", (1...Self.most).contains(epochs))
        try require("min-count", minimumCount, "0 or above", minimumCount >= 0)
        if let most = maximumVocabulary { try require("limit", most, "2 or above: one row is </s>", most >= 2) }
        if let bytes = tokenMemory { try require("token-memory", bytes, "0 or above", bytes >= 0) }
        let threads = effectiveThreads
        try require("threads", threads, "from 1 to \(Self.mostThreads)", (1...Self.mostThreads).contains(threads))
        try require(
            "threads", threads, "1 with -exact 1: the original's result at several threads depends on chance",
            !exact || threads == 1)
        try require(
            "cbow-gradient", cbowGradient.rawValue, "undivided without -cbow 1: skip-gram takes no mean",
            architecture == .cbow || cbowGradient == .undivided)
        try require(
            "cbow-gradient", cbowGradient.rawValue, "undivided with -exact 1", !exact || cbowGradient == .undivided)
        if variance == .reduced {
            let refusals = [
                ("-exact 1", exact), ("-hs 1", hierarchicalSoftmax), ("-loss softmax", loss == .softmax),
                ("-share pair", sharing == .pair), ("-reuse 1", effectiveReuse == 1),
            ]
            for (other, holds) in refusals { try require("variance", "reduced", "plain with \(other)", !holds) }
        }
        try require("lowercase", "1", "0 with -exact 1", !exact || !lowercase)
        try require("unicode-space", "1", "0 with -exact 1", !exact || !unicodeWhitespace)
        try require("reuse", effectiveReuse, "1 with -exact 1", !exact || effectiveReuse == 1)
        try require(
            "ns-exponent", noiseExponent, "\(NoiseDistribution.originalExponent) with -exact 1",
            !exact || noiseExponent == NoiseDistribution.originalExponent)
    }

    /// Above this a size, a window, a number of noise words or of passes is taken for a mistake.
    static let most = 1_000_000
    private static let mostThreads = 4096
    private static let mostReuse = 1000
    private static let mostExponent = 5.0
}
