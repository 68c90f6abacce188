/* w2v_dictionary.h - the words of a text in order of first appearance, with their counts. */
#ifndef W2V_DICTIONARY_H
#define W2V_DICTIONARY_H

#include "w2v_hash.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

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

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
