/* kernels_avx512.c - registers of 16 floats: AVX-512 F, BW, DQ and VL, in server cores since Skylake-X and Zen 4. */
#include "w2v_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,prfchw")))
#define OP static inline __attribute__((always_inline)) TARGET

typedef __m512 vec;
enum { LANES = 16, REGISTERS = 32 };

OP vec vec_zero(void) { return _mm512_setzero_ps(); }
OP vec vec_load(const float *p) { return _mm512_loadu_ps(p); }
OP void vec_store(float *p, vec v) { _mm512_storeu_ps(p, v); }
/* gcc would load v from memory for each use, as an operand of a multiply-add. */
OP vec vec_resident(vec v) {
    __asm__("" : "+v"(v));
    return v;
}
OP vec vec_spread(const float *p) { return _mm512_set1_ps(*p); }
OP vec vec_quad(const float *p) { return _mm512_broadcast_f32x4(_mm_loadu_ps(p)); }
OP vec vec_add(vec a, vec b) { return _mm512_add_ps(a, b); }
OP vec vec_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
OP vec vec_fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
OP bool vec_any_infinite(vec x) { return _mm512_fpclass_ps_mask(x, 0x99) != 0; } /* quiet and signalling NaN, +-inf */
OP vec vec_labels(const float *labels, size_t slot) {
    (void)slot; /* two groups of 8 in a register: the same labels twice */
    return _mm512_broadcast_f32x8(_mm256_loadu_ps(labels));
}

/* Adds lanes of a and b in pairs. A tree of such steps sums 16 registers, with 2 shuffles and 1 addition per step. The
 * steps combine halves, quarters, pairs and single lanes. The last line reorders the lanes. */
#define FOLD(shuffle, even, odd, a, b) _mm512_add_ps(shuffle(a, b, even), shuffle(a, b, odd))

OP vec vec_sums(const vec *v) {
    vec s[8];
    UNROLL for (int k = 0; k < 8; k++) s[k] = FOLD(_mm512_shuffle_f32x4, 0x44, 0xEE, v[k], v[k + 8]);
    UNROLL for (int k = 0; k < 4; k++) s[k] = FOLD(_mm512_shuffle_f32x4, 0x88, 0xDD, s[k], s[k + 4]);
    UNROLL for (int k = 0; k < 2; k++) s[k] = FOLD(_mm512_shuffle_ps, 0x44, 0xEE, s[k], s[k + 2]);
    s[0] = FOLD(_mm512_shuffle_ps, 0x88, 0xDD, s[0], s[1]);
    return _mm512_permutexvar_ps(_mm512_setr_epi32(0, 2, 1, 3, 8, 10, 9, 11, 4, 6, 5, 7, 12, 14, 13, 15), s[0]);
}

OP vec vec_gradient(const w2v_block *block, vec labels, vec x) {
    const w2v_sigmoid_table *t = block->sigmoid;
    const vec at =
        _mm512_min_ps(_mm512_mul_ps(_mm512_abs_ps(x), _mm512_set1_ps(W2V_SIGMOID_PIECES / W2V_SIGMOID_RANGE)),
                      _mm512_set1_ps(W2V_SIGMOID_LAST));
    const __m512i piece = _mm512_cvttps_epi32(at);
    const vec u = _mm512_sub_ps(at, _mm512_cvtepi32_ps(piece));
    vec h = _mm512_permutexvar_ps(piece, _mm512_loadu_ps(t->cubic));
    h = vec_fma(h, u, _mm512_permutexvar_ps(piece, _mm512_loadu_ps(t->square)));
    h = vec_fma(h, u, _mm512_permutexvar_ps(piece, _mm512_loadu_ps(t->linear)));
    h = vec_fma(h, u, _mm512_permutexvar_ps(piece, _mm512_loadu_ps(t->constant)));
    /* label - s(x) = (label - 1/2) - (s(|x|) - 1/2) with the sign of x */
    const vec odd = _mm512_xor_ps(h, _mm512_and_ps(x, _mm512_set1_ps(-0.0f)));
    const vec error = _mm512_sub_ps(_mm512_sub_ps(labels, _mm512_set1_ps(0.5f)), odd);
    return vec_mul(vec_spread(&block->alpha), error);
}

#include "block_dots_tmpl.h"

/* ---- for the search ---- */

enum { SCAN_ROWS = 16, TILE_VECS = 2, TILE_WORDS = 12 };

OP vec vec_part(const float *p, size_t n) { return _mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p); }
OP vec vec_sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
OP vec vec_max(vec a, vec b) { return _mm512_max_ps(a, b); }
OP vec vec_absolute(vec x) { return _mm512_abs_ps(x); }
OP uint32_t vec_passes(vec a, vec b) { return _mm512_cmp_ps_mask(a, b, _CMP_NLT_UQ); }
OP vec vec_of_bytes(const int8_t *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(const void *)p)));
}
OP vec vec_to_bytes(int8_t *p, vec x) {
    const __m512i wide = _mm512_cvtps_epi32(x);
    _mm_storeu_si128((__m128i *)(void *)p, _mm512_cvtepi32_epi8(wide));
    return _mm512_cvtepi32_ps(wide);
}

/* Pairs of rows, then fours, then eights, then halves. */
OP void vec_transpose(vec *v) {
    vec s[16], t[16];
    UNROLL for (int k = 0; k < 16; k += 2) {
        s[k] = _mm512_unpacklo_ps(v[k], v[k + 1]);
        s[k + 1] = _mm512_unpackhi_ps(v[k], v[k + 1]);
    }
    UNROLL for (int k = 0; k < 16; k += 4) {
        UNROLL for (int j = 0; j < 2; j++) {
            t[k + 2 * j] = _mm512_shuffle_ps(s[k + j], s[k + j + 2], 0x44);
            t[k + 2 * j + 1] = _mm512_shuffle_ps(s[k + j], s[k + j + 2], 0xEE);
        }
    }
    UNROLL for (int k = 0; k < 16; k += 8) {
        UNROLL for (int j = 0; j < 4; j++) {
            s[k + j] = _mm512_shuffle_f32x4(t[k + j], t[k + j + 4], 0x88);
            s[k + j + 4] = _mm512_shuffle_f32x4(t[k + j], t[k + j + 4], 0xDD);
        }
    }
    UNROLL for (int k = 0; k < 8; k++) {
        v[k] = _mm512_shuffle_f32x4(s[k], s[k + 8], 0x88);
        v[k + 8] = _mm512_shuffle_f32x4(s[k], s[k + 8], 0xDD);
    }
}

#include "search_scan_tmpl.h"

static const w2v_search_kernels search_kernels = SEARCH_KERNELS;

const w2v_kernels w2v_kernels_avx512 = {
    .isa = W2V_ISA_AVX512,
    .name = "avx512",
    .dot = dot,
    .update = update,
    .update_mean = update_mean,
    .search = &search_kernels,
};
#endif
