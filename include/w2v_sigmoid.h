/* w2v_sigmoid.h - the logistic function 1 / (1 + exp(-x)), tabulated. */
#ifndef W2V_SIGMOID_H
#define W2V_SIGMOID_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Both tables cover -W2V_SIGMOID_RANGE ... W2V_SIGMOID_RANGE. */
#define W2V_SIGMOID_RANGE 6.0f

/* Entries of the original's table. */
#define W2V_SIGMOID_ORIGINAL_SIZE 1000

/*
 * Fills the original's table: entry i is exp(x) / (exp(x) + 1) in float at x = (i / 1000f * 2 - 1) * 6.
 * The original reads it at (int)((x + 6) * 83) - 83 is 1000 / 6 / 2 in integers - so its sigmoid(0) is .494.
 */
void w2v_sigmoid_fill_original(float *table /* (W2V_SIGMOID_ORIGINAL_SIZE) */);

/* Pieces of the default trainer's table. 16: one register of AVX-512, so that a look-up is a permutation. */
#define W2V_SIGMOID_PIECES 16

/*
 * The default trainer's table: s(x) - 1/2 for x in 0 ... 6 as a cubic on each of 16 pieces of .375. Piece p covers
 * p * .375 ... (p + 1) * .375, and u = 0 ... 1 runs through it: constant + u * (linear + u * (square + u * cubic)).
 * Negative x: s(-x) - 1/2 = -(s(x) - 1/2).
 */
typedef struct w2v_sigmoid_table {
    float constant[W2V_SIGMOID_PIECES];
    float linear[W2V_SIGMOID_PIECES];
    float square[W2V_SIGMOID_PIECES];
    float cubic[W2V_SIGMOID_PIECES];
} w2v_sigmoid_table;

/* Fills the table: interpolation at the four Chebyshev nodes of each piece, in double. */
void w2v_sigmoid_fill(w2v_sigmoid_table *table);

/* The largest |x| that is told apart, in pieces: just below 16. */
#define W2V_SIGMOID_LAST (W2V_SIGMOID_PIECES * (1 - 0x1p-24f))

/*
 * s(x) - 1/2, clamped to its values at -6 and 6 (+-.49753). Maximum error inside -6 ... 6: 9e-7, near |x| = 0.36, where
 * the fourth derivative is large (.125 * .375^4 / (4! * 2^7) = 8.0e-7, and rounding); outside, 2.48e-3. NaN gives
 * either clamped value.
 */
static inline float w2v_sigmoid_odd(const w2v_sigmoid_table *table, float x) {
    float at = (x < 0 ? -x : x) * (W2V_SIGMOID_PIECES / W2V_SIGMOID_RANGE);
    at = at < W2V_SIGMOID_LAST ? at : W2V_SIGMOID_LAST;
    const int p = (int)at;
    const float u = at - (float)p;
    const float h = table->constant[p] + u * (table->linear[p] + u * (table->square[p] + u * table->cubic[p]));
    return x < 0 ? -h : h;
}

/* s(x), from the table. */
static inline float w2v_sigmoid(const w2v_sigmoid_table *table, float x) { return 0.5f + w2v_sigmoid_odd(table, x); }

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
