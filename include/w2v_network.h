/*
 * w2v_network.h - the two-layer network of CS224n: sigmoid units, then a softmax.
 *
 *   h = s(x W1 + b1)      yhat = softmax(h W2 + b2)      J = -sum over the rows of a batch of sum_i y_i log yhat_i
 *
 * Letters: Dx inputs, H hidden units, Dy classes, N rows of a batch. Parameters lie in one array, one behind the other:
 * W1 (Dx, H), b1 (H), W2 (H, Dy), b2 (Dy). Sums are taken in double, and a gradient is rounded to float once.
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
 * (for other sums, yhat times the row's sum). A label below 0 is W2V_OUT_OF_RANGE. O(N (Dx + Dy) H).
 */
w2v_status w2v_network_loss(w2v_network network, const float *parameters, const float *x /* (N, Dx) */,
                            const float *labels /* y (N, Dy) */, size_t rows, double *workspace, double *loss,
                            float *W2V_NULLABLE gradient /* as parameters */, float *W2V_NULLABLE x_gradient /* (N, Dx) */);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
