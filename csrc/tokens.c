/* tokens.c - the tokenizer and the dictionary. */
#include "w2v_tokens.h"

#include <string.h>

/* ---- dictionary ---- */

/* The bytes of a word's first or last part as one number; n is 1 ... 8. Reads nothing outside of them. */
static uint64_t load_part(const uint8_t *p, size_t n) {
    if (n >= 4) {
        uint32_t low, high;
        memcpy(&low, p, 4);
        memcpy(&high, p + n - 4, 4);
        return (uint64_t)high << 32 | low;
    }
    return (uint64_t)p[0] << 16 | (uint64_t)p[n / 2] << 8 | p[n - 1];
}

static uint32_t hash_word(const uint8_t *word, size_t length) {
    const uint64_t odd = UINT64_C(0x9FB21C651E98DF25);
    uint64_t h = (length + 1) * odd;
    size_t i = 0;
    for (; i + 8 < length; i += 8) {
        h = (h ^ load_part(word + i, 8)) * odd;
        h ^= h >> 29;
    }
    if (i < length) h = (h ^ load_part(word + i, length - i)) * odd;
    h ^= h >> 32;
    return (uint32_t)(h * odd >> 32);
}

/* The slot of a word: the one that holds it, or the empty one where it belongs. */
static uint32_t find_slot(const w2v_dictionary *dictionary, uint32_t hash, const uint8_t *word, size_t length) {
    uint32_t at = hash & dictionary->mask;
    for (;; at = (at + 1) & dictionary->mask) {
        const w2v_slot slot = dictionary->slots[at];
        if (slot.entry == W2V_NO_WORD) return at;
        if (slot.hash != hash) continue;
        const w2v_entry *entry = &dictionary->entries[slot.entry];
        if (entry->length == length && memcmp(dictionary->bytes + entry->offset, word, length) == 0) return at;
    }
}

void w2v_dictionary_index(w2v_dictionary *dictionary) {
    for (size_t i = 0; i <= dictionary->mask; i++) dictionary->slots[i].entry = W2V_NO_WORD;
    for (uint32_t e = 0; e < dictionary->count; e++) {
        uint32_t at = dictionary->entries[e].hash & dictionary->mask;
        while (dictionary->slots[at].entry != W2V_NO_WORD) at = (at + 1) & dictionary->mask;
        dictionary->slots[at] = (w2v_slot){.hash = dictionary->entries[e].hash, .entry = e};
    }
}

uint32_t w2v_dictionary_find(const w2v_dictionary *dictionary, const uint8_t *word, size_t length) {
    return dictionary->slots[find_slot(dictionary, hash_word(word, length), word, length)].entry;
}

uint32_t w2v_dictionary_add(w2v_dictionary *dictionary, const uint8_t *word, size_t length) {
    const uint32_t hash = hash_word(word, length);
    w2v_slot *slot = &dictionary->slots[find_slot(dictionary, hash, word, length)];
    if (slot->entry != W2V_NO_WORD) return slot->entry;
    const uint32_t e = dictionary->count++;
    dictionary->entries[e] = (w2v_entry){.offset = dictionary->used, .length = (uint32_t)length, .hash = hash};
    dictionary->counts[e] = 0;
    if (length > 0) memcpy(dictionary->bytes + dictionary->used, word, length);
    dictionary->used += length;
    *slot = (w2v_slot){.hash = hash, .entry = e};
    return e;
}

/* ---- tokenizer ---- */

enum { ORDINARY = 0, SEPARATOR = 1, DELETED = 2, TERMINATOR = 3 };

static const uint8_t byte_class[256] = {
    [' '] = SEPARATOR, ['\t'] = SEPARATOR, ['\n'] = SEPARATOR, ['\r'] = DELETED, [0] = TERMINATOR,
};

static size_t end_of_run(const uint8_t *text, size_t at, size_t length) {
    while (at < length && byte_class[text[at]] == ORDINARY) at++;
    return at;
}

