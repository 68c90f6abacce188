/*
 * train_original.c - `-exact 1`: the original program's arithmetic, order and quirks, bit for bit, at one thread.
 *
 * Whatever looks odd here is a property of the original: its sigmoid table is read with an offset of 0.4%, a repeated
 * negative sample uses the row that the first one has changed, an empty line consumes a random number, the learning
 * rate changes between the first and the second center of a sentence, and the last line counts only if it ends with a
 * newline. Float sums are computed strictly from left to right; multiplication and addition are rounded separately.
 */
#include "w2v_sigmoid.h"
#include "w2v_train.h"

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

/* The steps of the original's table per unit of x: 1000 / 6 / 2 in integers. */
#define ORIGINAL_SCALE ((float)(W2V_SIGMOID_ORIGINAL_SIZE / 6 / 2))
/* Words between two changes of the learning rate. */
#define ALPHA_INTERVAL 10000

static float dot(const float *x, const float *y, size_t n) {
    float sum = 0;
    for (size_t d = 0; d < n; d++) sum += x[d] * y[d];
    return sum;
}

static void add_scaled(float *restrict y, float scale, const float *restrict x, size_t n) {
    for (size_t d = 0; d < n; d++) y[d] += scale * x[d];
}

static void add(float *restrict y, const float *restrict x, size_t n) {
    for (size_t d = 0; d < n; d++) y[d] += x[d];
}

static void clear(float *x, size_t n) {
    for (size_t d = 0; d < n; d++) x[d] = 0;
}

static float table_sigmoid(const float *table, float f) {
    return table[(int)((f + W2V_SIGMOID_RANGE) * ORIGINAL_SCALE)];
}

/* The center's Huffman path with `hidden` as input: changes the nodes, adds to `error`. */
static w2v_status hierarchical_softmax(const w2v_original_plan *plan, float alpha, int32_t center, const float *hidden,
                                       float *error) {
    const size_t n = plan->model.dimensions, stride = w2v_stride(n);
    for (int64_t step = plan->tree.offsets[center]; step < plan->tree.offsets[center + 1]; step++) {
        float *node = plan->model.nodes + (size_t)plan->tree.points[step] * stride; /* (D) */
        float f = dot(hidden, node, n);
        if (f != f) return W2V_NOT_FINITE;
        if (f <= -W2V_SIGMOID_RANGE || f >= W2V_SIGMOID_RANGE) continue;
        float g = ((float)(1 - plan->tree.codes[step]) - table_sigmoid(plan->sigmoid, f)) * alpha;
        add_scaled(error, g, node, n);
        add_scaled(node, g, hidden, n);
    }
    return W2V_OK;
}

/* The center and K negatives, one after the other: changes their output rows, adds to `error`. */
static w2v_status negative_sampling(const w2v_original_plan *plan, w2v_original_state *state, int32_t center,
                                    const float *hidden, float *error) {
    const size_t n = plan->model.dimensions, stride = w2v_stride(n);
    const float alpha = state->alpha;
    for (int64_t k = 0; k <= plan->negatives; k++) {
        uint64_t word = (uint64_t)center;
        float label = 1;
        if (k > 0) {
            state->random = w2v_lcg_next(state->random);
            word = w2v_unigram_word(&plan->unigram, (uint32_t)((state->random >> 16) % W2V_UNIGRAM_SLOTS));
            if (word == 0) word = state->random % (plan->model.words - 1) + 1;
            if (word == (uint64_t)center) continue;
            label = 0;
        }
        float *row = plan->model.output + word * stride; /* (D) */
        float f = dot(hidden, row, n), g;
        if (f != f) return W2V_NOT_FINITE;
        if (f > W2V_SIGMOID_RANGE) {
            g = (label - 1) * alpha;
        } else if (f < -W2V_SIGMOID_RANGE) {
            g = label * alpha;
        } else {
            g = (label - table_sigmoid(plan->sigmoid, f)) * alpha;
        }
        add_scaled(error, g, row, n);
        add_scaled(row, g, hidden, n);
    }
    return W2V_OK;
}

static w2v_status learn(const w2v_original_plan *plan, w2v_original_state *state, int32_t center, const float *hidden,
                        float *error) {
    w2v_status status = W2V_OK;
    clear(error, plan->model.dimensions);
    if (plan->model.nodes) status = hierarchical_softmax(plan, state->alpha, center, hidden, error);
    if (status == W2V_OK && plan->negatives > 0) status = negative_sampling(plan, state, center, hidden, error);
    return status;
}

