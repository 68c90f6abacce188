/* w2v_cluster.h - k-means over word vectors, as the original's -classes. */
#ifndef W2V_CLUSTER_H
#define W2V_CLUSTER_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Rounds that the original runs. */
#define W2V_CLUSTER_ROUNDS 10

/*
 * Assigns each of V rows to one of `classes` centres. Row w starts in class w % classes. A round takes each class's
 * sum over its size + 1, scales it to length 1, and moves each row to the centre with the largest dot product (the first
 * of equals). A class without rows has no direction: its centre is NaN and attracts nothing. The arithmetic is the
 * original's, float sums from left to right. O(rounds * V * classes * D).
 */
void w2v_cluster_original(const float *rows /* (V, S) */, size_t words, size_t dimensions, size_t classes,
                          float *centres /* (classes, D) workspace */, int32_t *sizes /* (classes) workspace */,
                          int32_t *assignment /* (V) */);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
