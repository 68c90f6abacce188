/*
 * block_update.h - the block update, written once for every vector instruction set.
 *
 * A kernels_*.c includes this file after it has defined, for its registers of LANES floats:
 *   TARGET                     the attribute that lets a function use the instructions
 *   INPUTS                     inputs of a tile: 4, or 2 where 16 registers are all there are
 *   vec                        the register type
 *   vec_zero() vec_load(p) vec_store(p, v) vec_spread(p)      vec_spread: *p in every lane
 *   vec_add(a, b) vec_mul(a, b) vec_fma(a, b, c)              a * b + c
 *   vec_sums(v)                from LANES registers one: lane k holds the sum of v[k]
 *   vec_labels(labels, slot)   the labels of slots slot, slot + 1, ...; slot s belongs to output s % GROUP
 *   vec_gradient(block, labels, x)   alpha * (label - s(x)) in every lane, s from the block's table
 *   vec_any_infinite(x)        whether a lane is infinite or NaN
 *
 * First pass: all dot products, in tiles of INPUTS x 6 that stay in registers, and from them the gradients.
 * No row is written before the last dot product is known to be finite. Second pass: column by column, both sides at once.
 * Every row's column is read before any is written. Where no row stands in the block twice, its sum starts at the old
 * value; elsewhere rows are added to, so that each receives all its shares.
 */
#include "w2v_internal.h"

#define INLINE static inline __attribute__((always_inline)) TARGET W2V_HOGWILD
#define OUTLINE static TARGET W2V_HOGWILD

#include "softmax.h"

/* For loops whose bounds are constants once the functions around them are inlined. */
#define UNROLL _Pragma("GCC unroll 16")

enum {
    OUTPUTS = W2V_BLOCK_OUTPUTS, /* outputs of a group */
    GROUP = W2V_BLOCK_GROUP,     /* their slots among the gradients */
    FEW = 10,                    /* inputs whose shares the second pass keeps in registers: the original's window of 5 */
    PART = 5,                    /* the most of them that meet a group at one time */
    CHUNK = 4,                   /* of more inputs, those whose shares are in registers at one time */
    LINE = 16,                   /* floats of a cache line */
    WIDE = 2,                    /* registers of a row that update_mean takes at once */
};

/* The block as both passes see it: for CBOW the one input is the contexts' mean, and the sink collects its error. */
typedef struct view {
    const w2v_block *block;
    float *const *inputs;
    float *const *sinks;
    size_t ni;
} view;

/* ---- first pass ---- */

/* Dot products to gradients, for the slots of `inputs` inputs and one group; the softmax waits for all of them. True if one
 * is not finite. */
INLINE bool gradients_of(const w2v_block *block, const size_t inputs, const bool softmax, const vec *sums, size_t o,
                         size_t at) {
    bool infinite = false;
    UNROLL for (size_t slot = 0; slot < inputs * GROUP; slot += LANES) {
        const vec x = vec_sums(sums + slot);
        infinite |= vec_any_infinite(x);
        if (block->dots) vec_store(block->dots + at + slot, x);
        vec_store(block->gradients + at + slot,
                  softmax ? x : vec_gradient(block, vec_labels(block->labels + o, slot), x));
    }
    return infinite;
}

/* `inputs` inputs from i on and `outputs` outputs from o on, a group or the last part of one. */
INLINE bool tile_gradients(const view *v, const size_t inputs, const size_t outputs, const bool softmax, size_t i, size_t o,
                           size_t at) {
    const w2v_block *block = v->block;
    const float *in_rows[INPUTS], *out_rows[OUTPUTS];
    vec sums[INPUTS * GROUP];
    UNROLL for (size_t a = 0; a < inputs; a++) in_rows[a] = v->inputs[i + a];
    UNROLL for (size_t b = 0; b < outputs; b++) out_rows[b] = block->outputs[o + b];
    UNROLL for (size_t slot = 0; slot < INPUTS * GROUP; slot++) sums[slot] = vec_zero();
    for (size_t d = 0; d < block->stride; d += LANES) {
        vec in[INPUTS];
        UNROLL for (size_t a = 0; a < inputs; a++) in[a] = vec_load(in_rows[a] + d);
        UNROLL for (size_t b = 0; b < outputs; b++) {
            const vec out = vec_load(out_rows[b] + d);
            UNROLL for (size_t a = 0; a < inputs; a++) sums[a * GROUP + b] = vec_fma(in[a], out, sums[a * GROUP + b]);
        }
    }
    return gradients_of(block, inputs, softmax, sums, o, at);
}

