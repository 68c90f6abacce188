/* train_block.c - the default trainer: tokens -> windows -> blocks. The arithmetic is the kernels' alone. */
#include "hot_rows.h"
#include "w2v_train.h"

#include <math.h>
#include <string.h>

/* Draws of one negative before it is given up: with a word that is nearly all of the corpus as center, the others are
 * almost never drawn, and the run must not hang. */
#define DRAWS_MAX 64

/* Draws of noise words under way: their entries of the alias table are fetched while others are used. A power of two. */
#define DRAWS_AHEAD 8

/* Steps from the root of the tree whose nodes, 2^12 - 1 rows at most, are used so often that the caches have them: fetching
 * them ahead from the 8th step on cost more than it gave (D = 100, V = 48,936). */
#define HOT_STEPS 12

/* Context rows that are fetched ahead for one block, at most. */
#define FETCH_MAX 16

/* Outputs of a block that are compared with each other, at most: beyond it they count as if a row stood there twice. */
#define COMPARED_MAX 24

/* Words whose last place in a sentence is remembered, by the last bits of their number. A power of two. */
#define SEEN 1024

/* Centers that the paths of the tree are fetched ahead. */
#define PATHS_AHEAD 2

/* Tokens that the subsampling looks ahead. */
#define KEEP_AHEAD 16

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* One block in the making. Sizes: ni = most inputs of a block, no = most outputs. */
typedef struct pending_block {
    w2v_block block;
    float **inputs;  /* (2 W) */
    float **outputs; /* (no) */
    float *labels;   /* (w2v_block_labels(no)) */
    const float *
        *fetch; /* (2 no + FETCH_MAX + W2V_BLOCK_FETCH) rows that this or a later block will use and that may not be
                            in the cache, then the row of zeros, which makes whole fetches */
    size_t fetch_count;
} pending_block;

/* A worker's pass over its tokens. */
typedef struct pass {
    const w2v_block_plan *plan;
    const int32_t *tokens;
    int64_t count;
    int64_t position; /* next token */
    uint64_t random;
    size_t stride;
    size_t window; /* W, at most W2V_SENTENCE_MAX */

    hot_rows input, output, nodes;

    /* the current sentence */
    int32_t *words; /* (W2V_SENTENCE_MAX) */
    float **rows; /* (W2V_SENTENCE_MAX + W + 1) their input rows; what lies behind the sentence is copied, never used */
    int32_t *repeated;  /* (W2V_SENTENCE_MAX) the last place whose word stands again at or before this one, or -1 */
    uint32_t *seen;     /* (SEEN) 1 + how many words had been kept when a word like this was the last time */
    uint32_t kept;      /* words kept before this sentence */
    int64_t words_left; /* words kept so far */
    size_t length;
    size_t at;      /* next center */
    size_t fetched; /* words whose rows were fetched ahead */
    size_t context; /* -share pair: the next context of the current center, if context <= last */
    size_t last;

    /* the noise */
    float **pool;                /* (plan->pool) output rows */
    unsigned pool_bits;          /* log2 of plan->pool */
    size_t pool_next;            /* the row of the pool that is replaced next */
    size_t pool_debt;            /* uses since the last replacement */
    uint64_t draws[DRAWS_AHEAD]; /* random bits of the draws under way */
    size_t draw;                 /* the next of them */

    pending_block blocks[2];
    float *gradients;
    float *shares;
    float *mean;
    float **classes; /* the full softmax: all its outputs */
    float *zeros;    /* (S) the row that makes up an even number */
} pass;

static void *carve(unsigned char *base, size_t *used, size_t bytes) {
    void *part = base ? base + *used : NULL;
    *used += (bytes + 63) & ~(size_t)63;
    return part;
}

