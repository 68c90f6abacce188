/*
 * w2v_tokens.h - text bytes to word ids, by the original's token rules.
 *
 * The rules: space, tab, NUL and line ends end a word; a line end is the word "</s>", on a blank line too. A line ends
 * with byte 10, byte 13, or byte 13 and byte 10. A word longer than `longest` bytes keeps its first `longest`.
 *
 * The original has other rules for two bytes, which it follows if `original` is set: byte 13 is deleted wherever it
 * stands; a NUL ends the word, even the empty one, and the bytes from it to the next space, tab or byte 10 are ignored.
 */
#ifndef W2V_TOKENS_H
#define W2V_TOKENS_H

#include "w2v_dictionary.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* The longest word that a tokenizer can be told to keep, in bytes. */
#define W2V_WORD_MAX 1024

/* Rules and state of one pass over a text that may come in pieces. Start: all zero but for the rules. */
typedef struct w2v_tokenizer {
    uint32_t longest;      /* bytes of a word that are kept, at most W2V_WORD_MAX */
    bool whole_characters; /* cut longer words at a UTF-8 character, so at up to 3 bytes less */
    bool original;         /* the original's rules for byte 13 and NUL */
    bool grow;             /* enter new words; else words that the dictionary lacks are left out */
    uint32_t stop_above;   /* return as soon as there are more entries than this */
    uint32_t length;       /* state: bytes of the pending word */
    bool pending;          /* state: a word began that has not ended */
    bool closed;           /* state: a NUL ended it, by the original's rules */
    bool after_return;     /* state: the last byte was a byte 13 that ended a line */
    bool line_open;        /* state: a word followed the last line end; set it for a text that continues a line */
    int64_t truncated;     /* words that were cut */
    uint8_t *word;         /* (longest + 1) the caller's room for a word that comes in pieces */
} w2v_tokenizer;

typedef struct w2v_encoded {
    size_t consumed; /* bytes read */
    size_t written;  /* ids written */
} w2v_encoded;

/*
 * Reads text, writes the entry of each token to ids and counts it. All text is consumed unless there are more entries
 * than tokenizer->stop_above; then the last id written is the word that was one too many.
 * Room needed: length + 1 ids, for a newline may end a word of the piece before; with `grow`, also length / 2 + 3
 * entries and length + W2V_WORD_MAX + 8 bytes more than are in use.
 */
w2v_encoded w2v_encode(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t length,
                       int32_t *ids);

/*
 * The end of the text: the word that has begun counts, and a line that no newline ended is ended. Room needed: 2 ids; with
 * `grow`, also 2 entries and W2V_WORD_MAX + 8 bytes. Returns the number of ids written. (The original drops that word
 * and ends nothing: it does without this call.)
 */
size_t w2v_encode_end(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, int32_t *ids);

/* The place behind the first space, tab or byte 10; 0 if there is none. O(length), 64 bytes at a time. */
size_t w2v_behind_separator(const uint8_t *text, size_t length);

/*
 * Writes map[id] for each id, leaving out those that map to a negative; returns how many were written. `from` and `to`
 * may be the same.
 */
int64_t w2v_ids_map(const int32_t *from, int64_t count, const int32_t *map, int32_t *to);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
