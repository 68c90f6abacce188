/*
 * block_apply_shape_tmpl.h - the second pass, specialized for a constant number of outputs. The sums of all outputs,
 * and of a tile of inputs, stay in registers. block_apply_tmpl.h includes this file and has the contract.
 */

/* The numbers of outputs of most blocks with weights (w2v_block_weights): for 5 negatives and for 10. */
enum { QUAD = 4, OCTET = 8 };

typedef struct output_shape {
    size_t outputs; /* at most OCTET */
    size_t written; /* outputs that are updated: the first so many */
    size_t group;   /* gradients of an input */
    bool weighted;  /* w2v_block_weights has the gradients of the inputs, and the control row */
} output_shape;

#define DEFAULT_SHAPE ((output_shape){DEFAULT_OUTPUTS, DEFAULT_OUTPUTS, GROUP, false})
#define QUAD_SHAPE ((output_shape){QUAD, QUAD, QUAD, true})
#define OCTET_SHAPE ((output_shape){OCTET, OCTET, GROUP, true})

INLINE bool has_shape(const w2v_block *block, const output_shape shape) {
    if (block->no != shape.outputs) return false;
    return shape.weighted ? block->weights && block->weights->written == shape.written : !block->weights;
}

/* One tile of n inputs, from the first one: accumulates their products with the outputs into the sums of both, for one
 * register of each. The order is that of a Latin square: each sum is updated once per round, so that no addition waits
 * for the previous one. */
INLINE void accumulate_tile(const w2v_block *block, float *const *inputs, const vec *out, const size_t n,
                            const output_shape shape, size_t d, size_t first, const bool distinct, vec control,
                            vec *in_sums, vec *out_sums) {
    const float *const to_outputs = block->gradients + first * shape.group;
    const float *const to_inputs = shape.weighted ? block->weights->gradients + first * shape.group : to_outputs;
    vec in[DEFAULT_TILE];
    UNROLL for (size_t i = 0; i < n; i++) in[i] = vec_load(inputs[first + i] + d);
    start(inputs + first, n, d, distinct, in_sums);
    if (shape.weighted)
        UNROLL for (size_t i = 0; i < n; i++) in_sums[i] = distinct ? vec_add(in_sums[i], control) : control;
    UNROLL for (size_t round = 0; round < shape.outputs; round++) {
        UNROLL for (size_t i = 0; i < n; i++) {
            const size_t b = (i + round) % shape.outputs, at = i * shape.group + b;
            if (b < shape.written) out_sums[b] = vec_fma(vec_spread(to_outputs + at), in[i], out_sums[b]);
            in_sums[i] = vec_fma(vec_spread(to_inputs + at), out[b], in_sums[i]);
        }
    }
    if (distinct) finish(inputs + first, n, d, distinct, in_sums);
}

/* At most FEW_INPUTS inputs, in tiles of about the same size. The targets must be the inputs. The tiles are two
 * statements, because compilers do not unroll a loop whose last step is shorter. */
INLINE void few_inputs_of_shape(const view *v, const size_t ni, const output_shape shape, const bool distinct) {
    const w2v_block *block = v->block;
    const size_t stride = block->stride;
    float *inputs[FEW_INPUTS], *outputs[OCTET];
    UNROLL for (size_t i = 0; i < ni; i++) inputs[i] = v->inputs[i];
    UNROLL for (size_t b = 0; b < shape.outputs; b++) outputs[b] = block->outputs[b];
    const vec scale = shape.weighted ? vec_spread(&block->weights->scale) : vec_zero();
    const size_t tiles = (ni + DEFAULT_TILE - 1) / DEFAULT_TILE, n = (ni + tiles - 1) / tiles, rest = ni % n;
    for (size_t d = 0; d < stride; d += LANES) {
        const vec control = shape.weighted ? vec_mul(scale, vec_load(block->weights->control + d)) : scale;
        vec in_sums[FEW_INPUTS], out_sums[OCTET], out[OCTET];
        fetch_ahead(block, d);
        start(outputs, shape.written, d, distinct, out_sums);
        UNROLL for (size_t b = 0; b < shape.outputs; b++) out[b] = vec_load(outputs[b] + d);
        UNROLL for (size_t i = 0; i + n <= ni; i += n)
            accumulate_tile(block, inputs, out, n, shape, d, i, distinct, control, in_sums + i, out_sums);
        if (rest > 0)
            accumulate_tile(block, inputs, out, rest, shape, d, ni - rest, distinct, control, in_sums + ni - rest,
                            out_sums);
        if (!distinct) finish(inputs, ni, d, distinct, in_sums);
        finish(outputs, shape.written, d, distinct, out_sums);
    }
}

INLINE void apply_to_shape(const view *v, const size_t ni, const output_shape shape) {
    if (v->block->distinct_inputs && v->block->distinct_outputs) {
        few_inputs_of_shape(v, ni, shape, true);
    } else {
        few_inputs_of_shape(v, ni, shape, false);
    }
}

/* The sums of one tile are stored in the workspace, unless they replaced the rows. */
INLINE void keep_tile(const view *v, const size_t n, const output_shape shape, size_t d, size_t i, const bool distinct,
                      vec control, const vec *out, vec *out_sums) {
    vec in_sums[DEFAULT_TILE];
    accumulate_tile(v->block, v->inputs, out, n, shape, d, i, distinct, control, in_sums, out_sums);
    if (!distinct) UNROLL for (size_t k = 0; k < n; k++) vec_store(v->in_sums_pending + (i + k) * LANES, in_sums[k]);
}

/* Any number of inputs. */
INLINE void many_inputs_of_shape(const view *v, const output_shape shape, const bool distinct) {
    const w2v_block *block = v->block;
    const size_t ni = v->ni, stride = block->stride, rest = ni % DEFAULT_TILE;
    float *outputs[OCTET];
    UNROLL for (size_t b = 0; b < shape.outputs; b++) outputs[b] = block->outputs[b];
    const vec scale = vec_spread(&block->weights->scale);
    for (size_t d = 0; d < stride; d += LANES) {
        const vec control = vec_mul(scale, vec_load(block->weights->control + d));
        vec out_sums[OCTET], out[OCTET];
        size_t i = 0;
        fetch_ahead(block, d);
        start(outputs, shape.written, d, distinct, out_sums);
        UNROLL for (size_t b = 0; b < shape.outputs; b++) out[b] = vec_load(outputs[b] + d);
        for (; i + DEFAULT_TILE <= ni; i += DEFAULT_TILE)
            keep_tile(v, DEFAULT_TILE, shape, d, i, distinct, control, out, out_sums);
        if (rest == 2) keep_tile(v, 2, shape, d, i, distinct, control, out, out_sums);
        if (rest == 1) keep_tile(v, 1, shape, d, i, distinct, control, out, out_sums);
        if (!distinct)
            for (i = 0; i < ni; i++) add_to(v->inputs[i] + d, vec_load(v->in_sums_pending + i * LANES));
        finish(outputs, shape.written, d, distinct, out_sums);
    }
}

INLINE void apply_many_to_shape(const view *v, const output_shape shape) {
    if (v->block->distinct_inputs && v->block->distinct_outputs) {
        many_inputs_of_shape(v, shape, true);
    } else {
        many_inputs_of_shape(v, shape, false);
    }
}
