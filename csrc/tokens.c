/* tokens.c - the tokenizer: text to the entries of its words. */
#include "dictionary.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#endif

static const uint8_t sentence_end[4] = {'<', '/', 's', '>'};

/* ---- tokenizer, a byte at a time: it knows every rule ---- */

enum { ORDINARY = 0, SEPARATOR = 1, DELETED = 2, TERMINATOR = 3 };

static const uint8_t byte_class[256] = {
    [' '] = SEPARATOR, ['\t'] = SEPARATOR, ['\n'] = SEPARATOR, ['\r'] = DELETED, [0] = TERMINATOR,
};

static size_t end_of_run(const uint8_t *text, size_t at, size_t length) {
    while (at < length && byte_class[text[at]] == ORDINARY) at++;
    return at;
}

/* How many of a word's bytes are kept. The byte after the cut is read, so `length` of them must be there. */
static size_t kept_length(const w2v_tokenizer *tokenizer, const uint8_t *word, size_t length) {
    const size_t longest = tokenizer->longest;
    if (length <= longest) return length;
    if (!tokenizer->whole_characters) return longest;
    size_t cut = longest;
    while (cut > 0 && longest - cut < 3 && (word[cut] & 0xC0) == 0x80) cut--;
    return (word[cut] & 0xC0) == 0x80 || cut == 0 ? longest : cut; /* no character begins there: not UTF-8 */
}

/* Counts a word and writes its id, if it has one. Returns how many ids that was. */
static size_t emit(const w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *word, size_t length,
                   int32_t *id) {
    const uint32_t entry = tokenizer->grow ? w2v_dictionary_add(dictionary, word, length)
                                           : w2v_dictionary_find(dictionary, word, length);
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
    if (kept == 0 && !tokenizer->empty_words) return 0;
    return emit(tokenizer, dictionary, word, kept, id);
}

static size_t emit_newline(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, int32_t *id) {
    tokenizer->line_open = false;
    return emit(tokenizer, dictionary, sentence_end, sizeof sentence_end, id);
}

/* Takes bytes into the word in hand: one more than are kept, so that the cut can see whether a character begins. */
static void take(w2v_tokenizer *tokenizer, const uint8_t *bytes, size_t count) {
    const size_t room = tokenizer->longest + 1 - tokenizer->length;
    if (count > room) count = room;
    if (count > 0) memcpy(tokenizer->word + tokenizer->length, bytes, count);
    tokenizer->length += (uint32_t)count;
}

/* One step: a token, a byte between tokens, or a part of a word that does not come in one piece. */
static w2v_encoded step(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t at,
                        size_t length, int32_t *id) {
    const uint8_t class = byte_class[text[at]];
    if (tokenizer->pending) {
        if (class == SEPARATOR) { /* which is read again, as the token or the gap that it is */
            tokenizer->pending = false;
            return (w2v_encoded){at, emit_word(tokenizer, dictionary, tokenizer->word, tokenizer->length, id)};
        }
        if (class == TERMINATOR) tokenizer->closed = true;
        if (tokenizer->closed) { /* the rest of the word is nothing: a hole in a sparse file may be gigabytes of NULs */
            const size_t behind = w2v_behind_separator(text + at, length - at);
            return (w2v_encoded){behind > 0 ? at + behind - 1 : length, 0};
        }
        if (class == ORDINARY) {
            const size_t end = end_of_run(text, at, length);
            take(tokenizer, text + at, end - at);
            return (w2v_encoded){end, 0};
        }
        return (w2v_encoded){at + 1, 0};
    }
    if (text[at] == '\n') return (w2v_encoded){at + 1, emit_newline(tokenizer, dictionary, id)};
    if (class == SEPARATOR || class == DELETED) return (w2v_encoded){at + 1, 0};
    const size_t end = end_of_run(text, at, length);
    if (end < length && byte_class[text[end]] == SEPARATOR) {
        return (w2v_encoded){end, emit_word(tokenizer, dictionary, text + at, end - at, id)};
    }
    tokenizer->pending = true;
    tokenizer->closed = false;
    tokenizer->length = 0;
    take(tokenizer, text + at, end - at);
    return (w2v_encoded){end, 0};
}

