/* linear.c - normalization, outer products, singular values and linear maps of rows. */
#include "w2v_linear.h"

#include "search.h"

#include <float.h>
#include <math.h>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

void w2v_normalize_rows(const float *rows, size_t count, size_t n, size_t stride, float *scaled, size_t scaled_stride) {
    for (size_t r = 0; r < count; r++) {
        const float *row = rows + r * stride;   /* (D) */
        float *to = scaled + r * scaled_stride; /* (D) */
        const double square = w2v_search_product(row, row, n);
        const bool has_length = square > 0 && square < (double)INFINITY;
        const double inverse = has_length ? 1 / sqrt(square) : 0;
        for (size_t d = 0; d < n; d++) to[d] = has_length ? (float)((double)row[d] * inverse) : 0;
    }
}

void w2v_shift_rows(const float *rows, size_t count, size_t n, size_t stride, const float *offset, float *moved,
                    size_t moved_stride) {
    for (size_t r = 0; r < count; r++)
        for (size_t d = 0; d < n; d++) moved[r * moved_stride + d] = rows[r * stride + d] + offset[d];
}

void w2v_add_products(const float *x, size_t x_stride, const int32_t *x_rows, const float *y, size_t y_stride,
                      const int32_t *y_rows, const double *weights, size_t count, size_t n, double *sum) {
    /* Rows added in one pass over `sum`, which can be larger than the L1 cache. */
    enum { BATCH = 4 };
    for (size_t k = 0; k < count; k += BATCH) {
        const size_t present = count - k < BATCH ? count - k : BATCH;
        const float *x_row[BATCH], *y_row[BATCH];
        double weight[BATCH];
        for (size_t a = 0; a < BATCH; a++) {
            const size_t row = a < present ? k + a : k;
            x_row[a] = x + (size_t)x_rows[row] * x_stride;
            y_row[a] = y + (size_t)y_rows[row] * y_stride;
            weight[a] = a < present ? weights[row] : 0;
        }
        for (size_t i = 0; i < n; i++) {
            double *to = sum + i * n; /* (n) */
            double factor[BATCH];
            for (size_t a = 0; a < BATCH; a++) factor[a] = weight[a] * (double)x_row[a][i];
            for (size_t j = 0; j < n; j++)
                to[j] += (factor[0] * (double)y_row[0][j] + factor[1] * (double)y_row[1][j]) +
                         (factor[2] * (double)y_row[2][j] + factor[3] * (double)y_row[3][j]);
        }
    }
}

/* ---- singular values ---- */

