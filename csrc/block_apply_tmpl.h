/*
 * block_apply_tmpl.h - the second pass of block_dots_tmpl.h, which includes this file: from the gradients to the new
 * rows.
 *
 * Contract. block->gradients holds alpha * (label - s(x)) for every pair of an input and an output. To every input i
 * the sum over the outputs of g(i, o) * output o is added, and to every output o the sum over the inputs of g(i, o) *
 * input i, with the values from before this pass. If a row occurs several times in the block, each of its sums is
 * added.
 *
 * A register tile holds WIDTH registers of some inputs and of their partial sums, while the outputs are read one by
 * one: each is multiplied with those inputs both ways, and its own sum is written. A gradient that was broadcast to all
 * lanes is used by 2 x WIDTH multiply-adds. If no row occurs twice on its side, sums start at the old values of the
 * rows and replace them. Otherwise they start at 0, are kept in the workspace, and are added after everything was read.
 */

/* Inputs of a tile with `width` registers of each, beside those of an output, of its sum, and a gradient. */
#define TILE_OF_WIDTH(width) ((REGISTERS - 1) / (2 * (width)) - 1)

enum {
    WIDTH = REGISTERS < 32 ? 1 : 2,
    TILE_INPUTS = TILE_OF_WIDTH(WIDTH), /* inputs of a tile, at most */
    FEW_INPUTS = 10,                    /* inputs in one part or two: the original's window of 5 */
    DEFAULT_TILE = 3, /* inputs of a tile with the default number of outputs, at most: larger ones were slower */
    OUTPUTS_AT_ONCE = 3 * GROUP, /* outputs read before the inputs' next columns are loaded, at most */
};

_Static_assert(TILE_INPUTS == 6 && FEW_INPUTS == 10 && (FEW_INPUTS + 1) / 2 <= TILE_INPUTS,
               "the switches below name every number");

INLINE void add_to(float *row, vec sum) { vec_store(row, vec_add(vec_load(row), sum)); }

/* Prefetches the rows of the next block while this block is computed. */
INLINE void fetch_ahead(const w2v_block *block, size_t d) {
    if (d % (2 * LINE) != 0) return;
    const size_t last = d + LINE < block->stride ? d + LINE : d; /* a row's pointer is read once for two of its lines */
    for (size_t n = 0; n < block->next_count; n += W2V_BLOCK_FETCH) {
        UNROLL for (size_t k = 0; k < W2V_BLOCK_FETCH; k++) {
            w2v_prefetch_to_write(block->next[n + k] + d);
            w2v_prefetch_to_write(block->next[n + k] + last);
        }
    }
}

/* Sums start at the old values of the rows if they will replace them, and at 0 if they will be added. */
INLINE void start(float *const *rows, const size_t n, size_t d, const bool replace, vec *sums) {
    UNROLL for (size_t k = 0; k < n; k++) sums[k] = replace ? vec_load(rows[k] + d) : vec_zero();
}

INLINE void finish(float *const *rows, const size_t n, size_t d, const bool replace, const vec *sums) {
    UNROLL for (size_t k = 0; k < n; k++) {
        if (replace) {
            vec_store(rows[k] + d, sums[k]);
        } else {
            add_to(rows[k] + d, sums[k]);
        }
    }
}

#include "block_apply_shape_tmpl.h"

/* ---- any outputs ---- */

/* Where an output's sum begins, and where it ends. */
typedef enum sum_place { ROW, ZERO, PENDING } sum_place;

/* Inputs and their partial sums, in registers. */
typedef struct register_tile {
    vec rows[FEW_INPUTS][WIDTH];
    vec sums[FEW_INPUTS][WIDTH];
} register_tile;

/* Loads n inputs. Their sums start at the targets' old values, or at 0. */
INLINE void load_tile(float *const *inputs, float *const *targets, const size_t n, const size_t width, size_t d,
                      const bool replace, register_tile *h) {
    UNROLL for (size_t k = 0; k < n; k++) {
        UNROLL for (size_t c = 0; c < width; c++) {
            h->rows[k][c] = vec_load(inputs[k] + d + c * LANES);
            h->sums[k][c] = replace ? vec_load(targets[k] + d + c * LANES) : vec_zero();
        }
    }
}

