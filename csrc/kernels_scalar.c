/* kernels_scalar.c - the plain text that every other instruction set must agree with. */
#include "w2v_internal.h"

#include <string.h>

#define INLINE static inline
#define OUTLINE static

#include "softmax_tmpl.h"

enum { COLUMN = 16 };

W2V_HOGWILD
static float dot(const float *x, const float *y, size_t stride) {
    float lanes[COLUMN] = {0};
    for (size_t d = 0; d < stride; d += COLUMN)
        for (size_t c = 0; c < COLUMN; c++) lanes[c] += x[d + c] * y[d + c];
    for (size_t half = COLUMN / 2; half > 0; half /= 2)
        for (size_t c = 0; c < half; c++) lanes[c] += lanes[c + half];
    return lanes[0];
}

/* g = alpha * (label - s(dot)) for every pair. */
W2V_HOGWILD
static w2v_status take_gradients(const w2v_block *block, float *const *inputs, size_t ni) {
    for (size_t i = 0; i < ni; i++) {
        for (size_t o = 0; o < block->no; o++) {
            float x = dot(inputs[i], block->outputs[o], block->stride);
            if (x - x != 0) return W2V_NOT_FINITE;
            const size_t at = w2v_block_slot(ni, i, o);
            if (block->dots) block->dots[at] = x;
            block->gradients[at] =
                block->softmax ? x : block->alpha * ((block->labels[o] - 0.5f) - w2v_sigmoid_odd(block->sigmoid, x));
        }
    }
    if (block->softmax) softmax_gradients(block, ni);
    return W2V_OK;
}

W2V_HOGWILD
static void add_scaled(float *restrict sum, float scale, const float *restrict row) {
    for (size_t c = 0; c < COLUMN; c++) sum[c] += scale * row[c];
}

W2V_HOGWILD
static void add_to_row(float *restrict row, const float *restrict sum) {
    for (size_t c = 0; c < COLUMN; c++) row[c] += sum[c];
}

/*
 * Column by column, so that both sides see the old values: all shares are held back in block->shares until the last was
 * taken. Adding, never overwriting, is what makes repeated rows count twice.
 */
W2V_HOGWILD
static w2v_status step(const w2v_block *block, float *const *inputs, float *const *targets, size_t ni) {
    const size_t no = block->no;
    const w2v_status status = take_gradients(block, inputs, ni);
    if (status != W2V_OK) return status;
    float *const out_shares = block->shares, *const in_shares = block->shares + no * COLUMN;
    for (size_t d = 0; d < block->stride; d += COLUMN) {
        memset(block->shares, 0, (no + ni) * COLUMN * sizeof(float));
        for (size_t o = 0; o < no; o++) {
            const float *gradients = block->gradients + w2v_block_slot(ni, 0, o);
            for (size_t i = 0; i < ni; i++) {
                add_scaled(out_shares + o * COLUMN, gradients[i * W2V_BLOCK_GROUP], inputs[i] + d);
                add_scaled(in_shares + i * COLUMN, gradients[i * W2V_BLOCK_GROUP], block->outputs[o] + d);
            }
        }
        for (size_t i = 0; i < ni; i++) add_to_row(targets[i] + d, in_shares + i * COLUMN);
        for (size_t o = 0; o < no; o++) add_to_row(block->outputs[o] + d, out_shares + o * COLUMN);
    }
    return W2V_OK;
}

W2V_HOGWILD
static w2v_status update(const w2v_block *block) {
    if (block->softmax && block->target >= block->classes) return W2V_OUT_OF_RANGE;
    if (block->no == 0) return W2V_OK;
    return step(block, block->inputs, block->inputs, block->ni);
}

W2V_HOGWILD
static w2v_status update_mean(const w2v_block *block) {
    if (block->softmax && block->target >= block->classes) return W2V_OUT_OF_RANGE;
    if (block->ni == 0 || block->no == 0) return W2V_OK;
    float *mean = block->mean, *error = block->mean + block->stride;
    memset(mean, 0, 2 * block->stride * sizeof(float));
    const float share = 1.0f / (float)block->ni;
    for (size_t d = 0; d < block->stride; d += COLUMN) {
        for (size_t i = 0; i < block->ni; i++) add_to_row(mean + d, block->inputs[i] + d);
        for (size_t c = 0; c < COLUMN; c++) mean[d + c] *= share;
    }
    const w2v_status status = step(block, &mean, &error, 1);
    if (status != W2V_OK) return status;
    const float gain = block->divided ? share : 1;
    for (size_t d = 0; d < block->stride; d += COLUMN) {
        for (size_t c = 0; c < COLUMN; c++) error[d + c] *= gain;
        for (size_t i = 0; i < block->ni; i++) add_to_row(block->inputs[i] + d, error + d);
    }
    return W2V_OK;
}

const w2v_kernels w2v_kernels_scalar = {
    .isa = W2V_ISA_SCALAR,
    .name = "scalar",
    .dot = dot,
    .update = update,
    .update_mean = update_mean,
    .search = &w2v_kernels_search_scalar,
};
