/*
 * block_apply_tmpl.h - the second pass of block_dots_tmpl.h, which includes this file: from the gradients to what every row gains.
 *
 * WIDTH registers of each input, and of what it gains, stay in registers while the outputs come past: each is read, meets
 * those inputs both ways, and is written. A gradient that was spread serves 2 x WIDTH multiply-adds. Where no row stands on
 * its side twice, its sum starts at the old value; elsewhere what rows gain is held back and added when all is read, so that
 * each receives all its shares.
 */

/* Inputs that stay with `width` registers of each, beside those of an output, of its sum, and a gradient. */
#define STAYING(width) ((REGISTERS - 1) / (2 * (width)) - 1)

enum {
    WIDTH = REGISTERS < 32 ? 1 : 2,
    PART = STAYING(WIDTH), /* inputs in hand at one time, at most */
    FEW = 10,              /* inputs in one part or two: the original's window of 5 */
    MET = 5,               /* inputs that meet the usual outputs at one time, at most */
    MANY = 3 * GROUP, /* outputs that come past before the next registers of the inputs take their place, at most */
};

_Static_assert(PART == 6 && FEW == 10 && (FEW + 1) / 2 <= PART, "the switches below name every number");

INLINE void add_to(float *row, vec share) { vec_store(row, vec_add(vec_load(row), share)); }

/* The next block's rows, so that they are there when it comes: the memory works while this block is computed. */
INLINE void fetch_ahead(const w2v_block *block, size_t d) {
    if (d % (2 * LINE) != 0) return;
    const size_t last = d + LINE < block->stride ? d + LINE : d; /* a row's pointer is read once for two of its lines */
    for (size_t n = 0; n < block->next_count; n += W2V_BLOCK_FETCH) {
        UNROLL for (size_t k = 0; k < W2V_BLOCK_FETCH; k++) {
            __builtin_prefetch(block->next[n + k] + d, 1);
            __builtin_prefetch(block->next[n + k] + last, 1);
        }
    }
}

/* ---- the usual outputs ---- */

/* The sums of `ni` inputs and of the outputs, a register of each, grow by the shares of their pairs. The order is that of
 * a Latin square: every sum grows once in a round, so that no addition waits for the one before it. */
