/* dictionary.h - the keys and slots of the dictionary, for the loops that look up words. */
#ifndef DICTIONARY_H
#define DICTIONARY_H

#include "w2v_dictionary.h"

#include <string.h>

/* The longest word whose key is the word itself. */
#define INLINE_LENGTH 16

typedef struct word_key {
    uint64_t head;
    uint64_t tail;
} word_key;

static inline uint64_t load_8(const uint8_t *p) {
    uint64_t value;
    memcpy(&value, p, 8);
    return value;
}

/* The key of a word of at most 16 bytes, where 16 bytes from its start can be read. */
static inline word_key readable_key(const uint8_t *word, size_t length) {
    static const uint8_t ones_then_zeros[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const uint8_t *mask = ones_then_zeros + INLINE_LENGTH - length;
    return (word_key){.head = load_8(word) & load_8(mask), .tail = load_8(word + 8) & load_8(mask + 8)};
}

/* The key of any word. Reads nothing outside of it. */
static inline word_key key_of(const w2v_dictionary *dictionary, const uint8_t *word, size_t length) {
    uint8_t padded[INLINE_LENGTH] = {0};
    if (length <= INLINE_LENGTH) {
        if (length > 0) memcpy(padded, word, length);
        return (word_key){.head = load_8(padded), .tail = load_8(padded + 8)};
    }
    return (word_key){.head = w2v_hash_bytes(&dictionary->key, word, length), .tail = length};
}

/* Where the search for a key begins, before the mask. */
static inline uint32_t home_of(const w2v_dictionary *dictionary, word_key key) {
    return (uint32_t)w2v_hash_pair(&dictionary->key, key.head, key.tail);
}

/* The slot of a word, or the empty slot where it can be inserted. */
static inline uint32_t find_slot(const w2v_dictionary *dictionary, word_key key, uint32_t home, const uint8_t *word,
                                 size_t length) {
    uint32_t at = home & dictionary->mask;
    for (;; at = (at + 1) & dictionary->mask) {
        const w2v_slot *slot = &dictionary->slots[at];
        if (((slot->head ^ key.head) | (slot->tail ^ key.tail) | (slot->length ^ length)) == 0) {
            if (length <= INLINE_LENGTH && length > 0) return at; /* an empty slot has no length */
            if (slot->entry == W2V_NO_WORD) return at;
            if (memcmp(dictionary->bytes + dictionary->entries[slot->entry].offset, word, length) == 0) return at;
        } else if (slot->entry == W2V_NO_WORD) {
            return at;
        }
    }
}

/* Enters a word into the empty slot where it belongs. */
static inline uint32_t enter(w2v_dictionary *dictionary, uint32_t at, word_key key, const uint8_t *word, size_t length,
                             int64_t count) {
    const uint32_t e = dictionary->count++;
    dictionary->entries[e] = (w2v_entry){.offset = dictionary->used, .length = (uint32_t)length, .slot = at};
    if (length > 0) memcpy(dictionary->bytes + dictionary->used, word, length);
    dictionary->used += length;
    dictionary->slots[at] =
        (w2v_slot){.head = key.head, .tail = key.tail, .count = count, .length = (uint32_t)length, .entry = e};
    return e;
}

#endif
