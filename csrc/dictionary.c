/* dictionary.c - the words met, and how often. */
#include "dictionary.h"

static void empty_slots(w2v_dictionary *dictionary) {
    for (size_t i = 0; i <= dictionary->mask; i++) dictionary->slots[i] = (w2v_slot){.entry = W2V_NO_WORD};
}

void w2v_dictionary_clear(w2v_dictionary *dictionary) {
    const w2v_hash_key key = dictionary->key;
    if ((key.a | key.b | key.c | key.d) == 0) dictionary->key = w2v_hash_key_of(0);
    dictionary->count = 0;
    dictionary->used = 0;
    empty_slots(dictionary);
}

uint32_t w2v_dictionary_find(const w2v_dictionary *dictionary, const uint8_t *word, size_t length) {
    const word_key key = key_of(dictionary, word, length);
    return dictionary->slots[find_slot(dictionary, key, home_of(dictionary, key), word, length)].entry;
}

uint32_t w2v_dictionary_add(w2v_dictionary *dictionary, const uint8_t *word, size_t length) {
    const word_key key = key_of(dictionary, word, length);
    const uint32_t at = find_slot(dictionary, key, home_of(dictionary, key), word, length);
    const uint32_t found = dictionary->slots[at].entry;
    return found != W2V_NO_WORD ? found : enter(dictionary, at, key, word, length, 0);
}

void w2v_dictionary_counts(const w2v_dictionary *dictionary, int64_t *counts) {
    /* In the order of the slots, which have many more bytes than the counts. */
    for (size_t i = 0; i <= dictionary->mask; i++) {
        const w2v_slot *slot = &dictionary->slots[i];
        if (slot->entry != W2V_NO_WORD) counts[slot->entry] = slot->count;
    }
}

void w2v_dictionary_move(w2v_dictionary *dictionary, w2v_slot *slots, uint32_t mask) {
    const w2v_slot *old = dictionary->slots;
    const size_t old_count = (size_t)dictionary->mask + 1;
    dictionary->slots = slots;
    dictionary->mask = mask;
    empty_slots(dictionary);
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].entry == W2V_NO_WORD) continue;
        uint32_t at = home_of(dictionary, (word_key){.head = old[i].head, .tail = old[i].tail}) & mask;
        while (slots[at].entry != W2V_NO_WORD) at = (at + 1) & mask;
        slots[at] = old[i];
        dictionary->entries[old[i].entry].slot = at;
    }
}

void w2v_dictionary_prune(w2v_dictionary *dictionary, w2v_slot *slots, int64_t bound) {
    uint32_t kept = 0;
    size_t used = 0;
    for (uint32_t e = 0; e < dictionary->count; e++) {
        const w2v_entry entry = dictionary->entries[e];
        w2v_slot *slot = &dictionary->slots[entry.slot];
        if (slot->count <= bound) {
            slot->entry = W2V_NO_WORD;
            continue;
        }
        slot->entry = kept;
        if (entry.length > 0) memmove(dictionary->bytes + used, dictionary->bytes + entry.offset, entry.length);
        dictionary->entries[kept++] = (w2v_entry){.offset = used, .length = entry.length, .slot = entry.slot};
        used += entry.length;
    }
    dictionary->count = kept;
    dictionary->used = used;
    w2v_dictionary_move(dictionary, slots, dictionary->mask);
}

void w2v_dictionary_merge(w2v_dictionary *dictionary, const w2v_dictionary *other, uint32_t *map) {
    enum { NEAR = 8, FAR = 16 }; /* entries ahead that are fetched into the cache */
    for (uint32_t e = 0; e < other->count; e++) {
        if (other->count - e > FAR) w2v_prefetch_to_write(&other->slots[other->entries[e + FAR].slot]);
        if (other->count - e > NEAR) {
            const w2v_slot *next = &other->slots[other->entries[e + NEAR].slot];
            const uint32_t home = home_of(dictionary, (word_key){.head = next->head, .tail = next->tail});
            w2v_prefetch_to_write(&dictionary->slots[home & dictionary->mask]);
        }
        const w2v_entry entry = other->entries[e];
        const w2v_slot *slot = &other->slots[entry.slot];
        const word_key key = {.head = slot->head, .tail = slot->tail};
        const uint8_t *word = other->bytes + entry.offset;
        const uint32_t at = find_slot(dictionary, key, home_of(dictionary, key), word, entry.length);
        if (dictionary->slots[at].entry == W2V_NO_WORD) {
            map[e] = enter(dictionary, at, key, word, entry.length, slot->count);
        } else {
            map[e] = dictionary->slots[at].entry;
            dictionary->slots[at].count += slot->count;
        }
    }
}
