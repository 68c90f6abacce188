/*
 * block_weighted_tmpl.h - the step of a block whose outputs have weights (w2v_block_weights), for any shape. Column by
 * column all sums are made, of the old values, before one is added, so that rows may stand in the block twice.
 */

enum { WEIGHTED_TILE = 4 };

/* The sums of n inputs, for one register. */
INLINE void weighted_inputs(const view *v, const size_t n, size_t d, size_t i, vec control) {
    const w2v_block *block = v->block;
    const float *gradients = block->weights->gradients + i * GROUP;
    const size_t width = w2v_block_even(v->ni) * GROUP;
    vec sums[WEIGHTED_TILE];
    UNROLL for (size_t k = 0; k < n; k++) sums[k] = control;
    for (size_t o = 0; o < block->no; o += GROUP, gradients += width) {
        const size_t last = block->no - o < GROUP ? block->no - o : GROUP;
        for (size_t b = 0; b < last; b++) {
            const vec out = vec_load(block->outputs[o + b] + d);
            UNROLL for (size_t k = 0; k < n; k++) sums[k] =
                vec_fma(vec_spread(gradients + k * GROUP + b), out, sums[k]);
        }
    }
    UNROLL for (size_t k = 0; k < n; k++) vec_store(v->in_sums_pending + (i + k) * LANES, sums[k]);
}

/* A block may have fewer outputs than usual. */
INLINE size_t written_outputs(const w2v_block *block) {
    return block->weights->written < block->no ? block->weights->written : block->no;
}

INLINE void weighted_outputs(const view *v, size_t d) {
    const w2v_block *block = v->block;
    for (size_t o = 0; o < written_outputs(block); o++) {
        const float *gradients = block->gradients + w2v_block_slot(v->ni, 0, o);
        vec even = vec_zero(), odd = vec_zero(); /* two sums: half the time to wait */
        size_t i = 0;
        for (; i + 2 <= v->ni; i += 2) {
            even = vec_fma(vec_spread(gradients + i * GROUP), vec_load(v->inputs[i] + d), even);
            odd = vec_fma(vec_spread(gradients + (i + 1) * GROUP), vec_load(v->inputs[i + 1] + d), odd);
        }
        if (i < v->ni) even = vec_fma(vec_spread(gradients + i * GROUP), vec_load(v->inputs[i] + d), even);
        vec_store(v->out_sums_pending + o * LANES, vec_add(even, odd));
    }
}

OUTLINE w2v_status weighted_step(const view *v) {
    const w2v_block *block = v->block;
    const w2v_block_weights *weights = block->weights;
    const bool updated = v->targets == v->inputs; /* the shapes' second pass requires it */
    const bool quad = updated && !block->dots && has_shape(block, QUAD_SHAPE);
    if (quad ? quad_gradients(v) : take_gradients(v)) return W2V_NOT_FINITE;
    if (quad || (updated && has_shape(block, OCTET_SHAPE))) {
        if (v->ni <= FEW_INPUTS) {
            apply_gradients(v);
        } else if (quad) {
            apply_many_to_shape(v, QUAD_SHAPE);
        } else {
            apply_many_to_shape(v, OCTET_SHAPE);
        }
        return W2V_OK;
    }
    const vec scale = vec_spread(&weights->scale);
    for (size_t d = 0; d < block->stride; d += LANES) {
        const vec control = vec_mul(scale, vec_load(weights->control + d));
        size_t i = 0;
        fetch_ahead(block, d);
        for (; i + WEIGHTED_TILE <= v->ni; i += WEIGHTED_TILE) weighted_inputs(v, WEIGHTED_TILE, d, i, control);
        for (; i < v->ni; i++) weighted_inputs(v, 1, d, i, control);
        weighted_outputs(v, d);
        for (i = 0; i < v->ni; i++) add_to(v->targets[i] + d, vec_load(v->in_sums_pending + i * LANES));
        for (size_t o = 0; o < written_outputs(block); o++)
            add_to(block->outputs[o] + d, vec_load(v->out_sums_pending + o * LANES));
    }
    return W2V_OK;
}
