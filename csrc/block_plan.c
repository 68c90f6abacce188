/* block_plan.c - checks a plan, and sets its values that affect speed. */
#include "w2v_train.h"

/* The number of hot rows that each of several workers has copies of: words, and nodes in the first eight levels of the
 * tree.
 *
 * Measured speed of two threads over one, D = 100: skip-gram 1.73 without copies and 1.91 with 128 words; hierarchical
 * softmax 1.01 without copies and 1.95 with 255 nodes. */
enum { HOT_WORDS = 128, HOT_NODES = 255 };

/* The number of words in the noise pool: a power of two from 128 to 1024. If possible, their rows fill at most a
 * quarter of a 1 MB cache. */
static size_t pool_size(const w2v_block_plan *plan) {
    if (plan->negatives == 0 || plan->reuse < 2) return 0;
    size_t size = 1024;
    while (size > 128 && size * w2v_stride(plan->model.dimensions) * sizeof(float) > 1u << 18) size /= 2;
    return size;
}

/* The number of blocks that a worker trains between two merges of its copies. Between merges, all workers together make
 * about 256 updates of the row of the most frequent word. This does not change the scores. More than 8 workers merge as
 * often as 8: otherwise merging would take a quarter of the time with 64 workers.
 *
 * With the full softmax every block changes all outputs, and 16 blocks take long enough that the time of a merge does
 * not matter. */
static size_t merge_interval(const w2v_block_plan *plan, size_t threads, int64_t tokens, int64_t largest) {
    if (plan->softmax) return 16;
    const int64_t updates = 256 * tokens / (largest > 0 ? largest : 1);
    const size_t blocks = (size_t)(updates < 4096 ? updates : 4096) / (threads < 8 ? threads : 8);
    return blocks > 0 ? blocks : 1;
}

void w2v_block_plan_default(w2v_block_plan *plan, size_t threads, int64_t tokens, int64_t largest) {
    if (threads == 0) threads = 1;
    plan->pool = pool_size(plan);
    plan->hot_words = threads > 1 ? HOT_WORDS : 0;
    plan->hot_nodes = threads > 1 ? HOT_NODES : 0;
    plan->merge_every = merge_interval(plan, threads, tokens, largest);
}

void w2v_block_plan_reduce_variance(w2v_block_plan *plan) {
    plan->drawn = (2 * plan->negatives + 1) / 3;
    plan->updated = plan->drawn;
}

int64_t w2v_block_chunk(int64_t tokens) {
    const int64_t length = tokens / 64 > 256 ? tokens / 64 : 256;
    return length < 10000 ? length : 10000;
}

/* The maximum number of words in the noise pool. */
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
    if (plan->drawn > 0 && plan->drawn < plan->negatives) {
        if (model->nodes || plan->pool == 0 || plan->share != W2V_SHARE_WINDOW) return W2V_INVALID;
        if (plan->updated == 0 || plan->updated > plan->drawn) return W2V_INVALID;
    }
    if (plan->drawn > plan->negatives) return W2V_INVALID;
    if (plan->hot_words + plan->hot_nodes > 0 && plan->merge_every == 0) return W2V_INVALID;
    return W2V_OK;
}
