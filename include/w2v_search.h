/*
 * w2v_search.h - nearest rows by cosine: exact, and the same on every instruction set.
 *
 * The similarity of a row r and a query q, D floats each, is
 *   q.r / sqrt(q.q * r.r),   sums in double in the order of search_exact.c, rounded to float once;
 * It is 0 if one of them is zero or not finite. A product of two floats is exact in double, so the result does not
 * depend on the instruction set. Rows with equal similarities are in order of their numbers. So the answers are the
 * same on every instruction set, for any number of threads and any order of the work.
 *
 * The search has two steps. Kernels compute an approximate similarity of each row, in floats, in one pass over the
 * rows. A row whose approximate similarity plus its error bound is below the k-th best exact similarity so far cannot
 * be among the k best and is skipped. For the others, about k * log(V / k) rows, the exact similarity is computed. The
 * bound holds for every row, so no row is lost.
 *
 * The error bound. u = 2^-24 is the relative rounding error of a float. The approximate similarity is x = scale * sum_d
 * unit_d row_d. unit is q / |q|, rounded to floats. scale is 1 / |r|, from a sum of squares in floats; its relative
 * error is at most (D/2 + 3) u. In whatever order the D products are summed, fused or not, the error of the sum is at
 * most D u |unit| |r| (Higham, Accuracy and Stability of Numerical Algorithms, 3.1). Rounding unit adds u, and the last
 * products and comparisons add 4 u. In all this is (1.5 D + 8) u to first order. With an int8 copy of a row, r = step *
 * a + e, the approximate similarity is x = (step / |r|) * sum_d unit_d a_d. Its additional error is at most |e| / |r|
 * (Cauchy and Schwarz), about .007 for D = 300. The copy has a quarter of the bytes, and a pass over many rows is
 * limited by the bytes that it reads. step |a| is at most |r| + |e|, where |e| <= sqrt(D) / 254 |r|, and the relative
 * error of |e| is at most D/2 u. In all this is (3.5 D + 12) u for D up to 2^16. w2v_search_slack is (4 D + 32) u. For
 * larger D it is infinite, and every row is computed exactly.
 */
#ifndef W2V_SEARCH_H
#define W2V_SEARCH_H

#include "w2v_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* ---- the index, which is computed once for all queries ---- */

/* The number of rows that a kernel processes together: a group of the int8 copy, and a panel, with one row per lane.
 * Ranges of rows begin at multiples of W2V_SEARCH_PANEL. Arrays of the index have room for V rounded up to such a
 * multiple, and are zeroed. */
#define W2V_SEARCH_GROUP 16
#define W2V_SEARCH_PANEL 32
static inline size_t w2v_search_room(size_t rows) {
    return (rows + W2V_SEARCH_PANEL - 1) / W2V_SEARCH_PANEL * W2V_SEARCH_PANEL;
}

/* The number of words that a kernel multiplies with a panel at a time. */
#define W2V_SEARCH_TILE 12

/* The number of bytes of an int8 row: D rounded up to a multiple of 16. The rows of a group are stored interleaved, in
 * pieces of 16 bytes, in the order in which they are read: (groups, pieces, 16 rows, 16 bytes). */
#define W2V_SEARCH_PIECE 16
static inline size_t w2v_search_width(size_t dimensions) {
    return (dimensions + W2V_SEARCH_PIECE - 1) / W2V_SEARCH_PIECE * W2V_SEARCH_PIECE;
}

/* The offset of a row's first piece, and the distance from one piece of a row to the next. */
static inline size_t w2v_search_start(size_t row, size_t dimensions) {
    const size_t lane = row % W2V_SEARCH_GROUP;
    return (row - lane) * w2v_search_width(dimensions) + lane * W2V_SEARCH_PIECE;
}
#define W2V_SEARCH_STEP (W2V_SEARCH_GROUP * W2V_SEARCH_PIECE)

/* The error bound above, without the error of the int8 copy. */
float w2v_search_slack(size_t dimensions);

typedef struct w2v_search_index {
    const float *W2V_NULLABLE rows; /* (V, stride), or NULL: then the int8 rows are the vectors */
    size_t count;                   /* V */
    size_t dimensions;              /* D */
    size_t stride;                  /* floats from one row to the next, at least D; those from D on are not read */
    /* (V) 1 / |r|; 0 if the row is zero or not finite, NaN if floats cannot represent it well */
    float *W2V_NULLABLE inverse;
    int8_t *W2V_NULLABLE bytes; /* (V, w2v_search_width(D)) a, in the order above */
    float *W2V_NULLABLE scale;  /* (V) step / |r| */
    float *W2V_NULLABLE slack;  /* (V) the bound of the int8 row */
} w2v_search_index;

