/* loss.c - the loss of a model on a fixed sample of windows, and splitting off the lines that are held out for it. */
#include "w2v_loss.h"

#include <math.h>
#include <string.h>

/* Factors of 1 to 2 whose product is far from overflow. */
#define FACTORS_MAX 512

/* A sum of -log s(x) = max(-x, 0) + log(1 + e^-|x|). One logarithm is taken of the product of many factors 1 +
 * e^-|x|. */
typedef struct loss_sum {
    double sum;
    double product;
    int factors;
} loss_sum;

static void close_product(loss_sum *total) {
    total->sum += log(total->product);
    total->product = 1;
    total->factors = 0;
}

static void add_logistic_loss(loss_sum *total, double x) {
    if (x < 0) total->sum -= x;
    total->product *= 1 + exp(x < 0 ? x : -x);
    if (++total->factors == FACTORS_MAX) close_product(total);
}

/* What the loss is of. */
typedef struct measure {
    const w2v_model *model;
    const w2v_tree *tree;
    float (*dot)(const float *x, const float *y, size_t stride);
    size_t stride;
    bool softmax;
} measure;

static const float *row_of(const measure *m, const float *matrix, int32_t row) {
    return matrix + (size_t)row * m->stride;
}

/* The sum of exponentials is relative to the largest dot product so far, so that it does not overflow. */
static double softmax_loss(const measure *m, const float *vector, int32_t center) {
    double largest = -INFINITY, sum = 0, at_center = 0;
    for (size_t word = 1; word < m->model->words; word++) {
        const double x = (double)m->dot(vector, m->model->output + word * m->stride, m->stride);
        if (x > largest) {
            sum = sum * exp(largest - x) + 1;
            largest = x;
        } else {
            sum += exp(x - largest);
        }
        if (word == (size_t)center) at_center = x;
    }
    return log(sum) + largest - at_center;
}

/* Adds the loss of the center, predicted from a vector. */
static void add_prediction(const measure *m, const float *vector, int32_t center, const int32_t *noise,
                           size_t negatives, loss_sum *total) {
    const w2v_model *model = m->model;
    if (m->softmax) {
        total->sum += softmax_loss(m, vector, center);
        return;
    }
    if (model->output) {
        add_logistic_loss(total, (double)m->dot(vector, row_of(m, model->output, center), m->stride));
        for (size_t k = 0; k < negatives; k++)
            if (noise[k] >= 0)
                add_logistic_loss(total, -(double)m->dot(vector, row_of(m, model->output, noise[k]), m->stride));
    }
    if (model->nodes) {
        for (int64_t step = m->tree->offsets[center]; step < m->tree->offsets[center + 1]; step++) {
            const double x = (double)m->dot(vector, row_of(m, model->nodes, m->tree->points[step]), m->stride);
            add_logistic_loss(total, m->tree->codes[step] ? -x : x);
        }
    }
}

W2V_HOGWILD
static void take_mean(const measure *m, const int32_t *contexts, int64_t count, float *restrict mean) {
    const float share = 1.0f / (float)count;
    memset(mean, 0, m->stride * sizeof(float));
    for (int64_t c = 0; c < count; c++) {
        const float *restrict row = row_of(m, m->model->input, contexts[c]); /* (D) */
        for (size_t d = 0; d < m->stride; d++) mean[d] += row[d];
    }
    for (size_t d = 0; d < m->stride; d++) mean[d] *= share;
}

w2v_status w2v_sample_loss(const w2v_model *model, const w2v_tree *tree, const w2v_kernels *kernels,
                           const w2v_loss_sample *sample, bool cbow, bool softmax, float *workspace, double *loss) {
    const measure m = {
        .model = model, .tree = tree, .dot = kernels->dot, .stride = w2v_stride(model->dimensions), .softmax = softmax};
    loss_sum total = {.product = 1};
    int64_t from = 0;
    for (size_t i = 0; i < sample->windows; from = sample->ends[i], i++) {
        const int64_t to = sample->ends[i];
        const int32_t *noise = sample->noise ? sample->noise + i * sample->negatives : NULL;
        if (cbow) {
            take_mean(&m, sample->contexts + from, to - from, workspace);
            add_prediction(&m, workspace, sample->centers[i], noise, sample->negatives, &total);
            continue;
        }
        for (int64_t c = from; c < to; c++)
            add_prediction(&m, row_of(&m, model->input, sample->contexts[c]), sample->centers[i], noise,
                           sample->negatives, &total);
    }
    close_product(&total);
    *loss = total.sum;
    return isfinite(total.sum) ? W2V_OK : W2V_NOT_FINITE;
}

/* ---- lines held out ---- */

/* A list of tokens that grows, or is only counted. */
typedef struct token_list {
    int32_t *tokens; /* NULL: counted */
    int64_t count;
} token_list;

static void append(token_list *list, const int32_t *tokens, int64_t count) {
    if (list->tokens) memmove(list->tokens + list->count, tokens, (size_t)count * sizeof *tokens);
    list->count += count;
}

static void end_line(token_list *list) {
    if (list->tokens) list->tokens[list->count] = 0;
    list->count++;
}

w2v_holdout w2v_hold_out(int32_t *tokens, int64_t count, uint64_t seed, uint64_t threshold, int32_t *held) {
    token_list kept_list = {.tokens = held ? tokens : NULL}, held_list = {.tokens = held};
    w2v_holdout result = {0};
    bool is_open = false; /* the last line kept has no 0 yet */
    for (int64_t from = 0, to; from < count; from = to, result.lines++) {
        for (to = from; to < count && to - from < W2V_SENTENCE_MAX;)
            if (tokens[to++] == 0) break;
        const bool ends = tokens[to - 1] == 0;
        if (w2v_random_stream(seed, UINT64_MAX, (uint64_t)result.lines) >= threshold) {
            append(&kept_list, tokens + from, to - from);
            is_open = !ends;
            continue;
        }
        result.held_lines++;
        append(&held_list, tokens + from, to - from);
        if (!ends) end_line(&held_list);
        if (is_open) end_line(&kept_list); /* in the place of what was held out */
        is_open = false;
    }
    result.kept_tokens = kept_list.count;
    result.held_tokens = held_list.count;
    return result;
}
