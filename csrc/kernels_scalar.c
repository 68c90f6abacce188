/* kernels_scalar.c - the kernels in portable C, which all other instruction sets are tested against. */
#include "search.h"

#include <string.h>

#define INLINE static inline
#define OUTLINE static

#include "softmax_tmpl.h"

enum { COLUMN = 16 };

W2V_HOGWILD
static float dot(const float *x, const float *y, size_t stride) {
    float lanes[COLUMN] = {0};
    for (size_t d = 0; d < stride; d += COLUMN)
        for (size_t c = 0; c < COLUMN; c++) lanes[c] += x[d + c] * y[d + c];
    for (size_t half = COLUMN / 2; half > 0; half /= 2)
        for (size_t c = 0; c < half; c++) lanes[c] += lanes[c + half];
    return lanes[0];
}

/* g = alpha * (label - s(dot)) for every pair. */
W2V_HOGWILD
static w2v_status take_gradients(const w2v_block *block, float *const *inputs, size_t ni) {
    for (size_t i = 0; i < ni; i++) {
        for (size_t o = 0; o < block->no; o++) {
            float x = dot(inputs[i], block->outputs[o], block->stride);
            if (x - x != 0) return W2V_NOT_FINITE;
            const size_t at = w2v_block_slot(ni, i, o);
            if (block->dots) block->dots[at] = x;
            const float g =
                block->softmax ? x : block->alpha * ((block->labels[o] - 0.5f) - w2v_sigmoid_odd(block->sigmoid, x));
            const w2v_block_weights *w = block->softmax ? NULL : block->weights;
            block->gradients[at] = w ? w->outputs[o] * g : g;
            if (w) w->gradients[at] = w->inputs[o] * g + w->shift[o];
        }
    }
    if (block->softmax) softmax_gradients(block, ni);
    return W2V_OK;
}

W2V_HOGWILD
static void add_scaled(float *restrict sum, float scale, const float *restrict row) {
    for (size_t c = 0; c < COLUMN; c++) sum[c] += scale * row[c];
}

W2V_HOGWILD
static void add_to_row(float *restrict row, const float *restrict sum) {
    for (size_t c = 0; c < COLUMN; c++) row[c] += sum[c];
}

/*
 * Column by column. Both sides use the old values: all sums are kept in block->shares until the last product was taken.
 * Sums are added and never replace a row, so that a row that occurs twice is updated twice.
 */
W2V_HOGWILD
static w2v_status step(const w2v_block *block, float *const *inputs, float *const *targets, size_t ni) {
    const size_t no = block->no;
    const w2v_status status = take_gradients(block, inputs, ni);
    if (status != W2V_OK) return status;
    const w2v_block_weights *weights = block->softmax ? NULL : block->weights;
    const float *to_inputs = weights ? weights->gradients : block->gradients;
    const size_t written = weights && weights->written < no ? weights->written : no;
    float *const out_shares = block->shares, *const in_shares = block->shares + no * COLUMN;
    for (size_t d = 0; d < block->stride; d += COLUMN) {
        memset(block->shares, 0, (no + ni) * COLUMN * sizeof(float));
        for (size_t o = 0; o < no; o++) {
            for (size_t i = 0; i < ni; i++) {
                const size_t at = w2v_block_slot(ni, i, o);
                add_scaled(out_shares + o * COLUMN, block->gradients[at], inputs[i] + d);
                add_scaled(in_shares + i * COLUMN, to_inputs[at], block->outputs[o] + d);
            }
        }
        for (size_t i = 0; i < ni; i++) {
            if (weights) add_scaled(in_shares + i * COLUMN, weights->scale, weights->control + d);
            add_to_row(targets[i] + d, in_shares + i * COLUMN);
        }
        for (size_t o = 0; o < written; o++) add_to_row(block->outputs[o] + d, out_shares + o * COLUMN);
    }
    return W2V_OK;
}

