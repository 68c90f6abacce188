/* kernels_neon.c - registers of 4 floats: Advanced SIMD, which every 64-bit Arm processor has. */
#include "w2v_internal.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#include <string.h>

#define TARGET
#define OP static inline __attribute__((always_inline))

typedef float32x4_t vec;
enum { LANES = 4, REGISTERS = 32 };

OP vec vec_zero(void) { return vdupq_n_f32(0); }
OP vec vec_load(const float *p) { return vld1q_f32(p); }
OP void vec_store(float *p, vec v) { vst1q_f32(p, v); }
OP vec vec_resident(vec v) { return v; }
OP vec vec_spread(const float *p) { return vld1q_dup_f32(p); }
OP vec vec_quad(const float *p) { return vld1q_f32(p); }
OP vec vec_add(vec a, vec b) { return vaddq_f32(a, b); }
OP vec vec_mul(vec a, vec b) { return vmulq_f32(a, b); }
OP vec vec_fma(vec a, vec b, vec c) { return vfmaq_f32(c, a, b); }
OP vec vec_labels(const float *labels, size_t slot) { return vld1q_f32(labels + slot % W2V_BLOCK_GROUP); }

OP bool vec_any_infinite(vec x) {
    const vec difference = vsubq_f32(x, x); /* 0, or NaN */
    return vminvq_u32(vceqq_f32(difference, difference)) == 0;
}

OP vec vec_sums(const vec *v) { return vpaddq_f32(vpaddq_f32(v[0], v[1]), vpaddq_f32(v[2], v[3])); }

/* table[piece] for pieces 0 ... 15: 64 bytes in four registers. */
OP vec look_up(const float *table, uint32x4_t piece) {
    const uint8_t *bytes = (const uint8_t *)table;
    const uint8x16x4_t entries = {{vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)}};
    const uint32x4_t index = vmlaq_n_u32(vdupq_n_u32(0x03020100), piece, 0x04040404);
    return vreinterpretq_f32_u8(vqtbl4q_u8(entries, vreinterpretq_u8_u32(index)));
}

OP vec vec_gradient(const w2v_block *block, vec labels, vec x) {
    const w2v_sigmoid_table *t = block->sigmoid;
    const vec at =
        vminnmq_f32(vmulq_n_f32(vabsq_f32(x), W2V_SIGMOID_PIECES / W2V_SIGMOID_RANGE), vdupq_n_f32(W2V_SIGMOID_LAST));
    const uint32x4_t piece = vcvtq_u32_f32(at);
    const vec u = vsubq_f32(at, vcvtq_f32_u32(piece));
    vec h = look_up(t->cubic, piece);
    h = vec_fma(h, u, look_up(t->square, piece));
    h = vec_fma(h, u, look_up(t->linear, piece));
    h = vec_fma(h, u, look_up(t->constant, piece));
    /* label - s(x) = (label - 1/2) - (s(|x|) - 1/2) with the sign of x */
    const uint32x4_t sign = vandq_u32(vreinterpretq_u32_f32(x), vdupq_n_u32(0x80000000));
    const vec odd = vreinterpretq_f32_u32(veorq_u32(vreinterpretq_u32_f32(h), sign));
    return vmulq_n_f32(vsubq_f32(vsubq_f32(labels, vdupq_n_f32(0.5f)), odd), block->alpha);
}

#include "block_dots_tmpl.h"

/* ---- for the search ---- */

enum { SCAN_ROWS = 8, TILE_VECS = 4, TILE_WORDS = 6 };

OP vec vec_part(const float *p, size_t n) {
    float lanes[LANES] = {0};
    for (size_t k = 0; k < n; k++) lanes[k] = p[k];
    return vld1q_f32(lanes);
}
OP vec vec_sub(vec a, vec b) { return vsubq_f32(a, b); }
OP vec vec_max(vec a, vec b) { return vmaxq_f32(a, b); }
OP vec vec_absolute(vec x) { return vabsq_f32(x); }
OP uint32_t vec_passes(vec a, vec b) {
    const uint32x4_t bits = {1, 2, 4, 8};
    return vaddvq_u32(vbicq_u32(bits, vcltq_f32(a, b)));
}
OP vec vec_of_bytes(const int8_t *p) {
    uint32_t four;
    memcpy(&four, p, sizeof(four));
    return vcvtq_f32_s32(vmovl_s16(vget_low_s16(vmovl_s8(vcreate_s8(four)))));
}
OP vec vec_to_bytes(int8_t *p, vec x) {
    const int32x4_t wide = vcvtnq_s32_f32(x);
    const int16x4_t words = vmovn_s32(wide);
    const uint32_t four = vget_lane_u32(vreinterpret_u32_s8(vmovn_s16(vcombine_s16(words, words))), 0);
    memcpy(p, &four, sizeof(four));
    return vcvtq_f32_s32(wide);
}

OP void vec_transpose(vec *v) {
    const float64x2_t a = vreinterpretq_f64_f32(vtrn1q_f32(v[0], v[1])),
                      b = vreinterpretq_f64_f32(vtrn2q_f32(v[0], v[1]));
    const float64x2_t c = vreinterpretq_f64_f32(vtrn1q_f32(v[2], v[3])),
                      d = vreinterpretq_f64_f32(vtrn2q_f32(v[2], v[3]));
    v[0] = vreinterpretq_f32_f64(vtrn1q_f64(a, c));
    v[1] = vreinterpretq_f32_f64(vtrn1q_f64(b, d));
    v[2] = vreinterpretq_f32_f64(vtrn2q_f64(a, c));
    v[3] = vreinterpretq_f32_f64(vtrn2q_f64(b, d));
}

#include "search_scan_tmpl.h"

static const w2v_search_kernels search_kernels = SEARCH_KERNELS;

const w2v_kernels w2v_kernels_neon = {
    .isa = W2V_ISA_NEON,
    .name = "neon",
    .dot = dot,
    .update = update,
    .update_mean = update_mean,
    .search = &search_kernels,
};
#endif