/* Lays the workspace out. Returns its bytes. */
static size_t lay_out(const w2v_block_plan *plan, unsigned char *base, pass *p) {
    const size_t window = smaller(plan->window, W2V_SENTENCE_MAX);
    const size_t contexts = smaller(2 * window, W2V_SENTENCE_MAX - 1);
    const size_t picked = w2v_block_even(plan->longest_code + plan->negatives + 1);
    const size_t classes = plan->softmax ? w2v_block_even(plan->model.words - 1) : 0;
    const size_t no = plan->softmax ? classes : picked;
    const size_t words = plan->model.words, stride = w2v_stride(plan->model.dimensions);
    const size_t hot_words = smaller(plan->hot_words, words);
    const size_t hot_nodes = plan->model.nodes ? smaller(plan->hot_nodes, words - 1) : 0;
    size_t used = 0;
    p->stride = stride;
    p->window = window;
    /* The vocabulary begins with the most frequent words; the tree's nodes were made from the leaves up. */
    p->input = (hot_rows){.matrix = plan->model.input, .first = 0, .count = hot_words, .stride = stride};
    p->output = (hot_rows){
        .matrix = plan->model.output, .first = 0, .count = plan->model.output ? hot_words : 0, .stride = stride};
    if (plan->softmax && hot_words > 0) p->output.count = words;
    p->nodes =
        (hot_rows){.matrix = plan->model.nodes, .first = words - 1 - hot_nodes, .count = hot_nodes, .stride = stride};
    p->words = carve(base, &used, W2V_SENTENCE_MAX * sizeof(int32_t));
    p->rows = carve(base, &used, (W2V_SENTENCE_MAX + window + 1) * sizeof(float *));
    p->repeated = carve(base, &used, W2V_SENTENCE_MAX * sizeof(int32_t));
    p->seen = carve(base, &used, SEEN * sizeof(uint32_t));
    p->pool = carve(base, &used, plan->pool * sizeof(float *));
    for (int k = 0; k < 2; k++) {
        p->blocks[k].inputs = carve(base, &used, 2 * window * sizeof(float *));
        p->blocks[k].outputs = carve(base, &used, picked * sizeof(float *));
        p->blocks[k].fetch = carve(base, &used, (2 * picked + FETCH_MAX + W2V_BLOCK_FETCH) * sizeof(float *));
        p->blocks[k].labels = carve(base, &used, w2v_block_labels(picked) * sizeof(float));
    }
    p->gradients = carve(base, &used, w2v_block_gradients(contexts, no) * sizeof(float));
    p->shares = carve(base, &used, w2v_block_shares(contexts, no, stride) * sizeof(float));
    p->mean = carve(base, &used, 2 * p->stride * sizeof(float));
    hot_rows *const own[] = {&p->input, &p->output, &p->nodes};
    for (int k = 0; k < 3; k++) {
        own[k]->rows = carve(base, &used, own[k]->count * p->stride * sizeof(float));
        own[k]->merged = carve(base, &used, own[k]->count * p->stride * sizeof(float));
    }
    p->zeros = carve(base, &used, p->stride * sizeof(float));
    p->classes = carve(base, &used, classes * sizeof(float *));
    return used;
}

/* Words of the noise pool, at most. */
#define POOL_MAX ((size_t)1 << 16)

w2v_status w2v_block_check(const w2v_block_plan *plan) {
    const w2v_model *model = &plan->model;
    const bool reads_outputs = plan->negatives > 0 || plan->softmax;
    if (model->words == 0 || model->dimensions == 0 || plan->window == 0) return W2V_EMPTY;
    if (reads_outputs && model->words == 1) return W2V_EMPTY;
    if (reads_outputs && !model->output) return W2V_INVALID;
    if (plan->softmax && (plan->negatives > 0 || model->nodes)) return W2V_INVALID;
    if (plan->negatives > 0) {
        if (!plan->unigram) return W2V_INVALID;
        const bool is_power = (plan->pool & (plan->pool - 1)) == 0; /* or 0: there is no pool */
        if (plan->pool > 0 && (!is_power || plan->pool > POOL_MAX || plan->reuse == 0)) return W2V_INVALID;
    }
    if (plan->hot_words + plan->hot_nodes > 0 && plan->merge_every == 0) return W2V_INVALID;
    return W2V_OK;
}

size_t w2v_block_workspace(const w2v_block_plan *plan) {
    pass p;
    if (w2v_block_check(plan) != W2V_OK) return 0;
    return lay_out(plan, NULL, &p);
}

/* ---- rows ---- */

static void merge_all(const pass *p, bool first_time) {
    merge(&p->input, first_time);
    merge(&p->output, first_time);
    merge(&p->nodes, first_time);
}

/* ---- noise ---- */

/* A draw's entry of the alias table is an even chance over all of it, and so a cache miss: it is fetched DRAWS_AHEAD draws
 * before it is read. */
static void begin_draw(pass *p) {
    const uint64_t bits = w2v_random_next(&p->random);
    __builtin_prefetch(&p->plan->unigram[w2v_random_below((uint32_t)(bits >> 32), (uint32_t)p->plan->model.words - 1)]);
    p->draws[p->draw] = bits;
    p->draw = (p->draw + 1) % DRAWS_AHEAD;
}

static float *draw_row(pass *p) {
    const uint64_t bits = p->draws[p->draw];
    begin_draw(p);
    return row_of(&p->output, 1 + w2v_alias_draw(p->plan->unigram, (uint32_t)p->plan->model.words - 1, bits));
}

/* A row drawn anew that is not `center`; `center` if none was found. */
static float *draw_noise(pass *p, const float *center) {
    float *row = draw_row(p);
    for (int draw = 1; draw < DRAWS_MAX && row == center; draw++) row = draw_row(p);
    return row;
}

