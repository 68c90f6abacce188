/* w2v_cluster.h - k-means over word vectors: the -classes of the original, and the rounds of spherical k-means. */
#ifndef W2V_CLUSTER_H
#define W2V_CLUSTER_H

#include "w2v_search.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* The number of rounds in the original. */
#define W2V_CLUSTER_ROUNDS 10

/*
 * Assigns each of V rows to one of `classes` centers, as the original does. Row w starts in class w % classes. In each
 * round, the center of a class is the sum of its rows, divided by its size + 1 and scaled to length 1. Then each row
 * moves to the center with the largest dot product; if several are equal, to the first. The center of an empty class is
 * NaN, so that no row moves to it. The arithmetic is that of the original: sums in float, from left to right. Only
 * centers whose squared length does not fit a float are scaled in double, where the original fails.
 * With 0 classes nothing is written. O(rounds * V * classes * D).
 */
void w2v_cluster_original(const float *rows /* (V, S) */, size_t words, size_t dimensions, size_t classes,
                          float *centers /* (classes, D) workspace */, int32_t *sizes /* (classes) workspace */,
                          int32_t *assignment /* (V) */);

/*
 * Spherical k-means, by cosine, over vectors of length 1 or 0. The dot product of a row and a center is computed as in
 * w2v_search.h: approximately in float by the kernels, and again in double where the error bound leaves the answer
 * open. So the results are the same on every instruction set. The result of a row does not depend on how the rows are
 * divided into ranges.
 */

/* The number of floats in the workspace of w2v_cluster_assign, which must be 64-byte aligned. */
size_t w2v_cluster_workspace(size_t classes, size_t dimensions);

/*
 * Assigns the rows `from` ..< `to` to the center with the largest product. If several are equal, the row keeps its
 * class if that is one of them; otherwise it moves to the first. On entry assignment[w] is the class of row w, or -1.
 * products[w] becomes the product with its center. Returns the number of rows that moved. With 0 centers nothing is
 * written and 0 is returned. O((to - from) * classes * D).
 */
size_t w2v_cluster_assign(const w2v_kernels *kernels, const float *rows /* (V, S) */, size_t dimensions, size_t from,
                          size_t to, const w2v_search_query *centers /* (classes) */, size_t classes,
                          const float *packed /* the centers, by w2v_search_pack */, float *workspace,
                          int32_t *assignment /* (V) */, double *products /* (V) */);

/* products[w] = max(products[w], dot product of rows w and `seed`) for the rows `from` ..< `to`. O((to - from) * D). */
void w2v_cluster_seed(const w2v_kernels *kernels, const float *rows /* (V, S) */, size_t dimensions, size_t from,
                      size_t to, size_t seed, double *products /* (V) */);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
