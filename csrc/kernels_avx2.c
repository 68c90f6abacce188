/* kernels_avx2.c - registers of 8 floats: AVX2 and FMA, in nearly every x86 processor since 2015. */
#include "w2v_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma,prfchw")))
#define OP static inline __attribute__((always_inline)) TARGET

typedef __m256 vec;
enum { LANES = 8, REGISTERS = 16 };

OP vec vec_zero(void) { return _mm256_setzero_ps(); }
OP vec vec_load(const float *p) { return _mm256_loadu_ps(p); }
OP void vec_store(float *p, vec v) { _mm256_storeu_ps(p, v); }
OP vec vec_resident(vec v) { return v; }
/* Not _mm256_broadcast_ss(p): gcc computes and spills the address of each of many broadcasts. */
OP vec vec_spread(const float *p) { return _mm256_set1_ps(*p); }
OP vec vec_quad(const float *p) { return _mm256_broadcast_ps((const __m128 *)(const void *)p); }
OP vec vec_add(vec a, vec b) { return _mm256_add_ps(a, b); }
OP vec vec_mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
OP vec vec_fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
OP bool vec_any_infinite(vec x) {
    const vec difference = _mm256_sub_ps(x, x); /* 0, or NaN */
    return _mm256_movemask_ps(_mm256_cmp_ps(difference, difference, _CMP_UNORD_Q)) != 0;
}
OP vec vec_labels(const float *labels, size_t slot) {
    (void)slot; /* one group in a register */
    return _mm256_loadu_ps(labels);
}

/* As in kernels_avx512.c: halves, pairs, single lanes. */
#define FOLD(shuffle, even, odd, a, b) _mm256_add_ps(shuffle(a, b, even), shuffle(a, b, odd))

OP vec vec_sums(const vec *v) {
    vec s[4];
    UNROLL for (int k = 0; k < 4; k++) s[k] = FOLD(_mm256_permute2f128_ps, 0x20, 0x31, v[k], v[k + 4]);
    UNROLL for (int k = 0; k < 2; k++) s[k] = FOLD(_mm256_shuffle_ps, 0x44, 0xEE, s[k], s[k + 2]);
    s[0] = FOLD(_mm256_shuffle_ps, 0x88, 0xDD, s[0], s[1]);
    return _mm256_permute_ps(s[0], 0xD8);
}

/* table[piece] for pieces 0 ... 15: two registers of 8. */
OP vec look_up(const float *table, __m256i piece) {
    const vec low = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), piece);
    const vec high = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), piece);
    return _mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(piece, 28)));
}

OP vec vec_gradient(const w2v_block *block, vec labels, vec x) {
    const w2v_sigmoid_table *t = block->sigmoid;
    const vec sign = _mm256_set1_ps(-0.0f);
    const vec at =
        _mm256_min_ps(_mm256_mul_ps(_mm256_andnot_ps(sign, x), _mm256_set1_ps(W2V_SIGMOID_PIECES / W2V_SIGMOID_RANGE)),
                      _mm256_set1_ps(W2V_SIGMOID_LAST));
    const __m256i piece = _mm256_cvttps_epi32(at);
    const vec u = _mm256_sub_ps(at, _mm256_cvtepi32_ps(piece));
    vec h = look_up(t->cubic, piece);
    h = vec_fma(h, u, look_up(t->square, piece));
    h = vec_fma(h, u, look_up(t->linear, piece));
    h = vec_fma(h, u, look_up(t->constant, piece));
    /* label - s(x) = (label - 1/2) - (s(|x|) - 1/2) with the sign of x */
    const vec odd = _mm256_xor_ps(h, _mm256_and_ps(x, sign));
    const vec error = _mm256_sub_ps(_mm256_sub_ps(labels, _mm256_set1_ps(0.5f)), odd);
    return vec_mul(vec_spread(&block->alpha), error);
}

#include "block_dots_tmpl.h"

/* ---- for the search ---- */

enum { SCAN_ROWS = 8, TILE_VECS = 2, TILE_WORDS = 6 };

OP vec vec_part(const float *p, size_t n) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_maskload_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lanes));
}
OP vec vec_sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
OP vec vec_max(vec a, vec b) { return _mm256_max_ps(a, b); }
OP vec vec_absolute(vec x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
OP uint32_t vec_passes(vec a, vec b) { return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_NLT_UQ)); }
OP vec vec_of_bytes(const int8_t *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p)));
}
OP vec vec_to_bytes(int8_t *p, vec x) {
    const __m256i wide = _mm256_cvtps_epi32(x);
    const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
    _mm_storel_epi64((__m128i *)(void *)p, _mm_packs_epi16(words, words));
    return _mm256_cvtepi32_ps(wide);
}

/* Pairs of rows, then fours, then halves. */
OP void vec_transpose(vec *v) {
    vec s[8], t[8];
    UNROLL for (int k = 0; k < 8; k += 2) {
        s[k] = _mm256_unpacklo_ps(v[k], v[k + 1]);
        s[k + 1] = _mm256_unpackhi_ps(v[k], v[k + 1]);
    }
    UNROLL for (int k = 0; k < 8; k += 4) {
        UNROLL for (int j = 0; j < 2; j++) {
            t[k + 2 * j] = _mm256_shuffle_ps(s[k + j], s[k + j + 2], 0x44);
            t[k + 2 * j + 1] = _mm256_shuffle_ps(s[k + j], s[k + j + 2], 0xEE);
        }
    }
    UNROLL for (int k = 0; k < 4; k++) {
        v[k] = _mm256_permute2f128_ps(t[k], t[k + 4], 0x20);
        v[k + 4] = _mm256_permute2f128_ps(t[k], t[k + 4], 0x31);
    }
}

#include "search_scan_tmpl.h"

static const w2v_search_kernels search_kernels = SEARCH_KERNELS;

const w2v_kernels w2v_kernels_avx2 = {
    .isa = W2V_ISA_AVX2,
    .name = "avx2",
    .dot = dot,
    .update = update,
    .update_mean = update_mean,
    .search = &search_kernels,
};
#endif