/* The same for the pool, by `bits` at first. */
static float *pool_noise(pass *p, const float *center, uint64_t bits) {
    const size_t mask = p->plan->pool - 1;
    float *row = p->pool[bits & mask];
    for (int draw = 1; draw < DRAWS_MAX && row == center; draw++)
        row = p->pool[(w2v_random_next(&p->random) >> 32) & mask];
    return row;
}

/* Replaces the pool's oldest words by new ones, one for every `reuse` uses. Returns where the list of fetches ends. */
static const float **renew_pool(pass *p, const float **fetch) {
    const w2v_block_plan *plan = p->plan;
    for (p->pool_debt += plan->negatives; p->pool_debt >= plan->reuse; p->pool_debt -= plan->reuse) {
        *fetch++ = p->pool[p->pool_next] = draw_row(p);
        p->pool_next = (p->pool_next + 1) & (plan->pool - 1);
    }
    return fetch;
}

static void start_noise(pass *p) {
    const w2v_block_plan *plan = p->plan;
    if (plan->negatives == 0) return;
    for (int k = 0; k < DRAWS_AHEAD; k++) begin_draw(p);
    for (size_t slot = 0; slot < plan->pool; slot++) p->pool[slot] = draw_row(p);
    while ((size_t)1 << p->pool_bits < plan->pool) p->pool_bits++;
}

/* ---- sentences ---- */

/* Reads one sentence after subsampling. */
static void read_sentence(pass *p) {
    const uint32_t *keep = p->plan->keep;
    const int32_t *tokens = p->tokens;
    int64_t position = p->position;
    uint64_t random = p->random;
    size_t length = 0;
    p->kept += (uint32_t)p->length;
    while (length < W2V_SENTENCE_MAX && position < p->count) {
        const int32_t word = tokens[position++];
        if (word == 0) break;
        p->words[length] = word;
        if (keep) {
            if (position + KEEP_AHEAD < p->count) __builtin_prefetch(&keep[tokens[position + KEEP_AHEAD]]);
            length += (uint32_t)(w2v_random_next(&random) >> 32) <= keep[word];
        } else {
            length++;
        }
    }
    p->position = position;
    p->random = random;

    int32_t repeated = -1;
    for (size_t at = 0; at < length; at++) {
        uint32_t *seen = &p->seen[(uint32_t)p->words[at] % SEEN];
        const int32_t before = (int32_t)(*seen - 1 - p->kept); /* negative: in an earlier sentence */
        *seen = p->kept + (uint32_t)at + 1;
        if (before > repeated) repeated = before;
        p->repeated[at] = repeated;
        p->rows[at] = row_of(&p->input, (size_t)p->words[at]);
    }
    p->length = length;
    p->words_left += (int64_t)length;
    p->at = 0;
    p->fetched = 0;
}

/* ---- blocks ---- */

/* The paths of coming centers, which lie anywhere in the tree: first where a path begins, later the path. Inlined by force: gcc
 * holds a function that only prefetches to have no effect, and drops its calls. */
static inline __attribute__((always_inline)) void fetch_paths(const pass *p) {
    const w2v_tree *tree = &p->plan->tree;
    if (p->at + 2 * PATHS_AHEAD < p->length) __builtin_prefetch(&tree->offsets[p->words[p->at + 2 * PATHS_AHEAD]]);
    if (p->at + PATHS_AHEAD >= p->length) return;
    const int64_t *path = &tree->offsets[p->words[p->at + PATHS_AHEAD]];
    __builtin_prefetch(&tree->points[path[0]]);
    __builtin_prefetch(&tree->points[path[1] - 1]); /* a path that crosses a cache line */
    __builtin_prefetch(&tree->codes[path[0]]);
}

