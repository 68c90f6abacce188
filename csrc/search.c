/* search.c - products of one query with many rows, and the mean of some rows. */
#include "w2v_search.h"

#include <math.h>

void w2v_inverse_lengths(const float *rows, size_t count, size_t stride, float *scales) {
    for (size_t r = 0; r < count; r++) {
        const float *row = rows + r * stride; /* (S) */
        double sum = 0;
        for (size_t d = 0; d < stride; d++) sum += (double)row[d] * (double)row[d];
        scales[r] = sum > 0 && isfinite(sum) ? (float)(1 / sqrt(sum)) : 0;
    }
}

void w2v_scaled_products(const w2v_kernels *kernels, const float *rows, size_t count, size_t stride,
                         const float *scales, const float *query, float *scores) {
    for (size_t r = 0; r < count; r++) {
        const float score = scales[r] * kernels->dot(rows + r * stride, query, stride);
        scores[r] = isnan(score) ? 0 : score;
    }
}

void w2v_mean_of_rows(const float *rows, size_t stride, const int32_t *ids, size_t count, float *mean) {
    enum { COLUMNS = 16 };
    for (size_t d = 0; d < stride; d += COLUMNS) {
        double sums[COLUMNS] = {0};
        for (size_t i = 0; i < count; i++) {
            const float *row = rows + (size_t)ids[i] * stride + d; /* (S), from d */
            for (size_t c = 0; c < COLUMNS; c++) sums[c] += (double)row[c];
        }
        for (size_t c = 0; c < COLUMNS; c++) mean[d + c] = (float)(sums[c] / (double)count);
    }
}
