/*
 * search_scan_tmpl.h - the kernels of w2v_search.h, written once for every vector instruction set.
 *
 * A kernels_*.c includes this file after block_dots_tmpl.h, whose operations it uses. It must also define
 *   SCAN_ROWS               rows of the int8 copy whose sums are in registers at one time
 *   TILE_VECS, TILE_WORDS   registers of a panel's row times words: the tile of sums in registers; 2, 4, 6 or 12 words
 *   vec_part(p, n)          n floats of a register, 0 in the others; n < LANES
 *   vec_sub(a, b) vec_max(a, b)   vec_max gives b if one of the two is NaN
 *   vec_absolute(x)
 *   vec_passes(a, b)        a bit for each lane of which a < b is false
 *   vec_of_bytes(p)         LANES bytes as floats
 *   vec_to_bytes(p, x)      floats as bytes, to the nearest, ties to even; returns them as floats
 *   vec_transpose(v)        LANES registers: lane k of v[j] and lane j of v[k] change places
 */
#include "w2v_search.h"

#define SEARCH static TARGET
#define SEARCH_INLINE static inline __attribute__((always_inline)) TARGET

enum {
    SCAN_AHEAD = 4096, /* bytes between a read and its prefetch */
    PANEL_VECS = W2V_SEARCH_PANEL / LANES,
};

/* n floats at p, or the first LANES of them. */
SEARCH_INLINE vec load_most(const float *p, size_t n) { return n < LANES ? vec_part(p, n) : vec_load(p); }

/* The sum of a register's lanes, and the largest. */
SEARCH_INLINE float sum_of(vec v) {
    float lanes[LANES], sum = 0;
    vec_store(lanes, v);
    UNROLL for (size_t k = 0; k < LANES; k++) sum += lanes[k];
    return sum;
}

SEARCH void measure(const float *row, size_t n, float *largest, float *square) {
    vec most = vec_zero(), sum = vec_zero();
    for (size_t d = 0; d < n; d += LANES) {
        const vec x = load_most(row + d, n - d);
        most = vec_max(vec_absolute(x), most);
        sum = vec_fma(x, x, sum);
    }
    float lanes[LANES], top = 0;
    vec_store(lanes, most);
    UNROLL for (size_t k = 0; k < LANES; k++) top = lanes[k] > top ? lanes[k] : top;
    *largest = top;
    *square = sum_of(sum);
}

SEARCH float quantize(const float *row, size_t n, float inverse, float step, int8_t *bytes) {
    const vec by = vec_spread(&inverse), minus = vec_sub(vec_zero(), vec_spread(&step));
    vec sum = vec_zero();
    for (size_t d = 0; d < w2v_search_width(n); d += W2V_SEARCH_PIECE, bytes += W2V_SEARCH_STEP) {
        UNROLL for (size_t e = 0; e < W2V_SEARCH_PIECE; e += LANES) {
            const vec x = d + e < n ? load_most(row + d + e, n - d - e) : vec_zero();
            const vec rest = vec_fma(minus, vec_to_bytes(bytes + e, vec_mul(x, by)), x);
            sum = vec_fma(rest, rest, sum);
        }
    }
    return sum_of(sum);
}

/* ---- the int8 copy ---- */

SEARCH size_t scan(const w2v_search_index *index, const float *unit, float threshold, size_t from, size_t to,
                   uint32_t *mask) {
    const size_t width = w2v_search_width(index->dimensions);
    const vec limit = vec_spread(&threshold);
    for (size_t at = from; at < to; at += W2V_SEARCH_GROUP) {
        uint32_t found = 0;
        UNROLL for (size_t part = 0; part < W2V_SEARCH_GROUP; part += SCAN_ROWS) {
            const int8_t *bytes = index->bytes + at * width + part * W2V_SEARCH_PIECE;
            vec sums[SCAN_ROWS];
            UNROLL for (size_t r = 0; r < SCAN_ROWS; r++) sums[r] = vec_zero();
            for (size_t d = 0; d < width; d += W2V_SEARCH_PIECE, bytes += W2V_SEARCH_STEP) {
                UNROLL for (size_t line = 0; line < SCAN_ROWS * W2V_SEARCH_PIECE; line += 64)
                    w2v_prefetch(bytes + SCAN_AHEAD + line);
                UNROLL for (size_t e = 0; e < W2V_SEARCH_PIECE; e += LANES) {
                    const vec query = vec_load(unit + d + e);
                    UNROLL for (size_t r = 0; r < SCAN_ROWS; r++) sums[r] =
                        vec_fma(vec_of_bytes(bytes + r * W2V_SEARCH_PIECE + e), query, sums[r]);
                }
            }
            UNROLL for (size_t r = 0; r < SCAN_ROWS; r += LANES) {
                const size_t row = at + part + r;
                const vec most =
                    vec_fma(vec_sums(sums + r), vec_load(index->scale + row), vec_load(index->slack + row));
                found |= vec_passes(most, limit) << (part + r);
            }
        }
        if (to - at < W2V_SEARCH_GROUP) found &= (1u << (to - at)) - 1;
        if (found) {
            *mask = found;
            return at;
        }
    }
    return to;
}