INLINE bool group_gradients(const view *v, const size_t outputs, const bool softmax, size_t o) {
    bool infinite = false;
    size_t i = 0, at = w2v_block_slot(v->ni, 0, o);
    for (; i + INPUTS <= v->ni; i += INPUTS, at += INPUTS * GROUP)
        infinite |= tile_gradients(v, INPUTS, outputs, softmax, i, o, at);
    if (INPUTS > 2 && i + 2 <= v->ni) {
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
    for (; o + OUTPUTS <= no; o += OUTPUTS) infinite |= group_gradients(v, OUTPUTS, softmax, o);
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

/* ---- second pass ---- */

INLINE void add_to(float *row, vec share) { vec_store(row, vec_add(vec_load(row), share)); }

/* The next block's rows, so that they are there when it comes: the memory works while this block is computed. */
INLINE void fetch_ahead(const w2v_block *block, size_t d) {
    if (d % LINE != 0) return;
    for (size_t n = 0; n < block->next_count; n++) __builtin_prefetch(block->next[n] + d, 1);
}

/* The sums of `ni` inputs and of `no` outputs, a register of each, grow by the shares of their pairs. The order is that of
 * a Latin square: every sum grows once in a round, so that no addition waits for the one before it. */
INLINE void add_shares(float *const *inputs, float *const *outputs, const size_t ni, const size_t no, size_t d,
                       const float *gradients, vec *in_sums, vec *out_sums) {
    const size_t part = ni <= PART ? ni : (ni + 1) / 2;
    vec in[PART], out[OUTPUTS];
    UNROLL for (size_t b = 0; b < no; b++) out[b] = vec_load(outputs[b] + d);
    UNROLL for (size_t from = 0; from < ni; from += part) {
        const size_t n = from + part < ni ? part : ni - from;
        UNROLL for (size_t i = 0; i < n; i++) in[i] = vec_load(inputs[from + i] + d);
        UNROLL for (size_t round = 0; round < no; round++) {
            UNROLL for (size_t i = 0; i < n; i++) {
                const size_t b = (i + round) % no;
                const vec g = vec_spread(gradients + (from + i) * GROUP + b);
                out_sums[b] = vec_fma(g, in[i], out_sums[b]);
                in_sums[from + i] = vec_fma(g, out[b], in_sums[from + i]);
            }
        }
    }
}

/* Sums start at the rows' old values, if they are to replace them, or at 0, if they are to be added. */
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

/* At most FEW inputs and one whole group: all sums stay in registers. The sinks must be the inputs. */
INLINE void few_inputs_one_group(const view *v, const size_t ni, const bool distinct) {
    const w2v_block *block = v->block;
    const float *const gradients = block->gradients;
    const size_t stride = block->stride;
    float *inputs[FEW], *outputs[OUTPUTS];
    UNROLL for (size_t i = 0; i < ni; i++) inputs[i] = v->inputs[i];
    UNROLL for (size_t b = 0; b < OUTPUTS; b++) outputs[b] = block->outputs[b];
    for (size_t d = 0; d < stride; d += LANES) {
        vec in_sums[FEW], out_sums[OUTPUTS];
        fetch_ahead(block, d);
        start(outputs, OUTPUTS, d, distinct, out_sums);
        start(inputs, ni, d, distinct, in_sums);
        add_shares(inputs, outputs, ni, OUTPUTS, d, gradients, in_sums, out_sums);
        finish(inputs, ni, d, distinct, in_sums);
        finish(outputs, OUTPUTS, d, distinct, out_sums);
    }
}

/* One of several groups. Its outputs' shares are left in memory if a row of them may stand in another, still to be read. */
INLINE void one_of_groups(const view *v, const size_t ni, const size_t no, size_t d, size_t o, const bool distinct,
                          vec *in_sums) {
    const w2v_block *block = v->block;
    float *const *outputs = block->outputs + o;
    vec out_sums[OUTPUTS];
    start(outputs, no, d, distinct, out_sums);
    add_shares(v->inputs, outputs, ni, no, d, block->gradients + w2v_block_slot(ni, 0, o), in_sums, out_sums);
    if (distinct) {
        finish(outputs, no, d, true, out_sums);
    } else {
        UNROLL for (size_t b = 0; b < no; b++) vec_store(block->shares + (o + b) * LANES, out_sums[b]);
    }
}

INLINE void add_stored_shares(const w2v_block *block, size_t d) {
    for (size_t o = 0; o < block->no; o++) add_to(block->outputs[o] + d, vec_load(block->shares + o * LANES));
}

/* At most FEW inputs, several groups: the inputs' sums stay in registers. */
INLINE void few_inputs_groups(const view *v, const size_t ni, const bool distinct) {
    const w2v_block *block = v->block;
    const size_t no = block->no;
    for (size_t d = 0; d < block->stride; d += LANES) {
        vec in_sums[FEW];
        size_t o = 0;
        fetch_ahead(block, d);
        start(v->sinks, ni, d, distinct, in_sums);
        for (; o + OUTPUTS <= no; o += OUTPUTS) one_of_groups(v, ni, OUTPUTS, d, o, distinct, in_sums);
        if (no - o == 4) one_of_groups(v, ni, 4, d, o, distinct, in_sums);
        if (no - o == 2) one_of_groups(v, ni, 2, d, o, distinct, in_sums);
        finish(v->sinks, ni, d, distinct, in_sums);
        if (!distinct) add_stored_shares(block, d);
    }
}

INLINE void few_inputs(const view *v, const size_t ni) {
    if (v->block->no == OUTPUTS && v->sinks == v->inputs) {
        if (v->block->distinct) {
            few_inputs_one_group(v, ni, true);
        } else {
            few_inputs_one_group(v, ni, false);
        }
    } else if (v->block->distinct) {
        few_inputs_groups(v, ni, true);
    } else {
        few_inputs_groups(v, ni, false);
    }
}

/* `ni` of many inputs, from i on, whose shares wait in memory. */
INLINE void waiting_shares(const view *v, const size_t ni, const size_t no, size_t d, size_t i, size_t o, float *waiting,
                           vec *out_shares) {
    const float *gradients = v->block->gradients + w2v_block_slot(v->ni, i, o);
    vec in_shares[CHUNK];
    UNROLL for (size_t a = 0; a < ni; a++) in_shares[a] = vec_load(waiting + (i + a) * LANES);
    add_shares(v->inputs + i, v->block->outputs + o, ni, no, d, gradients, in_shares, out_shares);
    UNROLL for (size_t a = 0; a < ni; a++) vec_store(waiting + (i + a) * LANES, in_shares[a]);
}

INLINE void many_inputs_shares(const view *v, const size_t no, size_t d, size_t o, float *waiting) {
    vec out_shares[OUTPUTS];
    size_t i = 0;
    UNROLL for (size_t b = 0; b < no; b++) out_shares[b] = vec_zero();
    for (; i + CHUNK <= v->ni; i += CHUNK) waiting_shares(v, CHUNK, no, d, i, o, waiting, out_shares);
    for (; i < v->ni; i++) waiting_shares(v, 1, no, d, i, o, waiting, out_shares);
    if (v->block->distinct) {
        UNROLL for (size_t b = 0; b < no; b++) add_to(v->block->outputs[o + b] + d, out_shares[b]);
    } else {
        UNROLL for (size_t b = 0; b < no; b++) vec_store(v->block->shares + (o + b) * LANES, out_shares[b]);
    }
}

/* Any number of inputs. */
OUTLINE void many_inputs(const view *v) {
    const w2v_block *block = v->block;
    const size_t no = block->no;
    float *const waiting = block->shares + no * LANES;
    for (size_t d = 0; d < block->stride; d += LANES) {
        size_t o = 0;
        fetch_ahead(block, d);
        for (size_t i = 0; i < v->ni; i++) vec_store(waiting + i * LANES, vec_zero());
        for (; o + OUTPUTS <= no; o += OUTPUTS) many_inputs_shares(v, OUTPUTS, d, o, waiting);
        if (no - o == 4) many_inputs_shares(v, 4, d, o, waiting);
        if (no - o == 2) many_inputs_shares(v, 2, d, o, waiting);
        for (size_t i = 0; i < v->ni; i++) add_to(v->sinks[i] + d, vec_load(waiting + i * LANES));
        if (!block->distinct) add_stored_shares(block, d);
    }
}

OUTLINE w2v_status step(const view *v) {
    if (v->block->softmax ? take_softmax_gradients(v) : take_gradients(v)) return W2V_NOT_FINITE;
    switch (v->ni) { /* a text for each number, so that the compiler knows it */
    case 0: break;
    case 1: few_inputs(v, 1); break;
    case 2: few_inputs(v, 2); break;
    case 3: few_inputs(v, 3); break;
    case 4: few_inputs(v, 4); break;
    case 5: few_inputs(v, 5); break;
    case 6: few_inputs(v, 6); break;
    case 7: few_inputs(v, 7); break;
    case 8: few_inputs(v, 8); break;
    case 9: few_inputs(v, 9); break;
    case FEW: few_inputs(v, FEW); break;
    default: many_inputs(v);
    }
    return W2V_OK;
}

OUTLINE w2v_status update(const w2v_block *block) {
    if (block->no == 0) return W2V_OK;
    const view v = {.block = block, .inputs = block->inputs, .sinks = block->inputs, .ni = block->ni};
    return step(&v);
}

/* ---- the mean as the one input ---- */

/* `width` registers from d on: the inputs' mean, kept in block->mean too. */
INLINE void take_mean(const w2v_block *block, const size_t width, size_t d, vec share, vec *mean) {
    UNROLL for (size_t c = 0; c < width; c++) mean[c] = vec_load(block->inputs[0] + d + c * LANES);
    for (size_t i = 1; i < block->ni; i++)
        UNROLL for (size_t c = 0; c < width; c++) mean[c] = vec_add(mean[c], vec_load(block->inputs[i] + d + c * LANES));
    UNROLL for (size_t c = 0; c < width; c++) {
        mean[c] = vec_mul(mean[c], share);
        vec_store(block->mean + d + c * LANES, mean[c]);
    }
}

INLINE void add_to_inputs(const w2v_block *block, const size_t width, size_t d, vec gain, vec *error) {
    UNROLL for (size_t c = 0; c < width; c++) error[c] = vec_mul(error[c], gain);
    for (size_t i = 0; i < block->ni; i++)
        UNROLL for (size_t c = 0; c < width; c++) add_to(block->inputs[i] + d + c * LANES, error[c]);
}

INLINE void mean_dots(const w2v_block *block, float *const *outputs, const size_t width, size_t d, vec share, vec *sums) {
    vec mean[WIDE];
    take_mean(block, width, d, share, mean);
    UNROLL for (size_t c = 0; c < width; c++)
        UNROLL for (size_t b = 0; b < OUTPUTS; b++)
            sums[b] = vec_fma(mean[c], vec_load(outputs[b] + d + c * LANES), sums[b]);
}

INLINE void mean_shares(const w2v_block *block, float *const *outputs, const size_t width, size_t d, vec gain,
                        const vec *g) {
    vec error[WIDE];
    UNROLL for (size_t c = 0; c < width; c++) {
        vec out[OUTPUTS], even, odd; /* two sums: half the time to wait */
        const vec mean = vec_load(block->mean + d + c * LANES);
        fetch_ahead(block, d + c * LANES);
        UNROLL for (size_t b = 0; b < OUTPUTS; b++) out[b] = vec_load(outputs[b] + d + c * LANES);
        even = vec_mul(g[0], out[0]);
        odd = vec_mul(g[1], out[1]);
        UNROLL for (size_t b = 2; b < OUTPUTS; b += 2) {
            even = vec_fma(g[b], out[b], even);
            odd = vec_fma(g[b + 1], out[b + 1], odd);
        }
        error[c] = vec_add(even, odd);
        UNROLL for (size_t b = 0; b < OUTPUTS; b++) {
            float *row = outputs[b] + d + c * LANES;
            vec_store(row, vec_fma(g[b], mean, vec_load(row)));
        }
    }
    add_to_inputs(block, width, d, gain, error);
}

/* One group: the mean and its dot products in one pass, the shares of all rows in another. */
INLINE w2v_status update_mean_one_group(const w2v_block *block, vec share, vec gain) {
    const size_t stride = block->stride;
    float *outputs[OUTPUTS];
    vec sums[INPUTS * GROUP], g[OUTPUTS];
    UNROLL for (size_t b = 0; b < OUTPUTS; b++) outputs[b] = block->outputs[b];
    UNROLL for (size_t slot = 0; slot < INPUTS * GROUP; slot++) sums[slot] = vec_zero();
    size_t d = 0;
    for (; d + WIDE * LANES <= stride; d += WIDE * LANES) mean_dots(block, outputs, WIDE, d, share, sums);
    for (; d < stride; d += LANES) mean_dots(block, outputs, 1, d, share, sums);
    if (gradients_of(block, 1, false, sums, 0, 0)) return W2V_NOT_FINITE;
    UNROLL for (size_t b = 0; b < OUTPUTS; b++) g[b] = vec_spread(block->gradients + b);
    for (d = 0; d + WIDE * LANES <= stride; d += WIDE * LANES) mean_shares(block, outputs, WIDE, d, gain, g);
    for (; d < stride; d += LANES) mean_shares(block, outputs, 1, d, gain, g);
    return W2V_OK;
}

OUTLINE w2v_status update_mean(const w2v_block *block) {
    if (block->ni == 0 || block->no == 0) return W2V_OK;
    const float share_of_one = 1.0f / (float)block->ni, gain_of_one = block->divided ? share_of_one : 1;
    const vec share = vec_spread(&share_of_one), gain = vec_spread(&gain_of_one);
    if (block->no == OUTPUTS && !block->softmax) return update_mean_one_group(block, share, gain);

    float *mean = block->mean, *error = block->mean + block->stride;
    for (size_t d = 0; d < block->stride; d += LANES) {
        vec columns[1];
        take_mean(block, 1, d, share, columns);
        vec_store(error + d, vec_zero());
    }
    const view v = {.block = block, .inputs = &mean, .sinks = &error, .ni = 1};
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
