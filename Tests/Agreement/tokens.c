/* tokens.c - w2v_encode against the rules read a byte at a time, on random texts in pieces of memory of their exact
 * size. .ci/run builds it for each kind of vector code and without. */
#include "w2v_tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_TEXT = 2000, LONGEST_WORD = 20, SLOTS = 8192 };

static uint64_t state = 1;

static unsigned below(unsigned n) {
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(state >> 33) % n;
}

/* Words one behind the other, each with its length before it. */
typedef struct word_list {
    uint8_t bytes[4 * LONGEST_TEXT];
    size_t used;
} word_list;

static void append(word_list *list, const uint8_t *word, size_t length) {
    list->bytes[list->used++] = (uint8_t)length;
    if (length > 0) memcpy(list->bytes + list->used, word, length);
    list->used += length;
}

static void append_line_end(word_list *list) { append(list, (const uint8_t *)"</s>", 4); }

/* The words of a text, and its line ends. */
static void read_text(const uint8_t *text, size_t n, word_list *list) {
    size_t start = 0;
    bool line_open = false;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && text[i] != ' ' && text[i] != '\t' && text[i] != '\n' && text[i] != '\r' && text[i] != 0) continue;
        const size_t length = i - start;
        if (length > 0) {
            append(list, text + start, length < LONGEST_WORD ? length : LONGEST_WORD);
            line_open = true;
        }
        if (i < n && (text[i] == '\r' || (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')))) {
            append_line_end(list);
            line_open = false;
        }
        start = i + 1;
    }
    if (line_open) append_line_end(list);
}

/* The same by the original's rules, which lose the last word. */
static void read_original(const uint8_t *text, size_t n, word_list *list) {
    uint8_t word[LONGEST_WORD];
    size_t length = 0;
    bool pending = false, closed = false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\r') continue;
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n') {
            pending = true;
            closed = closed || text[i] == 0;
            if (!closed && length < LONGEST_WORD) word[length++] = text[i];
            continue;
        }
        if (pending) append(list, word, length);
        if (text[i] == '\n') append_line_end(list);
        length = 0;
        pending = closed = false;
    }
}

static void read_pieces(const uint8_t *text, size_t n, bool original, w2v_dictionary *dictionary, word_list *list) {
    uint8_t word[LONGEST_WORD + 1];
    w2v_tokenizer tokenizer = {
        .longest = LONGEST_WORD, .original = original, .grow = true, .stop_above = UINT32_MAX, .word = word};
    const unsigned longest = below(2) == 0 ? 40 : 1000;
    w2v_dictionary_clear(dictionary);
    for (size_t at = 0, length; at <= n; at += length) {
        length = at == n ? 1 : 1 + below(longest);
        if (length > n - at && at < n) length = n - at;
        int32_t *ids = malloc((length + 1) * sizeof *ids);
        uint8_t *piece = malloc(length);
        if (ids == NULL || piece == NULL) exit(1);
        size_t written = 0;
        if (at < n) {
            memcpy(piece, text + at, length);
            written = w2v_encode(&tokenizer, dictionary, piece, length, ids).written;
        } else if (!original) {
            written = w2v_encode_end(&tokenizer, dictionary, ids);
        }
        for (size_t i = 0; i < written; i++) {
            const w2v_entry entry = dictionary->entries[ids[i]];
            append(list, dictionary->bytes + entry.offset, entry.length);
        }
        free(ids);
        free(piece);
    }
}

int main(void) {
    static const uint8_t odd[] = {0, '\t', '\n', '\r', '\r', 11, 255};
    static uint8_t text[LONGEST_TEXT], bytes[2 * LONGEST_TEXT];
    static w2v_entry entries[2 * LONGEST_TEXT];
    static w2v_slot slots[SLOTS];
    static word_list expected, found;
    w2v_dictionary dictionary = {
        .bytes = bytes, .entries = entries, .slots = slots, .mask = SLOTS - 1, .key = {1, 2, 3, 4}};
    const int texts = 20000;
    for (int t = 0; t < texts; t++) {
        const size_t n = below(t % 4 == 0 ? 100 : LONGEST_TEXT);
        const unsigned rare = t % 3 == 0 ? 2 : t % 3 == 1 ? 20 : 400;
        for (size_t i = 0; i < n; i++)
            text[i] = below(rare) == 0                                ? odd[below(sizeof odd)]
                      : i > 0 && text[i - 1] == '\r' && below(2) == 0 ? '\n'
                      : below(t % 5 == 0 ? 30 : 6) == 0               ? ' '
                                                                      : (uint8_t)('a' + below(3));
        for (int original = 0; original < 2; original++) {
            expected.used = found.used = 0;
            if (original)
                read_original(text, n, &expected);
            else
                read_text(text, n, &expected);
            read_pieces(text, n, original, &dictionary, &found);
            if (found.used != expected.used || memcmp(found.bytes, expected.bytes, found.used) != 0) {
                fprintf(stderr, "text %d, original %d: other words\n", t, original);
                return 1;
            }
        }
    }
    printf("%d texts agree\n", texts);
    return 0;
}