/* ---- panels ---- */

SEARCH void panel_of(const float *rows, size_t count, size_t n, size_t stride, float *panel) {
    for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane += LANES) {
        for (size_t d = 0; d < n; d += LANES) {
            const size_t some = n - d < LANES ? n - d : LANES;
            const float *at = rows + lane * stride + d;
            vec block[LANES];
            if (lane + LANES <= count && some == LANES) {
                UNROLL for (size_t r = 0; r < LANES; r++) block[r] = vec_load(at + r * stride);
            } else {
                for (size_t r = 0; r < LANES; r++)
                    block[r] = lane + r < count ? load_most(at + r * stride, some) : vec_zero();
            }
            vec_transpose(block);
            float *to = panel + d * W2V_SEARCH_PANEL + lane;
            if (some == LANES) {
                UNROLL for (size_t k = 0; k < LANES; k++) vec_store(to + k * W2V_SEARCH_PANEL, block[k]);
            } else {
                for (size_t k = 0; k < some; k++) vec_store(to + k * W2V_SEARCH_PANEL, block[k]);
            }
        }
    }
}

/* The prefetch during the products: `step` bytes for each value of a tile. */
typedef struct fetch {
    const char *next;
    size_t step;
} fetch;

/* `count` words of a packed group of `width` with TILE_VECS registers of rows. */
SEARCH_INLINE void tile(const float *panel, size_t n, const float *packed, const size_t width, const size_t count,
                        const float *inverse, fetch *ahead, float *scores) {
    vec sums[TILE_WORDS * TILE_VECS];
    UNROLL for (size_t k = 0; k < count * TILE_VECS; k++) sums[k] = vec_zero();
    for (size_t d = 0; d < n; d++) {
        vec rows[TILE_VECS];
        UNROLL for (size_t v = 0; v < TILE_VECS; v++) rows[v] = vec_load(panel + d * W2V_SEARCH_PANEL + v * LANES);
        w2v_prefetch(ahead->next);
        w2v_prefetch(ahead->next + 64);
        ahead->next += ahead->step;
        UNROLL for (size_t w = 0; w < count; w++) {
            const vec word = vec_spread(packed + d * width + w);
            UNROLL for (size_t v = 0; v < TILE_VECS; v++) sums[w * TILE_VECS + v] =
                vec_fma(word, rows[v], sums[w * TILE_VECS + v]);
        }
    }
    UNROLL for (size_t v = 0; v < TILE_VECS; v++) {
        const vec by = vec_load(inverse + v * LANES);
        UNROLL for (size_t w = 0; w < count; w++)
            vec_store(scores + w * W2V_SEARCH_PANEL + v * LANES, vec_mul(sums[w * TILE_VECS + v], by));
    }
}

/* A packed group of `width` words, `part` of them at a time. */
SEARCH_INLINE void group_products(const float *panel, size_t n, const float *packed, const size_t width,
                                  const size_t part, const float *inverse, fetch *ahead, float *scores) {
    UNROLL for (size_t w = 0; w < width; w += part) {
        for (size_t lane = 0; lane < W2V_SEARCH_PANEL; lane += TILE_VECS * LANES)
            tile(panel + lane, n, packed + w, width, part, inverse + lane, ahead, scores + w * W2V_SEARCH_PANEL + lane);
    }
}