/* ---- tokenizer, 64 bytes at a time: it knows words between white space ---- */

/* What 64 bytes are; bit i is byte i. */
typedef struct byte_kinds {
    uint64_t separators;
    uint64_t deleted;
    uint64_t terminators;
} byte_kinds;

#if defined(__SSE2__)
static byte_kinds kinds_of(const uint8_t *text) {
    byte_kinds kinds = {0, 0, 0};
    for (int i = 0; i < 64; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
        const __m128i blank = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')),
                                           _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')));
        const __m128i separator = _mm_or_si128(blank, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
        const __m128i deleted = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'));
        const __m128i terminator = _mm_cmpeq_epi8(bytes, _mm_setzero_si128());
        kinds.separators |= (uint64_t)(uint32_t)_mm_movemask_epi8(separator) << i;
        kinds.deleted |= (uint64_t)(uint32_t)_mm_movemask_epi8(deleted) << i;
        kinds.terminators |= (uint64_t)(uint32_t)_mm_movemask_epi8(terminator) << i;
    }
    return kinds;
}
#elif defined(__aarch64__) && defined(__ARM_NEON)
/* Bit i of the result: whether byte i of the four is all ones (else it is zero). */
static uint64_t bits_of(const uint8x16_t bytes[4]) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t weight = vld1q_u8(weights);
    const uint8x16_t low = vpaddq_u8(vandq_u8(bytes[0], weight), vandq_u8(bytes[1], weight));
    const uint8x16_t high = vpaddq_u8(vandq_u8(bytes[2], weight), vandq_u8(bytes[3], weight));
    const uint8x16_t pairs = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)), 0);
}

static byte_kinds kinds_of(const uint8_t *text) {
    uint8x16_t separators[4], deleted[4], terminators[4];
    for (int i = 0; i < 4; i++) {
        const uint8x16_t bytes = vld1q_u8(text + 16 * i);
        const uint8x16_t blank = vorrq_u8(vceqq_u8(bytes, vdupq_n_u8(' ')), vceqq_u8(bytes, vdupq_n_u8('\t')));
        separators[i] = vorrq_u8(blank, vceqq_u8(bytes, vdupq_n_u8('\n')));
        deleted[i] = vceqq_u8(bytes, vdupq_n_u8('\r'));
        terminators[i] = vceqq_u8(bytes, vdupq_n_u8(0));
    }
    return (byte_kinds){bits_of(separators), bits_of(deleted), bits_of(terminators)};
}
#else
static byte_kinds kinds_of(const uint8_t *text) {
    byte_kinds kinds = {0, 0, 0};
    for (int i = 0; i < 64; i++) {
        const uint8_t class = byte_class[text[i]];
        kinds.separators |= (uint64_t)(class == SEPARATOR) << i;
        kinds.deleted |= (uint64_t)(class == DELETED) << i;
        kinds.terminators |= (uint64_t)(class == TERMINATOR) << i;
    }
    return kinds;
}
#endif

/* The position of the lowest bit that is set; there is one. */
static unsigned lowest_bit(uint64_t bits) {
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(bits);
#else
    unsigned at = 0;
    for (; (bits & 1) == 0; bits >>= 1) at++;
    return at;
#endif
}

size_t w2v_behind_separator(const uint8_t *text, size_t length) {
    size_t at = 0;
    for (; length - at >= 64; at += 64) {
        const uint64_t separators = kinds_of(text + at).separators;
        if (separators != 0) return at + lowest_bit(separators) + 1;
    }
    for (; at < length; at++) {
        if (byte_class[text[at]] == SEPARATOR) return at + 1;
    }
    return 0;
}

/* A token that was found and whose slot is on its way into the cache. */
typedef struct found_token {
    word_key key;
    size_t start;    /* in the text */
    size_t end;      /* the same for a newline, which is a word of no bytes here */
    uint32_t home;
    uint32_t length; /* of the word that is kept */
} found_token;

/*
 * Tokens that are looked up together, so that the cache misses of one overlap with those of others. 64 bytes hold at
 * most 64 tokens and the end of one more.
 */
