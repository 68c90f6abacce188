/*
 * w2v_reference.h - the same mathematics in plain double C, written for reading, against which the core is tested.
 * Rows are dense: `dimensions` doubles each. Nothing here is shared with the core.
 */
#ifndef W2V_REFERENCE_H
#define W2V_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

/* 1 / (1 + exp(-x)). */
double reference_sigmoid(double x);

/*
 * The loss of a block: the sum over all pairs (i, o) of -log s(x) where labels[o] is 1 and -log s(-x) where it is 0,
 * x = row inputs[i] of `input` . row outputs[o] of `output`.
 */
double reference_block_loss(const double *input, const double *output, size_t dimensions, const int32_t *inputs,
                            size_t ni, const int32_t *outputs, const double *labels, size_t no);

/*
 * One step of gradient descent on that loss: parameters after = before - alpha * gradient, the gradient at the values
 * before. Rows that stand in the block twice receive both shares. `error`, if not NULL, receives what the first input's
 * row would, and the input rows stay as they are.
 */
void reference_block_step(double *input, double *output, size_t dimensions, const int32_t *inputs, size_t ni,
                          const int32_t *outputs, const double *labels, size_t no, double alpha, double *error);

/* Weights as w2v_block_weights has them. */
typedef struct reference_weights {
    const double *inputs, *outputs, *shift; /* (no) */
    const double *control;                  /* (D) */
    double scale;
    size_t written;
} reference_weights;

/* The step of a block with weights. `error`, as above. */
void reference_weighted_step(double *input, double *output, size_t dimensions, const int32_t *inputs, size_t ni,
                             const int32_t *outputs, const double *labels, size_t no, double alpha,
                             const reference_weights *weights, double *error);

/* softmax(x), computed on x - max(x); x and y may be the same array. */
void reference_softmax(const double *x, size_t n, double *y);

/*
 * The loss of a window and its gradients (V, D), written whole. `negatives` NULL: naive softmax. Else negative
 * sampling: for skip-gram K samples for each context, (n, K); for CBOW (K).
 */
double reference_skip_gram(const double *input, const double *output, size_t words, size_t dimensions, int32_t center,
                           const int32_t *contexts, size_t context_count, const int32_t *negatives,
                           size_t negative_count, double *input_gradient, double *output_gradient);
double reference_cbow(const double *input, const double *output, size_t words, size_t dimensions, int32_t center,
                      const int32_t *contexts, size_t context_count, int mean, const int32_t *negatives,
                      size_t negative_count, double *input_gradient, double *output_gradient);

/*
 * The two-layer network over rows of x (N, Dx) with one-hot labels y (N, Dy): the loss and its gradients for W1 (Dx,
 * H), b1 (H), W2 (H, Dy), b2 (Dy) and x.
 */
double reference_network(size_t dx, size_t h, size_t dy, const double *w1, const double *b1, const double *w2,
                         const double *b2, const double *x, const double *y, size_t rows, double *dw1, double *db1,
                         double *dw2, double *db2, double *dx_rows);

/*
 * One such step on the loss of the full softmax with the outputs as its classes: the sum over the inputs of
 * -log(exp(x_target) / sum_o exp(x_o)). Returns that loss, before the step.
 */
double reference_softmax_step(double *input, double *output, size_t dimensions, const int32_t *inputs, size_t ni,
                              const int32_t *outputs, size_t no, size_t target, double alpha, double *error);

/*
 * Fills the original's unigram table slot by slot, 10^8 times, and counts the slots whose word differs from the one
 * that `word_of(context, slot)` gives. `powers` are count^0.75 of the V words.
 */
int64_t reference_unigram_mismatches(const double *powers, size_t words, uint32_t (*word_of)(const void *, uint32_t),
                                     const void *context);

/* x.y of two vectors of floats; of n values. */
double reference_product(const float *x, const float *y, size_t n);

/* Their cosine; 0 if one has no length or is not finite. */
double reference_similarity(const float *x, const float *y, size_t n);

#endif
