/*
 * block_apply_shape_tmpl.h - the second pass, specialized for the default number of outputs. The sums of all outputs,
 * and of a tile of inputs, stay in registers. block_apply_tmpl.h includes this file and has the contract.
 */

/* Accumulates the products of n inputs and the outputs into the sums of both, for one register of each. The order is
 * that of a Latin square: each sum is updated once per round, so that no addition waits for the previous one. */
INLINE void accumulate_pairs(float *const *inputs, const vec *out, const size_t n, size_t d, const float *gradients,
                             vec *in_sums, vec *out_sums) {
    vec in[DEFAULT_TILE];
    UNROLL for (size_t i = 0; i < n; i++) in[i] = vec_load(inputs[i] + d);
    UNROLL for (size_t round = 0; round < DEFAULT_OUTPUTS; round++) {
        UNROLL for (size_t i = 0; i < n; i++) {
            const size_t b = (i + round) % DEFAULT_OUTPUTS;
            const vec g = vec_spread(gradients + i * GROUP + b);
            out_sums[b] = vec_fma(g, in[i], out_sums[b]);
            in_sums[i] = vec_fma(g, out[b], in_sums[i]);
        }
    }
}

/* One tile of n inputs. */
INLINE void accumulate_tile(float *const *inputs, const vec *out, const size_t n, size_t d, const bool distinct,
                            const float *gradients, vec *in_sums, vec *out_sums) {
    start(inputs, n, d, distinct, in_sums);
    accumulate_pairs(inputs, out, n, d, gradients, in_sums, out_sums);
    if (distinct) finish(inputs, n, d, distinct, in_sums);
}

/* At most FEW_INPUTS inputs, in tiles of about the same size, and DEFAULT_OUTPUTS outputs. The targets must be the
 * inputs. The tiles are two statements, because compilers do not unroll a loop whose last step is shorter. */
INLINE void few_inputs_default(const view *v, const size_t ni, const bool distinct) {
    const w2v_block *block = v->block;
    const float *const gradients = block->gradients;
    const size_t stride = block->stride;
    float *inputs[FEW_INPUTS], *outputs[DEFAULT_OUTPUTS];
    UNROLL for (size_t i = 0; i < ni; i++) inputs[i] = v->inputs[i];
    UNROLL for (size_t b = 0; b < DEFAULT_OUTPUTS; b++) outputs[b] = block->outputs[b];
    const size_t tiles = (ni + DEFAULT_TILE - 1) / DEFAULT_TILE, n = (ni + tiles - 1) / tiles, rest = ni % n;
    for (size_t d = 0; d < stride; d += LANES) {
        vec in_sums[FEW_INPUTS], out_sums[DEFAULT_OUTPUTS], out[DEFAULT_OUTPUTS];
        fetch_ahead(block, d);
        start(outputs, DEFAULT_OUTPUTS, d, distinct, out_sums);
        UNROLL for (size_t b = 0; b < DEFAULT_OUTPUTS; b++) out[b] = vec_load(outputs[b] + d);
        UNROLL for (size_t i = 0; i + n <= ni; i += n)
            accumulate_tile(inputs + i, out, n, d, distinct, gradients + i * GROUP, in_sums + i, out_sums);
        if (rest > 0)
            accumulate_tile(inputs + ni - rest, out, rest, d, distinct, gradients + (ni - rest) * GROUP,
                            in_sums + ni - rest, out_sums);
        if (!distinct) finish(inputs, ni, d, distinct, in_sums);
        finish(outputs, DEFAULT_OUTPUTS, d, distinct, out_sums);
    }
}
