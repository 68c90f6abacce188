/* w2v_json.h - scanning JSON string literals: the words in the header of a vector file are one string, with spaces
 * between. */
#ifndef W2V_JSON_H
#define W2V_JSON_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Room for the word starts of n bytes: one for each, and as many as are written at a time. */
static inline size_t w2v_word_starts_room(size_t n) { return n + 64; }

/*
 * Scans a JSON string up to the first byte that needs decoding or ends it: a quotation mark, a backslash or a control
 * byte. Returns its place, or n. Writes the places behind spaces, with `base` added, to `starts`, which has room for
 * w2v_word_starts_room(n), and their number to *count. Sets *multibyte if a byte beyond ASCII stands before that place,
 * or in the same 64 bytes; whether it is valid UTF-8 is not checked. O(n), 64 bytes at a time.
 */
size_t w2v_skip_plain_json(const uint8_t *text, size_t n, ptrdiff_t base, ptrdiff_t *starts, size_t *count,
                           bool *multibyte);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
