/* train_block.c - the default trainer: tokens -> windows -> blocks. The arithmetic is the kernels' alone. */
#include "w2v_train.h"

#include <string.h>

/* Draws of one negative before it is given up: with a word that is nearly all of the corpus as centre, the others are
 * almost never drawn, and the run must not hang. */
#define DRAWS_MAX 64

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* The worker's workspace, laid out. Sizes: ni = most inputs of a block, no = most outputs. */
typedef struct desk {
    int32_t *sentence;    /* (W2V_SENTENCE_MAX) */
    const float **inputs; /* (ni) */
    float **sinks;        /* (ni) */
    float **outputs;      /* (no) */
    float *labels;        /* (no) */
    float *gradients;     /* (ni, no) */
    float *columns;       /* (no, W2V_COLUMN) */
    float *hidden;        /* (S) CBOW: the contexts' mean */
    float *error;         /* (S) CBOW: what the contexts receive */
    size_t bytes;
} desk;

static void *carve(desk *desk, unsigned char *base, size_t bytes) {
    void *part = base ? base + desk->bytes : NULL;
    desk->bytes += (bytes + 63) & ~(size_t)63;
    return part;
}

static desk lay_out(const w2v_block_plan *plan, unsigned char *base) {
    const size_t stride = w2v_stride(plan->model.dimensions);
    const size_t contexts = smaller(2 * smaller(plan->window, W2V_SENTENCE_MAX), W2V_SENTENCE_MAX - 1);
    const size_t ni = plan->cbow ? 1 : contexts;
    const size_t no = plan->longest_code + plan->negatives + 1;
    desk d = {.bytes = 0};
    d.sentence = carve(&d, base, W2V_SENTENCE_MAX * sizeof(int32_t));
    d.inputs = carve(&d, base, ni * sizeof(float *));
    d.sinks = carve(&d, base, ni * sizeof(float *));
    d.outputs = carve(&d, base, no * sizeof(float *));
    d.labels = carve(&d, base, no * sizeof(float));
    d.gradients = carve(&d, base, ni * no * sizeof(float));
    d.columns = carve(&d, base, no * W2V_COLUMN * sizeof(float));
    d.hidden = carve(&d, base, stride * sizeof(float));
    d.error = carve(&d, base, stride * sizeof(float));
    return d;
}

size_t w2v_block_workspace(const w2v_block_plan *plan) { return lay_out(plan, NULL).bytes; }

/* Reads one sentence after subsampling, from *position on. Returns its length. */
static size_t read_sentence(const w2v_block_plan *plan, uint64_t *random, const int32_t *tokens, int64_t count,
                            int64_t *position, int32_t *sentence) {
    size_t length = 0;
    while (length < W2V_SENTENCE_MAX && *position < count) {
        int32_t word = tokens[(*position)++];
        if (word == 0) break;
        if (plan->keep && (uint32_t)(w2v_random_next(random) >> 32) > plan->keep[word]) continue;
        sentence[length++] = word;
    }
    return length;
}

/* Collects the centre's outputs: its path in the tree, itself, and K negatives, none of them the centre. */
static size_t collect_outputs(const w2v_block_plan *plan, uint64_t *random, int32_t centre, desk *d) {
    const size_t stride = w2v_stride(plan->model.dimensions);
    size_t no = 0;
    if (plan->model.nodes) {
        for (int64_t step = plan->tree.offsets[centre]; step < plan->tree.offsets[centre + 1]; step++) {
            d->outputs[no] = plan->model.nodes + (size_t)plan->tree.points[step] * stride;
            d->labels[no++] = (float)(1 - plan->tree.codes[step]);
        }
    }
    if (plan->negatives == 0) return no;
    d->outputs[no] = plan->model.output + (size_t)centre * stride;
    d->labels[no++] = 1;
    for (size_t k = 0; k < plan->negatives; k++) {
        uint32_t word = (uint32_t)centre;
        for (int draw = 0; draw < DRAWS_MAX && word == (uint32_t)centre; draw++)
            word = 1 + w2v_alias_draw(plan->unigram, (uint32_t)plan->model.words - 1, w2v_random_next(random));
        if (word == (uint32_t)centre) continue;
        d->outputs[no] = plan->model.output + (size_t)word * stride;
        d->labels[no++] = 0;
    }
    return no;
}

W2V_HOGWILD
static void add_row(float *restrict sum, const float *restrict row, size_t stride) {
    for (size_t c = 0; c < stride; c++) sum[c] += row[c];
}

/* One centre at position `at`. */
static w2v_status train_centre(const w2v_block_plan *plan, uint64_t *random, desk *d, size_t length, size_t at,
                               float alpha) {
    const size_t stride = w2v_stride(plan->model.dimensions);
    const uint32_t window = (uint32_t)smaller(plan->window, W2V_SENTENCE_MAX);
    const size_t radius = window - w2v_random_below((uint32_t)(w2v_random_next(random) >> 32), window);
    const size_t from = at < radius ? 0 : at - radius;
    const size_t to = smaller(length - 1, at + radius);
    if (from == to) return W2V_OK;

    w2v_block block = {.inputs = d->inputs,
                       .sinks = d->sinks,
                       .outputs = d->outputs,
                       .labels = d->labels,
                       .gradients = d->gradients,
                       .columns = d->columns,
                       .sigmoid = plan->sigmoid,
                       .no = collect_outputs(plan, random, d->sentence[at], d),
                       .stride = stride,
                       .alpha = alpha};
    if (!plan->cbow) {
        for (size_t c = from; c <= to; c++) {
            if (c == at) continue;
            d->sinks[block.ni] = plan->model.input + (size_t)d->sentence[c] * stride;
            d->inputs[block.ni] = d->sinks[block.ni];
            block.ni++;
        }
        return plan->kernels->update(&block);
    }

    memset(d->hidden, 0, stride * sizeof(float));
    memset(d->error, 0, stride * sizeof(float));
    for (size_t c = from; c <= to; c++)
        if (c != at) add_row(d->hidden, plan->model.input + (size_t)d->sentence[c] * stride, stride);
    const float share = 1.0f / (float)(to - from);
    for (size_t c = 0; c < stride; c++) d->hidden[c] *= share;
    d->inputs[0] = d->hidden;
    d->sinks[0] = d->error;
    block.ni = 1;
    w2v_status status = plan->kernels->update(&block);
    if (status != W2V_OK) return status;
    for (size_t c = from; c <= to; c++)
        if (c != at) add_row(plan->model.input + (size_t)d->sentence[c] * stride, d->error, stride);
    return W2V_OK;
}

w2v_status w2v_block_train(const w2v_block_plan *plan, w2v_worker *worker, const int32_t *tokens, int64_t count,
                           float alpha) {
    desk d = lay_out(plan, worker->workspace);
    int64_t position = 0;
    while (position < count) {
        const size_t length = read_sentence(plan, &worker->random, tokens, count, &position, d.sentence);
        for (size_t at = 0; at < length; at++) {
            w2v_status status = train_centre(plan, &worker->random, &d, length, at, alpha);
            if (status != W2V_OK) return status;
        }
    }
    return W2V_OK;
}
