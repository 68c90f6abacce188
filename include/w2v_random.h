/*
 * w2v_random.h - generators by value, and draws from the two sampling tables.
 *
 * A generator is one 64-bit number that the caller keeps. Nothing here can fail or allocate.
 */
#ifndef W2V_RANDOM_H
#define W2V_RANDOM_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* The original's linear congruential generator: r' = r * 25214903917 + 11 mod 2^64. From 0: 11, 277363943098, ... */
static inline uint64_t w2v_lcg_next(uint64_t r) { return r * UINT64_C(25214903917) + 11; }

/* Spreads the bits of x over all 64 bits of the result: the finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t w2v_mix(uint64_t x) {
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

/* The default trainer's generator: SplitMix64. Steps *state and returns 64 uniform bits. */
static inline uint64_t w2v_random_next(uint64_t *state) {
    *state += UINT64_C(0x9E3779B97F4A7C15);
    return w2v_mix(*state);
}

/* A starting state for the stream named by (seed, a, b). Different names give unrelated streams. */
static inline uint64_t w2v_random_stream(uint64_t seed, uint64_t a, uint64_t b) {
    return w2v_mix(w2v_mix(w2v_mix(seed + UINT64_C(0x9E3779B97F4A7C15)) + a) + b);
}

/* Maps 32 uniform bits to 0 ... n - 1 (n < 2^32). The bias is below n / 2^32. */
static inline uint32_t w2v_random_below(uint32_t bits, uint32_t n) { return (uint32_t)(((uint64_t)bits * n) >> 32); }

/*
 * One entry of an alias table (Walker 1977, Vose 1991): 8 bytes a word, one cache line a draw.
 * Entry i answers i itself with probability threshold / 2^32, else alias.
 */
typedef struct w2v_alias {
    uint32_t threshold;
    uint32_t alias;
} w2v_alias;

/* Draws an index from an alias table of n entries with 64 uniform bits. */
static inline uint32_t w2v_alias_draw(const w2v_alias *table, uint32_t n, uint64_t bits) {
    uint32_t i = w2v_random_below((uint32_t)(bits >> 32), n);
    return (uint32_t)bits < table[i].threshold ? i : table[i].alias;
}

/* Slots of the original's unigram table. */
#define W2V_UNIGRAM_SLOTS 100000000u
/* Slots behind one entry of the guide: 2^12. */
#define W2V_UNIGRAM_GUIDE_SHIFT 12

/*
 * The content of the original's table of 10^8 ints, kept as its V boundaries: word i owns the slots from ends[i - 1]
 * to ends[i] - 1. guide[s >> 12] is the word that owns slot (s >> 12) << 12. It has one entry more than it has buckets.
 */
typedef struct w2v_unigram {
    const uint32_t *ends;  /* (V), ascending; the last is 10^8 */
    const uint32_t *guide; /* (10^8 / 2^12 + 2) */
} w2v_unigram;

/* The word in a slot of the original's unigram table. O(log of the words in the slot's bucket). */
static inline uint32_t w2v_unigram_word(const w2v_unigram *table, uint32_t slot) {
    uint32_t low = table->guide[slot >> W2V_UNIGRAM_GUIDE_SHIFT];
    uint32_t high = table->guide[(slot >> W2V_UNIGRAM_GUIDE_SHIFT) + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (slot < table->ends[middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
