/* w2v_search.h - products of one query with many rows, and the mean of some rows. */
#ifndef W2V_SEARCH_H
#define W2V_SEARCH_H

#include "w2v_base.h"
#include "w2v_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/*
 * scales[r] = 1 / length of row r, or 0 for a row without length or with values that are not finite.
 * `rows` is (count, stride). O(count * stride).
 */
void w2v_inverse_lengths(const float *rows, size_t count, size_t stride, float *scales);

/*
 * scores[r] = scales[r] * (row_r . query): cosines, if the query has length 1 and the scales are inverse lengths.
 * Where that is NaN the score is 0.
 * `rows` is (count, stride), `query` (stride). O(count * stride).
 */
void w2v_scaled_products(const w2v_kernels *kernels, const float *rows, size_t count, size_t stride,
                         const float *scales, const float *query, float *scores);

/*
 * mean = the mean of the rows that `ids` names, each counted as often as it stands there; summed in double. `ids` are
 * rows that exist, one at least. O(count * stride).
 */
void w2v_mean_of_rows(const float *rows, size_t stride, const int32_t *ids /* (count) */, size_t count,
                      float *mean /* (stride) */);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