enum { BATCH_FULL = 64, BATCH_ROOM = BATCH_FULL + 65 };

typedef struct token_batch {
    size_t count;
    found_token tokens[BATCH_ROOM];
} token_batch;

static void add_token(token_batch *batch, const w2v_dictionary *dictionary, word_key key, size_t start, size_t end,
                      size_t length) {
    const uint32_t home = home_of(dictionary, key) & dictionary->mask;
    w2v_prefetch(&dictionary->slots[home]);
    batch->tokens[batch->count++] =
        (found_token){.key = key, .start = start, .end = end, .home = home, .length = (uint32_t)length};
}

/*
 * Looks up and counts the tokens of a batch, which is empty then. *at becomes the end of the last token: of them all
 * unless there are more entries than tokenizer->stop_above. Returns how many ids were written.
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
 * Reads words as far as it can: to the word that holds a NUL or a byte 13 that no white space follows, to the last word
 * before the end, or until there are too many entries. No word is in hand, before and after. *resume becomes the place
 * from which it is worth while to be called again.
 */
static w2v_encoded encode_blocks(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t at,
                                 size_t length, int32_t *ids, size_t *resume) {
    const word_key newline_key = key_of(dictionary, sentence_end, sizeof sentence_end);
    const size_t inline_length = tokenizer->longest < INLINE_LENGTH ? tokenizer->longest : INLINE_LENGTH;
    size_t start = at, written = 0;
    token_batch batch;
    batch.count = 0;
    *resume = length;
    /* The 16 bytes of a key that begins in the block can be read, too. */
    for (size_t block = at; length - block >= 64 + INLINE_LENGTH; block += 64) {
        const byte_kinds kinds = kinds_of(text + block);
        uint64_t separators = kinds.separators, special = kinds.deleted | kinds.terminators;
        if (special != 0) { /* byte 13 before white space is white space that ends no line */
            const uint64_t after = separators >> 1 | (uint64_t)(byte_class[text[block + 64]] == SEPARATOR) << 63;
            separators |= kinds.deleted & after;
            special &= ~(kinds.deleted & after);
            if (special != 0) separators &= (special & (~special + 1)) - 1; /* those below the first */
        }
        for (; separators != 0; separators &= separators - 1) {
            const size_t end = block + lowest_bit(separators);
            const size_t bytes = end - start;
            if (bytes - 1 < inline_length) {
                add_token(&batch, dictionary, readable_key(text + start, bytes), start, end, bytes);
            } else if (bytes > 0) {
                const size_t kept = kept_length(tokenizer, text + start, bytes);
                add_token(&batch, dictionary, key_of(dictionary, text + start, kept), start, end, kept);
            }
            if (text[end] == '\n') add_token(&batch, dictionary, newline_key, end, end, sizeof sentence_end);
            start = end + 1;
        }
        if (special != 0) {
            *resume = block + lowest_bit(special) + 1;
            break;
        }
        if (batch.count >= BATCH_FULL) {
            size_t end;
            written += settle(tokenizer, dictionary, text, &batch, &end, ids + written);
            if (dictionary->count > tokenizer->stop_above) return (w2v_encoded){end, written};
        }
    }
    if (batch.count > 0) {
        size_t end;
        written += settle(tokenizer, dictionary, text, &batch, &end, ids + written);
        if (dictionary->count > tokenizer->stop_above) return (w2v_encoded){end, written};
    }
    return (w2v_encoded){start, written};
}

w2v_encoded w2v_encode(w2v_tokenizer *tokenizer, w2v_dictionary *dictionary, const uint8_t *text, size_t length,
                       int32_t *ids) {
    size_t at = 0, written = 0, resume = 0;
    while (at < length && dictionary->count <= tokenizer->stop_above) {
        const bool in_blocks = at >= resume && !tokenizer->pending;
        const w2v_encoded done =
            in_blocks ? encode_blocks(tokenizer, dictionary, text, at, length, ids + written, &resume)
                      : step(tokenizer, dictionary, text, at, length, ids + written);
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
