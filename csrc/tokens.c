/* tokens.c - the tokenizer: text to dictionary entries. */
#include "dictionary.h"
#include "separators.h"
#include "w2v_internal.h"
#include "w2v_tokens.h"

static const uint8_t sentence_end[4] = {'<', '/', 's', '>'};

/* ---- one byte at a time, with all rules ---- */

static const uint8_t *classes_of(const w2v_tokenizer *tokenizer) {
    return tokenizer->original ? original_classes : text_classes;
}

static size_t end_of_run(const uint8_t *classes, const uint8_t *text, size_t at, size_t length) {
    while (at < length && classes[text[at]] == ORDINARY) at++;
    return at;
}

/* The length of a word after truncation. Reads the byte after the cut, so all `length` bytes must be readable. */
static size_t kept_length(const w2v_tokenizer *tokenizer, const uint8_t *word, size_t length) {
    const size_t longest = tokenizer->longest;
    if (length <= longest) return length;
    if (!tokenizer->whole_characters) return longest;
    size_t cut = longest;
    while (cut > 0 && longest - cut < 3 && (word[cut] & 0xC0) == 0x80) cut--;
    return (word[cut] & 0xC0) == 0x80 || cut == 0 ? longest : cut; /* no character begins there: not UTF-8 */
}

/* Counts a word and writes its id, if it has one. Returns the number of ids written. */
static size_t emit(const w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *word, size_t length,
                   int32_t *id) {
    const uint32_t entry =
        tokenizer->grow ? w2v_dictionary_add(dictionary, word, length) : w2v_dictionary_find(dictionary, word, length);
    if (entry == W2V_NO_WORD) return 0;
    dictionary->slots[dictionary->entries[entry].slot].count++;
    *id = (int32_t)entry;
    return 1;
}

static size_t emit_word(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *word, size_t length,
                        int32_t *id) {
    tokenizer->line_open = true;
    const size_t kept = kept_length(tokenizer, word, length);
    if (kept < length) tokenizer->truncated++;
    if (kept == 0 && !tokenizer->original) return 0;
    return emit(tokenizer, dictionary, word, kept, id);
}

static size_t emit_newline(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, int32_t *id) {
    tokenizer->line_open = false;
    return emit(tokenizer, dictionary, sentence_end, sizeof sentence_end, id);
}

/* Whether a byte ends a line: byte 10, and byte 13 in a text. */
static inline bool is_line_end(uint8_t byte, bool original) { return byte == '\n' || (byte == '\r' && !original); }

/* Appends bytes to the pending word: up to one more than are kept, so that truncation can tell where a character
 * begins. */
static void take(w2v_tokenizer *tokenizer, const uint8_t *bytes, size_t count) {
    const size_t room = tokenizer->longest + 1 - tokenizer->length;
    if (count > room) count = room;
    if (count > 0) memcpy(tokenizer->word + tokenizer->length, bytes, count);
    tokenizer->length += (uint32_t)count;
}

/* Processes one token, one byte between tokens, or a part of a word that is not complete in this piece. */
static w2v_encoded step(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t at,
                        size_t length, int32_t *id) {
    const uint8_t *classes = classes_of(tokenizer);
    const uint8_t class = classes[text[at]];
    if (tokenizer->pending) {
        if (class == SEPARATOR) { /* the separator is processed in the next step */
            tokenizer->pending = false;
            return (w2v_encoded){at, emit_word(tokenizer, dictionary, tokenizer->word, tokenizer->length, id)};
        }
        if (class == TERMINATOR) tokenizer->closed = true;
        if (tokenizer->closed) { /* the rest of the word is ignored; a hole in a sparse file may be gigabytes of NULs */
            const size_t behind = w2v_behind_separator(text + at, length - at);
            return (w2v_encoded){behind > 0 ? at + behind - 1 : length, 0};
        }
        if (class == ORDINARY) {
            const size_t end = end_of_run(classes, text, at, length);
            take(tokenizer, text + at, end - at);
            return (w2v_encoded){end, 0};
        }
        return (w2v_encoded){at + 1, 0};
    }
    const bool ends_return = tokenizer->after_return && text[at] == '\n'; /* the two are one line end */
    tokenizer->after_return = text[at] == '\r' && !tokenizer->original;
    if (ends_return) return (w2v_encoded){at + 1, 0};
    if (is_line_end(text[at], tokenizer->original)) {
        return (w2v_encoded){at + 1, emit_newline(tokenizer, dictionary, id)};
    }
    if (class == SEPARATOR || class == DELETED) return (w2v_encoded){at + 1, 0};
    const size_t end = end_of_run(classes, text, at, length);
    if (end < length && classes[text[end]] == SEPARATOR) {
        return (w2v_encoded){end, emit_word(tokenizer, dictionary, text + at, end - at, id)};
    }
    tokenizer->pending = true;
    tokenizer->closed = false;
    tokenizer->length = 0;
    take(tokenizer, text + at, end - at);
    return (w2v_encoded){end, 0};
}