/* How many of a word's bytes are kept. The byte after the cut is read, so `length` of them must be there. */
static size_t kept_length(w2v_tokenizer *tokenizer, const uint8_t *word, size_t length) {
    const size_t longest = tokenizer->longest;
    if (length <= longest) return length;
    tokenizer->truncated++;
    if (!tokenizer->whole_characters) return longest;
    size_t cut = longest;
    while (cut > 0 && longest - cut < 3 && (word[cut] & 0xC0) == 0x80) cut--;
    return (word[cut] & 0xC0) == 0x80 || cut == 0 ? longest : cut; /* no character begins there: not UTF-8 */
}

/* Writes the id of a token, if it has one. Returns how many ids that was. */
static size_t emit(w2v_dictionary *dictionary, uint32_t entry, int32_t *id) {
    if (entry == W2V_NO_WORD) return 0;
    dictionary->counts[entry]++;
    *id = (int32_t)entry;
    return 1;
}

static size_t emit_word(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *word, size_t length,
                        int32_t *id) {
    tokenizer->line_open = true;
    length = kept_length(tokenizer, word, length);
    if (length == 0 && !tokenizer->empty_words) return 0;
    return emit(dictionary,
                tokenizer->grow ? w2v_dictionary_add(dictionary, word, length)
                                : w2v_dictionary_find(dictionary, word, length),
                id);
}

static size_t emit_newline(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, int32_t *id) {
    tokenizer->line_open = false;
    return emit(dictionary, tokenizer->sentence_end, id);
}

/* Takes bytes into the word in hand: one more than are kept, so that the cut can see whether a character begins. */
static void take(w2v_tokenizer *tokenizer, const uint8_t *bytes, size_t count) {
    if (tokenizer->closed) return;
    const size_t room = tokenizer->longest + 1 - tokenizer->length;
    if (count > room) count = room;
    if (count > 0) memcpy(tokenizer->word + tokenizer->length, bytes, count);
    tokenizer->length += (uint32_t)count;
}

w2v_encoded w2v_encode(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t length,
                       int32_t *ids) {
    size_t at = 0, written = 0;
    while (at < length && dictionary->count <= tokenizer->stop_above) {
        const uint8_t class = byte_class[text[at]];
        if (tokenizer->pending) {
            if (class == SEPARATOR) { /* which is read again, as the token or the gap that it is */
                tokenizer->pending = false;
                written += emit_word(tokenizer, dictionary, tokenizer->word, tokenizer->length, ids + written);
            } else if (class == ORDINARY) {
                const size_t end = end_of_run(text, at, length);
                take(tokenizer, text + at, end - at);
                at = end;
            } else {
                if (class == TERMINATOR) tokenizer->closed = true;
                at++;
            }
            continue;
        }
        if (class == SEPARATOR || class == DELETED) {
            if (text[at] == '\n') written += emit_newline(tokenizer, dictionary, ids + written);
            at++;
            continue;
        }
        const size_t end = end_of_run(text, at, length);
        if (end < length && byte_class[text[end]] == SEPARATOR) { /* the common case: a word in one piece */
            written += emit_word(tokenizer, dictionary, text + at, end - at, ids + written);
        } else {
            tokenizer->pending = true;
            tokenizer->closed = false;
            tokenizer->length = 0;
            take(tokenizer, text + at, end - at);
        }
        at = end;
    }
    return (w2v_encoded){.consumed = at, .written = written};
}

size_t w2v_encode_end(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, int32_t *ids) {
    size_t written = 0;
    if (tokenizer->pending) {
        tokenizer->pending = false;
        written += emit_word(tokenizer, dictionary, tokenizer->word, tokenizer->length, ids);
    }
    if (tokenizer->line_open) written += emit_newline(tokenizer, dictionary, ids + written);
    return written;
}

int64_t w2v_ids_map(int32_t *ids, int64_t count, const int32_t *map) {
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        const int32_t id = map[ids[i]];
        if (id >= 0) ids[kept++] = id;
    }
    return kept;
}
