/*
 * w2v_linear.h - what changes a whole space of vectors: lengths, rotations, principal components.
 */
#ifndef W2V_LINEAR_H
#define W2V_LINEAR_H

#include "w2v_search.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/*
 * scaled[r] = row r / its length, of `count` rows of n floats, `stride` and `scaled_stride` floats apart. A row without
 * length, or with a value that is not finite, becomes zero. The two may be the same rows. O(count * n).
 */
void w2v_normalize_rows(const float *rows, size_t count, size_t n, size_t stride, float *scaled, size_t scaled_stride);

/* moved[r] = row r + offset. The two may be the same rows. O(count * n). */
void w2v_shift_rows(const float *rows, size_t count, size_t n, size_t stride, const float *offset /* (n) */, float *moved,
                    size_t moved_stride);

/*
 * sum (n, n) += sum_k weights[k] * (row x_rows[k] of x)^T (row y_rows[k] of y), in double, in the order of k.
 * O(count * n^2).
 */
void w2v_add_products(const float *x, size_t x_stride, const int32_t *x_rows, const float *y, size_t y_stride,
                      const int32_t *y_rows, const double *weights /* (count) */, size_t count, size_t n, double *sum);

/*
 * Singular value decomposition A = sum_k values[k] left_k right_k^T of an n x n matrix, by one-sided Jacobi rotations
 * (Hestenes 1958; Demmel and Veselic 1992), the values falling. On entry row k of `left` is COLUMN k of A; on return it is
 * left_k, and row k of `right` is right_k. Both sets are orthonormal, also where values are 0. False, and what is written
 * means nothing, if A is not finite or the rotations do not come to an end. O(n^3), some ten rounds.
 */
bool w2v_singular_values(size_t n, double *left /* (n, n) */, double *right /* (n, n) */, double *values /* (n) */);

/* Floats of workspace for w2v_transform_rows (64-byte aligned). */
size_t w2v_transform_workspace(size_t n);

/*
 * moved[r] = (row r) M, M (n, n), with its columns packed by w2v_search_pack (as units). The two may be the same rows.
 * Sums in floats, by the kernels of the search. O(count * n^2).
 */
void w2v_transform_rows(const w2v_kernels *kernels, const float *rows, size_t count, size_t n, size_t stride,
                        const float *packed, float *workspace, float *moved, size_t moved_stride);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
