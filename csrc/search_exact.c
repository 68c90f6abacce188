/* search_exact.c - similarities in double, in a fixed order, and the heap of the best. */
#include "search.h"

#include <math.h>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

enum { SUMS = 8 };

static double total(const double *sums) {
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

/* Adds the products of the last values, fewer than SUMS, each to its own sum. The sums have constant indices, so that
 * they stay in registers. With a loop, this part took twice the time of all the rest for D = 20. */
static inline void add_rest(const float *x, const float *y, size_t rest, double *sums) {
    if (rest >= 4)
        for (size_t k = 0; k < 4; k++) sums[k] += (double)x[k] * (double)y[k];
    switch (rest) {
    case 7:
        sums[6] += (double)x[6] * (double)y[6]; /* fall through */
    case 6:
        sums[5] += (double)x[5] * (double)y[5]; /* fall through */
    case 5:
        sums[4] += (double)x[4] * (double)y[4];
        break;
    case 3:
        sums[2] += (double)x[2] * (double)y[2]; /* fall through */
    case 2:
        sums[1] += (double)x[1] * (double)y[1]; /* fall through */
    case 1:
        sums[0] += (double)x[0] * (double)y[0];
        break;
    default:
        break;
    }
}

double w2v_search_product(const float *x, const float *y, size_t n) {
    double sums[SUMS] = {0};
    size_t d = 0;
    for (; d + SUMS <= n; d += SUMS)
        for (size_t k = 0; k < SUMS; k++) sums[k] += (double)x[d + k] * (double)y[d + k];
    add_rest(x + d, y + d, n - d, sums);
    return total(sums);
}

void w2v_search_products(const float *x, const float *y, size_t n, double *product, double *square) {
    double sums[SUMS] = {0}, squares[SUMS] = {0};
    size_t d = 0;
    for (; d + SUMS <= n; d += SUMS) {
        for (size_t k = 0; k < SUMS; k++) {
            const double value = (double)y[d + k];
            sums[k] += (double)x[d + k] * value;
            squares[k] += value * value;
        }
    }
    add_rest(x + d, y + d, n - d, sums);
    add_rest(y + d, y + d, n - d, squares);
    *product = total(sums);
    *square = total(squares);
}

double w2v_search_byte_product(const float *x, const int8_t *bytes, size_t n) {
    double sums[SUMS] = {0};
    for (size_t d = 0; d < n; d++)
        sums[d % SUMS] += (double)x[d] * bytes[d / W2V_SEARCH_PIECE * W2V_SEARCH_STEP + d % W2V_SEARCH_PIECE];
    return total(sums);
}

double w2v_search_byte_square(const int8_t *bytes, size_t n) {
    int64_t sum = 0;
    for (size_t d = 0; d < n; d++) {
        const int64_t byte = bytes[d / W2V_SEARCH_PIECE * W2V_SEARCH_STEP + d % W2V_SEARCH_PIECE];
        sum += byte * byte;
    }
    return (double)sum;
}

/* The squares of floats lie between 2^-298 and 2^256, so that neither the product of two sums of them nor a product of
 * the vectors leaves the range of doubles. */
double w2v_search_cosine(double product, double x_square, double y_square) {
    const double square = x_square * y_square;
    return square > 0 && square < (double)INFINITY ? product / sqrt(square) : 0;
}

float w2v_similarity(const float *x, const float *y, size_t n) {
    return (float)w2v_search_cosine(w2v_search_product(x, y, n), w2v_search_product(x, x, n),
                                    w2v_search_product(y, y, n));
}

void w2v_search_combine(const float *const *vectors, const double *weights, size_t count, size_t n, float *sum) {
    enum { PART = 64 };
    double part[PART];
    for (size_t from = 0; from < n; from += PART) {
        const size_t size = n - from < PART ? n - from : PART;
        for (size_t d = 0; d < size; d++) part[d] = 0;
        for (size_t k = 0; k < count; k++)
            for (size_t d = 0; d < size; d++) part[d] += weights[k] * (double)vectors[k][from + d];
        for (size_t d = 0; d < size; d++) sum[from + d] = (float)part[d];
    }
}

void w2v_mean_of_rows(const float *rows, size_t stride, size_t n, const int32_t *ids, size_t count, float *mean) {
    enum { PART = 64 };
    for (size_t from = 0; from < n; from += PART) {
        const size_t size = n - from < PART ? n - from : PART;
        double sums[PART] = {0};
        for (size_t i = 0; i < count; i++) {
            const float *row = rows + (size_t)ids[i] * stride + from;
            for (size_t d = 0; d < size; d++) sums[d] += (double)row[d];
        }
        for (size_t d = 0; d < size; d++) mean[from + d] = (float)(sums[d] / (double)count);
    }
}

void w2v_search_prepare(w2v_search_query *query, size_t dimensions) {
    const double square = w2v_search_product(query->values, query->values, dimensions);
    const bool has_length = square > 0 && square < (double)INFINITY;
    const double inverse = has_length ? 1 / sqrt(square) : 0;
    query->square = has_length ? square : 0;
    for (size_t d = 0; d < w2v_search_width(dimensions); d++)
        query->unit[d] = has_length && d < dimensions ? (float)((double)query->values[d] * inverse) : 0;
}

/* ---- the heap: no hit is better than its children ---- */

static bool is_better(w2v_search_hit a, w2v_search_hit b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.row < b.row;
}

/* Replaces the root by a hit, and moves it down to its place. */
static void sift_down(w2v_search_hit *hits, size_t count, w2v_search_hit hit) {
    size_t at = 0;
    for (size_t worst = 1; worst < count; worst = 2 * at + 1) {
        if (worst + 1 < count && is_better(hits[worst], hits[worst + 1])) worst++;
        if (!is_better(hit, hits[worst])) break;
        hits[at] = hits[worst];
        at = worst;
    }
    hits[at] = hit;
}

void w2v_search_add(w2v_search_top *top, w2v_search_hit hit) {
    if (!(hit.similarity > top->floor)) return;
    if (top->count == top->capacity) {
        if (top->capacity == 0 || !is_better(hit, top->hits[0])) return;
        sift_down(top->hits, top->count, hit);
        return;
    }
    size_t at = top->count++;
    for (; at > 0 && is_better(top->hits[(at - 1) / 2], hit); at = (at - 1) / 2)
        top->hits[at] = top->hits[(at - 1) / 2];
    top->hits[at] = hit;
}

void w2v_search_sort(w2v_search_top *top) {
    for (size_t count = top->count; count > 1; count--) {
        const w2v_search_hit worst = top->hits[0];
        sift_down(top->hits, count - 1, top->hits[count - 1]);
        top->hits[count - 1] = worst;
    }
}
