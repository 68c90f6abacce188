/* normalize.c - characters replaced before the text is tokenized. */
#include "w2v_normalize.h"

#include <string.h>

enum { BLOCK = 16 };

/* The ranges of the two ASCII rules. They are empty if a rule is off. */
typedef struct ascii_rules {
    uint8_t letters; /* from A on */
    uint8_t blanks;  /* from byte 11 on */
} ascii_rules;

static inline uint8_t ascii(uint8_t byte, ascii_rules rules) {
    const uint8_t small = (uint8_t)((uint8_t)(byte - 'A') < rules.letters ? byte + ('a' - 'A') : byte);
    return (uint8_t)(byte - 11) < rules.blanks ? ' ' : small;
}

/* Whether a block is all ASCII. The loops have a fixed length, so that the compiler vectorizes them. */
static inline bool is_ascii(const uint8_t *text) {
    uint8_t seen = 0;
    for (int i = 0; i < BLOCK; i++) seen |= text[i];
    return seen < 0x80;
}

static inline void filter_block(const uint8_t *text, uint8_t *to, ascii_rules rules) {
    for (int i = 0; i < BLOCK; i++) to[i] = ascii(text[i], rules);
}

static inline bool is_continuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/* The length of the character that begins with a byte of 0x80 or above. 0 if none does. */
static inline size_t length_by_lead(uint8_t lead) {
    if (lead < 0xC2 || lead > 0xF4) return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* Whether the second byte of a character is valid after the first (Unicode, table 3-7): no overlong form, no surrogate,
 * nothing above U+10FFFF. */
static inline bool may_follow(uint8_t lead, uint8_t second) {
    switch (lead) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return is_continuation(second);
    }
}

/*
 * Decodes the character beyond ASCII that begins at text[0], with `length` >= 1 readable bytes. Returns its length and
 * sets *scalar. Returns 0 if no character begins there, and -1 if it may continue after the readable bytes.
 */
static inline int character(const uint8_t *text, size_t length, uint32_t *scalar) {
    const size_t count = length_by_lead(text[0]);
    if (count == 0) return 0;
    if (length < 2) return -1;
    if (!may_follow(text[0], text[1])) return 0;
    uint32_t value = (uint32_t)(text[0] & (0x7F >> count)) << 6 | (text[1] & 0x3F);
    for (size_t i = 2; i < count; i++) {
        if (i == length) return -1;
        if (!is_continuation(text[i])) return 0;
        value = value << 6 | (text[i] & 0x3F);
    }
    *scalar = value;
    return (int)count;
}

static size_t write_scalar(uint32_t scalar, uint8_t *to) {
    if (scalar < 0x80) {
        to[0] = (uint8_t)scalar;
        return 1;
    }
    if (scalar < 0x800) {
        to[0] = (uint8_t)(0xC0 | scalar >> 6);
        to[1] = (uint8_t)(0x80 | (scalar & 0x3F));
        return 2;
    }
    if (scalar < 0x10000) {
        to[0] = (uint8_t)(0xE0 | scalar >> 12);
        to[1] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
        to[2] = (uint8_t)(0x80 | (scalar & 0x3F));
        return 3;
    }
    to[0] = (uint8_t)(0xF0 | (scalar >> 18 & 0x07));
    to[1] = (uint8_t)(0x80 | (scalar >> 12 & 0x3F));
    to[2] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
    to[3] = (uint8_t)(0x80 | (scalar & 0x3F));
    return 4;
}

/* Writes a character of `count` bytes, or what replaces it. */
static inline size_t put(const w2v_filter *filter, const uint8_t *text, size_t count, uint32_t scalar, uint8_t *to) {
    uint32_t other = 0;
    if (scalar < W2V_FILTER_SCALARS) {
        const size_t page = filter->pages[scalar / W2V_FILTER_PAGE];
        other = filter->scalars[page * W2V_FILTER_PAGE + scalar % W2V_FILTER_PAGE];
    }
    if (other == 0) {
        for (size_t i = 0; i < count; i++) to[i] = text[i];
        return count;
    }
    const size_t written = write_scalar(other & 0x1FFFFF, to);
    return other >> 21 == 0 ? written : written + write_scalar(other >> 21, to + written);
}

/* Continues a character that was cut off. Returns the number of bytes of text that it used. Writes the character when
 * it is complete or invalid. */
static size_t finish_held(w2v_filter *filter, const uint8_t *text, size_t length, uint8_t *to, size_t *written) {
    uint8_t bytes[4] = {0};
    const size_t held = filter->held_count;
    const size_t more = length < sizeof bytes - held ? length : sizeof bytes - held;
    memcpy(bytes, filter->held, held);
    memcpy(bytes + held, text, more);
    uint32_t scalar = 0;
    const int count = character(bytes, held + more, &scalar);
    if (count < 0) { /* the piece is shorter than the character: keep all of it */
        memcpy(filter->held + held, text, more);
        filter->held_count = (uint8_t)(held + more);
        return more;
    }
    if (count == 0) { /* no kept byte begins another character: they are a lead byte and valid continuations */
        *written = w2v_filter_end(filter, to);
        return 0;
    }
    filter->held_count = 0;
    *written = put(filter, bytes, (size_t)count, scalar, to);
    return (size_t)count - held;
}

size_t w2v_filter_text(w2v_filter *filter, const uint8_t *text, size_t length, uint8_t *to) {
    const ascii_rules rules = {.letters = filter->small_letters ? 26 : 0, .blanks = filter->spaces ? 2 : 0};
    size_t at = 0, written = 0;
    if (filter->held_count > 0 && length > 0) at = finish_held(filter, text, length, to, &written);
    while (at < length) {
        if (length - at >= BLOCK && is_ascii(text + at)) {
            filter_block(text + at, to + written, rules);
            at += BLOCK;
            written += BLOCK;
            continue;
        }
        while (at < length && text[at] < 0x80) to[written++] = ascii(text[at++], rules);
        /* Characters beyond ASCII usually occur in runs. */
        while (at < length && text[at] >= 0x80) {
            uint32_t scalar = 0;
            const int count = character(text + at, length - at, &scalar);
            if (count > 0) {
                written += put(filter, text + at, (size_t)count, scalar, to + written);
                at += (size_t)count;
            } else if (count == 0) {
                to[written++] = text[at++];
            } else {
                filter->held_count = (uint8_t)(length - at);
                memcpy(filter->held, text + at, length - at);
                at = length;
            }
        }
    }
    return written;
}

size_t w2v_filter_end(w2v_filter *filter, uint8_t *to) {
    const size_t count = filter->held_count;
    filter->held_count = 0;
    if (count > 0) memcpy(to, filter->held, count);
    return count;
}
