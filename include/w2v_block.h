/*
 * w2v_block.h - the unit of training: some input rows times some output rows, and one step of gradient descent on them.
 *
 * All rows are padded: S = w2v_stride(D) floats, zero from D to S, so that kernels work on whole cache lines and have no
 * tail. Rows need 4-byte alignment; 64-byte alignment is faster.
 */
#ifndef W2V_BLOCK_H
#define W2V_BLOCK_H

#include "w2v_sigmoid.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Outputs are taken in groups of this many. The last group may be smaller, but not odd. */
#define W2V_BLOCK_GROUP 8

/* The outputs of most blocks, which the kernels have texts of their own for: one center and the usual 5 negatives. */
#define W2V_BLOCK_DEFAULT 6

/* Rows that are fetched ahead at one time. How many a block has differs from block to block, and a loop that ends anywhere is
 * predicted badly. */
#define W2V_BLOCK_FETCH 4

/* Floats of a row that are taken at one time, at most. */
#define W2V_BLOCK_COLUMN 32

/* The label of an output that makes up an even number. Its row is zero, its gradient exactly 0, and it stays zero. */
#define W2V_BLOCK_PAD 0.5f

/* Outputs, or inputs, rounded up to an even number. */
static inline size_t w2v_block_even(size_t n) { return (n + 1) & ~(size_t)1; }

/* Rows to be fetched, rounded up to a next_count; floats of workspace for a block of ni x no rows of S floats, no even. */
static inline size_t w2v_block_next(size_t rows) {
    return (rows + W2V_BLOCK_FETCH - 1) / W2V_BLOCK_FETCH * W2V_BLOCK_FETCH;
}
static inline size_t w2v_block_labels(size_t no) { return no + W2V_BLOCK_GROUP; }
static inline size_t w2v_block_shares(size_t ni, size_t no, size_t stride) {
    return ni * stride + no * W2V_BLOCK_COLUMN;
}
static inline size_t w2v_block_gradients(size_t ni, size_t no) {
    return (no + W2V_BLOCK_GROUP - 1) / W2V_BLOCK_GROUP * w2v_block_even(ni) * W2V_BLOCK_GROUP;
}

/* Where the pair (i, o) stands among the gradients and the dot products. */
static inline size_t w2v_block_slot(size_t ni, size_t i, size_t o) {
    return (o / W2V_BLOCK_GROUP * w2v_block_even(ni) + i) * W2V_BLOCK_GROUP + o % W2V_BLOCK_GROUP;
}

/*
 * A block: ni input rows x no output rows, each output with a label. Its loss is the sum over all pairs (i, o) of
 *   -log s(x)   where the label is 1,   -log s(-x)   where it is 0,   x = input_i . output_o,   s the sigmoid,
 * which is negative sampling (Mikolov et al. 2013b, eq. 4) with one positive output, and hierarchical softmax with the
 * nodes of a Huffman path.
 *
 * With `softmax` the outputs are the classes of a full softmax instead, and the loss is the sum over all inputs of
 *   -log(exp(x_i,target) / sum_o exp(x_io)),
 * without overflow for whatever finite dot products. Outputs from `classes` on are zero rows that make the number even.
 */
typedef struct w2v_block {
    float *W2V_NULLABLE const *W2V_NULLABLE inputs;  /* (ni) rows of S floats, read and updated */
    float *W2V_NULLABLE const *W2V_NULLABLE outputs; /* (no) rows, read and updated */
    const float *W2V_NULLABLE labels; /* (no) 1, 0 or W2V_BLOCK_PAD; w2v_block_labels(no) floats are read */
    float *W2V_NULLABLE gradients;    /* workspace: w2v_block_gradients(ni, no) floats */
    float *W2V_NULLABLE dots;         /* NULL, or room like gradients' for the dot products */
    float *W2V_NULLABLE shares;       /* workspace: w2v_block_shares(ni, no, S) floats */
    float *W2V_NULLABLE mean;         /* workspace of update_mean: 2 x S floats */
    const float *W2V_NULLABLE const *W2V_NULLABLE next; /* (next_count) rows that the next block will use: fetched */
    const w2v_sigmoid_table *W2V_NULLABLE sigmoid;      /* w2v_sigmoid_fill's table */
    size_t ni;
    size_t no;                  /* even */
    size_t next_count;          /* a multiple of W2V_BLOCK_FETCH; the list may be filled up with any row */
    size_t stride;              /* S, a multiple of 16 */
    float alpha;                /* learning rate */
    size_t classes;             /* softmax: how many of the outputs are, at least 1 */
    size_t target;              /* softmax: the right one */
    float *W2V_NULLABLE losses; /* softmax: NULL, or room for each input's loss before the step (one for update_mean) */
    bool softmax;
    bool divided;          /* update_mean: each input gains 1/ni of the mean's gain, the true gradient */
    bool distinct_inputs;  /* no row stands among the inputs twice: true saves time, false is never wrong */
    bool distinct_outputs; /* the same of the outputs */
} w2v_block;

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
