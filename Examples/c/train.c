/* train.c - trains skip-gram vectors on a text, and prints the words nearest to one: train TEXT WORD */
#include "w2v.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { DIMENSIONS = 100, EPOCHS = 5, RARE = 4, SHOWN = 5 };
static void *room(size_t bytes) { /* zeros, at an address that 64 divides */
    void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
    return memory ? memset(memory, 0, (bytes + 127) / 64 * 64) : (exit(1), NULL);
}
int main(int count, char **arguments) {
    FILE *file = count == 3 ? fopen(arguments[1], "rb") : NULL;
    if (!file || fseek(file, 0, SEEK_END)) return fprintf(stderr, "usage: train TEXT WORD\n"), 1;
    size_t length = (size_t)ftell(file), most = length / 2 + 8, slots = 1024;
    uint8_t *text = room(length), pending[W2V_WORD_MAX + 1];
    if (rewind(file), fread(text, 1, length, file) != length) return 1;
    while (slots * 5 < most * 8) slots *= 2; /* 1. Words: a dictionary, of which the rare ones are forgotten. */
    w2v_dictionary words = {.bytes = room(length + 2 * W2V_WORD_MAX), .entries = room(most * sizeof(w2v_entry))};
    words.slots = room(slots * sizeof(w2v_slot)), words.mask = (uint32_t)slots - 1;
    w2v_tokenizer reader = {.longest = W2V_WORD_MAX, .grow = true, .stop_above = W2V_NO_WORD, .word = pending};
    int32_t *tokens = room((length + 3) * sizeof(int32_t));
    w2v_dictionary_clear(&words), w2v_dictionary_add(&words, (const uint8_t *)"</s>", 4);
    size_t n = w2v_encode(&reader, &words, text, length, tokens).written;
    w2v_dictionary_prune(&words, room(slots * sizeof(w2v_slot)), RARE);
    int64_t *counts = room(words.count * sizeof(int64_t));
    w2v_dictionary_counts(&words, counts);
    reader.grow = reader.pending = false; /* 2. Tokens: the words that are left. */
    n = w2v_encode(&reader, &words, text, length, tokens).written;
    const int64_t total = (int64_t)(n + w2v_encode_end(&reader, &words, tokens + n));
    const size_t V = words.count, S = w2v_stride(DIMENSIONS),
                 bytes = V * S * sizeof(float); /* 3. Parameters, tables. */
    w2v_model model = {.input = room(bytes), .output = room(bytes), .words = V, .dimensions = DIMENSIONS};
    w2v_alias *noise = room(V * sizeof(w2v_alias));
    uint32_t *keep = room(V * sizeof(uint32_t));
    double *weights = room(V * sizeof(double));
    w2v_noise_weights(counts + 1, V - 1, 0.75, weights), w2v_alias_fill(weights, V - 1, keep, noise);
    w2v_keep_thresholds(counts, V, total, 1e-3f, keep);
    w2v_sigmoid_table sigmoid;
    w2v_initialize_input(&model), w2v_sigmoid_fill(&sigmoid);
    w2v_block_plan plan = {.model = model, .unigram = noise, .keep = keep, .sigmoid = &sigmoid}; /* 4. Training. */
    plan.kernels = w2v_kernels_best(), plan.window = 5, plan.negatives = 5, plan.reuse = 8;
    w2v_block_plan_default(&plan, 1, total, 1);
    w2v_worker worker = {.workspace = room(w2v_block_workspace(&plan)), .random = 1};
    for (int64_t done = 0, end, chunk = w2v_block_chunk(total); done < EPOCHS * total; done = end) {
        end = done % total + chunk < total ? done + chunk : (done / total + 1) * total;
        const float alpha = 0.025f * (1 - (float)done / (float)(EPOCHS * total));
        if (w2v_block_train(&plan, &worker, tokens + done % total, end - done, alpha) != W2V_OK) return 1;
    }
    const uint32_t asked = w2v_dictionary_find(&words, (const uint8_t *)arguments[2], strlen(arguments[2]));
    if (asked == W2V_NO_WORD) return fprintf(stderr, "%s: not in the text\n", arguments[2]), 1;
    w2v_search_top top = {.hits = room(SHOWN * sizeof(w2v_search_hit)), .capacity = SHOWN, .floor = -1};
    for (size_t w = 1; w < V; w++) { /* 5. Neighbors. */
        const float cosine = w2v_similarity(model.input + asked * S, model.input + w * S, DIMENSIONS);
        if (w != asked) w2v_search_add(&top, (w2v_search_hit){cosine, (int32_t)w});
    }
    for (w2v_search_sort(&top), n = 0; n < top.count; n++) {
        const w2v_entry word = words.entries[top.hits[n].row];
        printf("%.*s %.4f\n", (int)word.length, (char *)words.bytes + word.offset, (double)top.hits[n].similarity);
    }
}
