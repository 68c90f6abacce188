/*
 * w2v_loss.h - the loss of a model on a fixed sample of windows, and the lines of a text that are held out for it.
 *
 * The loss of training's own windows, each before its update, depends on the passage that was just read. A fixed sample
 * measures the current parameters, so that its values can be compared with each other.
 */
#ifndef W2V_LOSS_H
#define W2V_LOSS_H

#include "w2v_train.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Windows and their noise words, drawn by the caller. All ids are words of the model, 1 ... V - 1. */
typedef struct w2v_loss_sample {
    size_t windows;         /* n */
    const int32_t *centers; /* (n) */
    const int64_t *ends; /* (n) window i has the contexts ends[i - 1] ... ends[i] - 1, the first from 0; at least one */
    const int32_t *contexts; /* (ends[n - 1]) */
    size_t negatives;        /* K; 0 with the full softmax, or with hierarchical softmax alone */
    const int32_t *W2V_NULLABLE
        noise; /* (n, K) noise words of each window, none of them its center; below 0: no word */
} w2v_loss_sample;

/*
 * The sum of the losses of all predictions, in nats. Skip-gram predicts the center from each context, so that the
 * number of predictions is ends[n - 1]; CBOW from the contexts' mean, n. The loss of a prediction from the vector v is
 *   -log s(u_center . v) - sum_k log s(-u_k . v)   over the noise words k, with model.output and without `softmax`
 *   -sum_j log s(+-t_j . v)                        over the nodes j of the center's path, with model.nodes
 *   -log(exp(u_center . v) / sum_w exp(u_w . v))   over the words 1 ... V - 1, with `softmax`
 * (Mikolov et al. 2013b, eq. 4, 3 and 2); the first two may be combined. Dot products are floats, as in training; the
 * rest is computed in double. Other threads may train the model at the same time (W2V_HOGWILD).
 *
 * `tree` is read if model.nodes is not NULL. `workspace` holds S floats, which CBOW uses. Returns W2V_NOT_FINITE if the
 * sum is infinite or NaN. O(predictions x outputs x S).
 */
w2v_status w2v_sample_loss(const w2v_model *model, const w2v_tree *W2V_NULLABLE tree, const w2v_kernels *kernels,
                           const w2v_loss_sample *sample, bool cbow, bool softmax, float *workspace /* (S) */,
                           double *loss);

/* The result of w2v_hold_out. */
typedef struct w2v_holdout {
    int64_t kept_tokens;
    int64_t held_tokens;
    int64_t lines;
    int64_t held_lines;
} w2v_holdout;

/*
 * Moves some lines out of tokens[0 ..< count]: line n, counted from 0, if w2v_random_stream(seed, UINT64_MAX, n) is
 * below `threshold`. In a longer line every W2V_SENTENCE_MAX tokens count as a line. Kept tokens move to the front, and
 * held-out lines are written to `held`. After that every line ends with the id 0, except the last line of the text, and
 * the first of two parts of a line that were both kept. If `held` is NULL nothing is changed, and the tokens are only
 * counted, including the ids 0 to be added. O(count).
 */
w2v_holdout w2v_hold_out(int32_t *tokens, int64_t count, uint64_t seed, uint64_t threshold, int32_t *W2V_NULLABLE held);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
