/* search.c - similarities in double, from left to right. */
#include "w2v_reference.h"

#include <math.h>

double reference_product(const float *x, const float *y, size_t n) {
    double sum = 0;
    for (size_t d = 0; d < n; d++) sum += (double)x[d] * (double)y[d];
    return sum;
}

double reference_similarity(const float *x, const float *y, size_t n) {
    const double square = reference_product(x, x, n) * reference_product(y, y, n);
    return square > 0 && square < (double)INFINITY ? reference_product(x, y, n) / sqrt(square) : 0;
}
