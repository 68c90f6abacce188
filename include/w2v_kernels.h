/* w2v_kernels.h - one const table of function pointers per instruction set. */
#ifndef W2V_KERNELS_H
#define W2V_KERNELS_H

#include "w2v_block.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Instruction sets, from the plain text upwards. */
typedef enum w2v_isa { W2V_ISA_SCALAR = 0, W2V_ISA_NEON = 1, W2V_ISA_AVX2 = 2, W2V_ISA_AVX512 = 3 } w2v_isa;

/* One more than the last. */
#define W2V_ISA_COUNT 4

struct w2v_search_kernels;

typedef struct w2v_kernels {
    w2v_isa isa;
    const char *name;

    /* The dot product of two rows of `stride` floats. */
    float (*dot)(const float *x, const float *y, size_t stride);

    /*
     * One exact step of gradient descent on the block's loss. All ni x no dot products are taken at the rows' values
     * before the call; then every output gains sum_i g_io * input_i and every input gains sum_o g_io * output_o (old
     * values), g = alpha * (label - s(dot)). A row that stands in the block twice gains both shares.
     * Returns W2V_NOT_FINITE, and changes nothing, if a dot product is infinite or NaN; W2V_OUT_OF_RANGE, and reads nothing,
     * if a softmax's target is none of its classes. A block without inputs or outputs changes nothing. O(ni * no * S).
     */
    w2v_status (*update)(const w2v_block *block);

    /*
     * The same with one input, the mean of the ni rows (CBOW). Its gain is added to each of them undivided, as the
     * original does, or as the gradient of a mean is, divided by ni. O((ni + no) * S).
     */
    w2v_status (*update_mean)(const w2v_block *block);

    /* For w2v_search.h. */
    const struct w2v_search_kernels *search;
} w2v_kernels;

/* The table of an instruction set, or NULL if this build or this processor lacks it. */
const w2v_kernels *W2V_NULLABLE w2v_kernels_for(w2v_isa isa);

/* The best table of this processor. */
const w2v_kernels *w2v_kernels_best(void);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
