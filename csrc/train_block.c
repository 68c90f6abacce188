/* train_block.c - the default trainer: tokens -> windows -> blocks. The arithmetic is the kernels' alone. */
#include "w2v_train.h"

#include <math.h>
#include <string.h>

/* Draws of one negative before it is given up: with a word that is nearly all of the corpus as centre, the others are
 * almost never drawn, and the run must not hang. */
#define DRAWS_MAX 64

/* Draws of noise words under way: their entries of the alias table are fetched while others are used. A power of two. */
#define DRAWS_AHEAD 8

/* Steps from the root of the tree whose nodes are so often used that they are always in the cache: 2^8 - 1 rows. */
#define HOT_STEPS 8

/* Context rows that are fetched ahead for one block, at most. */
#define FETCH_MAX 16

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* One block in the making. Sizes: ni = most inputs of a block, no = most outputs. */
typedef struct desk {
    float **inputs;      /* (ni) */
    float **outputs;     /* (no) */
    float *labels;       /* (w2v_block_labels(no)) */
    const float **fetch; /* (no + FETCH_MAX) rows that this or a later block will use and that may not be in the cache */
    size_t ni;
    size_t no;
    size_t fetch_count;
} desk;

/* A worker's pass over its tokens. */
typedef struct pass {
    const w2v_block_plan *plan;
    const int32_t *tokens;
    int64_t count;
    int64_t position;  /* next token */
    uint64_t random;
    size_t stride;
    int32_t *sentence; /* (W2V_SENTENCE_MAX) */
    size_t length;
    size_t at;         /* next centre */
    size_t fetched;    /* words of the sentence whose rows were fetched ahead */
    size_t context;    /* -share pair: the next context of the centre in hand, if context <= last */
    size_t last;
    uint32_t *pool;    /* (plan->pool) */
    uint64_t draws[DRAWS_AHEAD]; /* random bits of the draws under way */
    size_t draw;       /* the next of them */
    size_t pool_next;  /* the word of the pool that is replaced next */
    size_t pool_debt;  /* uses since the last replacement */
    desk desks[2];
    float *gradients;
    float *dots;
    float *shares;
    float *mean;
    float *zeros;      /* (S) the row that makes up an even number */
} pass;

static void *carve(unsigned char *base, size_t *used, size_t bytes) {
    void *part = base ? base + *used : NULL;
    *used += (bytes + 63) & ~(size_t)63;
    return part;
}

/* Lays the workspace out. Returns its bytes. */
static size_t lay_out(const w2v_block_plan *plan, unsigned char *base, pass *p) {
    const size_t contexts = smaller(2 * smaller(plan->window, W2V_SENTENCE_MAX), W2V_SENTENCE_MAX - 1);
    const size_t no = w2v_block_even(plan->longest_code + plan->negatives + 1);
    size_t used = 0;
    p->stride = w2v_stride(plan->model.dimensions);
    p->sentence = carve(base, &used, W2V_SENTENCE_MAX * sizeof(int32_t));
    p->pool = carve(base, &used, plan->pool * sizeof(uint32_t));
    for (int k = 0; k < 2; k++) {
        p->desks[k].inputs = carve(base, &used, contexts * sizeof(float *));
        p->desks[k].outputs = carve(base, &used, no * sizeof(float *));
        p->desks[k].fetch = carve(base, &used, (no + FETCH_MAX) * sizeof(float *));
        p->desks[k].labels = carve(base, &used, w2v_block_labels(no) * sizeof(float));
    }
    p->gradients = carve(base, &used, w2v_block_gradients(contexts, no) * sizeof(float));
    p->dots = carve(base, &used, w2v_block_gradients(contexts, no) * sizeof(float));
    p->shares = carve(base, &used, w2v_block_shares(contexts, no) * sizeof(float));
    p->mean = carve(base, &used, 2 * p->stride * sizeof(float));
    p->zeros = carve(base, &used, p->stride * sizeof(float));
    return used;
}

size_t w2v_block_workspace(const w2v_block_plan *plan) {
    pass p;
    return lay_out(plan, NULL, &p);
}

