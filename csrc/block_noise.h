/* block_noise.h - the negatives of a block: drawn from the alias table, or picked from the noise pool. */
#ifndef BLOCK_NOISE_H
#define BLOCK_NOISE_H

#include "block_pass.h"

/* Each draw reads a uniformly random entry of the alias table, usually a cache miss. So the entry is prefetched
 * DRAWS_AHEAD draws before it is read. */
static void begin_draw(pass *p) {
    const uint64_t bits = w2v_random_next(&p->random);
    w2v_prefetch(&p->plan->unigram[w2v_random_below((uint32_t)(bits >> 32), (uint32_t)p->plan->model.words - 1)]);
    p->draws[p->draw] = bits;
    p->draw = (p->draw + 1) % DRAWS_AHEAD;
}

static uint32_t draw_word(pass *p) {
    const uint64_t bits = p->draws[p->draw];
    begin_draw(p);
    return 1 + w2v_alias_draw(p->plan->unigram, (uint32_t)p->plan->model.words - 1, bits);
}

static float *draw_row(pass *p) { return row_of(&p->output, draw_word(p)); }

/* Draws a word for a place of the pool. Returns its row. */
static float *draw_for_pool(pass *p, size_t slot) {
    const uint32_t word = draw_word(p);
    if (p->is_weighted) p->pool_class[slot] = class_of(word);
    return p->pool[slot] = row_of(&p->output, word);
}

/* Draws a row other than `center`. Returns `center` if none was found. */
static float *draw_noise(pass *p, const float *center) {
    float *row = draw_row(p);
    for (int draw = 1; draw < DRAWS_MAX && row == center; draw++) row = draw_row(p);
    return row;
}

/* The same for the pool, by `bits` at first. Returns the row's place in the pool. */
static size_t pool_noise(pass *p, const float *center, uint64_t bits) {
    const size_t mask = p->plan->pool - 1;
    size_t slot = bits & mask;
    for (int draw = 1; draw < DRAWS_MAX && p->pool[slot] == center; draw++)
        slot = (w2v_random_next(&p->random) >> 32) & mask;
    return slot;
}

/* Replaces the oldest words of the pool by new ones, one for every `reuse` uses; of K' samples each counts K / K'
 * uses. Returns the end of the list of rows to prefetch. */
static const float **renew_pool(pass *p, const float **fetch) {
    const w2v_block_plan *plan = p->plan;
    for (p->pool_debt += plan->negatives; p->pool_debt >= plan->reuse; p->pool_debt -= plan->reuse) {
        *fetch++ = draw_for_pool(p, p->pool_next);
        p->pool_next = (p->pool_next + 1) & (plan->pool - 1);
    }
    return fetch;
}

static void start_noise(pass *p) {
    const w2v_block_plan *plan = p->plan;
    if (plan->negatives == 0) return;
    for (int k = 0; k < DRAWS_AHEAD; k++) begin_draw(p);
    for (size_t slot = 0; slot < plan->pool; slot++) draw_for_pool(p, slot);
    while ((size_t)1 << p->pool_bits < plan->pool) p->pool_bits++;
}

#endif
