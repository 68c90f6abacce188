/*
 * block_dots_tmpl.h - the block update, written once for every vector instruction set.
 *
 * A kernels_*.c includes this file after it has defined, for its registers of LANES floats:
 *   TARGET                     the attribute that lets a function use the instructions
 *   REGISTERS                  the number of registers: 32 or 16
 *   vec                        the register type
 *   vec_zero() vec_load(p) vec_store(p, v) vec_spread(p)      vec_spread: *p in every lane
 *   vec_add(a, b) vec_mul(a, b) vec_fma(a, b, c)              a * b + c
 *   vec_resident(v)            v; where it is faster, the compiler may not load it from memory again for each use
 *   vec_sums(v)                from LANES registers one: lane k holds the sum of v[k]
 *   vec_quad(p)                the four floats at p, again and again
 *   vec_labels(labels, slot)   the labels of slots slot, slot + 1, ...; slot s belongs to output s % GROUP
 *   vec_gradient(block, labels, x)   alpha * (label - s(x)) in every lane, s from the block's table
 *   vec_any_infinite(x)        whether a lane is infinite or NaN
 *
 * First pass: all dot products, in tiles of INPUTS x 6, or half as many x 8, that stay in registers, and from them the
 * gradients. No row is written before the last dot product is known to be finite. Second pass, in block_apply_tmpl.h:
 * the gradients times the rows are added, column by column, to both sides at once.
 */
#include "w2v_internal.h"

#define INLINE static inline __attribute__((always_inline)) TARGET W2V_HOGWILD
#define OUTLINE static TARGET W2V_HOGWILD

#include "softmax_tmpl.h"

enum {
    GROUP = W2V_BLOCK_GROUP,                   /* outputs of a group */
    DEFAULT_OUTPUTS = W2V_BLOCK_DEFAULT,       /* outputs of most blocks */
    INPUTS = REGISTERS / 8,                    /* inputs of a tile of the first pass */
    ONE_INPUT = GROUP > LANES ? GROUP : LANES, /* sums of one input and a group; registers are full */
    LINE = 16,                                 /* floats of a cache line */
    WIDE = 2,                                  /* registers of a row that update_mean takes at once */
};

/* The block for both passes. With CBOW the only input is the mean of the contexts, and its target collects the
 * gradient. */
typedef struct view {
    const w2v_block *block;
    float *const *inputs;
    float *const *targets;
    size_t ni;
    float *in_sums_pending;  /* workspace: (ni, S) */
    float *out_sums_pending; /* workspace: (no, W2V_BLOCK_COLUMN) */
} view;

INLINE view view_of(const w2v_block *block, float *const *inputs, float *const *targets, size_t ni) {
    return (view){.block = block,
                  .inputs = inputs,
                  .targets = targets,
                  .ni = ni,
                  .in_sums_pending = block->shares,
                  .out_sums_pending = block->shares + ni * block->stride};
}

/* ---- first pass ---- */

/* Dot products to gradients, for the slots of `inputs` inputs and one group; the softmax waits for all of them. True if
 * one is not finite. */
INLINE bool gradients_of(const w2v_block *block, const size_t inputs, const bool softmax, const vec *sums, size_t o,
                         size_t at) {
    bool infinite = false;
    UNROLL for (size_t slot = 0; slot < inputs * GROUP; slot += LANES) {
        const vec x = vec_sums(sums + slot);
        infinite |= vec_any_infinite(x);
        if (block->dots) vec_store(block->dots + at + slot, x);
        const vec g = softmax ? x : vec_gradient(block, vec_labels(block->labels + o, slot), x);
        if (!softmax && block->weights) {
            const w2v_block_weights *w = block->weights;
            vec_store(block->gradients + at + slot, vec_mul(g, vec_labels(w->outputs + o, slot)));
            vec_store(w->gradients + at + slot,
                      vec_fma(g, vec_labels(w->inputs + o, slot), vec_labels(w->shift + o, slot)));
        } else {
            vec_store(block->gradients + at + slot, g);
        }
    }
    return infinite;
}

/* Adds the products of a tile's inputs and outputs, lane by lane: those of input a and output b to sums[a * group +
 * b]. */
INLINE void tile_dots(float *const *in_rows, const size_t inputs, float *const *out_rows, const size_t outputs,
                      const size_t group, size_t stride, vec *sums) {
    for (size_t d = 0; d < stride; d += LANES) {
        vec in[INPUTS];
        UNROLL for (size_t a = 0; a < inputs; a++) in[a] = vec_resident(vec_load(in_rows[a] + d));
        UNROLL for (size_t b = 0; b < outputs; b++) {
            const vec out = vec_load(out_rows[b] + d);
            UNROLL for (size_t a = 0; a < inputs; a++) sums[a * group + b] = vec_fma(in[a], out, sums[a * group + b]);
        }
    }
}

