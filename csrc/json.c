/* json.c - scanning JSON string literals for spaces and for characters that need decoding. */
#include "w2v_json.h"

#include "byte_lanes.h"
#include "w2v_internal.h"

#define BLOCK 64
#define LAST (UINT64_C(1) << 63)

/* What is in 64 bytes; bit i is byte i. */
typedef struct marks {
    uint64_t spaces;
    uint64_t special; /* quotation marks, backslashes and control bytes, which end the string or need decoding */
    bool multibyte;   /* a byte of a character that has several */
} marks;

static inline marks marks_of(const uint8_t *block) {
    lanes spaces[4], special[4], ascii[4];
    for (int i = 0; i < 4; i++) {
        const lanes bytes = load_lanes(block + 16 * i);
        spaces[i] = are(bytes, ' ');
        special[i] = either(either(are(bytes, '"'), are(bytes, '\\')), at_most(bytes, 0x1F));
        ascii[i] = at_most(bytes, 0x7F);
    }
    return (marks){bits_of(spaces), bits_of(special), bits_of(ascii) != UINT64_MAX};
}

/* How many bits are set. Baseline x86-64 has no instruction for it, and the compiler would call a function. */
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
        marks found = marks_of(length < BLOCK ? tail : text + at);
        if (length < BLOCK) found.special &= (UINT64_C(1) << length) - 1;
        if (found.multibyte) *multibyte = true;
        const bool ends = found.special != 0;
        if (ends) found.spaces &= (found.special & -found.special) - 1;

        /* Always eight at a time, without a branch on their number. The surplus is overwritten. */
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
