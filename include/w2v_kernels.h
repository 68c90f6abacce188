/*
 * w2v_kernels.h - one const table of function pointers per instruction set.
 *
 * All rows are padded: S = w2v_stride(D) floats, zero from D to S, so kernels work on whole cache lines and have no
 * tail. Rows need 4-byte alignment; 64-byte alignment is faster.
 */
#ifndef W2V_KERNELS_H
#define W2V_KERNELS_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Instruction sets, from the plain text upwards. */
typedef enum w2v_isa { W2V_ISA_SCALAR = 0 } w2v_isa;

/* Floats in a column of a block: what one step over D handles. */
#define W2V_COLUMN 16

/*
 * A block: ni input rows x no output rows, each output with a label. Its loss is the sum over all pairs (i, o) of
 *   -log s(x)   where the label is 1,   -log s(-x)   where it is 0,   x = input_i . output_o,   s the sigmoid,
 * which is negative sampling (Mikolov et al. 2013b, eq. 4) with one positive output, and hierarchical softmax with the
 * nodes of a Huffman path.
 */
typedef struct w2v_block {
    const float *W2V_NULLABLE const *W2V_NULLABLE inputs; /* (ni) rows of S floats, read */
    float *W2V_NULLABLE const *W2V_NULLABLE sinks;  /* (ni) rows that receive the inputs' updates: the inputs themselves, or
                                               zeroed rows that collect the error (CBOW) */
    float *W2V_NULLABLE const *W2V_NULLABLE outputs; /* (no) rows, read and updated */
    const float *W2V_NULLABLE labels;               /* (no) 1 or 0 */
    float *W2V_NULLABLE gradients;                  /* (ni x no) workspace: alpha * (label - s(dot)) after the call */
    float *W2V_NULLABLE columns;                    /* (no x W2V_COLUMN) workspace */
    const float *W2V_NULLABLE sigmoid;              /* w2v_sigmoid_fill's table */
    size_t ni;
    size_t no;
    size_t stride; /* S, a multiple of W2V_COLUMN */
    float alpha;   /* learning rate */
} w2v_block;

typedef struct w2v_kernels {
    w2v_isa isa;
    const char *name;

    /* The dot product of two rows of `stride` floats. */
    float (*dot)(const float *x, const float *y, size_t stride);

    /*
     * One exact step of gradient descent on the block's loss. All ni x no dot products are taken at the rows' values
     * before the call; then every output gains sum_i g_io * input_i and every sink gains sum_o g_io * output_o (old
     * values), g = alpha * (label - s(dot)). A row that stands in the block twice gains both shares.
     * Returns W2V_NOT_FINITE, and changes nothing, if a dot product is NaN. O(ni * no * S).
     */
    w2v_status (*update)(const w2v_block *block);
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
