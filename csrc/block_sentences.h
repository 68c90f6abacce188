/* block_sentences.h - sentences after subsampling, with the rows of their words. */
#ifndef BLOCK_SENTENCES_H
#define BLOCK_SENTENCES_H

#include "block_pass.h"

/* Reads one sentence after subsampling. */
static void read_sentence(pass *p) {
    const uint32_t *keep = p->plan->keep;
    const int32_t *tokens = p->tokens;
    int64_t position = p->position;
    uint64_t random = p->random;
    size_t length = 0;
    p->kept += (uint32_t)p->length;
    while (length < W2V_SENTENCE_MAX && position < p->count) {
        const int32_t word = tokens[position++];
        if (word == 0) break;
        p->words[length] = word;
        if (keep) {
            if (position + KEEP_AHEAD < p->count) w2v_prefetch(&keep[tokens[position + KEEP_AHEAD]]);
            length += (uint32_t)(w2v_random_next(&random) >> 32) <= keep[word];
        } else {
            length++;
        }
    }
    p->position = position;
    p->random = random;

    int32_t repeated = -1;
    for (size_t at = 0; at < length; at++) {
        uint32_t *seen = &p->seen[(uint32_t)p->words[at] % SEEN];
        const int32_t before = (int32_t)(*seen - 1 - p->kept); /* negative: in an earlier sentence */
        *seen = p->kept + (uint32_t)at + 1;
        if (before > repeated) repeated = before;
        p->repeated[at] = repeated;
        p->rows[at] = row_of(&p->input, (size_t)p->words[at]);
    }
    p->length = length;
    p->words_left += (int64_t)length;
    p->at = 0;
    p->fetched = 0;
}

#endif
