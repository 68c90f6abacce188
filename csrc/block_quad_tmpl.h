/*
 * block_quad_tmpl.h - the first pass of a block with weights, specialized for QUAD outputs: one center and three
 * negative samples. Its gradients are by input, then by output: the dot products of LANES / QUAD inputs are summed over
 * their lanes together. The second pass is that of QUAD_SHAPE.
 */

/* Dot products and gradients of n inputs from i on. True if a dot product is not finite. */
INLINE bool quad_tile_gradients(const view *v, const size_t n, size_t i) {
    const w2v_block *block = v->block;
    const w2v_block_weights *w = block->weights;
    float *in_rows[INPUTS], *out_rows[QUAD];
    vec sums[INPUTS * QUAD + LANES];
    bool infinite = false;
    UNROLL for (size_t a = 0; a < n; a++) in_rows[a] = v->inputs[i + a];
    UNROLL for (size_t b = 0; b < QUAD; b++) out_rows[b] = block->outputs[b];
    UNROLL for (size_t slot = 0; slot < INPUTS * QUAD + LANES; slot++) sums[slot] = vec_zero();
    tile_dots(in_rows, n, out_rows, QUAD, QUAD, block->stride, sums);
    UNROLL for (size_t slot = 0; slot < n * QUAD; slot += LANES) {
        const vec x = vec_sums(sums + slot), g = vec_gradient(block, vec_quad(block->labels), x);
        infinite |= vec_any_infinite(x);
        vec_store(block->gradients + i * QUAD + slot, vec_mul(g, vec_quad(w->outputs)));
        vec_store(w->gradients + i * QUAD + slot, vec_fma(g, vec_quad(w->inputs), vec_quad(w->shift)));
    }
    return infinite;
}

OUTLINE bool quad_gradients(const view *v) {
    bool infinite = false;
    size_t i = 0;
    for (; i + INPUTS <= v->ni; i += INPUTS) infinite |= quad_tile_gradients(v, INPUTS, i);
    const size_t rest = v->ni - i;
    if (INPUTS > 2 && rest == INPUTS - 1) return infinite | quad_tile_gradients(v, INPUTS - 1, i);
    if (INPUTS > 2 && rest == 2) return infinite | quad_tile_gradients(v, 2, i);
    if (rest > 0) infinite |= quad_tile_gradients(v, 1, i);
    return infinite;
}
