/*
 * w2v_objective.h - the losses of word2vec and their gradients, over flat float arrays, for reading, checking and small
 * models. The trainers' kernels are tested against them.
 *
 * Matrices are dense: V rows of D floats, without padding. v_w is row w of `input`, u_w row w of `output`. Products and
 * sums are taken in double, so that a loss is right to some 1e-15 of itself and can be differentiated numerically; a
 * gradient is rounded to float once, when it is written. Sources: Mikolov et al. 2013a (arXiv:1301.3781) and 2013b
 * (arXiv:1310.4546); Rong 2014 (arXiv:1411.2738); Stanford CS224n, the assignment on word2vec.
 *
 * Every loss may be had without its gradients: pass NULL for them. A gradient has the shape of what it belongs to, is
 * written whole, zeros included, and overlaps nothing else. After any status but W2V_OK what was written means nothing.
 *   W2V_EMPTY         V, D, K or the number of contexts is 0
 *   W2V_OUT_OF_RANGE  a word is below 0, or V or above
 *   W2V_TARGET_DRAWN  a negative sample is the word that it stands against
 *   W2V_NOT_FINITE    a value that the loss reads is infinite or NaN, or a gradient is beyond what a float holds
 */
#ifndef W2V_OBJECTIVE_H
#define W2V_OBJECTIVE_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* ---- functions ---- */

/* s(x) = 1 / (1 + exp(-x)) for any x: nothing overflows, s(-1000) is about 5e-435, that is 0. NaN gives NaN. */
double w2v_logistic(double x);

/* -log s(x) = log(1 + exp(-x)), as exact for x = -1000 (1000) as for x = 40 (4e-18). */
double w2v_logistic_loss(double x);

/* values[i] = s(x[i]); the two may be the same array. O(n). */
void w2v_logistic_values(const float *x /* (n) */, size_t n, float *values /* (n) */);

/* slopes[i] = s'(x) = s (1 - s), from the VALUE s = values[i]; the two may be the same array. O(n). */
void w2v_logistic_slopes(const float *values /* (n) */, size_t n, float *slopes /* (n) */);

/*
 * softmax(x)_i = exp(x_i) / sum_j exp(x_j), computed on x - max(x), which gives the same and does not overflow; the two
 * may be the same array. W2V_EMPTY if n is 0; W2V_NOT_FINITE if an x is not finite. O(n).
 */
w2v_status w2v_softmax(const float *x /* (n) */, size_t n, float *probabilities /* (n) */);

/*
 * CE(y, p) = -sum_i y_i log p_i, the terms with y_i = 0 left out. W2V_EMPTY if n is 0; W2V_OUT_OF_RANGE if a value is
 * below 0; W2V_NOT_FINITE if one is not finite, or p_i = 0 where y_i is not. O(n).
 */
w2v_status w2v_cross_entropy(const float *expected /* y (n) */, const float *predicted /* p (n) */, size_t n,
                             double *loss);

/* ---- the loss of one prediction: the word o from the vector v (D) ---- */

/* Doubles of workspace for the losses below: V + 2 D. */
size_t w2v_objective_workspace(size_t words, size_t dimensions);

/*
 * Naive softmax: J = -u_o.v + log sum_w exp(u_w.v).
 *   dJ/dv = U^T (yhat - y)      dJ/du_w = (yhat_w - y_w) v      yhat = softmax(U v), y the one-hot of o
 * Mikolov et al. 2013b, eq. 2. O(V D).
 */
w2v_status w2v_softmax_loss(const float *vector /* v (D) */, const float *output /* U (V, D) */, size_t words,
                            size_t dimensions, int32_t target /* o */, double *workspace, double *loss,
                            float *W2V_NULLABLE vector_gradient /* (D) */, float *W2V_NULLABLE output_gradient /* (V, D) */);

/*
 * Negative sampling: J = -log s(u_o.v) - sum_k log s(-u_k.v) over K samples, which may repeat; none is o.
 *   dJ/dv = (s(u_o.v) - 1) u_o + sum_k s(u_k.v) u_k
 *   dJ/du_o = (s(u_o.v) - 1) v      dJ/du_k = n_k s(u_k.v) v, n_k = times that k was drawn
 * Mikolov et al. 2013b, eq. 4. O(V D) with the output's gradient, which is zero for all other words, else O(V + K D).
 */
w2v_status w2v_negative_sampling_loss(const float *vector /* v (D) */, const float *output /* U (V, D) */, size_t words,
                                      size_t dimensions, int32_t target /* o */, const int32_t *negatives /* (K) */,
                                      size_t negative_count, double *workspace, double *loss,
                                      float *W2V_NULLABLE vector_gradient /* (D) */,
                                      float *W2V_NULLABLE output_gradient /* (V, D) */);

/* ---- the loss of a window ---- */

typedef enum w2v_word_loss { W2V_SOFTMAX_LOSS = 0, W2V_NEGATIVE_SAMPLING_LOSS = 1 } w2v_word_loss;

/* A centre and its contexts. Contexts may repeat, and one may be the centre. */
typedef struct w2v_window {
    const float *input;  /* (V, D) */
    const float *output; /* U (V, D) */
    size_t words;        /* V */
    size_t dimensions;   /* D */
    int32_t centre;      /* c */
    const int32_t *contexts; /* (n) */
    size_t context_count;    /* n */
    w2v_word_loss loss;
    const int32_t *W2V_NULLABLE negatives; /* skip-gram: (n, K), row j against context j; CBOW: (K). Softmax: not read */
    size_t negative_count;                 /* K */
} w2v_window;

/*
 * Skip-gram: J = sum over the contexts o_j of F(v_c, o_j), F one of the two losses above. dJ/dU and dJ/dv_c are the sums
 * of F's; every other input vector has the gradient 0. Mikolov et al. 2013a, section 3.2; 2013b, eq. 1.
 * O((V + n) D), or for negative sampling O((V + n K) D).
 */
w2v_status w2v_skip_gram_loss(const w2v_window *window, double *workspace, double *loss,
                              float *W2V_NULLABLE input_gradient /* (V, D) */,
                              float *W2V_NULLABLE output_gradient /* (V, D) */);

/*
 * CBOW: J = F(vhat, c), vhat = the sum of the contexts' input vectors (CS224n), or with `mean` their mean (the original
 * program). Each context receives dJ/dvhat, over n for the mean; a word that stands there twice receives it twice.
 * Mikolov et al. 2013a, section 3.1. O((V + n) D), or for negative sampling O((V + n + K) D).
 */
w2v_status w2v_cbow_loss(const w2v_window *window, bool mean, double *workspace, double *loss,
                         float *W2V_NULLABLE input_gradient /* (V, D) */,
                         float *W2V_NULLABLE output_gradient /* (V, D) */);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
