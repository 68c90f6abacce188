/*
 * w2v_network.h - the two-layer network of CS224n: a layer of sigmoid units, then a softmax.
 *
 *   h = s(x W1 + b1)      yhat = softmax(h W2 + b2)
 *   J = -sum over the rows of a batch of sum_i y_i log yhat_i + l2 / 2 (|W1|^2 + |W2|^2)
 *
 * Dx is the number of inputs, H of hidden units, Dy of classes, and N of rows in a batch. All parameters are in one
 * array: W1 (Dx, H), b1 (H), W2 (H, Dy), b2 (Dy). w2v_network_loss is meant for reading and for checks. It sums in
 * double, and rounds a gradient to float once. w2v_network_step is meant for training, and computes in float.
 *   W2V_EMPTY       Dx, H, Dy or N is 0
 *   W2V_NOT_FINITE  a value is infinite or NaN, or a gradient is too large for a float
 * If the status is not W2V_OK, the outputs are undefined, unless a function says otherwise.
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

/* The number of parameters: (Dx + 1) H + (H + 1) Dy. */
size_t w2v_network_parameters(w2v_network network);

/* The number of doubles in the workspace: one for each parameter, plus 2 H + Dy. */
size_t w2v_network_workspace(w2v_network network);

/* Computes yhat for each row of x. O(N (Dx + Dy) H). */
w2v_status w2v_network_forward(w2v_network network, const float *parameters, const float *x /* (N, Dx) */, size_t rows,
                               double *workspace, float *probabilities /* (N, Dy) */);

/*
 * Computes J and its gradients. Pass NULL for gradients that are not needed. If each row of y sums to 1, as one-hot
 * labels do:
 *   dz2 = yhat - y      dW2 = h^T dz2      db2 = column sums of dz2      dh = dz2 W2^T
 *   dz1 = dh * s'(z1)   dW1 = x^T dz1      db1 = column sums of dz1      dx = dz1 W1^T
 * For other sums, yhat is multiplied by the sum of the row. l2 W1 and l2 W2 are added to dW1 and dW2. W2V_OUT_OF_RANGE
 * if a label is below 0. O(N (Dx + Dy) H).
 */
w2v_status w2v_network_loss(w2v_network network, const float *parameters, const float *x /* (N, Dx) */,
                            const float *labels /* y (N, Dy) */, size_t rows, double l2, double *workspace,
                            double *loss, float *W2V_NULLABLE gradient /* as parameters */,
                            float *W2V_NULLABLE x_gradient /* (N, Dx) */);

/* The training data of a network. Its inputs are (x - mean) * scale, column by column. */
typedef struct w2v_examples {
    const float *x; /* (count, stride), of which Dx columns are read */
    size_t stride;  /* floats from one row to the next */
    size_t count;
    const int32_t *classes; /* (count) from 0 to Dy - 1 */
    const float *means;     /* (Dx) */
    const float *scales;    /* (Dx) */
} w2v_examples;

/* The number of floats in the workspace of a step with N rows: N (Dx + 2 H + Dy) + H Dy. */
size_t w2v_network_step_workspace(w2v_network network, size_t rows);

/*
 * One step of gradient descent on a mini-batch of N examples: parameters -= alpha / N dJ. The labels are one-hot. J has
 * N l2 in place of l2, so that the penalty does not depend on the size of a mini-batch. `loss` becomes J before the
 * step, without the penalty. W2V_OUT_OF_RANGE if a row or a class is out of range, W2V_NOT_FINITE if a sum is infinite
 * or NaN; in both cases the parameters do not change. O(N (Dx + Dy) H), with about 6 multiplications and additions per
 * parameter and row.
 */
w2v_status w2v_network_step(w2v_network network, float *parameters, const w2v_examples *examples,
                            const int32_t *rows /* (N) indices of examples */, size_t row_count, float alpha, float l2,
                            float *workspace, double *loss);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
