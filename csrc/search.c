/* search.c - passes over the rows: approximate similarities exclude nearly all of them, the others are computed
 * exactly. */
#include "search.h"

#include <math.h>
#include <string.h>

static bool is_refused(const w2v_search_filter *filter, size_t row) {
    for (size_t k = 0; k < filter->excluded_count; k++)
        if (filter->excluded[k] == (int32_t)row) return true;
    return filter->accepts && !filter->accepts(filter->context, (int32_t)row);
}

static const float *values_of(const w2v_search_index *index, size_t row) { return index->rows + row * index->stride; }

/* The exact similarity of a row, before it is rounded to float. */
static double exact(const w2v_search_index *index, const w2v_search_query *query, size_t row) {
    const size_t n = index->dimensions;
    if (!index->rows) {
        const int8_t *bytes = index->bytes + w2v_search_start(row, n);
        return w2v_search_cosine(w2v_search_byte_product(query->values, bytes, n), query->square,
                                 w2v_search_byte_square(bytes, n));
    }
    const float *values = values_of(index, row); /* (D) */
    double product, square;
    w2v_search_products(query->values, values, n, &product, &square);
    return w2v_search_cosine(product, query->square, square);
}

/* Hits below this are not among the best. With a capacity of 0 no hit is. */
static float threshold_of(const w2v_search_top *top) {
    if (top->capacity == 0) return INFINITY;
    return top->count < top->capacity ? top->floor : top->hits[0].similarity;
}

/* True if all rows have the same similarity, so that no later row is better than the hits so far. */
static bool is_settled(const w2v_search_top *top, bool has_length) {
    return top->capacity == 0 || (!has_length && top->count == top->capacity);
}

void w2v_search_one(const w2v_kernels *kernels, const w2v_search_index *index, const w2v_search_query *query,
                    size_t from, size_t to, const w2v_search_filter *filter, w2v_search_top *top) {
    uint32_t mask = 0;
    size_t at = from;
    while (!is_settled(top, query->square > 0) &&
           (at = kernels->search->scan(index, query->unit, threshold_of(top), at, to, &mask)) < to) {
        for (; mask != 0; mask &= mask - 1) {
            const size_t row = at + (size_t)__builtin_ctz(mask);
            if (is_refused(filter, row)) continue;
            w2v_search_add(top, (w2v_search_hit){.similarity = (float)exact(index, query, row), .row = (int32_t)row});
        }
        at += W2V_SEARCH_GROUP;
        if (at >= to) return;
    }
}

/* ---- batches ---- */

size_t w2v_search_packed(size_t words, size_t dimensions) { return padded_words(words) * dimensions; }

size_t w2v_search_workspace(const w2v_search_batch *batch, size_t dimensions) {
    return W2V_SEARCH_PANEL * (dimensions + padded_words(batch->words)) + batch->questions;
}

void w2v_search_pack(const w2v_search_query *words, size_t count, size_t dimensions, float *packed) {
    for (size_t from = 0, width; from < padded_words(count); from += width) {
        const size_t rest = padded_words(count) - from;
        width = rest < W2V_SEARCH_TILE ? rest : W2V_SEARCH_TILE;
        for (size_t d = 0; d < dimensions; d++)
            for (size_t w = 0; w < width; w++) *packed++ = from + w < count ? words[from + w].unit[d] : 0;
    }
}

/* The threshold for the approximate value of a question, and the terms of its bound. */
static float question_threshold(const w2v_search_batch *batch, const w2v_search_top *top, size_t q, float slack) {
    const float least = threshold_of(top);
    bool has_length = true;
    float threshold = 0;
    switch (batch->kind) {
    case W2V_SEARCH_NEAREST:
        has_length = batch->word_queries[q].square > 0;
        threshold = least - slack;
        break;
    case W2V_SEARCH_ADD:
        /* The bounds of three words. Rounding the sum to floats and the rounding errors of the approximate sum are
         * below 12 u. */
        has_length = batch->sums[q].square > 0;
        threshold = (float)((double)least * sqrt(batch->sums[q].square)) - (3 * slack + 0x1p-20f);
        break;
    case W2V_SEARCH_MULTIPLY: {
        const w2v_search_analogy words = batch->analogies[q];
        has_length = batch->word_queries[words.a].square > 0 || batch->word_queries[words.b].square > 0 ||
                     batch->word_queries[words.c].square > 0;
        threshold = 2 * least * (1 - 0x1p-20f);
        break;
    }
    }
    return is_settled(top, has_length) ? INFINITY : threshold;
}

