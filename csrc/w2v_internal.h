/* w2v_internal.h - what the core's files share and callers do not see. */
#ifndef W2V_INTERNAL_H
#define W2V_INTERNAL_H

#include "w2v_kernels.h"
#include "w2v_search.h"

/* For loops with constant bounds over an array of vectors: the longest has 32 steps. At -O2 gcc does not unroll them by itself,
 * and keeps the array in memory. */
#define UNROLL _Pragma("GCC unroll 32")

/* The position of the lowest bit that is set; there is one. */
static inline unsigned lowest_bit(uint64_t bits) { return (unsigned)__builtin_ctzll(bits); }

extern const w2v_kernels w2v_kernels_scalar;
extern const w2v_kernels w2v_kernels_avx2;
extern const w2v_kernels w2v_kernels_avx512;
extern const w2v_kernels w2v_kernels_neon;

#endif
