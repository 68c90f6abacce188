/*
 * w2v_normalize.h - filters text before it is tokenized: uppercase letters become lowercase, and Unicode white space
 * becomes spaces.
 *
 * Characters are replaced one by one, regardless of their neighbors. Invalid UTF-8 is not changed.
 */
#ifndef W2V_FILTER_H
#define W2V_FILTER_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Characters from this one on are not replaced. They are ideographs and other characters without case. */
#define W2V_FILTER_SCALARS 0x20000

/* Characters of a page of the table. */
#define W2V_FILTER_PAGE 64

/* The rules and the state of one pass over a text, which may be passed in pieces. At the start all but the rules is
 * zero. */
typedef struct w2v_filter {
    /* (W2V_FILTER_SCALARS / W2V_FILTER_PAGE) the page of `scalars` that each 64 characters have */
    const uint16_t *pages;
    /*
     * (pages x W2V_FILTER_PAGE) what replaces a character beyond ASCII: one in the low 21 bits and, where they are two,
     * the other one above; 0 leaves it. In UTF-8 that is at most half as long again as what it replaces.
     */
    const uint32_t *scalars;
    bool small_letters; /* A ... Z become a ... z */
    bool spaces;        /* bytes 11 and 12 become spaces */
    uint8_t held_count; /* state: bytes of a character that goes on in the next piece */
    uint8_t held[3];
} w2v_filter;

/* Bytes that a piece of text may become. */
static inline size_t w2v_filter_room(size_t length) { return length + length / 2 + 8; }

/*
 * Writes a piece of text as the rules have it, all but a character that its end cuts. Returns the bytes written, at
 * most w2v_filter_room(length). `to` is no part of `text`. O(length), 16 bytes at a time where all are ASCII.
 */
size_t w2v_filter_text(w2v_filter *filter, const uint8_t *text, size_t length, uint8_t *to);

/* The end of the text: what is left of a character that was cut, at most 3 bytes. Returns their number. */
size_t w2v_filter_end(w2v_filter *filter, uint8_t *to);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
