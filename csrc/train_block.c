/* train_block.c - the default trainer: tokens -> windows -> blocks. All arithmetic is in the kernels. */
#include "block_assembly.h"

#include <string.h>

static void *carve(unsigned char *base, size_t *used, size_t bytes) {
    void *part = base ? base + *used : NULL;
    *used += (bytes + 63) & ~(size_t)63;
    return part;
}

/* The rows that the worker has copies of. The vocabulary begins with the most frequent words; the nodes of the tree end
 * with the root. */
static void choose_hot_rows(const w2v_block_plan *plan, pass *p) {
    const w2v_model *model = &plan->model;
    const size_t words = model->words, stride = w2v_stride(model->dimensions);
    const size_t hot_words = smaller(plan->hot_words, words);
    const size_t hot_outputs = plan->softmax && hot_words > 0 ? words : hot_words;
    const size_t hot_nodes = model->nodes ? smaller(plan->hot_nodes, words - 1) : 0;
    p->input = (hot_rows){.matrix = model->input, .count = hot_words, .stride = stride};
    p->output = (hot_rows){.matrix = model->output, .count = model->output ? hot_outputs : 0, .stride = stride};
    p->nodes = (hot_rows){.matrix = model->nodes, .first = words - 1 - hot_nodes, .count = hot_nodes, .stride = stride};
}

/* Lays the workspace out. Returns its bytes. */
static size_t lay_out(const w2v_block_plan *plan, unsigned char *base, pass *p) {
    const size_t window = smaller(plan->window, W2V_SENTENCE_MAX);
    const size_t contexts = smaller(2 * window, W2V_SENTENCE_MAX - 1);
    const size_t picked = w2v_block_even(plan->longest_code + plan->negatives + 1);
    const size_t classes = plan->softmax ? w2v_block_even(plan->model.words - 1) : 0;
    const size_t no = plan->softmax ? classes : picked;
    const size_t stride = w2v_stride(plan->model.dimensions);
    size_t used = 0;
    p->stride = stride;
    p->window = window;
    choose_hot_rows(plan, p);
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
    hot_rows *const copies[] = {&p->input, &p->output, &p->nodes};
    for (int k = 0; k < 3; k++) {
        copies[k]->rows = carve(base, &used, copies[k]->count * p->stride * sizeof(float));
        copies[k]->merged = carve(base, &used, copies[k]->count * p->stride * sizeof(float));
    }
    p->drawn = plan->drawn > 0 ? plan->drawn : plan->negatives;
    p->is_weighted = p->drawn < plan->negatives;
    if (p->is_weighted) {
        const size_t labels = w2v_block_labels(picked) * sizeof(float);
        p->of_inputs = carve(base, &used, labels);
        p->of_outputs = carve(base, &used, labels);
        for (int k = 0; k < 2; k++) p->blocks[k].shift = carve(base, &used, labels);
        p->pool_class = carve(base, &used, plan->pool);
        p->mean_input = carve(base, &used, stride * sizeof(float));
        p->control = carve(base, &used, stride * sizeof(float));
        p->weighted = carve(base, &used, w2v_block_gradients(contexts, no) * sizeof(float));
    }
    p->zeros = carve(base, &used, p->stride * sizeof(float));
    p->classes = carve(base, &used, classes * sizeof(float *));
    return used;
}

size_t w2v_block_workspace(const w2v_block_plan *plan) {
    pass p;
    if (w2v_block_check(plan) != W2V_OK) return 0;
    return lay_out(plan, NULL, &p);
}

static void merge_all(const pass *p, bool first_time) {
    merge(&p->input, first_time);
    merge(&p->output, first_time);
    merge(&p->nodes, first_time);
}

/* The mean of the input rows of the next words, at most as many as the pool has, as often as the subsampling keeps
 * them. */
W2V_HOGWILD
static void take_mean_input(pass *p) {
    const w2v_block_plan *plan = p->plan;
    const int64_t until = p->count < (int64_t)plan->pool ? p->count : (int64_t)plan->pool;
    float total = 0;
    memset(p->mean_input, 0, p->stride * sizeof(float));
    for (int64_t at = 0; at < until; at++) {
        const int32_t word = p->tokens[at];
        if (word == 0) continue;
        const float kept = plan->keep ? (float)plan->keep[word] : 1;
        const float *row = row_of(&p->input, (size_t)word);
        for (size_t d = 0; d < p->stride; d++) p->mean_input[d] += kept * row[d];
        total += kept;
    }
    for (size_t d = 0; total > 0 && d < p->stride; d++) p->mean_input[d] /= total;
}

