/* phrases.c - counts pairs of words, and joins them. */
#include "w2v_phrases.h"

#include <string.h>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

/* ---- pairs ---- */

static uint64_t pair_key(uint32_t first, uint32_t second) { return (uint64_t)first << 32 | second; }

static size_t pair_home(const w2v_pairs *pairs, uint64_t key) {
    return (size_t)w2v_hash_pair(&pairs->key, key, 0) & pairs->mask;
}

/* The slot of a pair, or the empty slot where it can be inserted. */
static w2v_pair *pair_slot(const w2v_pairs *pairs, uint64_t key, size_t home) {
    size_t at = home;
    while (pairs->slots[at].key != key && pairs->slots[at].key != 0) at = (at + 1) & pairs->mask;
    return &pairs->slots[at];
}

static w2v_pair *enter_key(w2v_pairs *pairs, uint64_t key, size_t home) {
    w2v_pair *slot = pair_slot(pairs, key, home);
    if (slot->key == 0) {
        *slot = (w2v_pair){.key = key, .count = 0};
        pairs->count++;
    }
    return slot;
}

w2v_pair *w2v_pairs_enter(w2v_pairs *pairs, uint32_t first, uint32_t second) {
    const uint64_t key = pair_key(first, second);
    return enter_key(pairs, key, pair_home(pairs, key));
}

void w2v_pairs_move(w2v_pairs *pairs, w2v_pair *slots, size_t mask) {
    const w2v_pair *old = pairs->slots;
    const size_t old_count = pairs->mask + 1;
    pairs->slots = slots;
    pairs->mask = mask;
    for (size_t i = 0; i < old_count; i++)
        if (old[i].key != 0) *pair_slot(pairs, old[i].key, pair_home(pairs, old[i].key)) = old[i];
}

void w2v_pairs_count(w2v_pairs *pairs, const int32_t *ids, size_t n, const int64_t *counts, int64_t minimum,
                     int32_t *previous) {
    enum { BATCH = 64 }; /* pairs whose slots are prefetched together */
    uint64_t keys[BATCH];
    size_t homes[BATCH], count = 0;
    int32_t before = *previous;
    for (size_t i = 0; i < n; i++) {
        const int32_t id = ids[i] > 0 && counts[ids[i]] >= minimum ? ids[i] : W2V_NO_PARTNER;
        if (before > 0 && id > 0) {
            keys[count] = pair_key((uint32_t)before, (uint32_t)id);
            homes[count] = pair_home(pairs, keys[count]);
            w2v_prefetch_to_write(&pairs->slots[homes[count]]);
            count++;
        }
        before = ids[i] == 0 ? W2V_LINE_HEAD : id;
        if (count == BATCH || i + 1 == n) {
            for (size_t k = 0; k < count; k++) enter_key(pairs, keys[k], homes[k])->count++;
            count = 0;
        }
    }
    *previous = before;
}

/* ---- joining ---- */

/* Copies a word to `text`. Returns its length. */
static size_t write_word(const w2v_dictionary *words, int32_t id, uint8_t *text) {
    const w2v_entry entry = words->entries[id];
    if (entry.length > 0) memcpy(text, words->bytes + entry.offset, entry.length);
    return entry.length;
}

size_t w2v_pairs_join(w2v_pairs *joined, const w2v_dictionary *words, const int32_t *ids, size_t n, int32_t *previous,
                      uint8_t *text) {
    size_t written = 0;
    int32_t before = *previous;
    for (size_t i = 0; i < n; i++) {
        const int32_t id = ids[i];
        if (id == 0) {
            text[written++] = '\n';
            before = W2V_LINE_HEAD;
            continue;
        }
        int32_t next = id;
        if (before > 0) {
            const uint64_t key = pair_key((uint32_t)before, (uint32_t)id);
            w2v_pair *slot = pair_slot(joined, key, pair_home(joined, key));
            if (slot->key != 0) {
                slot->count++;
                next = W2V_NO_PARTNER;
            }
        }
        if (before != W2V_LINE_HEAD) text[written++] = next == W2V_NO_PARTNER ? '_' : ' ';
        written += write_word(words, id, text + written);
        before = next;
    }
    *previous = before;
    return written;
}

/* ---- the original ---- */

/* Writes last_word, '_' and word, truncated like in the original. Returns the length. */
static size_t joined_word(const w2v_dictionary *words, int32_t last, int32_t id, uint8_t *joined) {
    size_t length = last < 0 ? 0 : write_word(words, last, joined);
    joined[length++] = '_';
    length += write_word(words, id, joined + length);
    return length < W2V_PHRASE_LONGEST ? length : W2V_PHRASE_LONGEST;
}

static void count_one(w2v_dictionary *dictionary, uint32_t entry) {
    dictionary->slots[dictionary->entries[entry].slot].count++;
}

void w2v_phrases_original_count(w2v_phrases_original *phrases, const int32_t *ids, size_t n) {
    const w2v_dictionary *words = phrases->words;
    uint8_t joined[2 * W2V_PHRASE_WORD + 1];
    for (size_t i = 0; i < n; i++) {
        const int32_t id = ids[i];
        if (id == 0) continue; /* the original counts pairs across line ends */
        if (phrases->joint_of[id] == W2V_NO_WORD) {
            const w2v_entry entry = words->entries[id];
            phrases->joint_of[id] = w2v_dictionary_add(phrases->joint, words->bytes + entry.offset, entry.length);
        }
        phrases->total++;
        count_one(phrases->joint, phrases->joint_of[id]);
        const size_t length = joined_word(words, phrases->last, id, joined);
        count_one(phrases->joint, w2v_dictionary_add(phrases->joint, joined, length));
        phrases->last = id;
    }
}

size_t w2v_phrases_original_join(w2v_phrases_original *phrases, const int32_t *ids, size_t n, uint8_t *text,
                                 w2v_join *joins, size_t *join_count) {
    const int64_t *counts = phrases->counts;
    uint8_t joined[2 * W2V_PHRASE_WORD + 1];
    size_t written = 0, join_number = 0;
    for (size_t k = 0; k < n; k++) {
        const int32_t id = ids[k], last = phrases->last;
        phrases->last = id;
        if (id == 0) {
            text[written++] = '\n';
            continue;
        }
        bool oov = phrases->li == -1;
        const uint32_t entry = (uint32_t)id < phrases->known ? phrases->joint_of[id] : W2V_NO_WORD;
        const bool is_known = entry != W2V_NO_WORD && counts[entry] >= 0;
        if (is_known)
            phrases->pb = counts[entry];
        else
            oov = true;
        phrases->li = is_known ? (int64_t)entry : -1;

        const size_t length = joined_word(phrases->words, last, id, joined);
        const uint32_t pair = w2v_dictionary_find(phrases->joint, joined, length);
        if (pair != W2V_NO_WORD && counts[pair] >= 0)
            phrases->pab = counts[pair];
        else
            oov = true;
        if (phrases->pa < phrases->minimum || phrases->pb < phrases->minimum) oov = true;

        /* In float, from left to right, as in the original. */
        float score = 0;
        if (!oov) {
            score = (float)(phrases->pab - phrases->minimum) / (float)phrases->pa / (float)phrases->pb;
            score *= (float)phrases->total;
        }
        const bool joins_them = score > phrases->threshold;
        text[written++] = joins_them ? '_' : ' ';
        written += write_word(phrases->words, id, text + written);
        if (joins_them) {
            joins[join_number++] = (w2v_join){.entry = pair, .score = score};
            phrases->pb = 0;
        }
        phrases->pa = phrases->pb;
    }
    *join_count = join_number;
    return written;
}