static double product(const double *x, const double *y, size_t n) {
    double sums[4] = {0};
    for (size_t d = 0; d < n; d++) sums[d % 4] += x[d] * y[d];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static void rotate(double *x, double *y, size_t n, double cosine, double sine) {
    for (size_t d = 0; d < n; d++) {
        const double old = x[d];
        x[d] = cosine * old - sine * y[d];
        y[d] = sine * old + cosine * y[d];
    }
}

static void exchange(double *x, double *y, size_t n) {
    for (size_t d = 0; d < n; d++) {
        const double old = x[d];
        x[d] = y[d];
        y[d] = old;
    }
}

/* One round of rotations over all pairs of columns. Returns true if a pair was not orthogonal up to rounding. */
static bool rotate_all(size_t n, double *left, double *right) {
    bool changed = false;
    for (size_t p = 0; p + 1 < n; p++) {
        for (size_t q = p + 1; q < n; q++) {
            double *x = left + p * n, *y = left + q * n; /* (n) */
            const double xx = product(x, x, n), yy = product(y, y, n), xy = product(x, y, n);
            if (!(fabs(xy) > DBL_EPSILON * sqrt(xx * yy)) || fabs(xy) < DBL_MIN) continue;
            /* Of the two angles that make the columns orthogonal, the smaller. */
            const double cotangent = (yy - xx) / (2 * xy);
            const double tangent = (cotangent < 0 ? -1 : 1) / (fabs(cotangent) + sqrt(1 + cotangent * cotangent));
            const double cosine = 1 / sqrt(1 + tangent * tangent), sine = cosine * tangent;
            rotate(x, y, n, cosine, sine);
            rotate(right + p * n, right + q * n, n, cosine, sine);
            changed = true;
        }
    }
    return changed;
}

/* Sets row k of `left` to a unit vector that is orthogonal to rows 0 ..< k (Gram-Schmidt, done twice for precision). */
static void set_orthogonal_row(size_t n, size_t k, double *left) {
    double *row = left + k * n; /* (n) */
    for (size_t axis = 0; axis < n; axis++) {
        for (size_t d = 0; d < n; d++) row[d] = d == axis;
        for (int twice = 0; twice < 2; twice++) {
            for (size_t before = 0; before < k; before++) {
                const double projection = product(row, left + before * n, n);
                for (size_t d = 0; d < n; d++) row[d] -= projection * left[before * n + d];
            }
        }
        const double length = sqrt(product(row, row, n));
        /* The squared residual lengths of all n axes add up to n - k >= 1, so at least one is 1 / n or above. */
        if (length * length * (double)(2 * n) < 1) continue;
        for (size_t d = 0; d < n; d++) row[d] /= length;
        return;
    }
}

bool w2v_singular_values(size_t n, double *left, double *right, double *values) {
    enum { MAX_ROUNDS = 60 };
    double maximum = 0;
    for (size_t k = 0; k < n * n; k++) {
        right[k] = k / n == k % n;
        if (!isfinite(left[k])) return false;
        maximum = fabs(left[k]) > maximum ? fabs(left[k]) : maximum;
    }
    /* Scale the matrix so that squares neither overflow nor underflow. */
    const double scale = maximum > 0 ? maximum : 1;
    for (size_t k = 0; k < n * n; k++) left[k] /= scale;
    int round = 0;
    while (round < MAX_ROUNDS && rotate_all(n, left, right)) round++;
    if (round == MAX_ROUNDS) return false;

    for (size_t k = 0; k < n; k++) values[k] = sqrt(product(left + k * n, left + k * n, n));
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t j = k + 1; j < n; j++) best = values[j] > values[best] ? j : best;
        const double value = values[best];
        if (best != k) {
            values[best] = values[k];
            values[k] = value;
            exchange(left + k * n, left + best * n, n);
            exchange(right + k * n, right + best * n, n);
        }
        /* A value that is 0 up to rounding: its vector is only rounding error. */
        if (value > (double)n * DBL_EPSILON * values[0])
            for (size_t d = 0; d < n; d++) left[k * n + d] /= value;
        else
            set_orthogonal_row(n, k, left);
    }
    for (size_t k = 0; k < n; k++) values[k] *= scale;
    return true;
}

/* ---- linear maps ---- */

size_t w2v_transform_workspace(size_t n) { return W2V_SEARCH_PANEL * (n + padded_words(n) + 1); }

void w2v_transform_rows(const w2v_kernels *kernels, const float *rows, size_t count, size_t n, size_t stride,
                        const float *packed, float *workspace, float *moved, size_t moved_stride) {
    float *const ones = workspace;                        /* (PANEL) */
    float *const panel = ones + W2V_SEARCH_PANEL;         /* (n, PANEL) */
    float *const products = panel + n * W2V_SEARCH_PANEL; /* (n, PANEL) */
    for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane++) ones[lane] = 1;
    for (size_t at = 0; at < count; at += W2V_SEARCH_PANEL) {
        const size_t present = count - at < W2V_SEARCH_PANEL ? count - at : W2V_SEARCH_PANEL;
        kernels->search->panel(rows + at * stride, present, n, stride, panel);
        kernels->search->products(panel, n, packed, n, ones, panel, 0, products);
        for (size_t lane = 0; lane < present; lane++) {
            float *to = moved + (at + lane) * moved_stride; /* (n) */
            for (size_t j = 0; j < n; j++) to[j] = products[j * W2V_SEARCH_PANEL + lane];
        }
    }
}
