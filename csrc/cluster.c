/*
 * cluster.c - k-means: that of the original, with its order of float operations, and spherical k-means with exact
 * cosines.
 */
#include "search.h"
#include "w2v_cluster.h"

#include <math.h>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

/* The center of each class: the sum of its rows over its size + 1, scaled to length 1. */
static void update_centers(const float *rows, size_t words, size_t n, size_t classes, float *centers, int32_t *sizes,
                           const int32_t *assignment) {
    const size_t stride = w2v_stride(n);
    for (size_t i = 0; i < classes * n; i++) centers[i] = 0;
    for (size_t k = 0; k < classes; k++) sizes[k] = 1;
    for (size_t w = 0; w < words; w++) {
        float *center = centers + (size_t)assignment[w] * n; /* (D) */
        for (size_t d = 0; d < n; d++) center[d] += rows[w * stride + d];
        sizes[assignment[w]]++;
    }
    for (size_t k = 0; k < classes; k++) {
        float *center = centers + k * n; /* (D) */
        float square = 0;
        for (size_t d = 0; d < n; d++) {
            center[d] /= (float)sizes[k];
            square += center[d] * center[d];
        }
        if (w2v_search_fits_floats(square)) {
            const float length = (float)sqrt((double)square);
            for (size_t d = 0; d < n; d++) center[d] /= length;
        } else {
            const double length = sqrt(w2v_search_product(center, center, n));
            for (size_t d = 0; d < n; d++) center[d] = (float)((double)center[d] / length);
        }
    }
}

/* The center with the largest dot product. If several are equal, the first. */
static int32_t nearest(const float *row, size_t n, size_t classes, const float *centers) {
    float best = -INFINITY; /* the original begins at -10, which long rows fall below */
    int32_t nearest = 0;
    for (size_t k = 0; k < classes; k++) {
        float x = 0;
        for (size_t d = 0; d < n; d++) x += centers[k * n + d] * row[d];
        if (x > best) {
            best = x;
            nearest = (int32_t)k;
        }
    }
    return nearest;
}

void w2v_cluster_original(const float *rows, size_t words, size_t dimensions, size_t classes, float *centers,
                          int32_t *sizes, int32_t *assignment) {
    const size_t stride = w2v_stride(dimensions);
    if (classes == 0) return;
    for (size_t w = 0; w < words; w++) assignment[w] = (int32_t)(w % classes);
    for (int round = 0; round < W2V_CLUSTER_ROUNDS; round++) {
        update_centers(rows, words, dimensions, classes, centers, sizes, assignment);
        for (size_t w = 0; w < words; w++) assignment[w] = nearest(rows + w * stride, dimensions, classes, centers);
    }
}

/* ---- spherical k-means with exact cosines ---- */

size_t w2v_cluster_workspace(size_t classes, size_t dimensions) {
    return W2V_SEARCH_PANEL * (dimensions + padded_words(classes) + 1);
}

/* A bit mask of the lanes whose score is not below the limit of the lane. */
static uint32_t passing(const float *score, const float *limits) {
    uint32_t mask = 0;
    for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane++) mask |= (uint32_t)!(score[lane] < limits[lane]) << lane;
    return mask;
}

size_t w2v_cluster_assign(const w2v_kernels *kernels, const float *rows, size_t dimensions, size_t from, size_t to,
                          const w2v_search_query *centers, size_t classes, const float *packed, float *workspace,
                          int32_t *assignment, double *products) {
    if (classes == 0) return 0;
    const size_t stride = w2v_stride(dimensions);
    const float slack = 2 * w2v_search_slack(dimensions);
    float *const panel = workspace;                                        /* (D, PANEL) */
    float *const scores = panel + dimensions * W2V_SEARCH_PANEL;           /* (classes, PANEL) */
    float *const ones = scores + padded_words(classes) * W2V_SEARCH_PANEL; /* (PANEL) */
    for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane++) ones[lane] = 1;
    size_t moved = 0;

    for (size_t at = from; at < to; at += W2V_SEARCH_PANEL) {
        const size_t count = to - at < W2V_SEARCH_PANEL ? to - at : W2V_SEARCH_PANEL;
        kernels->search->panel(rows + at * stride, count, dimensions, stride, panel);
        kernels->search->products(panel, dimensions, packed, classes, ones, rows + at * stride, 0, scores);

        float limits[W2V_SEARCH_PANEL];
        for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane++) limits[lane] = -INFINITY;
        for (size_t k = 0; k < classes; k++) {
            const float *score = scores + k * W2V_SEARCH_PANEL;
            for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane++)
                limits[lane] = score[lane] > limits[lane] ? score[lane] : limits[lane];
        }
        for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane++) limits[lane] -= slack;

        int32_t nearest[W2V_SEARCH_PANEL];
        double best[W2V_SEARCH_PANEL];
        for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane++) nearest[lane] = -1;
        const uint32_t present = count < W2V_SEARCH_PANEL ? (1u << count) - 1 : UINT32_MAX;
        for (size_t k = 0; k < classes; k++) {
            for (uint32_t mask = passing(scores + k * W2V_SEARCH_PANEL, limits) & present; mask != 0;
                 mask &= mask - 1) {
                const size_t lane = (size_t)__builtin_ctz(mask);
                const double product = w2v_search_product(centers[k].unit, rows + (at + lane) * stride, dimensions);
                const bool is_own = assignment[at + lane] == (int32_t)k;
                if (nearest[lane] >= 0 && !(product > best[lane] || (is_own && product == best[lane]))) continue;
                nearest[lane] = (int32_t)k;
                best[lane] = product;
            }
        }
        for (size_t lane = 0; lane < count; lane++) {
            if (assignment[at + lane] != nearest[lane]) moved++;
            assignment[at + lane] = nearest[lane];
            products[at + lane] = best[lane];
        }
    }
    return moved;
}

void w2v_cluster_seed(const w2v_kernels *kernels, const float *rows, size_t dimensions, size_t from, size_t to,
                      size_t seed, double *products) {
    const size_t stride = w2v_stride(dimensions);
    const double slack = (double)w2v_search_slack(dimensions);
    const float *center = rows + seed * stride; /* (D) */
    for (size_t w = from; w < to; w++) {
        const float *row = rows + w * stride; /* (D) */
        if ((double)kernels->dot(row, center, stride) + slack < products[w]) continue;
        const double product = w2v_search_product(row, center, dimensions);
        if (product > products[w]) products[w] = product;
    }
}
