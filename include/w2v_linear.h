/*
 * w2v_linear.h - linear algebra on the rows of a matrix: normalization, translation, outer products, singular values
 * and linear maps.
 */
#ifndef W2V_LINEAR_H
#define W2V_LINEAR_H

#include "w2v_search.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/*
 * scaled[r] = row r / |row r| for `count` rows of n floats, which are `stride` and `scaled_stride` floats apart. A row
 * that is zero, or has a value that is not finite, becomes zero. The two may be the same array. O(count * n).
 */
void w2v_normalize_rows(const float *rows, size_t count, size_t n, size_t stride, float *scaled, size_t scaled_stride);

/* moved[r] = row r + offset. rows and moved may be the same array. O(count * n). */
void w2v_shift_rows(const float *rows, size_t count, size_t n, size_t stride, const float *offset /* (n) */,
                    float *moved, size_t moved_stride);

/*
 * Adds weighted outer products: sum (n, n) += sum_k weights[k] * (row x_rows[k] of x)^T (row y_rows[k] of y). It
 * computes in double, and always in the same order. O(count * n^2).
 */
void w2v_add_products(const float *x, size_t x_stride, const int32_t *x_rows, const float *y, size_t y_stride,
                      const int32_t *y_rows, const double *weights /* (count) */, size_t count, size_t n, double *sum);

/*
 * Singular value decomposition A = sum_k values[k] left_k right_k^T of an n x n matrix, by one-sided Jacobi rotations
 * (Hestenes 1958; Demmel and Veselic 1992). The values are in descending order. On entry, row k of `left` is COLUMN k
 * of A. On return, row k of `left` is left_k, and row k of `right` is right_k. Both sets are orthonormal, even if some
 * values are 0. Returns false if A is not finite or if the rotations do not converge; the outputs are then undefined.
 * O(n^3) per round, with about ten rounds.
 */
bool w2v_singular_values(size_t n, double *left /* (n, n) */, double *right /* (n, n) */, double *values /* (n) */);

/* The number of floats in the workspace of w2v_transform_rows, which must be 64-byte aligned. */
size_t w2v_transform_workspace(size_t n);

/*
 * moved[r] = (row r) M for a matrix M (n, n). The columns of M are packed by w2v_search_pack (as its units). rows and
 * moved may be the same array. The search kernels compute the sums in float. O(count * n^2).
 */
void w2v_transform_rows(const w2v_kernels *kernels, const float *rows, size_t count, size_t n, size_t stride,
                        const float *packed, float *workspace, float *moved, size_t moved_stride);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
