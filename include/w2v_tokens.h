/*
 * w2v_tokens.h - text bytes to word ids: the original's token rules, and the dictionary of the words met.
 *
 * The rules: space, tab and newline end a word; byte 13 is deleted wherever it stands; a NUL ends the word, and the bytes
 * from it to the next separator are ignored; a newline is the token "</s>", on a blank line too; a word longer than
 * `longest` bytes keeps its first `longest`.
 */
#ifndef W2V_TOKENS_H
#define W2V_TOKENS_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* The longest word that a tokenizer can be told to keep, in bytes. */
#define W2V_WORD_MAX 1024

/* "No such word", and "no limit on the number of words". */
#define W2V_NO_WORD UINT32_MAX

typedef struct w2v_entry {
    uint64_t offset; /* of the word's bytes in w2v_dictionary.bytes */
    uint32_t length;
    uint32_t hash;
} w2v_entry;

typedef struct w2v_slot {
    uint32_t hash;
    uint32_t entry; /* W2V_NO_WORD: empty */
} w2v_slot;

/*
 * Words in order of their first appearance, found by open addressing. All memory is the caller's, who makes room before
 * each call: entries, counts and bytes for the words that the call may add (w2v_encode states them), and at least twice
 * as many slots as entries, a power of two.
 */
typedef struct w2v_dictionary {
    uint8_t *bytes;
    w2v_entry *entries;
    int64_t *counts; /* tokens met of each entry */
    w2v_slot *slots;
    size_t used;    /* bytes in use */
    uint32_t count; /* entries in use */
    uint32_t mask;  /* number of slots - 1 */
} w2v_dictionary;

/* Empties all slots and enters all entries again: after the slots were moved, enlarged, or the entries changed. */
void w2v_dictionary_index(w2v_dictionary *dictionary);

/* The entry of a word, or W2V_NO_WORD. */
uint32_t w2v_dictionary_find(const w2v_dictionary *dictionary, const uint8_t *word, size_t length);

/* The entry of a word, entered with count 0 if it is new. */
uint32_t w2v_dictionary_add(w2v_dictionary *dictionary, const uint8_t *word, size_t length);

/* Rules and state of one pass over a text that may come in pieces. Start: all zero but for the rules. */
typedef struct w2v_tokenizer {
    uint32_t longest;        /* bytes of a word that are kept, at most W2V_WORD_MAX */
    bool whole_characters;   /* cut longer words at a UTF-8 character, so at up to 3 bytes less */
    bool empty_words;        /* keep the empty word that a leading NUL makes, as the original does */
    bool grow;               /* enter new words; else words that the dictionary lacks are left out */
    uint32_t stop_above;     /* return as soon as there are more entries than this */
    uint32_t sentence_end;   /* entry of a newline, or W2V_NO_WORD: newlines are left out */
    uint32_t length;         /* state: bytes of the word in hand */
    bool pending;            /* state: a word is in hand */
    bool closed;             /* state: a NUL ended it */
    bool line_open;          /* state: a word followed the last newline */
    int64_t truncated;       /* words that were cut */
    uint8_t *word;           /* (longest + 1) the caller's room for a word that comes in pieces */
} w2v_tokenizer;

typedef struct w2v_encoded {
    size_t consumed; /* bytes read */
    size_t written;  /* ids written */
} w2v_encoded;

/*
 * Reads text, writes the entry of each token to ids and counts it. All text is consumed unless there are more entries
 * than tokenizer->stop_above; then the last id written is the word that was one too many.
 * Room needed: length + 1 ids, for a newline may end a word of the piece before; with `grow`, also length / 2 + 1 entries
 * and length + W2V_WORD_MAX bytes more than are in use.
 */
w2v_encoded w2v_encode(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t length,
                       int32_t *ids);

/*
 * The end of the text: the word in hand counts, and a line that no newline ended is ended. Room needed: 2 ids; 1 entry
 * and W2V_WORD_MAX bytes. Returns the number of ids written. (The original drops that word and ends nothing: it does
 * without this call.)
 */
size_t w2v_encode_end(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, int32_t *ids);

/* Replaces each id by map[id] in place, leaving out those that map to a negative. Returns how many remain. */
int64_t w2v_ids_map(int32_t *ids, int64_t count, const int32_t *map);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
