/*
 * hot_rows.h - a worker's copies of the rows that all workers write all the time. A row that several cores write goes from
 * cache to cache with every update; copies stay, and are merged once in a while: the shared row gains what its copy gained.
 *
 * Merging is Hogwild, too (W2V_HOGWILD). If two workers merge the same cache line at the same time, what one of them has
 * changed in it since its last merge is lost for all of them.
 */
#ifndef HOT_ROWS_H
#define HOT_ROWS_H

#include "w2v_internal.h"

#include <string.h>

/* Copies of rows of a matrix: first ... first + count - 1. */
typedef struct hot_rows {
    float *matrix;
    float *rows;   /* (count, S) */
    float *merged; /* (count, S) their values when they were last merged */
    size_t first;
    size_t count;
    size_t stride;
} hot_rows;

/* Where a worker reads and writes a row: in its copy, if it has one. */
static inline float *row_of(const hot_rows *own, size_t row) {
    const size_t at = row - own->first;     /* a row before the first wraps round */
    const bool is_copied = at < own->count; /* unpredictable: a select on both operands, so that it becomes no branch */
    float *const rows = is_copied ? own->rows : own->matrix;
    return rows + (is_copied ? at : row) * own->stride;
}

W2V_HOGWILD
static inline void take_row(const float *restrict shared, float *restrict row, float *restrict merged, size_t stride) {
    for (size_t d = 0; d < stride; d++) row[d] = merged[d] = shared[d];
}

/* The shared row gains what its copy has gained, and both are the sum. */
W2V_HOGWILD
static inline void merge_row(float *restrict shared, float *restrict row, float *restrict merged, size_t stride) {
    for (size_t d = 0; d < stride; d++) shared[d] = row[d] = merged[d] = shared[d] + (row[d] - merged[d]);
}

static inline void merge(const hot_rows *own, bool first_time) {
    for (size_t k = 0; k < own->count; k++) {
        float *shared = own->matrix + (own->first + k) * own->stride;
        float *row = own->rows + k * own->stride, *merged = own->merged + k * own->stride;
        if (first_time || memcmp(row, merged, own->stride * sizeof(float)) == 0) {
            take_row(shared, row, merged, own->stride); /* a row that is not written stays in the caches of all */
        } else {
            merge_row(shared, row, merged, own->stride);
        }
    }
}

#endif
