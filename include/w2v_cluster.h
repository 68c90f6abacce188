/* w2v_cluster.h - k-means over word vectors: the original's -classes, and the rounds of a better one. */
#ifndef W2V_CLUSTER_H
#define W2V_CLUSTER_H

#include "w2v_search.h"

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

/*
 * K-means over vectors of length 1 (or 0), by cosine. A product of a row and a centre is taken as in w2v_search.h: roughly in
 * floats by kernels, and in double where the rough value with its bound leaves the answer open. So the results are the same on
 * every instruction set, and each row's is its own, whatever the ranges.
 */

/* Floats of workspace of w2v_cluster_assign, 64-byte aligned. */
size_t w2v_cluster_workspace(size_t classes, size_t dimensions);

/*
 * Moves the rows from ..< to to the centre with the largest product, the first of equals; a row whose own centre is among
 * these stays. assignment[w] is the row's class before, or -1; products[w] becomes its product. Returns how many rows moved.
 * O((to - from) * classes * D).
 */
size_t w2v_cluster_assign(const w2v_kernels *kernels, const float *rows /* (V, S) */, size_t dimensions, size_t from,
                          size_t to, const w2v_search_query *centres /* (classes) */, size_t classes,
                          const float *packed /* w2v_search_pack's of the centres */, float *workspace,
                          int32_t *assignment /* (V) */, double *products /* (V) */);

/* products[w] becomes the larger of itself and the product of rows w and `seed`, from ..< to. O((to - from) * D). */
void w2v_cluster_seed(const w2v_kernels *kernels, const float *rows /* (V, S) */, size_t dimensions, size_t from,
                      size_t to, size_t seed, double *products /* (V) */);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
