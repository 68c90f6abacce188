/* search_index.c - lengths of rows, and their int8 copy. */
#include "search.h"
#include "w2v_internal.h"

#include <math.h>

float w2v_search_slack(size_t dimensions) {
    return dimensions <= 1 << 16 ? (4 * (float)dimensions + 32) * 0x1p-24f : INFINITY;
}

static void set(const w2v_search_index *index, size_t row, float inverse, float scale, float slack) {
    index->inverse[row] = inverse;
    index->scale[row] = scale;
    index->slack[row] = slack;
}

static int8_t *bytes_of(const w2v_search_index *index, size_t row) {
    return index->bytes + w2v_search_start(row, index->dimensions);
}

static int8_t *byte_at(int8_t *bytes, size_t d) {
    return bytes + d / W2V_SEARCH_PIECE * W2V_SEARCH_STEP + d % W2V_SEARCH_PIECE;
}

/* A row that is zero, not finite, or whose length is too small or too large for floats: in double. */
static void fill_odd_row(const w2v_search_index *index, size_t row) {
    const size_t n = index->dimensions;
    const float *values = index->rows + row * index->stride; /* (D) */
    int8_t *bytes = bytes_of(index, row);
    const double length = sqrt(w2v_search_product(values, values, n));
    const bool has_length = length > 0 && length < (double)INFINITY;
    double largest = 0, residual = 0;
    for (size_t d = 0; d < n; d++) largest = fabs((double)values[d]) > largest ? fabs((double)values[d]) : largest;
    const double step = has_length ? largest / 127 : 0;
    for (size_t d = 0; d < w2v_search_width(n); d++) {
        const double x = has_length && d < n ? (double)values[d] : 0;
        const int8_t byte = has_length ? (int8_t)(x / step + (x < 0 ? -0.5 : 0.5)) : 0;
        const double rest = x - step * byte;
        *byte_at(bytes, d) = byte;
        residual += rest * rest;
    }
    if (has_length)
        set(index, row, NAN, (float)(step / length), (float)(sqrt(residual) / length) + w2v_search_slack(n));
    else
        set(index, row, 0, 0, 0);
}

void w2v_search_fill(const w2v_kernels *kernels, const w2v_search_index *index, size_t from, size_t to) {
    const size_t n = index->dimensions;
    for (size_t row = from; row < to; row++) {
        const float *values = index->rows + row * index->stride; /* (D) */
        float largest, square;
        kernels->search->measure(values, n, &largest, &square);
        if (!w2v_search_fits_floats(square)) {
            fill_odd_row(index, row);
            continue;
        }
        const float step = largest / 127, inverse = 1 / sqrtf(square);
        const float residual = kernels->search->quantize(values, n, 127 / largest, step, bytes_of(index, row));
        set(index, row, inverse, step * inverse, sqrtf(residual) * inverse + w2v_search_slack(n));
    }
}

void w2v_search_quantize(const w2v_search_index *index, size_t from, size_t to, float *steps) {
    for (size_t row = from; row < to; row++) {
        const float *values = index->rows + row * index->stride; /* (D) */
        const double square = w2v_search_byte_square(bytes_of(index, row), index->dimensions);
        float largest = 0;
        for (size_t d = 0; d < index->dimensions; d++)
            largest = fabsf(values[d]) > largest ? fabsf(values[d]) : largest;
        steps[row] = square > 0 ? largest / 127 : 0;
        index->scale[row] = square > 0 ? (float)(1 / sqrt(square)) : 0;
        index->slack[row] = w2v_search_slack(index->dimensions);
    }
}