SEARCH void products(const float *panel, size_t n, const float *packed, size_t words, const float *inverse,
                     const void *next, size_t bytes, float *scores) {
    enum { WIDE = TILE_WORDS < 8 ? 4 : 8, TILE = W2V_SEARCH_TILE };
    const size_t fours = (words + 3) / 4;
    const size_t passes = fours * (PANEL_VECS / TILE_VECS) * 4 / TILE_WORDS + 1;
    fetch ahead = {.next = next, .step = bytes / (passes * n + 1)};
    size_t rest = fours * 4;
    for (; rest >= TILE; rest -= TILE, packed += TILE * n, scores += TILE * W2V_SEARCH_PANEL)
        group_products(panel, n, packed, TILE, TILE_WORDS, inverse, &ahead, scores);
    if (rest == 8) group_products(panel, n, packed, 8, WIDE, inverse, &ahead, scores);
    if (rest == 4) group_products(panel, n, packed, 4, 4, inverse, &ahead, scores);
}

/* ---- questions ---- */

SEARCH size_t nearest(const float *scores, const float *thresholds, size_t from, size_t to, uint32_t *mask) {
    for (size_t q = from; q < to; q++) {
        const float *score = scores + q * W2V_SEARCH_PANEL;
        const vec limit = vec_spread(thresholds + q);
        uint32_t found = 0;
        UNROLL for (size_t v = 0; v < PANEL_VECS; v++) found |= vec_passes(vec_load(score + v * LANES), limit)
                                                                << (v * LANES);
        if (found) {
            *mask = found;
            return q;
        }
    }
    return to;
}

SEARCH size_t add(const float *scores, const w2v_search_analogy *analogies, const float *thresholds, size_t from,
                  size_t to, uint32_t *mask) {
    for (size_t q = from; q < to; q++) {
        const float *a = scores + (size_t)analogies[q].a * W2V_SEARCH_PANEL;
        const float *b = scores + (size_t)analogies[q].b * W2V_SEARCH_PANEL;
        const float *c = scores + (size_t)analogies[q].c * W2V_SEARCH_PANEL;
        const vec limit = vec_spread(thresholds + q);
        uint32_t found = 0;
        UNROLL for (size_t v = 0; v < W2V_SEARCH_PANEL; v += LANES) found |=
            vec_passes(vec_add(vec_sub(vec_load(b + v), vec_load(a + v)), vec_load(c + v)), limit) << v;
        if (found) {
            *mask = found;
            return q;
        }
    }
    return to;
}

SEARCH size_t multiply(const float *scores, const w2v_search_analogy *analogies, float slack, const float *thresholds,
                       size_t from, size_t to, uint32_t *mask) {
    const float above = 1 + slack, below = 1 - slack + 2 * (float)W2V_SEARCH_EPSILON;
    const vec up = vec_spread(&above), down = vec_spread(&below);
    for (size_t q = from; q < to; q++) {
        const float *a = scores + (size_t)analogies[q].a * W2V_SEARCH_PANEL;
        const float *b = scores + (size_t)analogies[q].b * W2V_SEARCH_PANEL;
        const float *c = scores + (size_t)analogies[q].c * W2V_SEARCH_PANEL;
        const vec limit = vec_spread(thresholds + q);
        uint32_t found = 0;
        UNROLL for (size_t v = 0; v < W2V_SEARCH_PANEL; v += LANES) {
            const vec near = vec_mul(vec_max(vec_zero(), vec_add(vec_load(b + v), up)),
                                     vec_max(vec_zero(), vec_add(vec_load(c + v), up)));
            const vec far = vec_max(vec_zero(), vec_add(vec_load(a + v), down));
            found |= vec_passes(near, vec_mul(limit, far)) << v;
        }
        if (found) {
            *mask = found;
            return q;
        }
    }
    return to;
}

/* The table; the file that includes this one names it. */
#define SEARCH_KERNELS                                                                                                 \
    {                                                                                                                  \
        .measure = measure,                                                                                            \
        .quantize = quantize,                                                                                          \
        .scan = scan,                                                                                                  \
        .panel = panel_of,                                                                                             \
        .products = products,                                                                                          \
        .nearest = nearest,                                                                                            \
        .add = add,                                                                                                    \
        .multiply = multiply,                                                                                          \
    }