/* The contexts of position `at` are from ... to, `at` itself left out. An empty sentence still draws its radius. */
static w2v_status train_center(const w2v_original_plan *plan, w2v_original_state *state, const int32_t *sentence,
                               int64_t length, int64_t at, float *workspace) {
    const size_t n = plan->model.dimensions, stride = w2v_stride(n);
    float *hidden = workspace, *error = workspace + n; /* (D), (D) */
    state->random = w2v_lcg_next(state->random);
    if (length == 0) return W2V_OK;
    const int64_t radius = plan->window - (int64_t)(state->random % (uint64_t)plan->window);
    const int64_t from = at < radius ? 0 : at - radius;
    const int64_t to = length - 1 - at < radius ? length - 1 : at + radius;
    w2v_status status = W2V_OK;

    state->pairs += !plan->cbow ? to - from : to > from;
    if (!plan->cbow) {
        for (int64_t c = from; c <= to && status == W2V_OK; c++) {
            if (c == at) continue;
            float *row = plan->model.input + (size_t)sentence[c] * stride; /* (D) */
            status = learn(plan, state, sentence[at], row, error);
            if (status == W2V_OK) add(row, error, n);
        }
        return status;
    }

    if (to == from) return W2V_OK;
    clear(hidden, n);
    for (int64_t c = from; c <= to; c++)
        if (c != at) add(hidden, plan->model.input + (size_t)sentence[c] * stride, n);
    for (size_t d = 0; d < n; d++) hidden[d] /= (float)(to - from);
    status = learn(plan, state, sentence[at], hidden, error);
    if (status != W2V_OK) return status;
    for (int64_t c = from; c <= to; c++)
        if (c != at) add(plan->model.input + (size_t)sentence[c] * stride, error, n);
    return W2V_OK;
}

/* Reads one sentence after subsampling. Returns its length, or -1 if the tokens ended first. */
static int64_t read_sentence(const w2v_original_plan *plan, w2v_original_state *state, const int32_t *tokens,
                             int64_t count, int32_t *sentence) {
    int64_t length = 0;
    while (length < W2V_SENTENCE_MAX) {
        if (state->position == count) return -1;
        int32_t word = tokens[state->position++];
        state->word_count++;
        if (word == 0) break;
        if (plan->keep) {
            state->random = w2v_lcg_next(state->random);
            if (plan->keep[word] < (float)(state->random & 0xFFFF) / 65536.0f) continue;
        }
        sentence[length++] = word;
    }
    return length;
}

static void change_alpha(const w2v_original_plan *plan, w2v_original_state *state) {
    state->done += state->word_count - state->last_count;
    state->last_count = state->word_count;
    float rest = 1 - (float)state->done / (float)(plan->epochs * plan->train_words + 1);
    state->alpha = plan->alpha * rest;
    if ((double)state->alpha < (double)plan->alpha * 0.0001) state->alpha = (float)((double)plan->alpha * 0.0001);
}

static void end_epoch(w2v_original_state *state) {
    state->done += state->word_count - state->last_count;
    state->epochs_left--;
    state->word_count = state->last_count = 0;
    state->position = 0;
}

w2v_original_state w2v_original_start(const w2v_original_plan *plan) {
    w2v_original_state state = {.epochs_left = plan->epochs, .alpha = plan->alpha};
    return state;
}

w2v_status w2v_original_check(const w2v_original_plan *plan) {
    const w2v_model *model = &plan->model;
    if (model->words == 0 || model->dimensions == 0 || plan->window < 1) return W2V_EMPTY;
    if (plan->negatives > 0 && model->words == 1) return W2V_EMPTY;
    if (plan->negatives > 0 && !model->output) return W2V_INVALID;
    return W2V_OK;
}

w2v_status w2v_original_run(const w2v_original_plan *plan, w2v_original_state *state, const int32_t *tokens,
                            int64_t count, int64_t budget, float *workspace) {
    const w2v_status refused = w2v_original_check(plan);
    if (refused != W2V_OK) return refused;
    int32_t sentence[W2V_SENTENCE_MAX];
    int64_t read = 0;
    while (state->epochs_left > 0 && read < budget) {
        if (state->word_count - state->last_count > ALPHA_INTERVAL) change_alpha(plan, state);
        const int64_t before = state->position;
        const int64_t length = read_sentence(plan, state, tokens, count, sentence);
        read += state->position - before;
        if (length < 0 || state->word_count > plan->train_words) {
            end_epoch(state);
            return W2V_OK;
        }
        state->kept += length;
        for (int64_t at = 0; at == 0 || at < length; at++) {
            if (at > 0 && state->word_count - state->last_count > ALPHA_INTERVAL) change_alpha(plan, state);
            w2v_status status = train_center(plan, state, sentence, length, at, workspace);
            if (status != W2V_OK) return status;
        }
    }
    return W2V_OK;
}
