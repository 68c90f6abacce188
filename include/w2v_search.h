/*
 * w2v_search.h - the rows nearest to a query by cosine: exact, bounded, the same on every instruction set.
 *
 * What is exact. The similarity of a row r and a query q, D floats each, is
 *   q.r / sqrt(q.q * r.r),   sums in double in the order of search_exact.c, rounded to float once;
 * 0 if one of the two has no length or holds a value that is not finite. A product of two floats is exact in double, so
 * the result does not depend on the instruction set. Equal similarities stand in order of their rows. Nothing else
 * decides an answer: it is the same on every instruction set, for any number of threads and any order of the work.
 *
 * What is fast. Kernels compute each similarity roughly, in floats, in one pass over the rows. A row whose rough value
 * plus its bound is below the k-th best exact similarity so far cannot be among the k best and is passed over; the
 * others, some k * log(V / k), are computed exactly. The bound holds for every row, so no row is lost.
 *
 * The bound. u = 2^-24, the rounding of a float. A rough value is x = scale * sum_d unit_d row_d, where unit is q / |q|
 * rounded to floats and scale is 1 / |r|, whose sum of squares is taken in floats: off by (D/2 + 3) u of itself. However
 * the D products are summed, fused or not, the sum is off by at most D u |unit| |r| (Higham, Accuracy and Stability of
 * Numerical Algorithms, 3.1). Rounding unit adds u, the last products and comparisons 4 u: (1.5 D + 8) u to first order.
 * An int8 copy of a row, r = step * a + e, gives x = (step / |r|) * sum_d unit_d a_d, off by |e| / |r| more (Cauchy and
 * Schwarz), about .007 for D = 300, for a quarter of the bytes, which are what a pass over many rows costs. Its |a| step
 * is up to |r| + |e|, with |e| <= sqrt(D) / 254 |r|, and |e| is off by another D/2 u of itself: (3.5 D + 12) u for D up
 * to 2^16. w2v_search_slack is (4 D + 32) u; for larger D it is infinite, and every row is computed exactly.
 */
#ifndef W2V_SEARCH_H
#define W2V_SEARCH_H

#include "w2v_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* ---- the index: what is computed once for all queries ---- */

/* Rows that kernels take together: of the int8 copy, and of a panel, in whose lanes they lie. Ranges of rows begin at
 * multiples of W2V_SEARCH_PANEL, and arrays of the index have room for V rounded up to one, zeroed. */
#define W2V_SEARCH_GROUP 16
#define W2V_SEARCH_PANEL 32
static inline size_t w2v_search_room(size_t rows) {
    return (rows + W2V_SEARCH_PANEL - 1) / W2V_SEARCH_PANEL * W2V_SEARCH_PANEL;
}

/* Words that kernels multiply a panel with at one time. */
#define W2V_SEARCH_TILE 12

/* Bytes of an int8 row: D rounded up to a multiple of 16. A group's rows are cut into pieces of 16 bytes, which lie piece by
 * piece, as they are read: (groups, pieces, 16 rows, 16 bytes). */
#define W2V_SEARCH_PIECE 16
static inline size_t w2v_search_width(size_t dimensions) {
    return (dimensions + W2V_SEARCH_PIECE - 1) / W2V_SEARCH_PIECE * W2V_SEARCH_PIECE;
}

/* Where a row's first piece stands among the bytes, and how far it is from one piece to the next. */
static inline size_t w2v_search_start(size_t row, size_t dimensions) {
    const size_t lane = row % W2V_SEARCH_GROUP;
    return (row - lane) * w2v_search_width(dimensions) + lane * W2V_SEARCH_PIECE;
}
#define W2V_SEARCH_STEP (W2V_SEARCH_GROUP * W2V_SEARCH_PIECE)

/* The bound above, without the part of the int8 copy. */
float w2v_search_slack(size_t dimensions);

typedef struct w2v_search_index {
    const float *W2V_NULLABLE rows; /* (V, stride), or NULL: then the int8 rows are the vectors */
    size_t count;                   /* V */
    size_t dimensions;              /* D */
    size_t stride;                  /* floats from one row to the next, at least D; what follows D is never read */
    /* (V) 1 / |r|; 0 if the row has no length or is not finite, NaN if its length is no good in floats */
    float *W2V_NULLABLE inverse;
    int8_t *W2V_NULLABLE bytes; /* (V, w2v_search_width(D)) a, in the order above */
    float *W2V_NULLABLE scale;  /* (V) step / |r| */
    float *W2V_NULLABLE slack;  /* (V) the bound of the int8 row */
} w2v_search_index;

/* Fills in all four arrays for rows from ..< to. O((to - from) D). */
void w2v_search_fill(const w2v_kernels *kernels, const w2v_search_index *index, size_t from, size_t to);

/*
 * Makes the int8 rows the vectors: scale becomes 1 / |a|, slack what is left of it, and steps[r] what a row's bytes are to
 * be multiplied with. `index->rows` is what the bytes were made of. O((to - from) D).
 */
void w2v_search_quantize(const w2v_search_index *index, size_t from, size_t to, float *steps);

/* ---- exact similarities ---- */

/* The similarity of two vectors of n floats, as above. O(n). */
float w2v_similarity(const float *x, const float *y, size_t n);

/* x.y in double, in the same fixed order. O(n). */
double w2v_search_product(const float *x, const float *y, size_t n);