/* A draw's entry of the alias table is an even chance over all of it, and so a cache miss: it is fetched DRAWS_AHEAD draws
 * before it is read. */
static void begin_draw(pass *p) {
    const uint64_t bits = w2v_random_next(&p->random);
    __builtin_prefetch(&p->plan->unigram[w2v_random_below((uint32_t)(bits >> 32), (uint32_t)p->plan->model.words - 1)]);
    p->draws[p->draw] = bits;
    p->draw = (p->draw + 1) % DRAWS_AHEAD;
}

static uint32_t draw_word(pass *p) {
    const uint64_t bits = p->draws[p->draw];
    begin_draw(p);
    return 1 + w2v_alias_draw(p->plan->unigram, (uint32_t)p->plan->model.words - 1, bits);
}

static float *output_row(const pass *p, uint32_t word) { return p->plan->model.output + (size_t)word * p->stride; }

static void fetch(desk *d, const float *row) { d->fetch[d->fetch_count++] = row; }

/* Replaces the pool's oldest words by new ones, one for every `reuse` draws. */
static void renew_pool(pass *p, desk *d) {
    const w2v_block_plan *plan = p->plan;
    for (p->pool_debt += plan->negatives; p->pool_debt >= plan->reuse; p->pool_debt -= plan->reuse) {
        const uint32_t word = draw_word(p);
        p->pool[p->pool_next] = word;
        p->pool_next = (p->pool_next + 1) & (plan->pool - 1);
        fetch(d, output_row(p, word));
    }
}

/* A noise word that is not the centre, by 16 random bits at first; the centre if none was found. */
static uint32_t noise_word(pass *p, uint32_t centre, uint32_t bits) {
    const size_t mask = p->plan->pool - 1;
    uint32_t word = p->plan->pool > 0 ? p->pool[bits & mask] : draw_word(p);
    for (int draw = 1; draw < DRAWS_MAX && word == centre; draw++)
        word = p->plan->pool > 0 ? p->pool[(w2v_random_next(&p->random) >> 32) & mask] : draw_word(p);
    return word;
}

/* Reads one sentence after subsampling. */
static void read_sentence(pass *p) {
    const uint32_t *keep = p->plan->keep;
    size_t length = 0;
    while (length < W2V_SENTENCE_MAX && p->position < p->count) {
        const int32_t word = p->tokens[p->position++];
        if (word == 0) break;
        p->sentence[length] = word;
        length += !keep || (uint32_t)(w2v_random_next(&p->random) >> 32) <= keep[word];
    }
    p->length = length;
    p->at = 0;
    p->fetched = 0;
}

static float *input_row(const pass *p, size_t at) {
    return p->plan->model.input + (size_t)p->sentence[at] * p->stride;
}

static void add_output(desk *d, float *row, float label) {
    d->outputs[d->no] = row;
    d->labels[d->no++] = label;
}

/* The centre's outputs: itself and K negatives, none of them the centre, and its path in the tree; an even number. */
static void take_outputs(pass *p, desk *d, uint32_t centre) {
    const w2v_block_plan *plan = p->plan;
    d->no = 0;
    d->fetch_count = 0;
    if (plan->negatives > 0) {
        add_output(d, output_row(p, centre), 1);
        fetch(d, d->outputs[0]);
        if (plan->pool > 0) renew_pool(p, d);
        uint64_t bits = 0;
        for (size_t k = 0; k < plan->negatives; k++, bits >>= 16) {
            if (plan->pool > 0 && k % 4 == 0) bits = w2v_random_next(&p->random);
            const uint32_t word = noise_word(p, centre, (uint32_t)bits);
            if (word == centre) continue;
            add_output(d, output_row(p, word), 0);
            if (plan->pool == 0) fetch(d, d->outputs[d->no - 1]);
        }
    }
    if (plan->model.nodes) {
        for (int64_t step = plan->tree.offsets[centre]; step < plan->tree.offsets[centre + 1]; step++) {
            add_output(d, plan->model.nodes + (size_t)plan->tree.points[step] * p->stride,
                       (float)(1 - plan->tree.codes[step]));
            if (step >= plan->tree.offsets[centre] + HOT_STEPS) fetch(d, d->outputs[d->no - 1]);
        }
    }
    if (d->no % 2 != 0) add_output(d, p->zeros, W2V_BLOCK_PAD);
    const size_t until = smaller(p->length, p->at + smaller(plan->window, FETCH_MAX) + 1);
    for (size_t n = 0; p->fetched < until && n < FETCH_MAX; n++) fetch(d, input_row(p, p->fetched++));
}