/* `inputs` inputs from i on and `outputs` outputs from o on, a group or the last part of one. */
INLINE bool tile_gradients(const view *v, const size_t inputs, const size_t outputs, const bool softmax, size_t i,
                           size_t o, size_t at) {
    const w2v_block *block = v->block;
    float *in_rows[INPUTS], *out_rows[GROUP];
    vec sums[INPUTS * GROUP];
    UNROLL for (size_t a = 0; a < inputs; a++) in_rows[a] = v->inputs[i + a];
    UNROLL for (size_t b = 0; b < outputs; b++) out_rows[b] = block->outputs[o + b];
    UNROLL for (size_t slot = 0; slot < INPUTS * GROUP; slot++) sums[slot] = vec_zero();
    tile_dots(in_rows, inputs, out_rows, outputs, GROUP, block->stride, sums);
    return gradients_of(block, inputs, softmax, sums, o, at);
}

INLINE bool group_gradients(const view *v, const size_t outputs, const bool softmax, size_t o) {
    const size_t inputs = outputs <= DEFAULT_OUTPUTS ? INPUTS : INPUTS / 2;
    bool infinite = false;
    size_t i = 0, at = w2v_block_slot(v->ni, 0, o);
    for (; i + inputs <= v->ni; i += inputs, at += inputs * GROUP)
        infinite |= tile_gradients(v, inputs, outputs, softmax, i, o, at);
    if (inputs > 2 && i + 2 <= v->ni) {
        infinite |= tile_gradients(v, 2, outputs, softmax, i, o, at);
        i += 2;
        at += 2 * GROUP;
    }
    if (i < v->ni) infinite |= tile_gradients(v, 1, outputs, softmax, i, o, at);
    return infinite;
}

INLINE bool all_gradients(const view *v, const bool softmax) {
    const size_t no = v->block->no;
    bool infinite = false;
    size_t o = 0;
    for (; o + GROUP <= no; o += GROUP) infinite |= group_gradients(v, GROUP, softmax, o);
    if (no - o == 6) infinite |= group_gradients(v, 6, softmax, o);
    if (no - o == 4) infinite |= group_gradients(v, 4, softmax, o);
    if (no - o == 2) infinite |= group_gradients(v, 2, softmax, o);
    return infinite;
}

OUTLINE bool take_gradients(const view *v) { return all_gradients(v, false); }

OUTLINE bool take_softmax_gradients(const view *v) {
    if (all_gradients(v, true)) return true;
    softmax_gradients(v->block, v->ni);
    return false;
}

#include "block_apply_tmpl.h"
#include "block_quad_tmpl.h"
#include "block_weighted_tmpl.h"

OUTLINE w2v_status step(const view *v) {
    if (v->block->weights && !v->block->softmax) return weighted_step(v);
    if (v->block->softmax ? take_softmax_gradients(v) : take_gradients(v)) return W2V_NOT_FINITE;
    apply_gradients(v);
    return W2V_OK;
}

OUTLINE w2v_status update(const w2v_block *block) {
    if (block->softmax && block->target >= block->classes) return W2V_OUT_OF_RANGE;
    if (block->ni == 0 || block->no == 0) return W2V_OK;
    const view v = view_of(block, block->inputs, block->inputs, block->ni);
    return step(&v);
}

/* ---- the mean as the one input ---- */

/* `width` registers from d on: the inputs' mean, kept in block->mean too. */
INLINE void mean_of_inputs(const w2v_block *block, const size_t width, size_t d, vec reciprocal, vec *mean) {
    UNROLL for (size_t c = 0; c < width; c++) mean[c] = vec_load(block->inputs[0] + d + c * LANES);
    for (size_t i = 1; i < block->ni; i++)
        UNROLL for (size_t c = 0; c < width; c++) mean[c] =
            vec_add(mean[c], vec_load(block->inputs[i] + d + c * LANES));
    UNROLL for (size_t c = 0; c < width; c++) {
        mean[c] = vec_mul(mean[c], reciprocal);
        vec_store(block->mean + d + c * LANES, mean[c]);
    }
}

INLINE void add_to_inputs(const w2v_block *block, const size_t width, size_t d, vec gain, vec *error) {
    UNROLL for (size_t c = 0; c < width; c++) error[c] = vec_mul(error[c], gain);
    for (size_t i = 0; i < block->ni; i++)
        UNROLL for (size_t c = 0; c < width; c++) add_to(block->inputs[i] + d + c * LANES, error[c]);
}

INLINE void mean_dots(const w2v_block *block, float *const *outputs, const size_t no, const size_t width, size_t d,
                      vec reciprocal, vec *sums) {
    vec mean[WIDE];
    mean_of_inputs(block, width, d, reciprocal, mean);
    UNROLL for (size_t c = 0; c < width; c++) UNROLL for (size_t b = 0; b < no; b++) sums[b] =
        vec_fma(mean[c], vec_load(outputs[b] + d + c * LANES), sums[b]);
}

/* The gradients of the mean and those of the outputs, in every lane. They differ if there are weights. */
typedef struct mean_gradients {
    vec of_mean[OCTET], of_outputs[OCTET];
} mean_gradients;