/* Adds the products of an output and the n inputs of the tile to both sums. `gradients` is the first input's. */
INLINE void accumulate_output(const size_t n, const size_t width, const sum_place begin, const sum_place end,
                              float *row, float *pending, const float *gradients, register_tile *h) {
    vec out[WIDTH], sum[WIDTH];
    UNROLL for (size_t c = 0; c < width; c++) {
        out[c] = vec_load(row + c * LANES);
        sum[c] = begin == ROW ? out[c] : begin == ZERO ? vec_zero() : vec_load(pending + c * LANES);
    }
    UNROLL for (size_t k = 0; k < n; k++) {
        const vec g = vec_spread(gradients + k * GROUP);
        UNROLL for (size_t c = 0; c < width; c++) {
            sum[c] = vec_fma(g, h->rows[k][c], sum[c]);
            h->sums[k][c] = vec_fma(g, out[c], h->sums[k][c]);
        }
    }
    UNROLL for (size_t c = 0; c < width; c++) vec_store((end == ROW ? row : pending) + c * LANES, sum[c]);
}

/* The same for the outputs in [from, to), from the first of a group to the last of one, and the n inputs from i on. */
INLINE void accumulate_outputs(const view *v, const size_t n, const size_t width, const sum_place begin,
                               const sum_place end, size_t d, size_t from, size_t to, size_t i, register_tile *h) {
    float *const *outputs = v->block->outputs;
    const float *gradients = v->block->gradients + w2v_block_slot(v->ni, i, from);
    float *pending = v->out_sums_pending;
    for (size_t o = from; o < to; o += GROUP, gradients += w2v_block_even(v->ni) * GROUP) {
        const size_t left = to - o < GROUP ? to - o : GROUP;
        for (size_t b = 0; b < left; b += 2, pending += 2 * W2V_BLOCK_COLUMN) { /* never an odd number */
            accumulate_output(n, width, begin, end, outputs[o + b] + d, pending, gradients + b, h);
            accumulate_output(n, width, begin, end, outputs[o + b + 1] + d, pending + W2V_BLOCK_COLUMN,
                              gradients + b + 1, h);
        }
    }
}

INLINE void add_pending(const view *v, const size_t width, size_t d, size_t from, size_t to) {
    const float *pending = v->out_sums_pending;
    for (size_t o = from; o < to; o++, pending += W2V_BLOCK_COLUMN) {
        UNROLL for (size_t c = 0; c < width; c++)
            add_to(v->block->outputs[o] + d + c * LANES, vec_load(pending + c * LANES));
    }
}

/* At most FEW_INPUTS inputs. They are split into two parts only if no row can be in both. */
INLINE void columns_of_few(const view *v, float *const *inputs, float *const *targets, const size_t ni,
                           const size_t width, const bool distinct, size_t d) {
    const size_t no = v->block->no, part = !distinct || ni <= TILE_OF_WIDTH(width) ? ni : (ni + 1) / 2;
    const sum_place first = distinct ? ROW : ZERO;
    fetch_ahead(v->block, d);
    UNROLL for (size_t i = 0; i < ni; i += part) {
        const size_t n = i + part < ni ? part : ni - i;
        register_tile h;
        load_tile(inputs + i, targets + i, n, width, d, distinct, &h);
        accumulate_outputs(v, n, width, i > 0 ? PENDING : first, distinct && i + n == ni ? ROW : PENDING, d, 0, no, i,
                           &h);
        UNROLL for (size_t c = 0; c < width; c++) {
            vec sums[FEW_INPUTS];
            UNROLL for (size_t k = 0; k < n; k++) sums[k] = h.sums[k][c];
            finish(targets + i, n, d + c * LANES, distinct, sums);
        }
    }
    if (!distinct) add_pending(v, width, d, 0, no);
}

INLINE void few_inputs(const view *v, const size_t ni, const bool distinct) {
    const size_t stride = v->block->stride;
    /* Copies, so that the compiler knows that stores do not change them. */
    float *inputs[FEW_INPUTS], *targets[FEW_INPUTS];
    size_t d = 0;
    UNROLL for (size_t i = 0; i < ni; i++) inputs[i] = v->inputs[i];
    UNROLL for (size_t i = 0; i < ni; i++) targets[i] = v->targets[i];
    if (distinct || ni <= TILE_INPUTS)
        for (; d + WIDTH * LANES <= stride; d += WIDTH * LANES)
            columns_of_few(v, inputs, targets, ni, WIDTH, distinct, d);
    for (; d < stride; d += LANES) columns_of_few(v, inputs, targets, ni, 1, distinct, d);
}

INLINE void apply_to_few(const view *v, const size_t ni) {
    if (v->block->weights) {
        if (v->block->no == QUAD) {
            apply_to_shape(v, ni, QUAD_SHAPE);
        } else {
            apply_to_shape(v, ni, OCTET_SHAPE);
        }
    } else if (v->block->no == DEFAULT_OUTPUTS && v->targets == v->inputs) {
        apply_to_shape(v, ni, DEFAULT_SHAPE);
    } else if (v->block->distinct_inputs && v->block->distinct_outputs) {
        few_inputs(v, ni, true);
    } else {
        few_inputs(v, ni, false);
    }
}