/* Makes the next block. False at the end of the tokens. */
static bool next_block(pass *p, desk *d) {
    const w2v_block_plan *plan = p->plan;
    const uint32_t window = (uint32_t)smaller(plan->window, W2V_SENTENCE_MAX);
    for (;;) {
        if (p->context <= p->last) { /* -share pair: a pair is a block */
            if (p->context == p->at - 1 && ++p->context > p->last) continue;
            d->inputs[0] = input_row(p, p->context++);
            d->ni = 1;
            take_outputs(p, d, (uint32_t)p->sentence[p->at - 1]);
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
        if (plan->share == W2V_SHARE_PAIR && !plan->cbow) {
            p->context = from;
            p->last = to;
            continue;
        }
        d->ni = 0;
        for (size_t c = from; c <= to; c++)
            if (c != at) d->inputs[d->ni++] = input_row(p, c);
        take_outputs(p, d, (uint32_t)p->sentence[at]);
        return true;
    }
}

/* -log s(x) */
static float pair_loss(float x) { return x > 0 ? log1pf(expf(-x)) : log1pf(expf(x)) - x; }

static void add_loss(const w2v_block *block, size_t ni, w2v_worker *worker) {
    for (size_t i = 0; i < ni; i++) {
        for (size_t o = 0; o < block->no; o++) {
            const float x = block->dots[w2v_block_slot(ni, i, o)];
            if (block->labels[o] != W2V_BLOCK_PAD) worker->loss += (double)pair_loss(block->labels[o] > 0 ? x : -x);
        }
    }
    worker->pairs += (int64_t)ni;
}

w2v_status w2v_block_train(const w2v_block_plan *plan, w2v_worker *worker, const int32_t *tokens, int64_t count,
                           float alpha) {
    pass p = {.plan = plan, .tokens = tokens, .count = count, .random = worker->random, .context = 1};
    lay_out(plan, worker->workspace, &p);
    memset(p.zeros, 0, p.stride * sizeof(float));
    if (plan->negatives > 0)
        for (int k = 0; k < DRAWS_AHEAD; k++) begin_draw(&p);
    for (size_t slot = 0; slot < plan->pool; slot++) p.pool[slot] = draw_word(&p);
    w2v_status (*const update)(const w2v_block *) = plan->cbow ? plan->kernels->update_mean : plan->kernels->update;
    size_t until_loss = plan->loss_every > 0 ? (size_t)(w2v_random_next(&p.random) % plan->loss_every) : SIZE_MAX;

    w2v_status status = W2V_OK;
    bool more = next_block(&p, &p.desks[0]);
    for (size_t now = 0; more && status == W2V_OK; now ^= 1) {
        const desk *d = &p.desks[now], *next = &p.desks[now ^ 1];
        more = next_block(&p, &p.desks[now ^ 1]);
        const bool sample = until_loss-- == 0;
        const w2v_block block = {.inputs = d->inputs,
                                 .outputs = d->outputs,
                                 .labels = d->labels,
                                 .gradients = p.gradients,
                                 .dots = sample ? p.dots : NULL,
                                 .shares = p.shares,
                                 .mean = p.mean,
                                 .next = next->fetch,
                                 .sigmoid = plan->sigmoid,
                                 .ni = d->ni,
                                 .no = d->no,
                                 .next_count = more ? next->fetch_count : 0,
                                 .stride = p.stride,
                                 .alpha = alpha,
                                 .distinct = plan->negatives == 0};
        status = update(&block);
        if (sample) {
            until_loss = plan->loss_every - 1;
            if (status == W2V_OK) add_loss(&block, plan->cbow ? 1 : d->ni, worker);
        }
    }
    worker->random = p.random;
    return status;
}
