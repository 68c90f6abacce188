/* vocabulary.c - sampling tables and the Huffman tree, from the counts of the words. */
#include "w2v_vocabulary.h"

#include <math.h>

_Static_assert(W2V_UNIGRAM_GUIDE == (W2V_UNIGRAM_SLOTS >> W2V_UNIGRAM_GUIDE_SHIFT) + 2, "an entry for each bucket");

void w2v_noise_weights(const int64_t *counts, size_t n, double exponent, double *weights) {
    for (size_t i = 0; i < n; i++) weights[i] = counts[i] > 0 ? pow((double)counts[i], exponent) : 0;
}

/* Scales weights so that their mean is 1. */
static void scale_to_mean_one(double *weights, size_t n) {
    double total = 0;
    for (size_t i = 0; i < n; i++) total += weights[i];
    for (size_t i = 0; i < n; i++) weights[i] = total > 0 ? weights[i] * (double)n / total : 1;
}

void w2v_alias_fill(double *weights, size_t n, uint32_t *workspace, w2v_alias *table) {
    scale_to_mean_one(weights, n);
    /* Two stacks in one array: entries below 1 grow from the front, the others from the end. */
    size_t small = 0, large = n;
    for (size_t i = 0; i < n; i++) {
        table[i] = (w2v_alias){.threshold = UINT32_MAX, .alias = (uint32_t)i};
        if (weights[i] < 1) {
            workspace[small++] = (uint32_t)i;
        } else {
            workspace[--large] = (uint32_t)i;
        }
    }
    while (small > 0 && large < n) {
        const uint32_t poor = workspace[--small];
        const uint32_t rich = workspace[large];
        table[poor].threshold = (uint32_t)fmin(weights[poor] * 4294967296.0, 4294967295.0);
        table[poor].alias = rich;
        weights[rich] -= 1 - weights[poor];
        if (weights[rich] < 1) {
            large++;
            workspace[small++] = rich;
        }
    }
}

void w2v_keep_probabilities(const int64_t *counts, size_t n, int64_t total, float sample, float *keep) {
    const float threshold = sample * (float)total;
    for (size_t i = 0; i < n; i++) {
        const double root = sqrt((double)((float)counts[i] / threshold));
        keep[i] = (float)((root + 1) * (double)threshold / (double)counts[i]);
    }
}

void w2v_keep_thresholds(const int64_t *counts, size_t n, int64_t total, float sample, uint32_t *keep) {
    for (size_t i = 0; i < n; i++) {
        float probability;
        w2v_keep_probabilities(counts + i, 1, total, sample, &probability);
        /* NaN or infinite for a count of 0. */
        keep[i] = probability < 1 ? (uint32_t)fmax(0, (double)probability * 4294967296.0 - 1) : UINT32_MAX;
    }
}

/*
 * The workspace of a tree over n words: the counts of its 2n - 1 leaves and nodes (2n), and of each its parent times 2
 * plus its own code (2n).
 */
typedef struct tree_builder {
    int64_t *counts;
    int64_t *links;
    size_t leaf; /* leaves not taken yet */
    size_t node; /* the next inner node to take */
} tree_builder;

/* Takes the leaf or node with the smaller count. */
static size_t take_smaller(tree_builder *builder) {
    if (builder->leaf > 0 && builder->counts[builder->leaf - 1] < builder->counts[builder->node])
        return --builder->leaf;
    return builder->node++;
}

w2v_huffman w2v_huffman_build(const int64_t *counts, size_t n, int64_t *workspace, int64_t *offsets) {
    w2v_huffman found = {0, 0};
    for (size_t i = 0; i <= n; i++) offsets[i] = 0;
    if (n < 2) return found;
    tree_builder builder = {workspace, workspace + 2 * n, n, n};
    for (size_t i = 0; i < n; i++) {
        builder.counts[i] = counts[i];
        builder.counts[n + i] = INT64_C(1000000000000000);
    }
    for (size_t node = n; node < 2 * n - 1; node++) {
        const size_t first = take_smaller(&builder);
        const size_t second = take_smaller(&builder);
        builder.counts[node] = builder.counts[first] + builder.counts[second];
        builder.links[first] = (int64_t)node * 2;
        builder.links[second] = (int64_t)node * 2 + 1;
    }
    for (size_t word = 0; word < n; word++) {
        size_t steps = 0;
        for (size_t node = word; node != 2 * n - 2; node = (size_t)builder.links[node] / 2) steps++;
        if (steps > found.longest) found.longest = steps;
        offsets[word + 1] = offsets[word] + (int64_t)steps;
    }
    found.steps = offsets[n];
    return found;
}

void w2v_huffman_codes(size_t n, const int64_t *workspace, const int64_t *offsets, int32_t *points, uint8_t *codes) {
    if (n < 2) return;
    const int64_t *links = workspace + 2 * n;
    for (size_t word = 0; word < n; word++) {
        size_t node = word;
        for (int64_t step = offsets[word + 1]; step-- > offsets[word];) {
            codes[step] = (uint8_t)(links[node] & 1);
            node = (size_t)links[node] / 2;
            points[step] = (int32_t)(node - n);
        }
    }
}

/* The end of a word's slots, which begin at `start`. `share` is the cumulative share of the words. */
static uint32_t slot_end(double share, uint32_t start) {
    const double slots = W2V_UNIGRAM_SLOTS;
    /* First approximately by arithmetic, then exactly by the comparison of the original. */
    const double near = floor(share * slots) - 2;
    uint32_t slot = near > (double)start ? (uint32_t)near : start;
    while (slot < W2V_UNIGRAM_SLOTS && !((double)slot / slots > share)) slot++;
    return slot < W2V_UNIGRAM_SLOTS ? slot + 1 : W2V_UNIGRAM_SLOTS;
}

void w2v_unigram_fill(const int64_t *counts, size_t n, uint32_t *ends, uint32_t *guide) {
    double total = 0, share = 0, weight;
    for (size_t i = 0; i < n; i++) {
        w2v_noise_weights(counts + i, 1, 0.75, &weight);
        total += weight;
    }
    uint32_t start = 0;
    for (size_t i = 0; i < n; i++) {
        w2v_noise_weights(counts + i, 1, 0.75, &weight);
        share += weight / total;
        start = i + 1 < n && share < 1 ? slot_end(share, start) : W2V_UNIGRAM_SLOTS;
        ends[i] = start;
    }
    size_t word = 0;
    for (size_t k = 0; k + 1 < W2V_UNIGRAM_GUIDE; k++) {
        while (word + 1 < n && (k << W2V_UNIGRAM_GUIDE_SHIFT) >= ends[word]) word++;
        guide[k] = (uint32_t)word;
    }
    guide[W2V_UNIGRAM_GUIDE - 1] = n > 0 ? (uint32_t)n - 1 : 0;
}
