/*
 * w2v_objective.h - the loss functions of word2vec and their gradients, over flat float arrays. They are meant for
 * reading, for checks and for small models. The kernels of the trainers are tested against them.
 *
 * Matrices are dense and without padding: V rows of D floats. v_w is row w of `input`, and u_w is row w of `output`.
 * Products and sums are computed in double. The relative error of a loss is about 1e-15, which is small enough for
 * numerical differentiation. A gradient is rounded to float once, when it is written. Sources: Mikolov et al. 2013a
 * (arXiv:1301.3781) and 2013b (arXiv:1310.4546); Rong 2014 (arXiv:1411.2738); Stanford CS224n, the assignment on
 * word2vec.
 *
 * Pass NULL for gradients that are not needed. A gradient has the shape of its variable. All of it is written,
 * including zeros. It must not overlap other arguments. If the status is not W2V_OK, the outputs are undefined.
 *   W2V_EMPTY         V, D, K or the number of contexts is 0
 *   W2V_OUT_OF_RANGE  a word index is below 0, or V or above
 *   W2V_TARGET_DRAWN  a negative sample is the target of its prediction
 *   W2V_NOT_FINITE    a value that the loss reads is infinite or NaN, or a gradient is too large for a float
 */
#ifndef W2V_OBJECTIVE_H
#define W2V_OBJECTIVE_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* ---- functions ---- */

/* s(x) = 1 / (1 + exp(-x)). It never overflows: s(-1000) is about 5e-435 and underflows to 0. NaN gives NaN. */
double w2v_logistic(double x);

/* -log s(x) = log(1 + exp(-x)), to full precision for any x: 1000 for x = -1000, and 4e-18 for x = 40. */
double w2v_logistic_loss(double x);

/* values[i] = s(x[i]). x and values may be the same array. O(n). */
void w2v_logistic_values(const float *x /* (n) */, size_t n, float *values /* (n) */);

/* slopes[i] = s'(x) = s (1 - s), computed from the value s = values[i]. The two may be the same array. O(n). */
void w2v_logistic_slopes(const float *values /* (n) */, size_t n, float *slopes /* (n) */);

/*
 * softmax(x)_i = exp(x_i) / sum_j exp(x_j), computed from x - max(x), which gives the same result without overflow. The
 * two may be the same array. W2V_EMPTY if n is 0, W2V_NOT_FINITE if a value is not finite. O(n).
 */
w2v_status w2v_softmax(const float *x /* (n) */, size_t n, float *probabilities /* (n) */);

/*
 * CE(y, p) = -sum_i y_i log p_i. Terms with y_i = 0 are skipped. W2V_EMPTY if n is 0, W2V_OUT_OF_RANGE if a value is
 * below 0, W2V_NOT_FINITE if a value is not finite, or if p_i = 0 where y_i > 0. O(n).
 */
w2v_status w2v_cross_entropy(const float *expected /* y (n) */, const float *predicted /* p (n) */, size_t n,
                             double *loss);

/* ---- the loss of one prediction: the target word o from the vector v (D) ---- */

/* The number of doubles in the workspace of the losses below: V + 2 D. */
size_t w2v_objective_workspace(size_t words, size_t dimensions);

/*
 * Softmax over all words (naive softmax): J = -u_o.v + log sum_w exp(u_w.v).
 *   dJ/dv = U^T (yhat - y)      dJ/du_w = (yhat_w - y_w) v      yhat = softmax(U v), y the one-hot of o
 * Mikolov et al. 2013b, eq. 2. O(V D).
 */
w2v_status w2v_softmax_loss(const float *vector /* v (D) */, const float *output /* U (V, D) */, size_t words,
                            size_t dimensions, int32_t target /* o */, double *workspace, double *loss,
                            float *W2V_NULLABLE vector_gradient /* (D) */,
                            float *W2V_NULLABLE output_gradient /* (V, D) */);

/*
 * Negative sampling: J = -log s(u_o.v) - sum_k log s(-u_k.v) over K samples. A sample may occur several times, and none
 * may be o.
 *   dJ/dv = (s(u_o.v) - 1) u_o + sum_k s(u_k.v) u_k
 *   dJ/du_o = (s(u_o.v) - 1) v      dJ/du_k = n_k s(u_k.v) v, where k occurs n_k times
 * The output gradient is zero for all other words. Mikolov et al. 2013b, eq. 4. O(V D) with the output gradient, and
 * O(V + K D) without.
 */
w2v_status w2v_negative_sampling_loss(const float *vector /* v (D) */, const float *output /* U (V, D) */, size_t words,
                                      size_t dimensions, int32_t target /* o */, const int32_t *negatives /* (K) */,
                                      size_t negative_count, double *workspace, double *loss,
                                      float *W2V_NULLABLE vector_gradient /* (D) */,
                                      float *W2V_NULLABLE output_gradient /* (V, D) */);

/* ---- the loss of a window ---- */

typedef enum w2v_word_loss { W2V_SOFTMAX_LOSS = 0, W2V_NEGATIVE_SAMPLING_LOSS = 1 } w2v_word_loss;

/* A center word and its context words. A context may occur several times, and may be equal to the center. */
typedef struct w2v_window {
    const float *input;      /* (V, D) */
    const float *output;     /* U (V, D) */
    size_t words;            /* V */
    size_t dimensions;       /* D */
    int32_t center;          /* c */
    const int32_t *contexts; /* (n) */
    size_t context_count;    /* n */
    w2v_word_loss loss;
    const int32_t *W2V_NULLABLE negatives; /* skip-gram: (n, K), row j for context j; CBOW: (K); softmax: not read */
    size_t negative_count;                 /* K */
} w2v_window;

/*
 * Skip-gram: J = sum over the contexts o_j of F(v_c, o_j), where F is one of the two losses above. dJ/dU and dJ/dv_c
 * are the sums of the gradients of F. The gradient of every other input vector is 0. Mikolov et al. 2013a, section 3.2;
 * 2013b, eq. 1. O((V + n) D), or O((V + n K) D) for negative sampling.
 */
w2v_status w2v_skip_gram_loss(const w2v_window *window, double *workspace, double *loss,
                              float *W2V_NULLABLE input_gradient /* (V, D) */,
                              float *W2V_NULLABLE output_gradient /* (V, D) */);

/*
 * CBOW: J = F(vhat, c). vhat is the sum of the input vectors of the contexts (CS224n), or their mean if `mean` is true
 * (the original program). Each context receives dJ/dvhat, divided by n for the mean. A word that occurs twice receives
 * it twice. Mikolov et al. 2013a, section 3.1. O((V + n) D), or O((V + n + K) D) for negative sampling.
 */
w2v_status w2v_cbow_loss(const w2v_window *window, bool mean, double *workspace, double *loss,
                         float *W2V_NULLABLE input_gradient /* (V, D) */,
                         float *W2V_NULLABLE output_gradient /* (V, D) */);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
