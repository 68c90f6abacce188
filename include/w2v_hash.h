/*
 * w2v_hash.h - the keyed hash of all hash tables.
 *
 * A hash that is the same in every process can be inverted: in a text of words that share one slot, every lookup
 * compares all of them. So the hash has a secret key, which the caller draws at random once per process. No result
 * depends on the key, only the order of the slots.
 *
 * A step multiplies two words of the data, each with a secret added, to 128 bits (NH of UMAC: Black, Halevi, Krawczyk,
 * Krovetz and Rogaway 1999). Whatever two pairs of words are chosen, their products are equal for at most one key in
 * 2^64. The product is then folded to 64 bits by a second secret multiplication. This is not a cryptographic hash: the
 * key can be computed from the hashes of some words.
 */
#ifndef W2V_HASH_H
#define W2V_HASH_H

#include "w2v_random.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Random bits, drawn by the caller. All tables that are merged with each other need the same. All zeros is not a key:
 * most words would have the same hash. */
typedef struct w2v_hash_key {
    uint64_t a, b, c, d;
} w2v_hash_key;

/* The key for a seed, which should be random. */
static inline w2v_hash_key w2v_hash_key_of(uint64_t seed) {
    const uint64_t a = w2v_random_next(&seed), b = w2v_random_next(&seed), c = w2v_random_next(&seed);
    return (w2v_hash_key){a, b, c, w2v_random_next(&seed)};
}

/* The halves of x * y, added without carry. */
static inline uint64_t w2v_hash_fold(uint64_t x, uint64_t y) {
    __extension__ const unsigned __int128 product = (unsigned __int128)x * y;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The hash of two words of data. */
static inline uint64_t w2v_hash_pair(const w2v_hash_key *key, uint64_t x, uint64_t y) {
    __extension__ const unsigned __int128 product = (unsigned __int128)(x + key->a) * (y + key->b);
    return w2v_hash_fold((uint64_t)product ^ key->c, (uint64_t)(product >> 64) ^ key->d);
}

/* `count` bytes, at most 8, as one number. Reads nothing outside of them. */
static inline uint64_t w2v_hash_load(const uint8_t *bytes, size_t count) {
    uint64_t value = 0;
    if (count == 8) {
        memcpy(&value, bytes, 8);
    } else if (count >= 4) { /* the last four may overlap those before */
        uint32_t first, last;
        memcpy(&first, bytes, 4);
        memcpy(&last, bytes + count - 4, 4);
        value = (uint64_t)last << 32 | first;
    } else if (count > 0) {
        value = (uint64_t)bytes[0] << 16 | (uint64_t)bytes[count / 2] << 8 | bytes[count - 1];
    }
    return value;
}

/* The hash of n bytes; it differs between machines of different byte order. O(n), 16 bytes a step. */
static inline uint64_t w2v_hash_bytes(const w2v_hash_key *key, const uint8_t *bytes, size_t n) {
    uint64_t state = n * key->d; /* secret: no bytes can be chosen that make up for another length */
    for (; n > 16; bytes += 16, n -= 16)
        state = w2v_hash_pair(key, w2v_hash_load(bytes, 8), w2v_hash_load(bytes + 8, 8) ^ state);
    if (n <= 8) return w2v_hash_pair(key, w2v_hash_load(bytes, n), state);
    return w2v_hash_pair(key, w2v_hash_load(bytes, 8), w2v_hash_load(bytes + n - 8, 8) ^ state);
}

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