INLINE void mean_gains(const w2v_block *block, float *const *outputs, const output_shape shape, const size_t width,
                       size_t d, vec gain, const mean_gradients *g) {
    vec error[WIDE];
    UNROLL for (size_t c = 0; c < width; c++) {
        vec out[OCTET], even, odd; /* two sums: half the time to wait */
        const vec mean = vec_load(block->mean + d + c * LANES);
        fetch_ahead(block, d + c * LANES);
        UNROLL for (size_t b = 0; b < shape.outputs; b++) out[b] = vec_load(outputs[b] + d + c * LANES);
        even = vec_mul(g->of_mean[0], out[0]);
        odd = vec_mul(g->of_mean[1], out[1]);
        UNROLL for (size_t b = 2; b < shape.outputs; b += 2) {
            even = vec_fma(g->of_mean[b], out[b], even);
            odd = vec_fma(g->of_mean[b + 1], out[b + 1], odd);
        }
        error[c] = vec_add(even, odd);
        if (shape.weighted)
            error[c] = vec_fma(vec_spread(&block->weights->scale), vec_load(block->weights->control + d + c * LANES),
                               error[c]);
        UNROLL for (size_t b = 0; b < shape.written; b++) {
            float *row = outputs[b] + d + c * LANES;
            vec_store(row, vec_fma(g->of_outputs[b], mean, vec_load(row)));
        }
    }
    add_to_inputs(block, width, d, gain, error);
}

/* A constant number of outputs: one pass for the mean and its dot products, another for the updates of all rows. */
INLINE w2v_status update_mean_of_shape(const w2v_block *block, const output_shape shape, vec reciprocal, vec gain) {
    const size_t stride = block->stride;
    float *outputs[OCTET];
    vec sums[ONE_INPUT];
    mean_gradients g;
    UNROLL for (size_t b = 0; b < shape.outputs; b++) outputs[b] = block->outputs[b];
    UNROLL for (size_t slot = 0; slot < ONE_INPUT; slot++) sums[slot] = vec_zero();
    size_t d = 0;
    for (; d + WIDE * LANES <= stride; d += WIDE * LANES)
        mean_dots(block, outputs, shape.outputs, WIDE, d, reciprocal, sums);
    for (; d < stride; d += LANES) mean_dots(block, outputs, shape.outputs, 1, d, reciprocal, sums);
    if (gradients_of(block, 1, false, sums, 0, 0)) return W2V_NOT_FINITE;
    const float *of_mean = shape.weighted ? block->weights->gradients : block->gradients;
    UNROLL for (size_t b = 0; b < shape.outputs; b++) g.of_mean[b] = vec_spread(of_mean + b);
    UNROLL for (size_t b = 0; b < shape.written; b++) g.of_outputs[b] = vec_spread(block->gradients + b);
    for (d = 0; d + WIDE * LANES <= stride; d += WIDE * LANES) mean_gains(block, outputs, shape, WIDE, d, gain, &g);
    for (; d < stride; d += LANES) mean_gains(block, outputs, shape, 1, d, gain, &g);
    return W2V_OK;
}

OUTLINE w2v_status update_mean(const w2v_block *block) {
    if (block->softmax && block->target >= block->classes) return W2V_OUT_OF_RANGE;
    if (block->ni == 0 || block->no == 0) return W2V_OK;
    const float one_by_inputs = 1.0f / (float)block->ni, gain_of_one = block->divided ? one_by_inputs : 1;
    const vec reciprocal = vec_spread(&one_by_inputs), gain = vec_spread(&gain_of_one);
    if (!block->softmax) {
        if (has_shape(block, DEFAULT_SHAPE)) return update_mean_of_shape(block, DEFAULT_SHAPE, reciprocal, gain);
        if (has_shape(block, QUAD_SHAPE)) return update_mean_of_shape(block, QUAD_SHAPE, reciprocal, gain);
        if (has_shape(block, OCTET_SHAPE)) return update_mean_of_shape(block, OCTET_SHAPE, reciprocal, gain);
    }

    float *mean = block->mean, *error = block->mean + block->stride;
    for (size_t d = 0; d < block->stride; d += LANES) {
        vec columns[1];
        mean_of_inputs(block, 1, d, reciprocal, columns);
        vec_store(error + d, vec_zero());
    }
    const view v = view_of(block, &mean, &error, 1);
    if (step(&v) != W2V_OK) return W2V_NOT_FINITE;
    for (size_t d = 0; d < block->stride; d += LANES) {
        vec columns[1] = {vec_load(error + d)};
        add_to_inputs(block, 1, d, gain, columns);
    }
    return W2V_OK;
}

OUTLINE float dot(const float *x, const float *y, size_t stride) {
    vec sums[LANES];
    float lanes[LANES];
    UNROLL for (size_t s = 0; s < LANES; s++) sums[s] = vec_zero();
    for (size_t d = 0; d < stride; d += LANES) sums[0] = vec_fma(vec_load(x + d), vec_load(y + d), sums[0]);
    vec_store(lanes, vec_sums(sums));
    return lanes[0];
}
