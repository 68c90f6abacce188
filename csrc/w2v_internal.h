/* w2v_internal.h - what the core's files share and callers do not see. */
#ifndef W2V_INTERNAL_H
#define W2V_INTERNAL_H

#include "w2v_kernels.h"
#include "w2v_search.h"

extern const w2v_kernels w2v_kernels_scalar;
extern const w2v_kernels w2v_kernels_avx2;
extern const w2v_kernels w2v_kernels_avx512;
extern const w2v_kernels w2v_kernels_neon;

extern const w2v_search_kernels w2v_kernels_search_scalar; /* in search_scalar.c */

#endif