/* ---- any inputs, and a softmax's outputs ---- */

/* One tile of inputs. Their sums are kept in memory until the last output was read. */
INLINE void columns_of_part(const view *v, const size_t n, const size_t width, const sum_place begin,
                            const sum_place end, size_t d, size_t from, size_t to, size_t i) {
    float *sums = v->in_sums_pending + i * v->block->stride + d;
    register_tile h;
    load_tile(v->inputs + i, v->targets + i, n, width, d, false, &h);
    if (from > 0) {
        UNROLL for (size_t k = 0; k < n; k++) {
            UNROLL for (size_t c = 0; c < width; c++) h.sums[k][c] = vec_load(sums + k * v->block->stride + c * LANES);
        }
    }
    accumulate_outputs(v, n, width, begin, end, d, from, to, i, &h);
    UNROLL for (size_t k = 0; k < n; k++) {
        UNROLL for (size_t c = 0; c < width; c++) vec_store(sums + k * v->block->stride + c * LANES, h.sums[k][c]);
    }
}

INLINE void columns_of_any_part(const view *v, size_t n, const size_t width, const sum_place begin, const sum_place end,
                                size_t d, size_t from, size_t to, size_t i) {
    switch (n) { /* one function per number, which the compiler unrolls */
    case 1:
        columns_of_part(v, 1, width, begin, end, d, from, to, i);
        break;
    case 2:
        columns_of_part(v, 2, width, begin, end, d, from, to, i);
        break;
    case 3:
        columns_of_part(v, 3, width, begin, end, d, from, to, i);
        break;
    case 4:
        columns_of_part(v, 4, width, begin, end, d, from, to, i);
        break;
    case 5:
        columns_of_part(v, 5, width, begin, end, d, from, to, i);
        break;
    default:
        columns_of_part(v, TILE_INPUTS, width, begin, end, d, from, to, i);
    }
}

/* All inputs, in parts of about the same size, and the outputs in [from, to). */
INLINE void columns_of_parts(const view *v, const size_t width, size_t d, size_t from, size_t to) {
    const size_t ni = v->ni, parts = (ni + TILE_INPUTS - 1) / TILE_INPUTS, part = (ni + parts - 1) / parts;
    if (parts == 1 && v->block->distinct_outputs) {
        columns_of_any_part(v, ni, width, ROW, ROW, d, from, to, 0);
        return;
    }
    columns_of_any_part(v, part, width, ZERO, PENDING, d, from, to, 0);
    for (size_t i = part; i < ni; i += part)
        columns_of_any_part(v, part < ni - i ? part : ni - i, width, PENDING, PENDING, d, from, to, i);
    add_pending(v, width, d, from, to);
}

/* The thousands of outputs of a softmax are processed OUTPUTS_AT_ONCE at a time, for all columns. This requires
 * distinct outputs: otherwise a row would be read after it was written. */
OUTLINE void any_inputs(const view *v) {
    const size_t no = v->block->no, stride = v->block->stride, part = v->block->distinct_outputs ? OUTPUTS_AT_ONCE : no;
    for (size_t from = 0; from < no; from += part) {
        const size_t to = from + part < no ? from + part : no;
        size_t d = 0;
        for (; d + WIDTH * LANES <= stride; d += WIDTH * LANES) columns_of_parts(v, WIDTH, d, from, to);
        for (; d < stride; d += LANES) columns_of_parts(v, 1, d, from, to);
    }
    for (size_t d = 0; d < stride; d += LANES) {
        fetch_ahead(v->block, d);
        for (size_t i = 0; i < v->ni; i++) add_to(v->targets[i] + d, vec_load(v->in_sums_pending + i * stride + d));
    }
}

INLINE void apply_gradients(const view *v) {
    if (v->ni > FEW_INPUTS || v->block->no > OUTPUTS_AT_ONCE) {
        any_inputs(v);
        return;
    }
    switch (v->ni) {
    case 1:
        apply_to_few(v, 1);
        break;
    case 2:
        apply_to_few(v, 2);
        break;
    case 3:
        apply_to_few(v, 3);
        break;
    case 4:
        apply_to_few(v, 4);
        break;
    case 5:
        apply_to_few(v, 5);
        break;
    case 6:
        apply_to_few(v, 6);
        break;
    case 7:
        apply_to_few(v, 7);
        break;
    case 8:
        apply_to_few(v, 8);
        break;
    case 9:
        apply_to_few(v, 9);
        break;
    default:
        apply_to_few(v, FEW_INPUTS);
    }
}