/* sum[d] = sum_k weights[k] * vectors[k][d], in double in the order of k, rounded to float. O(count * n). */
void w2v_search_combine(const float *W2V_NULLABLE const *W2V_NULLABLE vectors, const double *W2V_NULLABLE weights,
                        size_t count, size_t n, float *sum);

/* mean[d] = the mean of the n values d of the rows that `ids` names, one at least, each counted as often as it stands there;
 * summed in double. O(count * n). */
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
    float floor; /* hits are above it; -INFINITY: all */
} w2v_search_top;

/* Adds a hit if it is among the best. O(log capacity). */
void w2v_search_add(w2v_search_top *top, w2v_search_hit hit);

/* Orders the hits, best first. It is no heap then, and takes no more. O(count log count). */
void w2v_search_sort(w2v_search_top *top);

/* ---- searches ---- */

/* Rows that are no answer: those listed, and those that `accepts` refuses, which is asked for few. */
typedef struct w2v_search_filter {
    const int32_t *W2V_NULLABLE excluded;
    size_t excluded_count;
    bool (*W2V_NULLABLE accepts)(void *W2V_NULLABLE context, int32_t row);
    void *W2V_NULLABLE context;
} w2v_search_filter;

/* A query of D floats, as it was asked. */
typedef struct w2v_search_query {
    const float *values; /* (D) */
    double square;       /* values.values, or 0 if that is not finite: everything is at similarity 0 */
    float *unit;         /* (w2v_search_width(D)) values / length; zero behind D */
} w2v_search_query;

/* Fills in `square` and `unit`. O(D). */
void w2v_search_prepare(w2v_search_query *query, size_t dimensions);

/*
 * Adds the rows from ..< to of the int8 copy that are nearest to a query. Reads D bytes a row, and D floats of a few.
 * O((to - from) D).
 */
void w2v_search_one(const w2v_kernels *kernels, const w2v_search_index *index, const w2v_search_query *query,
                    size_t from, size_t to, const w2v_search_filter *filter, w2v_search_top *top);

/* How the similarities of a panel's rows with the words of a batch answer its questions. */
typedef enum w2v_search_kind {
    W2V_SEARCH_NEAREST = 0, /* question n is word n */
    /* a : b = c : ?  b - a + c, of unit vectors (3CosAdd, Mikolov et al. 2013c): the similarity with questions[n] */
    W2V_SEARCH_ADD = 1,
    /* ((1 + cos b) / 2) ((1 + cos c) / 2) / ((1 + cos a) / 2 + W2V_SEARCH_EPSILON) (3CosMul, Levy and Goldberg 2014) */
    W2V_SEARCH_MULTIPLY = 2
} w2v_search_kind;

#define W2V_SEARCH_EPSILON 0.001

/* Words of an analogy a : b = c : ?, by their place among a batch's words. */
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

/* Puts the units of the words as kernels read them. O(words * D). */
void w2v_search_pack(const w2v_search_query *words, size_t count, size_t dimensions, float *packed);

/*
 * Adds the rows from ..< to that answer each question best. Needs `rows` and `inverse` of the index. Reads the rows
 * once. O((to - from) (U D + Q)).
 */
void w2v_search_many(const w2v_kernels *kernels, const w2v_search_index *index, const w2v_search_batch *batch,
                     size_t from, size_t to, float *workspace, w2v_search_top *tops /* (Q) */);

/* ---- kernels: rough values, one table for each instruction set (w2v_kernels.search) ---- */

typedef struct w2v_search_kernels {
    /* The largest |x| and the sum of x^2 of n floats, summed in floats. A NaN among them makes the sum NaN. */
    void (*measure)(const float *row, size_t n, float *largest, float *square);

    /*
     * The row's bytes: row[d] * inverse, rounded to the nearest, ties to even; 0 from n to the end of the last piece.
     * The caller sees to it that |row[d] * inverse| < 127.5. Returns the sum of (row[d] - step * byte)^2.
     */
    float (*quantize)(const float *row, size_t n, float inverse, float step, int8_t *bytes);

    /*
     * The first group of rows, at `from` or a multiple of 16 rows on, in which the bound does not rule out all:
     * !(scale * (unit . bytes) + slack < threshold). Returns its first row, and in *mask a bit for each such row; or
     * `to`. Reads whole groups.
     */
    size_t (*scan)(const w2v_search_index *index, const float *unit, float threshold, size_t from, size_t to,
                   uint32_t *mask);

    /* panel[d][lane] = row `lane`'s value d, for `count` rows, at most W2V_SEARCH_PANEL; 0 in the other lanes. */
    void (*panel)(const float *rows, size_t count, size_t n, size_t stride, float *panel /* (n, PANEL) */);

    /*
     * scores[word][lane] = inverse[lane] * (word . row of the lane), for packed words, their number rounded up to a
     * multiple of 4. Meanwhile the `ahead` bytes at `next` are fetched.
     */
    void (*products)(const float *panel, size_t n, const float *packed, size_t words, const float *inverse,
                     const void *next, size_t ahead, float *scores /* (words, PANEL) */);

    /*
     * The first question, from `from` on, that a lane may answer: one whose bit of *mask is set. Or `to`.
     *   nearest   !(score < threshold)
     *   add       !(b - a + c < threshold)
     *   multiply  !((1 + b + slack) (1 + c + slack) < threshold * (1 + a + slack of the other sign))
     * where what is below 0 counts as 0, and 1 + a is raised by twice the epsilon.
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