/* The rows and labels of the center's path. Returns its steps. */
static size_t take_path(const pass *p, uint32_t center, float **restrict rows, float *restrict labels) {
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

/* Whether no row stands there twice. */
static bool all_differ(float *const *rows, size_t n) {
    return n == W2V_BLOCK_DEFAULT ? differ(rows, W2V_BLOCK_DEFAULT) : n <= COMPARED_MAX && differ(rows, n);
}

/* The center's outputs: itself and K negatives, none of them the center, and its path in the tree; an even number. */
static void take_outputs(pass *p, pending_block *d, uint32_t center) {
    const w2v_block_plan *plan = p->plan;
    float **const outputs = d->outputs;
    float *const labels = d->labels;
    const float **fetch = d->fetch;
    size_t no = 0;
    if (plan->softmax) d->block.target = center - 1;
    if (plan->negatives > 0) {
        float *const positive = row_of(&p->output, center);
        outputs[no] = positive;
        labels[no++] = 1;
        *fetch++ = positive;
        if (plan->pool > 0) {
            fetch = renew_pool(p, fetch);
            uint64_t bits = 0;
            unsigned left = 0;
            for (size_t k = 0; k < plan->negatives; k++, bits >>= p->pool_bits, left -= p->pool_bits) {
                if (left < p->pool_bits) {
                    bits = w2v_random_next(&p->random);
                    left = 64;
                }
                float *const row = pool_noise(p, positive, bits);
                *fetch++ = outputs[no] = row;
                labels[no] = 0;
                no += row != positive;
            }
        } else {
            for (size_t k = 0; k < plan->negatives; k++) {
                float *const row = draw_noise(p, positive);
                if (row == positive) continue;
                *fetch++ = outputs[no] = row;
                labels[no++] = 0;
            }
        }
        d->block.distinct_outputs = all_differ(outputs, no);
    }
    if (plan->model.nodes) {
        const size_t steps = take_path(p, center, outputs + no, labels + no);
        for (size_t step = HOT_STEPS; step < steps; step++) *fetch++ = outputs[no + step];
        no += steps;
    }
    if (no % 2 != 0) {
        outputs[no] = p->zeros;
        labels[no++] = W2V_BLOCK_PAD;
    }
    const size_t until = smaller(p->length, p->at + smaller(p->window, FETCH_MAX) + 1);
    for (size_t n = 0; p->fetched < until && n < FETCH_MAX; n++) *fetch++ = p->rows[p->fetched++];
    if (!plan->softmax) d->block.no = no;
    d->fetch_count = w2v_block_next((size_t)(fetch - d->fetch));
    for (size_t k = 0; k < W2V_BLOCK_FETCH; k++) fetch[k] = p->zeros; /* not as many as are missing: no branch */
}

/* The contexts of the center `at`, from `from` to `to`. Always as many rows are copied as the window may have. */
static void take_inputs(pass *p, pending_block *d, size_t from, size_t at, size_t to) {
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
            take_outputs(p, d, (uint32_t)p->words[p->at - 1]);
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
        take_inputs(p, d, from, at, to);
        take_outputs(p, d, (uint32_t)p->words[at]);
        return true;
    }
}

w2v_status w2v_block_train(const w2v_block_plan *plan, w2v_worker *worker, const int32_t *tokens, int64_t count,
                           float alpha) {
    const w2v_status refused = w2v_block_check(plan);
    if (refused != W2V_OK) return refused;
    pass p = {.plan = plan, .tokens = tokens, .count = count, .random = worker->random, .context = 1};
    lay_out(plan, worker->workspace, &p);
    memset(p.zeros, 0, p.stride * sizeof(float));
    memset(p.seen, 0, SEEN * sizeof(uint32_t));
    merge_all(&p, true);
    start_noise(&p);
    const size_t classes = plan->softmax ? plan->model.words - 1 : 0;
    for (size_t word = 1; word <= classes; word++) p.classes[word - 1] = row_of(&p.output, word);
    if (classes % 2 != 0) p.classes[classes] = p.zeros;
    for (int k = 0; k < 2; k++) {
        p.blocks[k].block = (w2v_block){.inputs = p.blocks[k].inputs,
                                        .outputs = plan->softmax ? p.classes : p.blocks[k].outputs,
                                        .no = w2v_block_even(classes),
                                        .classes = classes,
                                        .softmax = plan->softmax,
                                        .labels = p.blocks[k].labels,
                                        .gradients = p.gradients,
                                        .shares = p.shares,
                                        .mean = p.mean,
                                        .sigmoid = plan->sigmoid,
                                        .stride = p.stride,
                                        .distinct_outputs = true, /* a tree's nodes and a softmax's words are */
                                        .alpha = alpha,
                                        .divided = plan->cbow_divided};
    }
    w2v_status (*const update)(const w2v_block *) = plan->cbow ? plan->kernels->update_mean : plan->kernels->update;
    size_t until_merge = plan->hot_words + plan->hot_nodes > 0 ? plan->merge_every : SIZE_MAX;
    (void)w2v_random_next(&p.random); /* unused: so that a seed gives the vectors that it always gave */

    w2v_status status = W2V_OK;
    int64_t pairs = 0;
    bool more = next_block(&p, &p.blocks[0]);
    for (size_t now = 0; more && status == W2V_OK; now ^= 1) {
        w2v_block *block = &p.blocks[now].block;
        const pending_block *next = &p.blocks[now ^ 1];
        more = next_block(&p, &p.blocks[now ^ 1]);
        block->next = next->fetch;
        block->next_count = more ? next->fetch_count : 0;
        status = update(block);
        if (--until_merge == 0) {
            merge_all(&p, false);
            until_merge = plan->merge_every;
        }
        pairs += plan->cbow ? 1 : (int64_t)block->ni;
    }
    merge_all(&p, false);
    worker->random = p.random;
    worker->words += p.words_left;
    worker->pairs += pairs;
    return status;
}