/* The dot product of the mean input and an output row, times this, is about the value whose sigmoid is the mean of s(x)
 * over the inputs: the sigmoid of a normal variable of variance v has about the mean of s(x / sqrt(1 + pi v / 8)), and v
 * is about 1. Measured on 17 M words of English text: .80 to .85 leave the smallest variance. */
#define MEAN_SIGMOID_SLOPE 0.85f

/* Sets the shift of each class of words: alpha K / K' times the mean of c(y) over its rows in the pool, where c(y) is
 * the mean of s(x . y) over the inputs x. A class without a row gets the mean of all. */
static void estimate_shifts(pass *p, float of_one) {
    const w2v_block_plan *plan = p->plan;
    float counts[CLASSES] = {0}, sum = 0;
    memset(p->shifts, 0, sizeof p->shifts);
    for (size_t slot = 0; slot < plan->pool; slot++) {
        const float x = plan->kernels->dot(p->mean_input, p->pool[slot], p->stride);
        const float shift = of_one * w2v_sigmoid(plan->sigmoid, MEAN_SIGMOID_SLOPE * x);
        p->shifts[p->pool_class[slot]] += shift;
        counts[p->pool_class[slot]]++;
        sum += shift;
    }
    for (int k = 0; k < CLASSES; k++) p->shifts[k] = counts[k] > 0 ? p->shifts[k] / counts[k] : sum / (float)plan->pool;
}

/* Sets the weights of all blocks, and the control row: the mean of c(y) y over the noise is estimated by that over the
 * pool. */
W2V_HOGWILD
static void prepare_weights(pass *p, float alpha) {
    const w2v_block_plan *plan = p->plan;
    const size_t no = w2v_block_labels(w2v_block_even(p->drawn + 1));
    for (size_t o = 0; o < no; o++) {
        const bool is_negative = o > 0 && o <= p->drawn;
        p->of_inputs[o] = is_negative ? (float)plan->negatives / (float)p->drawn : 1;
        p->of_outputs[o] = is_negative ? (float)plan->negatives / (float)plan->updated : 1;
        p->blocks[0].shift[o] = p->blocks[1].shift[o] = 0;
    }
    take_mean_input(p);
    estimate_shifts(p, alpha * (float)plan->negatives / (float)p->drawn);
    memset(p->control, 0, p->stride * sizeof(float));
    for (size_t slot = 0; slot < plan->pool; slot++) {
        const float shift = p->shifts[p->pool_class[slot]];
        for (size_t d = 0; d < p->stride; d++) p->control[d] += shift * p->pool[slot][d];
    }
    const float scale = -(float)p->drawn / (float)plan->pool;
    for (int k = 0; k < 2; k++)
        p->blocks[k].weights = (w2v_block_weights){.inputs = p->of_inputs,
                                                   .outputs = p->of_outputs,
                                                   .shift = p->blocks[k].shift,
                                                   .control = p->control,
                                                   .gradients = p->weighted,
                                                   .scale = scale,
                                                   .written = plan->updated + 1};
}

/* Sets what all blocks of the pass have in common, including the outputs of the full softmax. */
static void prepare_blocks(pass *p, float alpha) {
    const w2v_block_plan *plan = p->plan;
    const size_t classes = plan->softmax ? plan->model.words - 1 : 0;
    for (size_t word = 1; word <= classes; word++) p->classes[word - 1] = row_of(&p->output, word);
    if (classes % 2 != 0) p->classes[classes] = p->zeros;
    for (int k = 0; k < 2; k++) {
        p->blocks[k].block = (w2v_block){.inputs = p->blocks[k].inputs,
                                         .outputs = plan->softmax ? p->classes : p->blocks[k].outputs,
                                         .no = w2v_block_even(classes),
                                         .classes = classes,
                                         .softmax = plan->softmax,
                                         .labels = p->blocks[k].labels,
                                         .gradients = p->gradients,
                                         .shares = p->shares,
                                         .mean = p->mean,
                                         .weights = p->is_weighted ? &p->blocks[k].weights : NULL,
                                         .sigmoid = plan->sigmoid,
                                         .stride = p->stride,
                                         .distinct_outputs = true, /* a tree's nodes and a softmax's words are */
                                         .alpha = alpha,
                                         .divided = plan->cbow_divided};
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
    if (p.is_weighted) prepare_weights(&p, alpha);
    prepare_blocks(&p, alpha);
    w2v_status (*const update)(const w2v_block *) = plan->cbow ? plan->kernels->update_mean : plan->kernels->update;
    size_t until_merge = plan->hot_words + plan->hot_nodes > 0 ? plan->merge_every : SIZE_MAX;
    (void)w2v_random_next(&p.random); /* unused, so that a seed gives the same vectors as in earlier versions */

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
