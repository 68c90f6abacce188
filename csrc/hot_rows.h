/*
 * hot_rows.h - a worker's copies of the rows that all workers write most often. A row that several cores write moves
 * from cache to cache with every update. Copies stay in their core's cache, and are merged periodically: the changes of
 * a copy are added to the shared row.
 *
 * Merging takes no lock, either (W2V_HOGWILD). If two workers merge the same cache line at the same time, the changes
 * that one of them has made to it since its last merge are lost.
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

/* The row that a worker reads and writes: its copy, if it has one. */
static inline float *row_of(const hot_rows *own, size_t row) {
    const size_t at = row - own->first;     /* a row before the first wraps round */
    const bool is_copied = at < own->count; /* unpredictable, so that it becomes no branch */
    float *const rows = is_copied ? own->rows : own->matrix;
    return rows + (is_copied ? at : row) * own->stride;
}

W2V_HOGWILD
static inline void take_row(const float *restrict shared, float *restrict row, float *restrict merged, size_t stride) {
    for (size_t d = 0; d < stride; d++) row[d] = merged[d] = shared[d];
}

/* Adds the changes of a copy to the shared row. Both then have the sum. */
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
