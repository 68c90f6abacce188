/*
 * block_shares.h - the second pass of block_update.h, which includes this file: from the gradients to what every row gains.
 * Every row's column is read before any is written. Where no row stands on its side twice, its sum starts at the old
 * value; elsewhere rows are added to, so that each receives all its shares.
 */

enum {
    FEW = 10,           /* inputs whose sums stay in registers: the original's window of 5 */
    PART = 5,           /* the most of them that meet a group at one time */
    MANY = 4 * OUTPUTS, /* more outputs than this are taken group by group */
};

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
        UNROLL for (size_t b = 0; b < no; b++) vec_store(v->out_shares + (o + b) * W2V_BLOCK_COLUMN, out_sums[b]);
    }
}

INLINE void add_out_shares(const view *v, const size_t width, size_t d) {
    for (size_t o = 0; o < v->block->no; o++)
        UNROLL for (size_t c = 0; c < width; c++)
            add_to(v->block->outputs[o] + d + c * LANES, vec_load(v->out_shares + o * W2V_BLOCK_COLUMN + c * LANES));
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
        if (!distinct) add_out_shares(v, 1, d);
    }
}

INLINE void few_inputs(const view *v, const size_t ni) {
    const bool distinct = v->block->distinct_inputs && v->block->distinct_outputs;
    if (v->block->no == OUTPUTS && v->sinks == v->inputs) {
        if (distinct) {
            few_inputs_one_group(v, ni, true);
        } else {
            few_inputs_one_group(v, ni, false);
        }
    } else if (distinct) {
        few_inputs_groups(v, ni, true);
    } else {
        few_inputs_groups(v, ni, false);
    }
}

/* Where many inputs' shares are held back. */
typedef struct held {
    float *shares; /* of the first input */
    size_t next;   /* floats to the next one's */
} held;

/* One group meets any number of inputs, in `width` registers of each row: the group stays in registers, the inputs come one
 * after the other. An input's shares are summed in two halves, so that no addition waits long for the one before it. With
 * `replace` the outputs' sums start at the old values and are the new ones; else they are held back. */
INLINE void meet(const view *v, const size_t no, const size_t width, const bool first_group, const bool replace, size_t d,
                 size_t o, held h) {
    const w2v_block *block = v->block;
    const float *gradients = block->gradients + w2v_block_slot(v->ni, 0, o);
    float *rows[OUTPUTS];
    vec out[OUTPUTS][COLUMNS], sums[OUTPUTS][COLUMNS];
    UNROLL for (size_t b = 0; b < no; b++) {
        rows[b] = block->outputs[o + b] + d;
        UNROLL for (size_t c = 0; c < width; c++) {
            out[b][c] = vec_load(rows[b] + c * LANES);
            sums[b][c] = replace ? out[b][c] : vec_zero();
        }
    }
    for (size_t i = 0; i < v->ni; i++, gradients += GROUP, h.shares += h.next) {
        vec in[COLUMNS], halves[2][COLUMNS];
        UNROLL for (size_t c = 0; c < width; c++) {
            in[c] = vec_load(v->inputs[i] + d + c * LANES);
            halves[0][c] = first_group ? vec_zero() : vec_load(h.shares + c * LANES);
            halves[1][c] = vec_zero();
        }
        UNROLL for (size_t b = 0; b < no; b++) {
            const vec g = vec_spread(gradients + b);
            UNROLL for (size_t c = 0; c < width; c++) {
                sums[b][c] = vec_fma(g, in[c], sums[b][c]);
                halves[b % 2][c] = vec_fma(g, out[b][c], halves[b % 2][c]);
            }
        }
        UNROLL for (size_t c = 0; c < width; c++) vec_store(h.shares + c * LANES, vec_add(halves[0][c], halves[1][c]));
    }
    UNROLL for (size_t b = 0; b < no; b++)
        UNROLL for (size_t c = 0; c < width; c++)
            vec_store((replace ? rows[b] : v->out_shares + (o + b) * W2V_BLOCK_COLUMN) + c * LANES, sums[b][c]);
}

INLINE void meet_group(const view *v, const size_t no, const size_t width, const bool replace, size_t d, size_t o, held h) {
    if (o == 0) {
        meet(v, no, width, true, replace, d, o, h);
    } else {
        meet(v, no, width, false, replace, d, o, h);
    }
}

INLINE void add_in_shares(const view *v, const size_t width, size_t d, held h) {
    for (size_t i = 0; i < v->ni; i++, h.shares += h.next)
        UNROLL for (size_t c = 0; c < width; c++) add_to(v->sinks[i] + d + c * LANES, vec_load(h.shares + c * LANES));
}

INLINE void column_of_all_groups(const view *v, const size_t width, size_t d) {
    const size_t no = v->block->no;
    const held h = {.shares = v->in_shares, .next = width * LANES};
    size_t o = 0;
    UNROLL for (size_t c = 0; c < width; c++) fetch_ahead(v->block, d + c * LANES);
    for (; o + OUTPUTS <= no; o += OUTPUTS) meet_group(v, OUTPUTS, width, false, d, o, h);
    if (no - o == 4) meet_group(v, 4, width, false, d, o, h);
    if (no - o == 2) meet_group(v, 2, width, false, d, o, h);
    add_in_shares(v, width, d, h);
    add_out_shares(v, width, d);
}

/* Any number of inputs and outputs, whichever rows stand there twice. */
OUTLINE void by_columns(const view *v) {
    size_t d = 0;
    for (; d + COLUMNS * LANES <= v->block->stride; d += COLUMNS * LANES) column_of_all_groups(v, COLUMNS, d);
    for (; d < v->block->stride; d += LANES) column_of_all_groups(v, 1, d);
}

INLINE void all_columns_of_group(const view *v, const size_t no, size_t o) {
    const size_t stride = v->block->stride;
    held h = {.shares = v->in_shares, .next = stride};
    size_t d = 0;
    for (; d + COLUMNS * LANES <= stride; d += COLUMNS * LANES, h.shares += COLUMNS * LANES)
        meet_group(v, no, COLUMNS, true, d, o, h);
    for (; d < stride; d += LANES, h.shares += LANES) meet_group(v, no, 1, true, d, o, h);
}

/* Any number of inputs and distinct outputs, for a softmax's thousands above all: each is read and written once, in order. */
OUTLINE void by_groups(const view *v) {
    const size_t no = v->block->no;
    size_t o = 0;
    for (; o + OUTPUTS <= no; o += OUTPUTS) all_columns_of_group(v, OUTPUTS, o);
    if (no - o == 4) all_columns_of_group(v, 4, o);
    if (no - o == 2) all_columns_of_group(v, 2, o);
    for (size_t d = 0; d < v->block->stride; d += LANES) {
        fetch_ahead(v->block, d);
        add_in_shares(v, 1, d, (held){.shares = v->in_shares + d, .next = v->block->stride});
    }
}

INLINE void add_all_shares(const view *v) {
    if (v->ni > FEW || v->block->no > MANY) {
        if (v->block->distinct_outputs) {
            by_groups(v);
        } else {
            by_columns(v);
        }
        return;
    }
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
    default: few_inputs(v, FEW);
    }
}
