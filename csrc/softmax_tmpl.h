/*
 * softmax_tmpl.h - the gradients of the full softmax from its dot products, for every instruction set: loops that the
 * compiler vectorizes for the target of the including file, which defines INLINE and OUTLINE.
 */
#include <math.h>
#include <string.h>

/* The number of groups whose exponentials are summed in float before they are added in double. */
enum { SOFTMAX_CHUNK = 64 };

/* e^x for x <= 0, relative error below 3e-7; 0 below -87. x = k ln 2 + r, |r| <= ln 2 / 2, and e^r by its Taylor
 * series. */
INLINE float exp_of(float x) {
    const float high = 0x1.62E4p-1f, low = 0x1.7F7D1Cp-20f; /* ln 2, its first 16 bits and the rest */
    const float shift = 0x1.8p23f;                          /* adding it rounds to a whole number */
    const float bounded = x > -87 ? x : -87;
    const float k = (bounded * 0x1.715476p0f + shift) - shift;
    const float r = (bounded - k * high) - k * low;
    const float e =
        1 + r * (1 + r * (0x1p-1f +
                          r * (0x1.555556p-3f + r * (0x1.555556p-5f + r * (0x1.111112p-7f + r * 0x1.6C16C2p-10f)))));
    const int32_t bits = ((int32_t)k + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return x > -87 ? e * power : 0;
}

/* The slots of one input in all groups: those at first + g * width + 0 ... 7. */
OUTLINE void softmax_of_input(const w2v_block *block, size_t input, size_t width, size_t groups) {
    float *const x = block->gradients + input * W2V_BLOCK_GROUP;
    float most[W2V_BLOCK_GROUP], part[W2V_BLOCK_GROUP];
    const size_t target = block->target / W2V_BLOCK_GROUP * width + block->target % W2V_BLOCK_GROUP;
    const float at_target = x[target];
    for (size_t s = 0; s < W2V_BLOCK_GROUP; s++) most[s] = -INFINITY;
    for (size_t g = 0; g < groups; g++)
        for (size_t s = 0; s < W2V_BLOCK_GROUP; s++) most[s] = x[g * width + s] > most[s] ? x[g * width + s] : most[s];
    float shift = most[0];
    for (size_t s = 1; s < W2V_BLOCK_GROUP; s++) shift = most[s] > shift ? most[s] : shift;

    double total = 0;
    for (size_t from = 0; from < groups; from += SOFTMAX_CHUNK) {
        const size_t to = from + SOFTMAX_CHUNK < groups ? from + SOFTMAX_CHUNK : groups;
        memset(part, 0, sizeof part);
        for (size_t g = from; g < to; g++) {
            for (size_t s = 0; s < W2V_BLOCK_GROUP; s++) {
                const float e = exp_of(x[g * width + s] - shift);
                x[g * width + s] = e;
                part[s] += e;
            }
        }
        for (size_t s = 0; s < W2V_BLOCK_GROUP; s++) total += (double)part[s];
    }
    if (block->losses) block->losses[input] = (float)(log(total) - (double)(at_target - shift));
    const float scale = (float)(-(double)block->alpha / total);
    for (size_t g = 0; g < groups; g++)
        for (size_t s = 0; s < W2V_BLOCK_GROUP; s++) x[g * width + s] *= scale;
    x[target] += block->alpha;
}

/* Dot products in block->gradients become alpha * (label - softmax). Slots of no output become 0. */
OUTLINE void softmax_gradients(const w2v_block *block, size_t ni) {
    const size_t width = w2v_block_even(ni) * W2V_BLOCK_GROUP;
    const size_t groups = (block->no + W2V_BLOCK_GROUP - 1) / W2V_BLOCK_GROUP;
    for (size_t g = 0; g < groups; g++) {
        const size_t left = block->classes - g * W2V_BLOCK_GROUP;
        for (size_t i = 0; i < ni; i++)
            for (size_t s = left; s < W2V_BLOCK_GROUP; s++)
                block->gradients[g * width + i * W2V_BLOCK_GROUP + s] = -INFINITY;
    }
    for (size_t i = 0; i < ni; i++) softmax_of_input(block, i, width, groups);
}
