internal import Word2VecCore

/// How to train. Each property names its flag of `w2v-c train`; the defaults are the original's, but for `threads`.
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
        /// None: noise words of its own for each pair, as in the original. CBOW has one pair a window anyway.
        case pair
    }

    /// What of its error CBOW gives to each of a window's n context words.
    public enum CBOWGradient: String, Codable, Sendable, CaseIterable {
        /// All of it, as the original does: n times the gradient of the mean that it trains with.
        case undivided
        /// 1/n of it: the gradient.
        case divided
    }

    /// What the probability of a word is trained by.
    public enum Loss: String, Codable, Sendable, CaseIterable {
        /// Negative sampling or hierarchical softmax or both, as `negatives` and `hierarchicalSoftmax` say.
        case approximate
        /// The full softmax over the vocabulary, which the others stand for (Mikolov et al. 2013b, eq. 2): all words are
        /// outputs of every window. For vocabularies of ``largestSoftmax`` words at the most.
        case softmax
    }

    /// `-loss`
    public var loss = Loss.approximate
    /// `-cbow`
    public var architecture = Architecture.cbow
    /// `-cbow-gradient`: what of its error CBOW gives to each context word; the learning rate fits the original's way.
    public var cbowGradient = CBOWGradient.undivided
    /// `-size`: dimensions of a vector (D).
    public var dimensions = 100
    /// `-window`: the most words taken on either side of a center (W). The radius is drawn evenly from 1 ... W.
    public var window = 5
    /// `-negative`: noise words for each window (K); 0 switches negative sampling off. The full softmax draws none.
    public var negatives = 5
    /// `-share`: which pairs share noise words. `exact` has the original's own way, which is `pair`.
    public var sharing = NegativeSharing.window
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
    /// `-lowercase`: words are read in small letters, by Unicode's mapping of single characters (of the version that Swift's
    /// standard library has): `Σ` is `σ` everywhere, `İ` is `i` and a dot above. Bytes that are not UTF-8 stay.
    public var lowercase = false
    /// `-unicode-space`: words end at all that has Unicode's property White_Space, such as U+00A0 and U+3000. Sentences end at
    /// a newline alone.
    public var unicodeWhitespace = false
    /// `-token-memory`: bytes of memory for the token ids, 4 a token; more of them lie in a temporary file in TMPDIR (else
    /// /var/tmp, else /tmp) that is gone with the run. nil is a quarter of the memory that the
    /// process may use: the machine's, or its control group's limit; 0 is always a file.
    public var tokenMemory: Int?
    /// `-threads` (T); nil is the machine's cores, and 1 with `exact`.
    public var threads: Int?
    /// `-seed`: of all random numbers of the default mode. At one thread a run repeats itself bit for bit.
    public var seed: UInt64 = 1
    /// `-exact`: the original program's very bytes, at one thread. It has its own random numbers: `seed` is not used.
    public var exact = false

    /// The original's defaults.
    public init() {}

    /// The starting learning rate that is meant.
    public var effectiveAlpha: Double { alpha ?? (architecture == .cbow ? 0.05 : 0.025) }

    /// The number of threads that is meant.
    public var effectiveThreads: Int { threads ?? (exact ? 1 : Processor.cores) }

    /// The number of noise words that is meant.
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
            "hs", hierarchicalSoftmax ? 1 : 0, "0 with -loss softmax, which it stands for",
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
        try require("lowercase", "1", "0 with -exact 1", !exact || !lowercase)
        try require("unicode-space", "1", "0 with -exact 1", !exact || !unicodeWhitespace)
        try require("reuse", effectiveReuse, "1 with -exact 1", !exact || effectiveReuse == 1)
        try require(
            "ns-exponent", noiseExponent, "\(NoiseDistribution.originalExponent) with -exact 1",
            !exact || noiseExponent == NoiseDistribution.originalExponent)
    }

    /// Above this a size, a window, a number of noise words or of passes is taken for a mistake.
    private static let most = 1_000_000
    private static let mostThreads = 4096
    private static let mostReuse = 1000
    private static let mostExponent = 5.0
}
