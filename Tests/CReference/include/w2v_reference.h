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
double reference_block_loss(const double *input, const double *output, size_t dimensions, const int32_t *inputs, size_t ni,
                            const int32_t *outputs, const double *labels, size_t no);

/*
 * One step of gradient descent on that loss: parameters after = before - alpha * gradient, the gradient at the values
 * before. Rows that stand in the block twice receive both shares. `error`, if not NULL, receives what the first input's
 * row would, and the input rows stay as they are.
 */
void reference_block_step(double *input, double *output, size_t dimensions, const int32_t *inputs, size_t ni,
                          const int32_t *outputs, const double *labels, size_t no, double alpha, double *error);

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

#endif