/* ---- 64 bytes at a time, for words between white space ---- */

size_t w2v_behind_separator(const uint8_t *text, size_t length) {
    size_t at = 0;
    for (; length - at >= 64; at += 64) {
        lanes separators[4];
        for (size_t i = 0; i < 4; i++) {
            const lanes bytes = load_lanes(text + at + 16 * i);
            separators[i] = either(either(are(bytes, ' '), are(bytes, '\t')), are(bytes, '\n'));
        }
        const uint64_t bits = bits_of(separators);
        if (bits != 0) return at + lowest_bit(bits) + 1;
    }
    for (; at < length; at++) {
        if (original_classes[text[at]] == SEPARATOR) return at + 1;
    }
    return 0;
}

/* A token that was found, and whose slot is being prefetched. */
typedef struct found_token {
    word_key key;
    size_t start; /* in the text */
    size_t end;   /* equal to start for a newline */
    uint32_t home;
    uint32_t length; /* of the word that is kept */
} found_token;

/*
 * Tokens that are looked up together, so that their cache misses overlap. 64 bytes contain at most 64 tokens and the
 * end of one more.
 */
enum { BATCH_FULL = 64, BATCH_ROOM = BATCH_FULL + 65 };

typedef struct token_batch {
    size_t count;
    found_token tokens[BATCH_ROOM];
} token_batch;

static void add_token(token_batch *batch, const w2v_dictionary *dictionary, word_key key, size_t start, size_t end,
                      size_t length) {
    const uint32_t home = home_of(dictionary, key) & dictionary->mask;
    w2v_prefetch_to_write(&dictionary->slots[home]);
    batch->tokens[batch->count++] =
        (found_token){.key = key, .start = start, .end = end, .home = home, .length = (uint32_t)length};
}

/*
 * Looks up and counts the tokens of a batch, and empties it. Stops early if there are more entries than
 * tokenizer->stop_above. Sets *at to the end of the last counted token. Returns the number of ids written.
 */
static size_t settle(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, token_batch *batch,
                     size_t *at, int32_t *ids) {
    size_t written = 0;
    const size_t count = batch->count;
    batch->count = 0;
    for (size_t i = 0; i < count; i++) {
        const found_token *token = &batch->tokens[i];
        const bool is_newline = token->start == token->end;
        const uint8_t *word = is_newline ? sentence_end : text + token->start;
        const uint32_t slot = find_slot(dictionary, token->key, token->home, word, token->length);
        const bool is_new = dictionary->slots[slot].entry == W2V_NO_WORD;
        if (!is_newline && token->end - token->start > token->length) tokenizer->truncated++;
        if (is_new && tokenizer->grow) enter(dictionary, slot, token->key, word, token->length, 0);
        if (!is_new || tokenizer->grow) {
            dictionary->slots[slot].count++;
            ids[written++] = (int32_t)dictionary->slots[slot].entry;
        }
        if (i + 1 == count || dictionary->count > tokenizer->stop_above) {
            tokenizer->line_open = !is_newline;
            *at = is_newline ? token->end + 1 : token->end;
            break;
        }
    }
    return written;
}

/*
 * Reads words up to the last one that ends before the end of the text, until there are too many entries, or, by the
 * original's rules, up to a word that contains a special byte. No word is pending before or after. Sets *resume to the
 * offset from which it should be called again.
 */
