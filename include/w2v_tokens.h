/*
 * w2v_tokens.h - the tokenizer: text to word ids, by the rules of the original.
 *
 * The rules: space, tab, NUL and line ends end a word. A line end is the word "</s>", also on a blank line. A line ends
 * with byte 10, with byte 13, or with byte 13 and byte 10. A word longer than `longest` bytes is truncated.
 *
 * The original has other rules for two bytes. They apply if `original` is set: byte 13 is deleted everywhere; a NUL
 * ends a word, even an empty one, and the bytes from it to the next space, tab or byte 10 are ignored.
 */
#ifndef W2V_TOKENS_H
#define W2V_TOKENS_H

#include "w2v_dictionary.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* The largest allowed value of `longest`, in bytes. */
#define W2V_WORD_MAX 1024

/* The rules and the state of one pass over a text, which may be passed in pieces. At the start all but the rules is
 * zero. */
typedef struct w2v_tokenizer {
    uint32_t longest;      /* maximum length of a word in bytes, at most W2V_WORD_MAX */
    bool whole_characters; /* truncate before a UTF-8 character, so up to 3 bytes earlier */
    bool original;         /* the original's rules for byte 13 and NUL */
    bool grow;             /* add new words to the dictionary; otherwise unknown words are dropped */
    uint32_t stop_above;   /* return when there are more entries than this */
    uint32_t length;       /* state: length of the pending word in bytes */
    bool pending;          /* state: a word has begun and not ended */
    bool closed;           /* state: a NUL ended it, by the original's rules */
    bool after_return;     /* state: the last byte was a byte 13 that ended a line */
    bool line_open;        /* state: a word followed the last line end; set it if the text continues a line */
    int64_t truncated;     /* number of truncated words */
    uint8_t *word;         /* (longest + 1) memory for a word that is passed in pieces */
} w2v_tokenizer;

typedef struct w2v_encoded {
    size_t consumed; /* bytes read */
    size_t written;  /* ids written */
} w2v_encoded;

/*
 * Reads text, writes the entry of each token to ids and counts it. All text is consumed unless there are more entries
 * than tokenizer->stop_above; then the last id written is that of the first word too many. Room needed: length + 1 ids,
 * because a newline may also end a word of the piece before; with `grow`, also length / 2 + 3 more entries and length +
 * W2V_WORD_MAX + 8 more bytes of the dictionary.
 */
w2v_encoded w2v_encode(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t length,
                       int32_t *ids);

/*
 * Ends the text: a word that has begun counts, and an open line ends. Room needed: 2 ids; with `grow`, also 2 more
 * entries and W2V_WORD_MAX + 8 more bytes. Returns the number of ids written. (The original drops that word and does
 * not end the line: do not call this for its rules.)
 */
size_t w2v_encode_end(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, int32_t *ids);

/* The offset after the first space, tab or byte 10. 0 if there is none. O(length), 64 bytes at a time. */
size_t w2v_behind_separator(const uint8_t *text, size_t length);

/*
 * Writes map[id] for each id, unless it is negative. Returns the number of ids written. `from` and `to` may be the same
 * array.
 */
int64_t w2v_ids_map(const int32_t *from, int64_t count, const int32_t *map, int32_t *to);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
