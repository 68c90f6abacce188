/* w2v_model.h - the parameters that training changes, and the Huffman codes that it reads. */
#ifndef W2V_MODEL_H
#define W2V_MODEL_H

#include "w2v_base.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* The parameters. Rows are S = w2v_stride(D) floats, zero from D on. */
typedef struct w2v_model {
    float *input;               /* (V, S) the word vectors */
    float *W2V_NULLABLE output; /* (V, S) outputs of negative sampling; NULL when K = 0 */
    float *W2V_NULLABLE nodes;  /* (V, S) inner nodes of the Huffman tree; NULL without hierarchical softmax */
    size_t words;               /* V */
    size_t dimensions;          /* D */
} w2v_model;

/* Huffman codes of all words: word w has the steps offsets[w] ... offsets[w + 1] - 1, from the root down. */
typedef struct w2v_tree {
    const int64_t *offsets; /* (V + 1) */
    const int32_t *points;  /* row of the inner node at each step */
    const uint8_t *codes;   /* branch taken there, 0 or 1 */
} w2v_tree;

/* Sets the input rows as the original does: (bits / 65536 - 1/2) / D from its generator, started at 1, row by row. */
void w2v_initialize_input(const w2v_model *model);

/* Whether all V x D input values are finite. */
bool w2v_input_is_finite(const w2v_model *model);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
