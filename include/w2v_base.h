/* w2v_base.h - version, status, instruction sets, nullability and the macro that names the race. */
#ifndef W2V_BASE_H
#define W2V_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define W2V_VERSION "0.1.0"

/* Nullability is a clang extension that Swift reads; gcc sees nothing. */
#if defined(__clang__)
#define W2V_ASSUME_NONNULL_BEGIN _Pragma("clang assume_nonnull begin")
#define W2V_ASSUME_NONNULL_END _Pragma("clang assume_nonnull end")
#define W2V_NULLABLE _Nullable
#else
#define W2V_ASSUME_NONNULL_BEGIN
#define W2V_ASSUME_NONNULL_END
#define W2V_NULLABLE
#endif

/*
 * W2V_HOGWILD marks the functions that race on purpose. Several threads update the same rows without locks, as in the
 * original program and in Niu, Recht, Re and Wright, "Hogwild!" (2011). Every float is written whole, and every value
 * that can be read is one that some thread wrote. So a lost update costs accuracy and nothing else: where a worker
 * updates a shared row, the change of one step; where it merges its copy of a row (w2v_train.h), all that the copy has
 * changed in one cache line since the last merge. Only rows of the parameter matrices race; positions, generators and
 * counters belong to one worker each.
 */
#define W2V_HOGWILD __attribute__((no_sanitize("thread")))

#ifdef __cplusplus
extern "C" {
#endif

/* What a function that can fail returns. */
typedef enum w2v_status {
    W2V_OK = 0,
    W2V_NOT_FINITE = 1,   /* a value was infinite or NaN; in training, a dot product: it has diverged */
    W2V_EMPTY = 2,        /* a size that must be 1 or above is 0: words, dimensions, negatives, contexts, rows */
    W2V_OUT_OF_RANGE = 3, /* an index outside of its matrix, or a probability below 0 */
    W2V_TARGET_DRAWN = 4, /* a negative sample is the very word to be predicted */
    W2V_INVALID = 5       /* a plan that cannot run; see w2v_block_check and w2v_original_check */
} w2v_status;

/* Floats in a row of D values: D rounded up to a multiple of 16, one cache line of 64 bytes. */
static inline size_t w2v_stride(size_t dimensions) { return (dimensions + 15) & ~(size_t)15; }

/* Brings the cache line at an address to the cache, to be read, or to be written. Any address is legal. */
static inline void w2v_prefetch(const void *address) { __builtin_prefetch(address); }
static inline void w2v_prefetch_to_write(const void *address) { __builtin_prefetch(address, 1); }

#ifdef __cplusplus
}
#endif

#endif