static float exact_answer(const w2v_search_index *index, const w2v_search_batch *batch, size_t q, size_t row) {
    if (batch->kind == W2V_SEARCH_NEAREST) return (float)exact(index, &batch->word_queries[q], row);
    if (batch->kind == W2V_SEARCH_ADD) return (float)exact(index, &batch->sums[q], row);
    const w2v_search_analogy words = batch->analogies[q];
    const double a = exact(index, &batch->word_queries[words.a], row);
    const double b = exact(index, &batch->word_queries[words.b], row);
    const double c = exact(index, &batch->word_queries[words.c], row);
    return (float)((1 + b) / 2 * ((1 + c) / 2) / ((1 + a) / 2 + W2V_SEARCH_EPSILON));
}

/* The first question from `from` on that a row of the panel may answer, and the lanes of these rows. */
static size_t next_question(const w2v_search_kernels *search, const w2v_search_batch *batch, const float *scores,
                            const float *thresholds, float slack, size_t from, size_t to, uint32_t *mask) {
    switch (batch->kind) {
    case W2V_SEARCH_ADD:
        return search->add(scores, batch->analogies, thresholds, from, to, mask);
    case W2V_SEARCH_MULTIPLY:
        return search->multiply(scores, batch->analogies, slack, thresholds, from, to, mask);
    default:
        return search->nearest(scores, thresholds, from, to, mask);
    }
}

void w2v_search_many(const w2v_kernels *kernels, const w2v_search_index *index, const w2v_search_batch *batch,
                     size_t from, size_t to, float *workspace, w2v_search_top *tops) {
    const w2v_search_kernels *search = kernels->search;
    const size_t n = index->dimensions;
    const float slack = w2v_search_slack(n);
    float *const panel = workspace;                                                   /* (D, PANEL) */
    float *const scores = panel + n * W2V_SEARCH_PANEL;                               /* (U, PANEL) */
    float *const thresholds = scores + padded_words(batch->words) * W2V_SEARCH_PANEL; /* (Q) */
    for (size_t q = 0; q < batch->questions; q++) thresholds[q] = question_threshold(batch, &tops[q], q, slack);

    for (size_t at = from; at < to; at += W2V_SEARCH_PANEL) {
        const size_t count = to - at < W2V_SEARCH_PANEL ? to - at : W2V_SEARCH_PANEL;
        const size_t later = to - at - count < W2V_SEARCH_PANEL ? to - at - count : W2V_SEARCH_PANEL;
        search->panel(values_of(index, at), count, n, index->stride, panel);
        search->products(panel, n, batch->packed, batch->words, index->inverse + at, values_of(index, at + count),
                         later * index->stride * sizeof(float), scores);
        uint32_t mask = 0;
        for (size_t q = 0; (q = next_question(search, batch, scores, thresholds, slack, q, batch->questions, &mask)) <
                           batch->questions;
             q++) {
            if (count < W2V_SEARCH_PANEL) mask &= (1u << count) - 1;
            while (mask != 0) {
                const size_t row = at + (size_t)__builtin_ctz(mask);
                mask &= mask - 1;
                if (is_refused(&batch->filters[q], row)) continue;
                w2v_search_add(&tops[q],
                               (w2v_search_hit){.similarity = exact_answer(index, batch, q, row), .row = (int32_t)row});
                const float threshold = question_threshold(batch, &tops[q], q, slack);
                if (threshold == thresholds[q]) continue;
                /* Lanes behind this one may be ruled out now. */
                thresholds[q] = threshold;
                uint32_t left = 0;
                next_question(search, batch, scores, thresholds, slack, q, q + 1, &left);
                mask &= left;
            }
        }
    }
}
