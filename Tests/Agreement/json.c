/* json.c - w2v_skip_plain_json against a loop over bytes, on random texts in memory of their exact size. .ci/run builds
 * it with the vector code and without. */
#include "w2v_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 1;

static unsigned below(unsigned n) {
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(state >> 33) % n;
}

static uint8_t random_byte(unsigned rare) {
    static const uint8_t ends[] = {0, 10, 31, '"', '\\'};
    static const uint8_t near[] = {33, 35, 91, 93, 127, 128, 0xA0, 0xA2, 0xDC, 255};
    const unsigned kind = below(20 * rare);
    if (kind == 0) return ends[below(sizeof ends)];
    if (kind == 1) return near[below(sizeof near)];
    return kind < 5 * rare ? ' ' : (uint8_t)('a' + below(26));
}

int main(void) {
    const int texts = 200000;
    for (int t = 0; t < texts; t++) {
        const size_t n = below(200);
        const unsigned rare = t % 3 == 0 ? 1 : 40;
        uint8_t *text = malloc(n + (n == 0));
        ptrdiff_t *starts = malloc(w2v_word_starts_room(n) * sizeof *starts);
        ptrdiff_t expected[200];
        if (text == NULL || starts == NULL) return 1;
        size_t end = n, words = 0, count = 0;
        for (size_t i = 0; i < n; i++) text[i] = random_byte(rare);
        for (size_t i = n; i-- > 0;)
            if (text[i] < 32 || text[i] == '"' || text[i] == '\\') end = i;
        bool high = false, multibyte = false;
        for (size_t i = 0; i < end; i++) {
            if (text[i] == ' ') expected[words++] = (ptrdiff_t)i + 8;
            high = high || text[i] >= 128;
        }
        const size_t place = w2v_skip_plain_json(text, n, 7, starts, &count, &multibyte);
        if (place != end || count != words || memcmp(starts, expected, words * sizeof *starts) != 0 ||
            (high && !multibyte)) {
            fprintf(stderr, "text %d: place %zu, not %zu; %zu words, not %zu\n", t, place, end, count, words);
            return 1;
        }
        free(text);
        free(starts);
    }
    printf("%d texts agree\n", texts);
    return 0;
}
