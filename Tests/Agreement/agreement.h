/*
 * agreement.h - the parts of the program.
 *
 * All memory that kernels get is on the heap and of the exact size that the headers ask for, so that AddressSanitizer
 * finds whatever lies beyond: .ci/run runs the program with it.
 */
#ifndef AGREEMENT_H
#define AGREEMENT_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L /* posix_memalign */
#endif

#include "w2v_kernels.h"

#include <stdlib.h>

/* Memory for `count` values of `size` bytes, 64-byte aligned. The caller frees it. */
static inline void *exact(size_t count, size_t size) {
    void *memory = NULL;
    if (posix_memalign(&memory, 64, count * size) != 0) abort();
    return memory;
}

static inline float *exact_floats(size_t count) { return exact(count, sizeof(float)); }

/* The search's kernels, over all shapes. Returns the number of failures. */
int test_search(const w2v_kernels *kernels);

#endif
