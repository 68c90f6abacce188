/*
 * w2v_vocabulary.h - the tables that training reads, made from the counts of the words.
 *
 * counts has the count of each of V words, by row; row 0 is the sentence end. All memory is the caller's.
 */
#ifndef W2V_VOCABULARY_H
#define W2V_VOCABULARY_H

#include "w2v_random.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/*
 * count^exponent of each word (n), not normalized; a word that does not occur weighs 0, whatever the exponent. The
 * noise distribution of Mikolov et al. 2013b has the exponent 3/4. O(n).
 */
void w2v_noise_weights(const int64_t *counts, size_t n, double exponent, double *weights);

/*
 * The alias table (Walker 1977; construction of Vose 1991) that draws i with a probability proportional to weights[i],
 * or uniformly if all weights are 0. Noise words are drawn from the words 1 ... V - 1: entry i of their table is word i
 * + 1.
 *
 *   weights     (n) overwritten
 *   workspace   (n)
 *   table       (n)
 *
 * O(n).
 */
void w2v_alias_fill(double *weights, size_t n, uint32_t *workspace, w2v_alias *table);

/*
 * Subsampling of frequent words (Mikolov et al. 2013b, in the original program's form and float arithmetic): an
 * occurrence of a word with count c is kept with probability (sqrt(c / (s N)) + 1) s N / c, where N is `total`, the sum
 * of the counts, and s is `sample`, above 0. O(n).
 */
void w2v_keep_probabilities(const int64_t *counts, size_t n, int64_t total, float sample, float *keep);

/* The same as integers: a word is kept if 32 random bits are at most keep[word]. A word with a count of 0 is kept.
 * O(n). */
void w2v_keep_thresholds(const int64_t *counts, size_t n, int64_t total, float sample, uint32_t *keep);

/* The result of w2v_huffman_build. */
typedef struct w2v_huffman {
    int64_t steps;  /* of all codes together */
    size_t longest; /* steps of the longest code */
} w2v_huffman;

/* Values of workspace for the tree over n words. */
static inline size_t w2v_huffman_workspace(size_t n) { return 4 * n; }

/*
 * The Huffman tree of hierarchical softmax (Mikolov et al. 2013a) as the original builds it. Leaves are merged from the
 * rarest up, inner nodes in the order of their creation. A leaf is merged before an inner node only if its count is
 * strictly smaller. The second of two children has code 1. An inner node that does not exist yet has a count of 10^15.
 *
 *   workspace   (w2v_huffman_workspace(n)) read again by w2v_huffman_codes
 *   offsets     (n + 1) word w has the steps offsets[w] ... offsets[w + 1] - 1
 *
 * Fewer than two words have empty codes. O(n + steps).
 */
w2v_huffman w2v_huffman_build(const int64_t *counts, size_t n, int64_t *workspace, int64_t *offsets);

/* The codes of the tree, from the root down: the inner node at each step, 0 ... n - 2, and the branch taken there
 * (steps). */
void w2v_huffman_codes(size_t n, const int64_t *workspace, const int64_t *offsets, int32_t *points, uint8_t *codes);

/* Entries of the guide of a w2v_unigram. */
#define W2V_UNIGRAM_GUIDE 24416

/*
 * The boundaries of the original's table of 10^8 slots, in which each word has a share proportional to count^0.75.
 * After the first slot whose position in the table exceeds the cumulative share, the original moves to the next word,
 * by at most one word per slot, in double.
 *
 *   ends    (n)
 *   guide   (W2V_UNIGRAM_GUIDE)
 *
 * O(n + W2V_UNIGRAM_GUIDE).
 */
void w2v_unigram_fill(const int64_t *counts, size_t n, uint32_t *ends, uint32_t *guide);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