/* Fills all four arrays for the rows from ..< to. O((to - from) D). */
void w2v_search_fill(const w2v_kernels *kernels, const w2v_search_index *index, size_t from, size_t to);

/*
 * Makes the int8 rows the vectors themselves: scale becomes 1 / |a|, slack becomes the bound without the error of the
 * int8 copy, and steps[r] becomes the factor of row r. `index->rows` must be the rows that the bytes were made from.
 * O((to - from) D).
 */
void w2v_search_quantize(const w2v_search_index *index, size_t from, size_t to, float *steps);

/* ---- exact similarities ---- */

/* The exact similarity of two vectors of n floats. O(n). */
float w2v_similarity(const float *x, const float *y, size_t n);

/* x.y in double, in the same fixed order. O(n). */
double w2v_search_product(const float *x, const float *y, size_t n);

/* sum[d] = sum_k weights[k] * vectors[k][d], in double in the order of k, rounded to float. O(count * n). */
void w2v_search_combine(const float *W2V_NULLABLE const *W2V_NULLABLE vectors, const double *W2V_NULLABLE weights,
                        size_t count, size_t n, float *sum);

/* mean[d] = the mean of value d over the rows in `ids`, at least one; a row that occurs twice counts twice. Summed in
 * double. O(count * n). */
void w2v_mean_of_rows(const float *rows, size_t stride, size_t n, const int32_t *ids /* (count) */, size_t count,
                      float *mean);

/* ---- the best so far ---- */

typedef struct w2v_search_hit {
    float similarity;
    int32_t row;
} w2v_search_hit;

/* The best `capacity` hits above `floor`, as a heap whose root is the worst of them. */
typedef struct w2v_search_top {
    w2v_search_hit *W2V_NULLABLE hits; /* (capacity) */
    size_t capacity;
    size_t count;
    float floor; /* only hits above it are added; -INFINITY: all */
} w2v_search_top;

/* Adds a hit if it is among the best. O(log capacity). */
void w2v_search_add(w2v_search_top *top, w2v_search_hit hit);

/* Sorts the hits, best first. After that no hit can be added. O(count log count). */
void w2v_search_sort(w2v_search_top *top);

/* ---- searches ---- */

/* Rows that are excluded from the answers: those listed, and those for which `accepts` returns false. It is called for
 * few rows. */
typedef struct w2v_search_filter {
    const int32_t *W2V_NULLABLE excluded;
    size_t excluded_count;
    bool (*W2V_NULLABLE accepts)(void *W2V_NULLABLE context, int32_t row);
    void *W2V_NULLABLE context;
} w2v_search_filter;

/* A query: a vector of D floats. */
typedef struct w2v_search_query {
    const float *values; /* (D) */
    double square;       /* values.values, or 0 if that is not finite; then all similarities are 0 */
    float *unit;         /* (w2v_search_width(D)) values / length; zero from D on */
} w2v_search_query;

/* Fills in `square` and `unit`. O(D). */
void w2v_search_prepare(w2v_search_query *query, size_t dimensions);

/*
 * Adds the rows from ..< to that are nearest to a query, by means of the int8 copy. Reads D bytes of each row, and D
 * floats of a few. O((to - from) D).
 */
void w2v_search_one(const w2v_kernels *kernels, const w2v_search_index *index, const w2v_search_query *query,
                    size_t from, size_t to, const w2v_search_filter *filter, w2v_search_top *top);

/* How the questions of a batch are answered from the similarities between rows and words. */
typedef enum w2v_search_kind {
    W2V_SEARCH_NEAREST = 0, /* question n is word n */
    /* a : b = c : ?  b - a + c, of unit vectors (3CosAdd, Mikolov et al. 2013c): the similarity with questions[n] */
    W2V_SEARCH_ADD = 1,
    /* ((1 + cos b) / 2) ((1 + cos c) / 2) / ((1 + cos a) / 2 + W2V_SEARCH_EPSILON) (3CosMul, Levy and Goldberg 2014) */
    W2V_SEARCH_MULTIPLY = 2
} w2v_search_kind;

