/* separators.h - finds the bytes that end words and lines: in one byte, and in 64 at a time. */
#ifndef SEPARATORS_H
#define SEPARATORS_H

#include "byte_lanes.h"

enum { ORDINARY = 0, SEPARATOR = 1, DELETED = 2, TERMINATOR = 3 };

static const uint8_t text_classes[256] = {
    [' '] = SEPARATOR, ['\t'] = SEPARATOR, ['\n'] = SEPARATOR, ['\r'] = SEPARATOR, [0] = SEPARATOR,
};

static const uint8_t original_classes[256] = {
    [' '] = SEPARATOR, ['\t'] = SEPARATOR, ['\n'] = SEPARATOR, ['\r'] = DELETED, [0] = TERMINATOR,
};

/* The kinds of 64 bytes; bit i is that of byte i. */
typedef struct byte_kinds {
    uint64_t separators; /* including line ends */
    uint64_t line_ends;
    uint64_t special; /* bytes with rules of their own */
} byte_kinds;

static inline byte_kinds text_kinds(const uint8_t *text) {
    lanes separators[4], line_ends[4];
    for (int i = 0; i < 4; i++) {
        const lanes bytes = load_lanes(text + 16 * i);
        line_ends[i] = either(are(bytes, '\n'), are(bytes, '\r'));
        separators[i] = either(either(are(bytes, ' '), are(bytes, '\t')), either(are(bytes, 0), line_ends[i]));
    }
    return (byte_kinds){bits_of(separators), bits_of(line_ends), 0};
}

/*
 * The same by the original's rules. Special bytes are NUL, and byte 13 without white space after it. The result is
 * valid only up to the first special byte. Reads one byte after the 64.
 */
static inline byte_kinds original_kinds(const uint8_t *text) {
    lanes separators[4], line_ends[4], special[4], deleted[4];
    for (int i = 0; i < 4; i++) {
        const lanes bytes = load_lanes(text + 16 * i);
        line_ends[i] = are(bytes, '\n');
        separators[i] = either(either(are(bytes, ' '), are(bytes, '\t')), line_ends[i]);
        deleted[i] = are(bytes, '\r');
        special[i] = either(deleted[i], are(bytes, 0));
    }
    byte_kinds kinds = {bits_of(separators), bits_of(line_ends), bits_of(special)};
    if (kinds.special != 0) { /* byte 13 before white space is white space and not a line end */
        const uint64_t after = kinds.separators >> 1 | (uint64_t)(original_classes[text[64]] == SEPARATOR) << 63;
        const uint64_t white = bits_of(deleted) & after;
        kinds.separators |= white;
        kinds.special &= ~white;
        const uint64_t first = kinds.special & (~kinds.special + 1);
        kinds.separators &= first - 1;
        kinds.line_ends &= first - 1;
    }
    return kinds;
}

#endif
