/* w2v_internal.h - internal declarations of the core. */
#ifndef W2V_INTERNAL_H
#define W2V_INTERNAL_H

#include "w2v_kernels.h"
#include "w2v_search.h"

/* For loops with constant bounds over an array of vectors, of at most 32 steps. At -O2 gcc does not unroll them by
 * itself, and would keep the array in memory. */
#define UNROLL _Pragma("GCC unroll 32")

/* The index of the lowest set bit. At least one bit must be set. */
static inline unsigned lowest_bit(uint64_t bits) { return (unsigned)__builtin_ctzll(bits); }

extern const w2v_kernels w2v_kernels_scalar;
extern const w2v_kernels w2v_kernels_avx2;
extern const w2v_kernels w2v_kernels_avx512;
extern const w2v_kernels w2v_kernels_neon;

#endif