W2V_HOGWILD
static w2v_status update(const w2v_block *block) {
    if (block->softmax && block->target >= block->classes) return W2V_OUT_OF_RANGE;
    if (block->no == 0) return W2V_OK;
    return step(block, block->inputs, block->inputs, block->ni);
}

W2V_HOGWILD
static w2v_status update_mean(const w2v_block *block) {
    if (block->softmax && block->target >= block->classes) return W2V_OUT_OF_RANGE;
    if (block->ni == 0 || block->no == 0) return W2V_OK;
    float *mean = block->mean, *error = block->mean + block->stride;
    memset(mean, 0, 2 * block->stride * sizeof(float));
    const float share = 1.0f / (float)block->ni;
    for (size_t d = 0; d < block->stride; d += COLUMN) {
        for (size_t i = 0; i < block->ni; i++) add_to_row(mean + d, block->inputs[i] + d);
        for (size_t c = 0; c < COLUMN; c++) mean[d + c] *= share;
    }
    const w2v_status status = step(block, &mean, &error, 1);
    if (status != W2V_OK) return status;
    const float gain = block->divided ? share : 1;
    for (size_t d = 0; d < block->stride; d += COLUMN) {
        for (size_t c = 0; c < COLUMN; c++) error[d + c] *= gain;
        for (size_t i = 0; i < block->ni; i++) add_to_row(block->inputs[i] + d, error + d);
    }
    return W2V_OK;
}

/* ---- for the search ---- */

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

enum { PANEL = W2V_SEARCH_PANEL, LANES = 8 };

static float larger(float a, float b) { return a > b ? a : b; }

/* Sums in LANES lanes, then pairwise, so that the error is far below the bound of w2v_search.h. */
static float sum_of(float *lanes) {
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t k = 0; k < half; k++) lanes[k] += lanes[k + half];
    return lanes[0];
}

static void measure(const float *row, size_t n, float *largest, float *square) {
    float lanes[LANES] = {0}, most = 0;
    for (size_t d = 0; d < n; d++) {
        most = larger(row[d] < 0 ? -row[d] : row[d], most);
        lanes[d % LANES] += row[d] * row[d];
    }
    *largest = most;
    *square = sum_of(lanes);
}

/* Rounds to the nearest integer, ties to even, for |x| < 2^22: after the addition a float has no bits for a
 * fraction. */
static float round_even(float x) {
    const float shift = 12582912.0f; /* 1.5 * 2^23 */
    return (x + shift) - shift;
}

static float quantize(const float *row, size_t n, float inverse, float step, int8_t *bytes) {
    float lanes[LANES] = {0};
    for (size_t d = 0; d < w2v_search_width(n); d++) {
        const float x = d < n ? row[d] : 0, byte = round_even(x * inverse), rest = x - step * byte;
        bytes[d / W2V_SEARCH_PIECE * W2V_SEARCH_STEP + d % W2V_SEARCH_PIECE] = (int8_t)byte;
        lanes[d % LANES] += rest * rest;
    }
    return sum_of(lanes);
}

static size_t scan(const w2v_search_index *index, const float *unit, float threshold, size_t from, size_t to,
                   uint32_t *mask) {
    const size_t width = w2v_search_width(index->dimensions);
    for (size_t at = from; at < to; at += W2V_SEARCH_GROUP) {
        const int8_t *bytes = index->bytes + at * width;
        uint32_t found = 0;
        for (size_t r = 0; r < W2V_SEARCH_GROUP && at + r < to; r++) {
            float lanes[LANES] = {0};
            for (size_t d = 0; d < width; d += LANES) {
                const int8_t *piece =
                    bytes + d / W2V_SEARCH_PIECE * W2V_SEARCH_STEP + r * W2V_SEARCH_PIECE + d % W2V_SEARCH_PIECE;
                for (size_t k = 0; k < LANES; k++) lanes[k] += unit[d + k] * (float)piece[k];
            }
            const float most = sum_of(lanes) * index->scale[at + r] + index->slack[at + r];
            if (!(most < threshold)) found |= 1u << r;
        }
        if (found) {
            *mask = found;
            return at;
        }
    }
    return to;
}

