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
/* Entries of the default trainer's table: 1024 steps and the last point. */
#define W2V_SIGMOID_SIZE 1025

/*
 * Fills the original's table: entry i is exp(x) / (exp(x) + 1) in float at x = (i / 1000f * 2 - 1) * 6.
 * The original reads it at (int)((x + 6) * 83) - 83 is 1000 / 6 / 2 in integers - so its sigmoid(0) is .494.
 */
void w2v_sigmoid_fill_original(float *table /* (W2V_SIGMOID_ORIGINAL_SIZE) */);

/* Fills the default trainer's table: entry i is the sigmoid, rounded once, at -6 + i * 12 / 1024. */
void w2v_sigmoid_fill(float *table /* (W2V_SIGMOID_SIZE) */);

/*
 * The sigmoid by linear interpolation in the table of w2v_sigmoid_fill, clamped to its ends (.00247 and .99753).
 * Maximum error inside -6 ... 6: 1.7e-6, near |x| = 1.317, where the second derivative is largest (.0962 * step^2 / 8);
 * outside, 2.48e-3. NaN gives NaN.
 */
static inline float w2v_sigmoid(const float *table, float x) {
    if (x <= -W2V_SIGMOID_RANGE) return table[0];
    if (x >= W2V_SIGMOID_RANGE) return table[W2V_SIGMOID_SIZE - 1];
    if (x != x) return x;
    float at = (x + W2V_SIGMOID_RANGE) * ((W2V_SIGMOID_SIZE - 1) / (2 * W2V_SIGMOID_RANGE));
    int i = (int)at;
    if (i > W2V_SIGMOID_SIZE - 2) i = W2V_SIGMOID_SIZE - 2;
    return table[i] + (at - (float)i) * (table[i + 1] - table[i]);
}

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
