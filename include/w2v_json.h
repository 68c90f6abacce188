/* w2v_json.h - words in a text of which the spaces matter, as the headers of vector files have them. */
#ifndef W2V_WORDS_H
#define W2V_WORDS_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Room for the word starts of n bytes: one for each, and as many as are written at a time. */
static inline size_t w2v_word_starts_room(size_t n) { return n + 64; }

/*
 * Goes over the bytes of a JSON string up to the first that needs a look of its own: a quotation mark, a backslash or a
 * control byte. Returns its place, or n. Writes the places behind spaces, with `base` added, to `starts`, which has room
 * for w2v_word_starts_room(n), and their number to *count. Sets *multibyte if there is a byte beyond ASCII before the
 * end, or not far behind it; whether it is UTF-8 is not looked at. O(n), 64 bytes at a time.
 */
size_t w2v_skip_plain_json(const uint8_t *text, size_t n, ptrdiff_t base, ptrdiff_t *starts, size_t *count,
                           bool *multibyte);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