static inline __attribute__((always_inline)) w2v_encoded encode_blocks(w2v_tokenizer *tokenizer,
                                                                       w2v_dictionary *dictionary, const uint8_t *text,
                                                                       size_t at, size_t length, int32_t *ids,
                                                                       size_t *resume, const bool original) {
    const word_key newline_key = key_of(dictionary, sentence_end, sizeof sentence_end);
    const size_t inline_length = tokenizer->longest < INLINE_LENGTH ? tokenizer->longest : INLINE_LENGTH;
    size_t start = at, written = 0;
    token_batch batch;
    batch.count = 0;
    *resume = length;
    /* The 16 bytes of a key that begins in the block must be readable, too. */
    for (size_t block = at; length - block >= 64 + INLINE_LENGTH; block += 64) {
        byte_kinds kinds = original ? original_kinds(text + block) : text_kinds(text + block);
        while (kinds.separators != 0) {
            /* The words to the next line end, or all. */
            const uint64_t line_end = kinds.line_ends & (~kinds.line_ends + 1);
            const uint64_t line = (line_end << 1) - 1;
            for (uint64_t left = kinds.separators & line; left != 0; left &= left - 1) {
                const size_t end = block + lowest_bit(left);
                const size_t bytes = end - start;
                if (bytes - 1 < inline_length) {
                    add_token(&batch, dictionary, readable_key(text + start, bytes), start, end, bytes);
                } else if (bytes > 0) {
                    const size_t kept = kept_length(tokenizer, text + start, bytes);
                    add_token(&batch, dictionary, key_of(dictionary, text + start, kept), start, end, kept);
                }
                start = end + 1;
            }
            if (line_end == 0) break;
            const size_t end = start - 1;
            const bool ends_return = /* byte 10 behind byte 13, which was the line end */
                !original && text[end] == '\n' && (end > at ? text[end - 1] == '\r' : tokenizer->after_return);
            if (!ends_return) add_token(&batch, dictionary, newline_key, end, end, sizeof sentence_end);
            kinds.separators &= ~line;
            kinds.line_ends &= ~line;
        }
        if (kinds.special != 0) {
            *resume = block + lowest_bit(kinds.special) + 1;
            break;
        }
        if (batch.count >= BATCH_FULL) {
            size_t end;
            written += settle(tokenizer, dictionary, text, &batch, &end, ids + written);
            if (dictionary->count > tokenizer->stop_above) {
                start = end;
                break;
            }
        }
    }
    if (batch.count > 0) {
        size_t end;
        written += settle(tokenizer, dictionary, text, &batch, &end, ids + written);
        if (dictionary->count > tokenizer->stop_above) start = end;
    }
    if (!original && start > at) tokenizer->after_return = text[start - 1] == '\r';
    return (w2v_encoded){start, written};
}

static w2v_encoded encode_text(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t at,
                               size_t length, int32_t *ids, size_t *resume) {
    return encode_blocks(tokenizer, dictionary, text, at, length, ids, resume, false);
}

static w2v_encoded encode_original(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t at,
                                   size_t length, int32_t *ids, size_t *resume) {
    return encode_blocks(tokenizer, dictionary, text, at, length, ids, resume, true);
}

w2v_encoded w2v_encode(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t length,
                       int32_t *ids) {
    size_t at = 0, written = 0, resume = 0;
    while (at < length && dictionary->count <= tokenizer->stop_above) {
        const bool in_blocks = at >= resume && !tokenizer->pending;
        const w2v_encoded done = !in_blocks ? step(tokenizer, dictionary, text, at, length, ids + written)
                                 : tokenizer->original
                                     ? encode_original(tokenizer, dictionary, text, at, length, ids + written, &resume)
                                     : encode_text(tokenizer, dictionary, text, at, length, ids + written, &resume);
        at = done.consumed;
        written += done.written;
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
    tokenizer->after_return = false;
    return written;
}

int64_t w2v_ids_map(const int32_t *from, int64_t count, const int32_t *map, int32_t *to) {
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        const int32_t id = map[from[i]];
        if (id >= 0) to[kept++] = id;
    }
    return kept;
}
