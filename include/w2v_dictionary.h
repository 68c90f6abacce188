/* w2v_dictionary.h - the words of a text in order of first appearance, with their counts. */
#ifndef W2V_DICTIONARY_H
#define W2V_DICTIONARY_H

#include "w2v_hash.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* An unknown word, and no limit on the number of words. */
#define W2V_NO_WORD UINT32_MAX

/* A word, in order of first occurrence. */
typedef struct w2v_entry {
    uint64_t offset; /* of the word's bytes in w2v_dictionary.bytes */
    uint32_t length;
    uint32_t slot; /* its slot, where it is counted */
} w2v_entry;

/*
 * A slot of the hash table. It has all that counting a word needs, in half a cache line. The key of a word of up to 16
 * bytes is the word itself, padded with zeros (no word contains a zero). The key of a longer word is its hash and its
 * length, and the bytes are compared, too.
 */
typedef struct w2v_slot {
    uint64_t head;
    uint64_t tail;
    int64_t count;   /* occurrences */
    uint32_t length; /* of the word */
    uint32_t entry;  /* W2V_NO_WORD: empty */
} w2v_slot;

/*
 * Words in order of first occurrence, in a hash table with open addressing. All memory is the caller's. Before each
 * call the caller makes room for the words that the call may add: entries, bytes (w2v_encode says how many), and slots.
 * The number of slots is a power of two, larger than the number of entries; with 8 slots for 5 entries searches are
 * short. Align the slots to 32 bytes, so that no slot straddles two cache lines.
 */
typedef struct w2v_dictionary {
    uint8_t *bytes;
    w2v_entry *entries;
    w2v_slot *slots;
    size_t used;      /* bytes in use */
    uint32_t count;   /* entries in use */
    uint32_t mask;    /* number of slots - 1 */
    w2v_hash_key key; /* set before w2v_dictionary_clear, or zeros for a fixed key; then not changed */
} w2v_dictionary;

/* Empties the dictionary: new memory, or one that was used. Replaces a key of all zeros by a fixed one, with which
 * texts can be made whose words collide. */
void w2v_dictionary_clear(w2v_dictionary *dictionary);

/* The entry of a word, or W2V_NO_WORD. */
uint32_t w2v_dictionary_find(const w2v_dictionary *dictionary, const uint8_t *word, size_t length);

/* The entry of a word, which is added with count 0 if it is new. */
uint32_t w2v_dictionary_add(w2v_dictionary *dictionary, const uint8_t *word, size_t length);

/* Writes the count of each entry. */
void w2v_dictionary_counts(const w2v_dictionary *dictionary, int64_t *counts);

/* Moves to other slots: mask + 1 of them, more than there are entries, with any content. */
void w2v_dictionary_move(w2v_dictionary *dictionary, w2v_slot *slots, uint32_t mask);

/* Drops the words whose count is not above a bound. The others move up, in order, and to other slots, the same number
 * of them. */
void w2v_dictionary_prune(w2v_dictionary *dictionary, w2v_slot *slots, int64_t bound);

/*
 * Adds the words and the counts of another dictionary. Its entry e is entry map[e] here. Both must have the same hash
 * key. Room needed: other->count more entries and other->used more bytes.
 */
void w2v_dictionary_merge(w2v_dictionary *dictionary, const w2v_dictionary *other, uint32_t *map);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
