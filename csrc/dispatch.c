/* dispatch.c - selects an instruction set that the processor supports. */
#include "w2v_internal.h"

#if defined(__x86_64__)
/* The compiler's builtin test, which also checks that the system saves the registers. */
static bool has_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

const w2v_kernels *w2v_kernels_for(w2v_isa isa) {
    switch (isa) {
#if defined(__x86_64__)
    case W2V_ISA_AVX512:
        return has_avx512() ? &w2v_kernels_avx512 : NULL;
    case W2V_ISA_AVX2:
        return has_avx2() ? &w2v_kernels_avx2 : NULL;
#elif defined(__aarch64__)
    case W2V_ISA_NEON:
        return &w2v_kernels_neon;
#endif
    case W2V_ISA_SCALAR:
        return &w2v_kernels_scalar;
    default:
        return NULL;
    }
}

const w2v_kernels *w2v_kernels_best(void) {
    for (int isa = W2V_ISA_COUNT - 1; isa > W2V_ISA_SCALAR; isa--) {
        const w2v_kernels *kernels = w2v_kernels_for((w2v_isa)isa);
        if (kernels) return kernels;
    }
    return &w2v_kernels_scalar;
}
