#include "w2v_reference.h"

int64_t reference_unigram_mismatches(const double *powers, size_t words, uint32_t (*word_of)(const void *, uint32_t),
                                     const void *context) {
    const int64_t slots = 100000000;
    double total = 0;
    for (size_t w = 0; w < words; w++) total += powers[w];
    int64_t mismatches = 0;
    size_t word = 0;
    double cumulated = powers[0] / total;
    for (int64_t slot = 0; slot < slots; slot++) {
        if (word_of(context, (uint32_t)slot) != word) mismatches++;
        if ((double)slot / (double)slots > cumulated) {
            word++;
            if (word < words) cumulated += powers[word] / total;
        }
        if (word >= words) word = words - 1;
    }
    return mismatches;
}
