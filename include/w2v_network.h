/*
 * w2v_network.h - the two-layer network of CS224n: sigmoid units, then a softmax.
 *
 *   h = s(x W1 + b1)      yhat = softmax(h W2 + b2)
 *   J = -sum over the rows of a batch of sum_i y_i log yhat_i + l2 / 2 (|W1|^2 + |W2|^2)
 *
 * Letters: Dx inputs, H hidden units, Dy classes, N rows of a batch. Parameters lie in one array, one behind the other:
 * W1 (Dx, H), b1 (H), W2 (H, Dy), b2 (Dy). The loss is for reading and checking: sums are taken in double, and a gradient
 * is rounded to float once. The step is for training, and works in float.
 *   W2V_EMPTY       Dx, H, Dy or N is 0
 *   W2V_NOT_FINITE  a value is infinite or NaN, or a gradient is beyond what a float holds
 * After any status but W2V_OK what was written means nothing.
 */
#ifndef W2V_NETWORK_H
#define W2V_NETWORK_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

typedef struct w2v_network {
    size_t inputs;  /* Dx */
    size_t hidden;  /* H */
    size_t classes; /* Dy */
} w2v_network;

/* Parameters of the network: (Dx + 1) H + (H + 1) Dy. */
size_t w2v_network_parameters(w2v_network network);

/* Doubles of workspace: one for each parameter, and 2 H + Dy. */
size_t w2v_network_workspace(w2v_network network);

/* yhat for each row of x. O(N (Dx + Dy) H). */
w2v_status w2v_network_forward(w2v_network network, const float *parameters, const float *x /* (N, Dx) */, size_t rows,
                               double *workspace, float *probabilities /* (N, Dy) */);

/*
 * J and, unless NULL, its gradients. For rows y that sum to 1, as one-hot labels do:
 *   dz2 = yhat - y      dW2 = h^T dz2      db2 = column sums of dz2      dh = dz2 W2^T
 *   dz1 = dh * s'(z1)   dW1 = x^T dz1      db1 = column sums of dz1      dx = dz1 W1^T
 * (for other sums, yhat times the row's sum), and l2 W1 and l2 W2 on top of dW1 and dW2. A label below 0 is
 * W2V_OUT_OF_RANGE. O(N (Dx + Dy) H).
 */
w2v_status w2v_network_loss(w2v_network network, const float *parameters, const float *x /* (N, Dx) */,
                            const float *labels /* y (N, Dy) */, size_t rows, double l2, double *workspace,
                            double *loss, float *W2V_NULLABLE gradient /* as parameters */,
                            float *W2V_NULLABLE x_gradient /* (N, Dx) */);

/* What a network is trained on. It is shown (x - mean) * scale, column by column. */
typedef struct w2v_examples {
    const float *x;         /* (count, stride), of which Dx columns are read */
    size_t stride;          /* floats from row to row */
    size_t count;
    const int32_t *classes; /* (count) 0 ... Dy - 1 */
    const float *means;     /* (Dx) */
    const float *scales;    /* (Dx) */
} w2v_examples;

/* Floats of workspace for a step with N rows: N (Dx + 2 H + Dy) + H Dy. */
size_t w2v_network_step_workspace(w2v_network network, size_t rows);

/*
 * One step of gradient descent on N of the examples, a mini-batch: parameters -= alpha / N dJ, the labels one-hot and J
 * with N l2 for l2, so that the penalty does not depend on the size of a batch. Loss: J before the step without the penalty.
 * W2V_OUT_OF_RANGE if a row or a class is not there, W2V_NOT_FINITE if a sum is infinite or NaN; then nothing is changed.
 * O(N (Dx + Dy) H), some 6 multiplications and additions for each parameter and row.
 */
w2v_status w2v_network_step(w2v_network network, float *parameters, const w2v_examples *examples,
                            const int32_t *rows /* (N) of the examples */, size_t row_count, float alpha, float l2,
                            float *workspace, double *loss);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
