/* search.h - internal declarations of the search. */
#ifndef SEARCH_H
#define SEARCH_H

#include "w2v_internal.h"

/* The number of words that the kernels score for a batch: rounded up to a multiple of 4. */
static inline size_t padded_words(size_t words) { return (words + 3) / 4 * 4; }

/* Whether floats can represent all values that are computed from the square of a length. Rows with a smaller or larger
 * square are handled in double. */
static inline bool w2v_search_fits_floats(float square) { return square >= 0x1p-80f && square <= 0x1p+100f; }

/* x.y and y.y of n floats, as w2v_search_product has them. O(n). */
void w2v_search_products(const float *x, const float *y, size_t n, double *product, double *square);

/* x.a and a.a of the int8 row at `bytes`, as exact as the products of floats. O(n). */
double w2v_search_byte_product(const float *x, const int8_t *bytes, size_t n);
double w2v_search_byte_square(const int8_t *bytes, size_t n);

/* x.y / sqrt(x.x y.y), or 0 if a square is 0 or not finite. */
double w2v_search_cosine(double product, double x_square, double y_square);

#endif
