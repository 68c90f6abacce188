/*
 * w2v_block.h - the unit of training: one gradient step on some input rows and some output rows.
 *
 * All rows are padded: S = w2v_stride(D) floats, zero from D to S, so that kernels work on whole cache lines and have
 * no tail. Rows need 4-byte alignment; 64-byte alignment is faster.
 */
#ifndef W2V_BLOCK_H
#define W2V_BLOCK_H

#include "w2v_sigmoid.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* Outputs are processed in groups of this many. The last group may be smaller, but not odd. */
#define W2V_BLOCK_GROUP 8

/* The number of outputs of most blocks: one center and the default of 5 negatives. The kernels are specialized for
 * it. */
#define W2V_BLOCK_DEFAULT 6

/* Rows are prefetched in groups of this many. The number of rows differs from block to block, so that the end of a loop
 * over single rows would be mispredicted. */
#define W2V_BLOCK_FETCH 4

/* The maximum number of floats of a row that are processed at a time. */
#define W2V_BLOCK_COLUMN 32

/* The label of an output that only makes their number even. Its row is zero, its gradient is exactly 0, and it stays
 * zero. */
#define W2V_BLOCK_PAD 0.5f

/* A number of outputs or inputs, rounded up to an even one. */
static inline size_t w2v_block_even(size_t n) { return (n + 1) & ~(size_t)1; }

/* The number of rows to prefetch, rounded up to a valid next_count. Then the floats of workspace for a block of ni x no
 * rows of S floats, where no is even. */
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

/* The index of the pair (i, o) in the gradients and the dot products. */
static inline size_t w2v_block_slot(size_t ni, size_t i, size_t o) {
    return (o / W2V_BLOCK_GROUP * w2v_block_even(ni) + i) * W2V_BLOCK_GROUP + o % W2V_BLOCK_GROUP;
}

/*
 * Weights of the outputs, which differ between the two sides of a block, and a control variate for the inputs. Where
 * the gradient of the pair (i, o) is g_io = alpha * (label - s(x)),
 *   input i gains sum_o (inputs_o g_io + shift_o) output_o + scale * control,
 *   output o, one of the first `written`, gains sum_i outputs_o g_io input_i; the others do not change.
 *
 * This serves negative sampling with fewer samples at a small variance. K' samples are drawn, each with weight K / K',
 * and M of them are updated, each with weight K / M. For an output row y let c(y) be about the mean of s(x . y) over the
 * inputs x, and mu the mean of c(y) y over the noise. Then alpha K (mean of c(y) y of the rows drawn - mu) has the mean
 * 0, and adding it to each input removes most of the variance of the draw. So inputs is 1, K / K', ...; outputs is 1,
 * K / M, ...; shift is 0, alpha K / K' c(y), ...; control is mu, and scale is -alpha K.
 */
typedef struct w2v_block_weights {
    const float *inputs;           /* (no) */
    const float *outputs;          /* (no) */
    const float *shift;            /* (no); of each of the three w2v_block_labels(no) floats are read */
    const float *control;          /* (S) read only */
    float *W2V_NULLABLE gradients; /* workspace: w2v_block_gradients(ni, no) floats */
    float scale;
    size_t written; /* all outputs, if there are fewer */
} w2v_block_weights;

/*
 * A block: ni input rows x no output rows, each output with a label. Its loss is the sum over all pairs (i, o) of
 *   -log s(x)   where the label is 1,   -log s(-x)   where it is 0,   x = input_i . output_o,   s the sigmoid,
 * which is negative sampling (Mikolov et al. 2013b, eq. 4) with one positive output, and hierarchical softmax with the
 * nodes of a Huffman path.
 *
 * With `softmax` the outputs are the classes of a full softmax, and the loss is the sum over all inputs of
 *   -log(exp(x_i,target) / sum_o exp(x_io)),
 * computed without overflow for any finite dot products. Outputs from `classes` on are zero rows that make the number
 * even.
 */
typedef struct w2v_block {
    float *W2V_NULLABLE const *W2V_NULLABLE inputs;  /* (ni) rows of S floats, read and updated */
    float *W2V_NULLABLE const *W2V_NULLABLE outputs; /* (no) rows, read and updated */
    const float *W2V_NULLABLE labels; /* (no) 1, 0 or W2V_BLOCK_PAD; w2v_block_labels(no) floats are read */
    float *W2V_NULLABLE gradients;    /* workspace: w2v_block_gradients(ni, no) floats */
    float *W2V_NULLABLE dots;         /* NULL, or as many floats as gradients, for the dot products */
    float *W2V_NULLABLE shares;       /* workspace: w2v_block_shares(ni, no, S) floats */
    float *W2V_NULLABLE mean;         /* workspace of update_mean: 2 x S floats */
    const float *W2V_NULLABLE const *W2V_NULLABLE next; /* (next_count) rows of the next block, to prefetch */
    const w2v_sigmoid_table *W2V_NULLABLE sigmoid;      /* w2v_sigmoid_fill's table */
    size_t ni;
    size_t no;                                     /* even */
    size_t next_count;                             /* a multiple of W2V_BLOCK_FETCH; any row may be used as padding */
    size_t stride;                                 /* S, a multiple of 16 */
    float alpha;                                   /* learning rate */
    size_t classes;                                /* softmax: the number of classes, at least 1 */
    size_t target;                                 /* softmax: the correct class */
    const w2v_block_weights *W2V_NULLABLE weights; /* NULL: all weights are 1, all outputs are written, no control */
    float *W2V_NULLABLE losses; /* softmax: NULL, or (ni) each input's loss before the step; one for update_mean */
    bool softmax;
    bool divided;          /* update_mean: divide the update of each input by ni, which gives the true gradient */
    bool distinct_inputs;  /* no row occurs twice among the inputs; true is faster, false is always valid */
    bool distinct_outputs; /* the same of the outputs */
} w2v_block;

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
