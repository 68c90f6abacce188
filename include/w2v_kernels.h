/* w2v_kernels.h - one const table of function pointers per instruction set. */
#ifndef W2V_KERNELS_H
#define W2V_KERNELS_H

#include "w2v_block.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Instruction sets, from portable C upwards. */
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
     * One exact step of gradient descent on the loss of the block. All dot products are computed from the old values of
     * the rows. Then sum_i g_io * input_i is added to every output o, and sum_o g_io * output_o to every input i (old
     * values), where g = alpha * (label - s(dot)). If a row occurs twice in the block, both of its sums are added.
     * Returns W2V_NOT_FINITE, and changes nothing, if a dot product is infinite or NaN. Returns W2V_OUT_OF_RANGE, and
     * reads nothing, if the target of a softmax is not one of its classes. A block without inputs or outputs changes
     * nothing. O(ni * no * S).
     */
    w2v_status (*update)(const w2v_block *block);

    /*
     * The same with one input, the mean of the ni rows (CBOW). Its update is added to each of them: undivided, as in
     * the original, or divided by ni, which is the gradient of the mean. O((ni + no) * S).
     */
    w2v_status (*update_mean)(const w2v_block *block);

    /* The kernels of w2v_search.h. */
    const struct w2v_search_kernels *search;
} w2v_kernels;

/* The table of an instruction set, or NULL if this build or this processor does not support it. */
const w2v_kernels *W2V_NULLABLE w2v_kernels_for(w2v_isa isa);

/* The best table of this processor. */
const w2v_kernels *w2v_kernels_best(void);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
