/*
 * byte_lanes.h - comparisons of 16 bytes at a time. The result has a byte of all ones or all zeros for each byte.
 *
 * SSE2 is part of every x86-64, and NEON of every 64-bit ARM, so nothing is chosen at run time.
 */
#ifndef BYTE_LANES_H
#define BYTE_LANES_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

typedef __m128i lanes;

static inline lanes load_lanes(const uint8_t *text) { return _mm_loadu_si128((const __m128i *)(const void *)text); }
static inline lanes are(lanes bytes, char byte) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)); }
static inline lanes at_most(lanes bytes, uint8_t bound) {
    return _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8((char)bound)), bytes);
}
static inline lanes either(lanes a, lanes b) { return _mm_or_si128(a, b); }

/* The results for 64 bytes as a bit mask: bit i is the result for byte i. */
static inline uint64_t bits_of(const lanes results[4]) {
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(results[i]) << (16 * i);
    return bits;
}
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>

typedef uint8x16_t lanes;

static inline lanes load_lanes(const uint8_t *text) { return vld1q_u8(text); }
static inline lanes are(lanes bytes, char byte) { return vceqq_u8(bytes, vdupq_n_u8((uint8_t)byte)); }
static inline lanes at_most(lanes bytes, uint8_t bound) { return vcleq_u8(bytes, vdupq_n_u8(bound)); }
static inline lanes either(lanes a, lanes b) { return vorrq_u8(a, b); }

/* The results for 64 bytes as a bit mask: bit i is the result for byte i. */
static inline uint64_t bits_of(const lanes results[4]) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t weight = vld1q_u8(weights);
    const uint8x16_t low = vpaddq_u8(vandq_u8(results[0], weight), vandq_u8(results[1], weight));
    const uint8x16_t high = vpaddq_u8(vandq_u8(results[2], weight), vandq_u8(results[3], weight));
    const uint8x16_t pairs = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)), 0);
}
#else
typedef struct lanes {
    uint8_t bytes[16];
} lanes;

static inline lanes load_lanes(const uint8_t *text) {
    lanes loaded;
    memcpy(loaded.bytes, text, sizeof loaded.bytes);
    return loaded;
}

static inline lanes are(lanes bytes, char byte) {
    for (int i = 0; i < 16; i++) bytes.bytes[i] = bytes.bytes[i] == (uint8_t)byte ? 0xFF : 0;
    return bytes;
}

static inline lanes at_most(lanes bytes, uint8_t bound) {
    for (int i = 0; i < 16; i++) bytes.bytes[i] = bytes.bytes[i] <= bound ? 0xFF : 0;
    return bytes;
}

static inline lanes either(lanes a, lanes b) {
    for (int i = 0; i < 16; i++) a.bytes[i] |= b.bytes[i];
    return a;
}

/* The results for 64 bytes as a bit mask: bit i is the result for byte i. */
static inline uint64_t bits_of(const lanes results[4]) {
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++) bits |= (uint64_t)(results[i / 16].bytes[i % 16] & 1) << i;
    return bits;
}
#endif

#endif
