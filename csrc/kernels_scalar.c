/* kernels_scalar.c - the plain text that every other instruction set must agree with. */
#include "w2v_internal.h"
#include "w2v_sigmoid.h"

#include <string.h>

W2V_HOGWILD
static float dot(const float *x, const float *y, size_t stride) {
    float lanes[W2V_COLUMN] = {0};
    for (size_t d = 0; d < stride; d += W2V_COLUMN)
        for (size_t c = 0; c < W2V_COLUMN; c++) lanes[c] += x[d + c] * y[d + c];
    for (size_t half = W2V_COLUMN / 2; half > 0; half /= 2)
        for (size_t c = 0; c < half; c++) lanes[c] += lanes[c + half];
    return lanes[0];
}

/* g = alpha * (label - s(dot)) for every pair. */
W2V_HOGWILD
static w2v_status take_gradients(const w2v_block *block) {
    for (size_t i = 0; i < block->ni; i++) {
        for (size_t o = 0; o < block->no; o++) {
            float x = dot(block->inputs[i], block->outputs[o], block->stride);
            if (x != x) return W2V_NOT_FINITE;
            block->gradients[i * block->no + o] = block->alpha * (block->labels[o] - w2v_sigmoid(block->sigmoid, x));
        }
    }
    return W2V_OK;
}

W2V_HOGWILD
static void add_scaled(float *restrict sum, float scale, const float *restrict row) {
    for (size_t c = 0; c < W2V_COLUMN; c++) sum[c] += scale * row[c];
}

W2V_HOGWILD
static void add_to_row(float *restrict row, const float *restrict sum) {
    for (size_t c = 0; c < W2V_COLUMN; c++) row[c] += sum[c];
}

/*
 * Column by column, so that both sides see the old values: the outputs' shares are held back in block->columns until
 * the sinks have theirs. Adding, never overwriting, is what makes repeated rows count twice.
 */
W2V_HOGWILD
static w2v_status update(const w2v_block *block) {
    const size_t ni = block->ni, no = block->no;
    w2v_status status = take_gradients(block);
    if (status != W2V_OK) return status;
    for (size_t d = 0; d < block->stride; d += W2V_COLUMN) {
        memset(block->columns, 0, no * W2V_COLUMN * sizeof(float));
        for (size_t o = 0; o < no; o++)
            for (size_t i = 0; i < ni; i++)
                add_scaled(block->columns + o * W2V_COLUMN, block->gradients[i * no + o], block->inputs[i] + d);
        for (size_t i = 0; i < ni; i++) {
            float sum[W2V_COLUMN] = {0};
            for (size_t o = 0; o < no; o++) add_scaled(sum, block->gradients[i * no + o], block->outputs[o] + d);
            add_to_row(block->sinks[i] + d, sum);
        }
        for (size_t o = 0; o < no; o++) add_to_row(block->outputs[o] + d, block->columns + o * W2V_COLUMN);
    }
    return W2V_OK;
}

const w2v_kernels w2v_kernels_scalar = {
    .isa = W2V_ISA_SCALAR,
    .name = "scalar",
    .dot = dot,
    .update = update,
};