static void panel_of(const float *rows, size_t count, size_t n, size_t stride, float *panel) {
    for (size_t d = 0; d < n; d++)
        for (size_t lane = 0; lane < PANEL; lane++)
            panel[d * PANEL + lane] = lane < count ? rows[lane * stride + d] : 0;
}

static void products(const float *panel, size_t n, const float *packed, size_t words, const float *inverse,
                     const void *next, size_t ahead, float *scores) {
    (void)next;
    (void)ahead;
    for (size_t rest = padded_words(words), width; rest > 0; rest -= width) {
        width = rest < W2V_SEARCH_TILE ? rest : W2V_SEARCH_TILE;
        for (size_t w = 0; w < width; w++, scores += PANEL) {
            float sums[PANEL] = {0};
            for (size_t d = 0; d < n; d++)
                for (size_t lane = 0; lane < PANEL; lane++)
                    sums[lane] += packed[d * width + w] * panel[d * PANEL + lane];
            for (size_t lane = 0; lane < PANEL; lane++) scores[lane] = sums[lane] * inverse[lane];
        }
        packed += width * n;
    }
}

static size_t nearest(const float *scores, const float *thresholds, size_t from, size_t to, uint32_t *mask) {
    for (size_t q = from; q < to; q++) {
        uint32_t found = 0;
        for (size_t lane = 0; lane < PANEL; lane++)
            if (!(scores[q * PANEL + lane] < thresholds[q])) found |= 1u << lane;
        if (found) {
            *mask = found;
            return q;
        }
    }
    return to;
}

static size_t add(const float *scores, const w2v_search_analogy *analogies, const float *thresholds, size_t from,
                  size_t to, uint32_t *mask) {
    for (size_t q = from; q < to; q++) {
        const float *a = scores + (size_t)analogies[q].a * PANEL;
        const float *b = scores + (size_t)analogies[q].b * PANEL;
        const float *c = scores + (size_t)analogies[q].c * PANEL;
        uint32_t found = 0;
        for (size_t lane = 0; lane < PANEL; lane++)
            if (!(b[lane] - a[lane] + c[lane] < thresholds[q])) found |= 1u << lane;
        if (found) {
            *mask = found;
            return q;
        }
    }
    return to;
}

/* x, or 0 if it is below; NaN if it is NaN. */
static float not_negative(float x) { return x < 0 ? 0 : x; }

static size_t multiply(const float *scores, const w2v_search_analogy *analogies, float slack, const float *thresholds,
                       size_t from, size_t to, uint32_t *mask) {
    const float above = 1 + slack, below = 1 - slack + 2 * (float)W2V_SEARCH_EPSILON;
    for (size_t q = from; q < to; q++) {
        const float *a = scores + (size_t)analogies[q].a * PANEL;
        const float *b = scores + (size_t)analogies[q].b * PANEL;
        const float *c = scores + (size_t)analogies[q].c * PANEL;
        uint32_t found = 0;
        for (size_t lane = 0; lane < PANEL; lane++) {
            const float near = not_negative(b[lane] + above) * not_negative(c[lane] + above);
            if (!(near < thresholds[q] * not_negative(a[lane] + below))) found |= 1u << lane;
        }
        if (found) {
            *mask = found;
            return q;
        }
    }
    return to;
}

static const w2v_search_kernels search_kernels = {
    .measure = measure,
    .quantize = quantize,
    .scan = scan,
    .panel = panel_of,
    .products = products,
    .nearest = nearest,
    .add = add,
    .multiply = multiply,
};

const w2v_kernels w2v_kernels_scalar = {
    .isa = W2V_ISA_SCALAR,
    .name = "scalar",
    .dot = dot,
    .update = update,
    .update_mean = update_mean,
    .search = &search_kernels,
};