INLINE void add_shares(float *const *inputs, const vec *out, const size_t n, size_t d, const float *gradients,
                       vec *in_sums, vec *out_sums) {
    vec in[MET];
    UNROLL for (size_t i = 0; i < n; i++) in[i] = vec_load(inputs[i] + d);
    UNROLL for (size_t round = 0; round < USUAL; round++) {
        UNROLL for (size_t i = 0; i < n; i++) {
            const size_t b = (i + round) % USUAL;
            const vec g = vec_spread(gradients + i * GROUP + b);
            out_sums[b] = vec_fma(g, in[i], out_sums[b]);
            in_sums[i] = vec_fma(g, out[b], in_sums[i]);
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

/* At most FEW inputs and the usual outputs: all sums stay in registers. The sinks must be the inputs. */
INLINE void few_inputs_usual(const view *v, const size_t ni, const bool distinct) {
    const w2v_block *block = v->block;
    const float *const gradients = block->gradients;
    const size_t stride = block->stride;
    float *inputs[FEW], *outputs[USUAL];
    UNROLL for (size_t i = 0; i < ni; i++) inputs[i] = v->inputs[i];
    UNROLL for (size_t b = 0; b < USUAL; b++) outputs[b] = block->outputs[b];
    const size_t part = ni <= MET ? ni : (ni + 1) / 2;
    for (size_t d = 0; d < stride; d += LANES) {
        vec in_sums[FEW], out_sums[USUAL], out[USUAL];
        fetch_ahead(block, d);
        start(outputs, USUAL, d, distinct, out_sums);
        UNROLL for (size_t b = 0; b < USUAL; b++) out[b] = vec_load(outputs[b] + d);
        UNROLL for (size_t i = 0; i < ni; i += part) {
            const size_t n = i + part < ni ? part : ni - i;
            start(inputs + i, n, d, distinct, in_sums + i);
            add_shares(inputs + i, out, n, d, gradients + i * GROUP, in_sums + i, out_sums);
            if (distinct) finish(inputs + i, n, d, distinct, in_sums + i);
        }
        if (!distinct) finish(inputs, ni, d, distinct, in_sums);
        finish(outputs, USUAL, d, distinct, out_sums);
    }
}

/* ---- any outputs ---- */

/* Where an output's sum begins, and where it ends. */
typedef enum place { ROW, ZERO, HELD } place;

/* Inputs in hand. */
typedef struct hand {
    vec rows[FEW][WIDTH];
    vec sums[FEW][WIDTH];
} hand;

/* Takes n inputs up; what they gain starts at the sinks' old values, or at 0. */
INLINE void take(float *const *inputs, float *const *sinks, const size_t n, const size_t width, size_t d,
                 const bool replace, hand *h) {
    UNROLL for (size_t k = 0; k < n; k++) {
        UNROLL for (size_t c = 0; c < width; c++) {
            h->rows[k][c] = vec_load(inputs[k] + d + c * LANES);
            h->sums[k][c] = replace ? vec_load(sinks[k] + d + c * LANES) : vec_zero();
        }
    }
}

/* An output meets the n inputs in hand. `gradients` is the first one's. */
INLINE void meet(const size_t n, const size_t width, const place begin, const place end, float *row, float *held,
                 const float *gradients, hand *h) {
    vec out[WIDTH], sum[WIDTH];
    UNROLL for (size_t c = 0; c < width; c++) {
        out[c] = vec_load(row + c * LANES);
        sum[c] = begin == ROW ? out[c] : begin == ZERO ? vec_zero() : vec_load(held + c * LANES);
    }
    UNROLL for (size_t k = 0; k < n; k++) {
        const vec g = vec_spread(gradients + k * GROUP);
        UNROLL for (size_t c = 0; c < width; c++) {
            sum[c] = vec_fma(g, h->rows[k][c], sum[c]);
            h->sums[k][c] = vec_fma(g, out[c], h->sums[k][c]);
        }
    }
    UNROLL for (size_t c = 0; c < width; c++) vec_store((end == ROW ? row : held) + c * LANES, sum[c]);
}

/* The outputs in [from, to), from the first of a group to the last of one, meet the n inputs from i on. */
INLINE void meet_all(const view *v, const size_t n, const size_t width, const place begin, const place end, size_t d,
                     size_t from, size_t to, size_t i, hand *h) {
    float *const *outputs = v->block->outputs;
    const float *gradients = v->block->gradients + w2v_block_slot(v->ni, i, from);
    float *held = v->out_shares;
    for (size_t o = from; o < to; o += GROUP, gradients += w2v_block_even(v->ni) * GROUP) {
        const size_t left = to - o < GROUP ? to - o : GROUP;
        for (size_t b = 0; b < left; b += 2, held += 2 * W2V_BLOCK_COLUMN) { /* never an odd number */
            meet(n, width, begin, end, outputs[o + b] + d, held, gradients + b, h);
            meet(n, width, begin, end, outputs[o + b + 1] + d, held + W2V_BLOCK_COLUMN, gradients + b + 1, h);
        }
    }
}

INLINE void add_held(const view *v, const size_t width, size_t d, size_t from, size_t to) {
    const float *held = v->out_shares;
    for (size_t o = from; o < to; o++, held += W2V_BLOCK_COLUMN)
        UNROLL for (size_t c = 0; c < width; c++)
            add_to(v->block->outputs[o] + d + c * LANES, vec_load(held + c * LANES));
}

/* At most FEW inputs. They are in two parts only if no row can stand in both. */
INLINE void columns_of_few(const view *v, float *const *inputs, float *const *sinks, const size_t ni,
                           const size_t width, const bool distinct, size_t d) {
    const size_t no = v->block->no, part = !distinct || ni <= STAYING(width) ? ni : (ni + 1) / 2;
    fetch_ahead(v->block, d);
    UNROLL for (size_t i = 0; i < ni; i += part) {
        const size_t n = i + part < ni ? part : ni - i;
        hand h;
        take(inputs + i, sinks + i, n, width, d, distinct, &h);
        meet_all(v, n, width,
                 i > 0      ? HELD
                 : distinct ? ROW
                            : ZERO,
                 distinct && i + n == ni ? ROW : HELD, d, 0, no, i, &h);
        UNROLL for (size_t c = 0; c < width; c++) {
            vec sums[FEW];
            UNROLL for (size_t k = 0; k < n; k++) sums[k] = h.sums[k][c];
            finish(sinks + i, n, d + c * LANES, distinct, sums);
        }
    }
    if (!distinct) add_held(v, width, d, 0, no);
}

INLINE void few_inputs(const view *v, const size_t ni, const bool distinct) {
    const size_t stride = v->block->stride;
    float *inputs[FEW], *sinks[FEW]; /* copies: what is stored cannot be a pointer */
    size_t d = 0;
    UNROLL for (size_t i = 0; i < ni; i++) inputs[i] = v->inputs[i];
    UNROLL for (size_t i = 0; i < ni; i++) sinks[i] = v->sinks[i];
    if (distinct || ni <= PART)
        for (; d + WIDTH * LANES <= stride; d += WIDTH * LANES)
            columns_of_few(v, inputs, sinks, ni, WIDTH, distinct, d);
    for (; d < stride; d += LANES) columns_of_few(v, inputs, sinks, ni, 1, distinct, d);
}

INLINE void add_shares_of_few(const view *v, const size_t ni) {
    const bool distinct = v->block->distinct_inputs && v->block->distinct_outputs;
    if (v->block->no == USUAL && v->sinks == v->inputs) {
        if (distinct) {
            few_inputs_usual(v, ni, true);
        } else {
            few_inputs_usual(v, ni, false);
        }
    } else if (distinct) {
        few_inputs(v, ni, true);
    } else {
        few_inputs(v, ni, false);
    }
}

/* ---- any inputs, and a softmax's outputs ---- */

/* A part of the inputs. What they gain stays in memory until the last output has come past. */
INLINE void columns_of_part(const view *v, const size_t n, const size_t width, const place begin, const place end,
                            size_t d, size_t from, size_t to, size_t i) {
    float *shares = v->in_shares + i * v->block->stride + d;
    hand h;
    take(v->inputs + i, v->sinks + i, n, width, d, false, &h);
    if (from > 0)
        UNROLL for (size_t k = 0; k < n; k++) UNROLL for (size_t c = 0; c < width; c++) h.sums[k][c] =
            vec_load(shares + k * v->block->stride + c * LANES);
    meet_all(v, n, width, begin, end, d, from, to, i, &h);
    UNROLL for (size_t k = 0; k < n; k++) UNROLL for (size_t c = 0; c < width; c++)
        vec_store(shares + k * v->block->stride + c * LANES, h.sums[k][c]);
}

INLINE void columns_of_any_part(const view *v, size_t n, const size_t width, const place begin, const place end,
                                size_t d, size_t from, size_t to, size_t i) {
    switch (n) { /* a text for each number, so that the compiler knows it */
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
        columns_of_part(v, PART, width, begin, end, d, from, to, i);
    }
}

/* All inputs, in parts of about the same size, and the outputs in [from, to). */
INLINE void columns_of_parts(const view *v, const size_t width, size_t d, size_t from, size_t to) {
    const size_t ni = v->ni, parts = (ni + PART - 1) / PART, part = (ni + parts - 1) / parts;
    if (parts == 1 && v->block->distinct_outputs) {
        columns_of_any_part(v, ni, width, ROW, ROW, d, from, to, 0);
        return;
    }
    columns_of_any_part(v, part, width, ZERO, HELD, d, from, to, 0);
    for (size_t i = part; i < ni; i += part)
        columns_of_any_part(v, part < ni - i ? part : ni - i, width, HELD, HELD, d, from, to, i);
    add_held(v, width, d, from, to);
}

/* A softmax's thousands of outputs come past MANY at a time, so that each is read in one go; but an output that stands there
 * twice would be read after it was written. */
OUTLINE void any_inputs(const view *v) {
    const size_t no = v->block->no, stride = v->block->stride, part = v->block->distinct_outputs ? MANY : no;
    for (size_t from = 0; from < no; from += part) {
        const size_t to = from + part < no ? from + part : no;
        size_t d = 0;
        for (; d + WIDTH * LANES <= stride; d += WIDTH * LANES) columns_of_parts(v, WIDTH, d, from, to);
        for (; d < stride; d += LANES) columns_of_parts(v, 1, d, from, to);
    }
    for (size_t d = 0; d < stride; d += LANES) {
        fetch_ahead(v->block, d);
        for (size_t i = 0; i < v->ni; i++) add_to(v->sinks[i] + d, vec_load(v->in_shares + i * stride + d));
    }
}

INLINE void add_all_shares(const view *v) {
    if (v->ni > FEW || v->block->no > MANY) {
        any_inputs(v);
        return;
    }
    switch (v->ni) {
    case 1:
        add_shares_of_few(v, 1);
        break;
    case 2:
        add_shares_of_few(v, 2);
        break;
    case 3:
        add_shares_of_few(v, 3);
        break;
    case 4:
        add_shares_of_few(v, 4);
        break;
    case 5:
        add_shares_of_few(v, 5);
        break;
    case 6:
        add_shares_of_few(v, 6);
        break;
    case 7:
        add_shares_of_few(v, 7);
        break;
    case 8:
        add_shares_of_few(v, 8);
        break;
    case 9:
        add_shares_of_few(v, 9);
        break;
    default:
        add_shares_of_few(v, FEW);
    }
}
