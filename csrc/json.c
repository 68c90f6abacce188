/* json.c - words in a text of which the spaces matter. */
#include "w2v_json.h"

#include "w2v_internal.h"

#include <string.h>

#define BLOCK 64
#define LAST (UINT64_C(1) << 63)

/* What is in 64 bytes: a bit for each byte, the first lowest. */
typedef struct marks {
    uint64_t spaces;
    uint64_t special;
    uint64_t multibyte; /* not 0 if there is one */
} marks;

#if defined(__SSE2__) /* part of every x86-64 */
#include <emmintrin.h>

static inline uint64_t bits_of(__m128i bytes) { return (uint32_t)_mm_movemask_epi8(bytes); }

static inline marks look_at(const uint8_t *block) {
    marks found = {0, 0, 0};
    for (int i = 0; i < BLOCK / 16; i++) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i));
        const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
        const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
        const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
        found.spaces |= bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '))) << (16 * i);
        found.special |= bits_of(_mm_or_si128(_mm_or_si128(quote, backslash), control)) << (16 * i);
        found.multibyte |= bits_of(bytes);
    }
    return found;
}
#else
#define EACH UINT64_C(0x0101010101010101)
#define HIGH UINT64_C(0x8080808080808080)

/* The high bit of each byte that is zero, and of no other. */
static inline uint64_t zeros(uint64_t bytes) { return ~(((bytes & ~HIGH) + ~HIGH) | bytes | ~HIGH); }

/* The high bits of eight bytes as one byte, the first lowest. */
static inline uint64_t bits_of(uint64_t high) { return ((high >> 7) * UINT64_C(0x0102040810204080)) >> 56; }

static inline uint64_t load(const uint8_t *bytes) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static inline marks look_at(const uint8_t *block) {
    marks found = {0, 0, 0};
    for (int i = 0; i < BLOCK / 8; i++) {
        const uint64_t bytes = load(block + 8 * i);
        /* A control byte has none of its three high bits. */
        const uint64_t special = zeros(bytes ^ EACH * '"') | zeros(bytes ^ EACH * '\\') | zeros(bytes & EACH * 0xE0);
        found.spaces |= bits_of(zeros(bytes ^ EACH * ' ')) << (8 * i);
        found.special |= bits_of(special) << (8 * i);
        found.multibyte |= bytes & HIGH;
    }
    return found;
}
#endif

static inline size_t count_of(uint64_t bits) {
    bits -= (bits >> 1) & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + ((bits >> 2) & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (size_t)((bits * UINT64_C(0x0101010101010101)) >> 56);
}

size_t w2v_skip_plain_json(const uint8_t *text, size_t n, ptrdiff_t base, ptrdiff_t *starts, size_t *count,
                           bool *multibyte) {
    size_t written = 0;
    for (size_t at = 0; at < n; at += BLOCK) {
        const size_t length = n - at < BLOCK ? n - at : BLOCK;
        uint8_t tail[BLOCK] = {0};
        if (length < BLOCK) memcpy(tail, text + at, length);
        marks found = look_at(length < BLOCK ? tail : text + at);
        if (length < BLOCK) found.special &= (UINT64_C(1) << length) - 1;
        if (found.multibyte != 0) *multibyte = true;
        const bool ends = found.special != 0;
        if (ends) found.spaces &= (found.special & -found.special) - 1;

        /* Eight at a time, without asking how many there are; those too many are written over. */
        const ptrdiff_t first = base + (ptrdiff_t)at + 1;
        const size_t next = written + count_of(found.spaces);
        uint64_t rest = found.spaces;
        for (size_t w = written; rest != 0; w += 8) {
            for (size_t i = 0; i < 8; i++) {
                starts[w + i] = first + (ptrdiff_t)lowest_bit(rest | LAST); /* of 0 it is not defined */
                rest &= rest - 1;
            }
        }
        written = next;
        if (ends) {
            *count = written;
            return at + lowest_bit(found.special);
        }
    }
    *count = written;
    return n;
}
