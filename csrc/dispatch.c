/* dispatch.c - the only file that asks the processor what it can do. */
#include "w2v_internal.h"

const w2v_kernels *w2v_kernels_for(w2v_isa isa) {
    switch (isa) {
    case W2V_ISA_SCALAR: return &w2v_kernels_scalar;
    }
    return NULL;
}

const w2v_kernels *w2v_kernels_best(void) { return &w2v_kernels_scalar; }
