/*
 * block_quad_tmpl.h - the step of a block with weights, specialized for QUAD outputs, of which the first QUAD_WRITTEN
 * are written: one center and three negative samples, two of them updated. Its gradients are by input, then by output:
 * the dot products of LANES / QUAD inputs are summed over their lanes together.
 */

enum { QUAD = 4, QUAD_WRITTEN = 3, QUAD_TILE = 3 };

/* Dot products and gradients of n inputs. True if a dot product is not finite. */
INLINE bool quad_gradients(const w2v_block *block, float *const *inputs, float *const *outputs, const size_t n,
                           size_t i) {
    const w2v_block_weights *w = block->weights;
    vec sums[INPUTS * QUAD + LANES];
    bool infinite = false;
    UNROLL for (size_t slot = 0; slot < INPUTS * QUAD + LANES; slot++) sums[slot] = vec_zero();
    for (size_t d = 0; d < block->stride; d += LANES) {
        vec in[INPUTS];
        UNROLL for (size_t a = 0; a < n; a++) in[a] = vec_resident(vec_load(inputs[i + a] + d));
        UNROLL for (size_t b = 0; b < QUAD; b++) {
            const vec out = vec_load(outputs[b] + d);
            UNROLL for (size_t a = 0; a < n; a++) sums[a * QUAD + b] = vec_fma(in[a], out, sums[a * QUAD + b]);
        }
    }
    UNROLL for (size_t slot = 0; slot < n * QUAD; slot += LANES) {
        const vec x = vec_sums(sums + slot), g = vec_gradient(block, vec_quad(block->labels), x);
        infinite |= vec_any_infinite(x);
        vec_store(block->gradients + i * QUAD + slot, vec_mul(g, vec_quad(w->outputs)));
        vec_store(w->gradients + i * QUAD + slot, vec_fma(g, vec_quad(w->inputs), vec_quad(w->shift)));
    }
    return infinite;
}

/* One tile of n inputs: its products with the outputs are added to the sums of both. */
INLINE void quad_tile(const w2v_block *block, float *const *inputs, const vec *out, const size_t n, size_t d, size_t i,
                      const bool distinct, vec control, vec *in_sums, vec *out_sums) {
    const float *to_inputs = block->weights->gradients + i * QUAD, *to_outputs = block->gradients + i * QUAD;
    vec in[QUAD_TILE];
    UNROLL for (size_t k = 0; k < n; k++) in[k] = vec_load(inputs[i + k] + d);
    UNROLL for (size_t k = 0; k < n; k++) in_sums[k] = distinct ? vec_add(in[k], control) : control;
    UNROLL for (size_t round = 0; round < QUAD; round++) {
        UNROLL for (size_t k = 0; k < n; k++) {
            const size_t b = (k + round) % QUAD;
            in_sums[k] = vec_fma(vec_spread(to_inputs + k * QUAD + b), out[b], in_sums[k]);
            if (b < QUAD_WRITTEN) out_sums[b] = vec_fma(vec_spread(to_outputs + k * QUAD + b), in[k], out_sums[b]);
        }
    }
    if (distinct) finish(inputs + i, n, d, true, in_sums);
}

INLINE w2v_status quad_of(const view *v, const size_t ni, const bool distinct) {
    const w2v_block *block = v->block;
    const size_t stride = block->stride;
    float *inputs[FEW_INPUTS], *outputs[QUAD];
    bool infinite = false;
    UNROLL for (size_t i = 0; i < ni; i++) inputs[i] = v->inputs[i];
    UNROLL for (size_t b = 0; b < QUAD; b++) outputs[b] = block->outputs[b];
    UNROLL for (size_t i = 0; i + INPUTS <= ni; i += INPUTS) infinite |=
        quad_gradients(block, inputs, outputs, INPUTS, i);
    if (ni % INPUTS > 0) infinite |= quad_gradients(block, inputs, outputs, ni % INPUTS, ni - ni % INPUTS);
    if (infinite) return W2V_NOT_FINITE;

    const vec scale = vec_spread(&block->weights->scale);
    const size_t tiles = (ni + QUAD_TILE - 1) / QUAD_TILE, n = (ni + tiles - 1) / tiles, rest = ni % n;
    for (size_t d = 0; d < stride; d += LANES) {
        const vec control = vec_mul(scale, vec_load(block->weights->control + d));
        vec in_sums[FEW_INPUTS], out_sums[QUAD], out[QUAD];
        fetch_ahead(block, d);
        start(outputs, QUAD_WRITTEN, d, distinct, out_sums);
        UNROLL for (size_t b = 0; b < QUAD; b++) out[b] = vec_load(outputs[b] + d);
        UNROLL for (size_t i = 0; i + n <= ni; i += n)
            quad_tile(block, inputs, out, n, d, i, distinct, control, in_sums + i, out_sums);
        if (rest > 0)
            quad_tile(block, inputs, out, rest, d, ni - rest, distinct, control, in_sums + ni - rest, out_sums);
        if (!distinct) finish(inputs, ni, d, false, in_sums);
        finish(outputs, QUAD_WRITTEN, d, distinct, out_sums);
    }
    return W2V_OK;
}

INLINE bool is_quad(const view *v) {
    const w2v_block *block = v->block;
    return block->no == QUAD && block->weights->written == QUAD_WRITTEN && v->ni <= FEW_INPUTS && !block->dots &&
           v->targets == v->inputs;
}

INLINE w2v_status quad_of_few(const view *v, const size_t ni) {
    return v->block->distinct_inputs && v->block->distinct_outputs ? quad_of(v, ni, true) : quad_of(v, ni, false);
}

INLINE w2v_status quad_step(const view *v) {
    switch (v->ni) {
    case 1:
        return quad_of_few(v, 1);
    case 2:
        return quad_of_few(v, 2);
    case 3:
        return quad_of_few(v, 3);
    case 4:
        return quad_of_few(v, 4);
    case 5:
        return quad_of_few(v, 5);
    case 6:
        return quad_of_few(v, 6);
    case 7:
        return quad_of_few(v, 7);
    case 8:
        return quad_of_few(v, 8);
    case 9:
        return quad_of_few(v, 9);
    default:
        return quad_of_few(v, FEW_INPUTS);
    }
}