#define W2V_SEARCH_EPSILON 0.001

/* The words of an analogy a : b = c : ?, as indices into the words of the batch. */
typedef struct w2v_search_analogy {
    int32_t a, b, c;
} w2v_search_analogy;

/* Several questions, answered in one pass over the rows. */
typedef struct w2v_search_batch {
    w2v_search_kind kind;
    size_t words;                                     /* U */
    size_t questions;                                 /* Q; for W2V_SEARCH_NEAREST it is U */
    const w2v_search_query *word_queries;             /* (U) */
    const w2v_search_analogy *W2V_NULLABLE analogies; /* (Q) but for W2V_SEARCH_NEAREST */
    const w2v_search_query *W2V_NULLABLE sums;        /* (Q) for W2V_SEARCH_ADD: b - a + c; `unit` is not read */
    const w2v_search_filter *filters;                 /* (Q) */
    const float *packed;                              /* w2v_search_pack's */
} w2v_search_batch;

/* Floats of the packed words, and of a worker's workspace (64-byte aligned). */
size_t w2v_search_packed(size_t words, size_t dimensions);
size_t w2v_search_workspace(const w2v_search_batch *batch, size_t dimensions);

/* Arranges the unit vectors of the words in the order in which kernels read them. O(words * D). */
void w2v_search_pack(const w2v_search_query *words, size_t count, size_t dimensions, float *packed);

/*
 * Adds the rows from ..< to that answer each question best. The index must have `rows` and `inverse`. Reads the rows
 * once. O((to - from) (U D + Q)).
 */
void w2v_search_many(const w2v_kernels *kernels, const w2v_search_index *index, const w2v_search_batch *batch,
                     size_t from, size_t to, float *workspace, w2v_search_top *tops /* (Q) */);

/* ---- kernels for approximate similarities, one table for each instruction set (w2v_kernels.search) ---- */

typedef struct w2v_search_kernels {
    /* The largest |x| and the sum of x^2 of n floats, summed in floats. A NaN among them makes the sum NaN. */
    void (*measure)(const float *row, size_t n, float *largest, float *square);

    /*
     * Computes the bytes of a row: row[d] * inverse, rounded to nearest, ties to even; 0 from n to the end of the last
     * piece. The caller ensures |row[d] * inverse| < 127.5. Returns the sum of (row[d] - step * byte)^2.
     */
    float (*quantize)(const float *row, size_t n, float inverse, float step, int8_t *bytes);

    /*
     * Finds the first group of rows, from `from` on in steps of 16 rows, in which the bound does not exclude every row:
     * !(scale * (unit . bytes) + slack < threshold). Returns the first row of the group, and sets a bit of *mask for
     * each row that is not excluded. Returns `to` if there is none. Reads whole groups.
     */
    size_t (*scan)(const w2v_search_index *index, const float *unit, float threshold, size_t from, size_t to,
                   uint32_t *mask);

    /* panel[d][lane] = value d of row `lane`, for `count` rows, at most W2V_SEARCH_PANEL; 0 in the other lanes. */
    void (*panel)(const float *rows, size_t count, size_t n, size_t stride, float *panel /* (n, PANEL) */);

    /*
     * scores[word][lane] = inverse[lane] * (word . row of the lane), for packed words, whose number is rounded up to a
     * multiple of 4. Prefetches the `ahead` bytes at `next`.
     */
    void (*products)(const float *panel, size_t n, const float *packed, size_t words, const float *inverse,
                     const void *next, size_t ahead, float *scores /* (words, PANEL) */);

    /*
     * Returns the first question from `from` on that a row of the panel may answer, and sets the bits of *mask for
     * these rows. Returns `to` if there is none.
     *   nearest   !(score < threshold)
     *   add       !(b - a + c < threshold)
     *   multiply  !((1 + b + slack) (1 + c + slack) < threshold * (1 + a - slack + 2 epsilon)), factors below 0 being 0
     */
    size_t (*nearest)(const float *scores, const float *thresholds, size_t from, size_t to, uint32_t *mask);
    size_t (*add)(const float *scores, const w2v_search_analogy *analogies, const float *thresholds, size_t from,
                  size_t to, uint32_t *mask);
    size_t (*multiply)(const float *scores, const w2v_search_analogy *analogies, float slack, const float *thresholds,
                       size_t from, size_t to, uint32_t *mask);
} w2v_search_kernels;

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
