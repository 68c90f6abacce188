/* block_assembly.h - windows become blocks: the rows of their contexts, and their outputs with labels. */
#ifndef BLOCK_ASSEMBLY_H
#define BLOCK_ASSEMBLY_H

#include "block_noise.h"
#include "block_sentences.h"

/* Prefetches the paths of the next centers, which are anywhere in memory: first the offset of a path, later the path.
 * Always inlined: gcc drops calls of a function that only prefetches, because it has no effect. */
static inline __attribute__((always_inline)) void fetch_paths(const pass *p) {
    const w2v_tree *tree = &p->plan->tree;
    if (p->at + 2 * PATHS_AHEAD < p->length) w2v_prefetch(&tree->offsets[p->words[p->at + 2 * PATHS_AHEAD]]);
    if (p->at + PATHS_AHEAD >= p->length) return;
    const int64_t *path = &tree->offsets[p->words[p->at + PATHS_AHEAD]];
    w2v_prefetch(&tree->points[path[0]]);
    w2v_prefetch(&tree->points[path[1] - 1]); /* a path that crosses a cache line */
    w2v_prefetch(&tree->codes[path[0]]);
}

/* The rows and labels of the center's path. Returns its steps. */
static size_t path_outputs(const pass *p, uint32_t center, float **restrict rows, float *restrict labels) {
    const w2v_tree *tree = &p->plan->tree;
    const int64_t from = tree->offsets[center];
    const size_t steps = (size_t)(tree->offsets[center + 1] - from);
    const int32_t *points = tree->points + from;
    const uint8_t *codes = tree->codes + from;
    const hot_rows nodes = p->nodes;
    fetch_paths(p);
    for (size_t step = 0; step < steps; step++) labels[step] = (float)(1 - codes[step]);
    for (size_t step = 0; step < steps; step++) rows[step] = row_of(&nodes, (size_t)points[step]);
    return steps;
}

static inline __attribute__((always_inline)) bool differ(float *const *rows, const size_t n) {
    _Pragma("GCC unroll 8") for (size_t k = 1; k < n; k++)
        _Pragma("GCC unroll 8") for (size_t j = 0; j < k; j++) if (rows[j] == rows[k]) return false;
    return true;
}

/* Whether no row is in the list twice. */
static bool all_differ(float *const *rows, size_t n) {
    switch (n) { /* the usual numbers are constants, so that the loops are unrolled */
    case 4:
        return differ(rows, 4);
    case W2V_BLOCK_DEFAULT:
        return differ(rows, W2V_BLOCK_DEFAULT);
    case 8:
        return differ(rows, 8);
    default:
        return n <= COMPARED_MAX && differ(rows, n);
    }
}

/* The result of assemble_outputs: the ends of the lists of a block. */
typedef struct output_lists {
    size_t no;
    const float **fetch;
} output_lists;

/* The center with label 1, and K negatives with label 0, none of them the center. */
static inline __attribute__((always_inline)) void add_negatives(pass *p, pending_block *d, uint32_t center,
                                                                output_lists *lists) {
    const w2v_block_plan *plan = p->plan;
    float *const positive = row_of(&p->output, center);
    float **const outputs = d->outputs;
    float *const labels = d->labels;
    const float **fetch = lists->fetch;
    size_t no = 0;
    outputs[no] = positive;
    labels[no++] = 1;
    *fetch++ = positive;
    if (plan->pool > 0) {
        fetch = renew_pool(p, fetch);
        uint64_t bits = 0;
        unsigned left = 0;
        for (size_t k = 0; k < p->drawn; k++, bits >>= p->pool_bits, left -= p->pool_bits) {
            if (left < p->pool_bits) {
                bits = w2v_random_next(&p->random);
                left = 64;
            }
            const size_t slot = pool_noise(p, positive, bits);
            float *const row = p->pool[slot];
            *fetch++ = outputs[no] = row;
            labels[no] = 0;
            if (p->is_weighted) d->shift[no] = p->shifts[p->pool_class[slot]];
            no += row != positive;
        }
    } else {
        for (size_t k = 0; k < p->drawn; k++) {
            float *const row = draw_noise(p, positive);
            if (row == positive) continue;
            *fetch++ = outputs[no] = row;
            labels[no++] = 0;
        }
    }
    d->block.distinct_outputs = all_differ(outputs, no);
    *lists = (output_lists){no, fetch};
}

/* The center's outputs: itself and its negatives, and its path in the tree; an even number. */
static void assemble_outputs(pass *p, pending_block *d, uint32_t center) {
    const w2v_block_plan *plan = p->plan;
    output_lists lists = {0, d->fetch};
    if (plan->softmax) d->block.target = center - 1;
    if (plan->negatives > 0) add_negatives(p, d, center, &lists);
    size_t no = lists.no;
    const float **fetch = lists.fetch;
    if (plan->model.nodes) {
        const size_t steps = path_outputs(p, center, d->outputs + no, d->labels + no);
        for (size_t step = HOT_STEPS; step < steps; step++) *fetch++ = d->outputs[no + step];
        no += steps;
    }
    if (no % 2 != 0) {
        d->outputs[no] = p->zeros;
        d->labels[no++] = W2V_BLOCK_PAD;
    }
    const size_t until = smaller(p->length, p->at + smaller(p->window, FETCH_MAX) + 1);
    for (size_t n = 0; p->fetched < until && n < FETCH_MAX; n++) *fetch++ = p->rows[p->fetched++];
    if (!plan->softmax) d->block.no = no;
    d->fetch_count = w2v_block_next((size_t)(fetch - d->fetch));
    for (size_t k = 0; k < W2V_BLOCK_FETCH; k++)
        fetch[k] = p->zeros; /* always a full group, so that there is no branch */
}

/* The contexts of the center `at`, from `from` to `to`. Always as many rows are copied as the window may have. */
static void assemble_inputs(pass *p, pending_block *d, size_t from, size_t at, size_t to) {
    const size_t window = p->window;
    float **const before = d->inputs, **const after = d->inputs + (at - from);
    for (size_t c = 0; c < window; c++) before[c] = p->rows[from + c];
    for (size_t c = 0; c < window; c++) after[c] = p->rows[at + 1 + c];
    d->block.ni = to - from;
    d->block.distinct_inputs = p->repeated[to] < (int32_t)from;
}

/* Makes the next block. False at the end of the tokens. */
static bool next_block(pass *p, pending_block *d) {
    const uint32_t window = (uint32_t)p->window;
    for (;;) {
        if (p->context <= p->last) { /* -share pair: a pair is a block */
            if (p->context == p->at - 1 && ++p->context > p->last) continue;
            d->inputs[0] = p->rows[p->context++];
            d->block.ni = 1;
            d->block.distinct_inputs = true;
            assemble_outputs(p, d, (uint32_t)p->words[p->at - 1]);
            return true;
        }
        if (p->at == p->length) {
            if (p->position == p->count) return false;
            read_sentence(p);
            continue;
        }
        const size_t at = p->at++;
        const size_t radius = window - w2v_random_below((uint32_t)(w2v_random_next(&p->random) >> 32), window);
        const size_t from = at < radius ? 0 : at - radius;
        const size_t to = smaller(p->length - 1, at + radius);
        if (from == to) continue;
        if (p->plan->share == W2V_SHARE_PAIR && !p->plan->cbow) {
            p->context = from;
            p->last = to;
            continue;
        }
        assemble_inputs(p, d, from, at, to);
        assemble_outputs(p, d, (uint32_t)p->words[at]);
        return true;
    }
}

#endif
