/* cluster.c - the original's k-means, in its order of float operations. */
#include "w2v_cluster.h"

#include <math.h>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

static void take_centres(const float *rows, size_t words, size_t n, size_t classes, float *centres, int32_t *sizes,
                         const int32_t *assignment) {
    const size_t stride = w2v_stride(n);
    for (size_t i = 0; i < classes * n; i++) centres[i] = 0;
    for (size_t k = 0; k < classes; k++) sizes[k] = 1;
    for (size_t w = 0; w < words; w++) {
        float *centre = centres + (size_t)assignment[w] * n; /* (D) */
        for (size_t d = 0; d < n; d++) centre[d] += rows[w * stride + d];
        sizes[assignment[w]]++;
    }
    for (size_t k = 0; k < classes; k++) {
        float *centre = centres + k * n; /* (D) */
        float square = 0;
        for (size_t d = 0; d < n; d++) {
            centre[d] /= (float)sizes[k];
            square += centre[d] * centre[d];
        }
        const float length = (float)sqrt((double)square);
        for (size_t d = 0; d < n; d++) centre[d] /= length;
    }
}

static int32_t nearest(const float *row, size_t n, size_t classes, const float *centres) {
    float best = -10;
    int32_t nearest = 0;
    for (size_t k = 0; k < classes; k++) {
        float x = 0;
        for (size_t d = 0; d < n; d++) x += centres[k * n + d] * row[d];
        if (x > best) {
            best = x;
            nearest = (int32_t)k;
        }
    }
    return nearest;
}

void w2v_cluster_original(const float *rows, size_t words, size_t dimensions, size_t classes, float *centres,
                          int32_t *sizes, int32_t *assignment) {
    const size_t stride = w2v_stride(dimensions);
    for (size_t w = 0; w < words; w++) assignment[w] = (int32_t)(w % classes);
    for (int round = 0; round < W2V_CLUSTER_ROUNDS; round++) {
        take_centres(rows, words, dimensions, classes, centres, sizes, assignment);
        for (size_t w = 0; w < words; w++)
            assignment[w] = nearest(rows + w * stride, dimensions, classes, centres);
    }
}
