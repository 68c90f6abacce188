/*
 * w2v_tokens.h - text bytes to word ids: the original's token rules, and the dictionary of the words met.
 *
 * The rules: space, tab, NUL and line ends end a word; a line end is the word "</s>", on a blank line too. A line ends
 * with byte 10, byte 13, or byte 13 and byte 10. A word longer than `longest` bytes keeps its first `longest`.
 *
 * The original has other rules for two bytes, which it follows if `original` is set: byte 13 is deleted wherever it
 * stands; a NUL ends the word, even the empty one, and the bytes from it to the next space, tab or byte 10 are ignored.
 */
#ifndef W2V_TOKENS_H
#define W2V_TOKENS_H

#include "w2v_hash.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* The longest word that a tokenizer can be told to keep, in bytes. */
#define W2V_WORD_MAX 1024

/* "No such word", and "no limit on the number of words". */
#define W2V_NO_WORD UINT32_MAX

/* A word in order of first appearance. */
typedef struct w2v_entry {
    uint64_t offset; /* of the word's bytes in w2v_dictionary.bytes */
    uint32_t length;
    uint32_t slot; /* where it is found and counted */
} w2v_entry;

/*
 * A slot of the hash table: all that one more occurrence of a word needs, in half a cache line. The key of a word of up
 * to 16 bytes is these bytes, filled up with zeros (no word holds a zero); of a longer one it is a hash and
 * the length, and the bytes are compared too.
 */
typedef struct w2v_slot {
    uint64_t head;
    uint64_t tail;
    int64_t count;   /* tokens met */
    uint32_t length; /* of the word */
    uint32_t entry;  /* W2V_NO_WORD: empty */
} w2v_slot;

/*
 * Words in order of their first appearance, found by open addressing. All memory is the caller's, who makes room before
 * each call: entries and bytes for the words that the call may add (w2v_encode states them), and more slots than
 * entries, a power of two; with 8 slots for 5 entries a search is short. Slots at an address that 32 divides never
 * straddle two cache lines.
 */
typedef struct w2v_dictionary {
    uint8_t *bytes;
    w2v_entry *entries;
    w2v_slot *slots;
    size_t used;      /* bytes in use */
    uint32_t count;   /* entries in use */
    uint32_t mask;    /* number of slots - 1 */
    w2v_hash_key key; /* set before the first call, and never changed */
} w2v_dictionary;

/* Makes the dictionary empty: of new memory, or of what it held. */
void w2v_dictionary_clear(w2v_dictionary *dictionary);

/* The entry of a word, or W2V_NO_WORD. */
uint32_t w2v_dictionary_find(const w2v_dictionary *dictionary, const uint8_t *word, size_t length);

/* The entry of a word, entered with count 0 if it is new. */
uint32_t w2v_dictionary_add(w2v_dictionary *dictionary, const uint8_t *word, size_t length);

/* Tokens met of each entry. */
void w2v_dictionary_counts(const w2v_dictionary *dictionary, int64_t *counts);

/* Moves on to other slots, which may hold anything: mask + 1 of them, more than there are entries. */
void w2v_dictionary_move(w2v_dictionary *dictionary, w2v_slot *slots, uint32_t mask);

/* Forgets the words whose count is not above a bound; the others move up, in order, and to other slots, as many. */
void w2v_dictionary_prune(w2v_dictionary *dictionary, w2v_slot *slots, int64_t bound);

/*
 * Enters the words of another dictionary behind those that are known, and adds its counts. Entry e of the other is
 * entry map[e] now. Both have the same hash key. Room needed: other->count entries and other->used bytes.
 */
void w2v_dictionary_merge(w2v_dictionary *dictionary, const w2v_dictionary *other, uint32_t *map);

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
