/* block_pass.h - the state of a worker of train_block.c while it trains its tokens. */
#ifndef BLOCK_PASS_H
#define BLOCK_PASS_H

#include "hot_rows.h"
#include "w2v_train.h"

/* The maximum number of draws for one negative sample. If the center is a word that makes up nearly all of the corpus,
 * other words are almost never drawn, and the run must not hang. */
#define DRAWS_MAX 64

/* The number of draws in flight, whose entries of the alias table are prefetched. A power of two. */
#define DRAWS_AHEAD 8

/* The nodes of the first steps from the root, at most 2^12 - 1 rows, are used so often that they are in the caches and
 * are not prefetched. Prefetching from the 8th step on was slower (D = 100, V = 48,936). */
#define HOT_STEPS 12

/* The maximum number of context rows that are prefetched for a block. */
#define FETCH_MAX 16

/* The maximum number of outputs that are compared with each other. More outputs are treated as if a row occurred
 * twice. */
#define COMPARED_MAX 24

/* The size of the table of the last positions of words in a sentence, indexed by the low bits of the word. A power of
 * two. */
#define SEEN 1024

/* Centers that the paths of the tree are fetched ahead. */
#define PATHS_AHEAD 2

/* Tokens that the subsampling looks ahead. */
#define KEEP_AHEAD 16

/* Words are in classes by the number of bits of their rank, at least 1, for estimates that depend on their frequency. */
enum { CLASSES = 33 };
static inline uint8_t class_of(uint32_t word) { return (uint8_t)(32 - __builtin_clz(word)); }

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* A block that is being assembled. Sizes: ni and no are the maximum numbers of inputs and outputs. */
typedef struct pending_block {
    w2v_block block;
    float **inputs;  /* (2 W) */
    float **outputs; /* (no) */
    float *labels;   /* (w2v_block_labels(no)) */
    float *shift;    /* the same, of weights */
    w2v_block_weights weights;
    /* (2 no + FETCH_MAX + W2V_BLOCK_FETCH) rows that this or a later block will use and that may not be in the cache,
     * then the row of zeros as padding */
    const float **fetch;
    size_t fetch_count;
} pending_block;

/* A worker's pass over its tokens. */
typedef struct pass {
    const w2v_block_plan *plan;
    const int32_t *tokens;
    int64_t count;
    int64_t position; /* next token */
    uint64_t random;
    size_t stride;
    size_t window; /* W, at most W2V_SENTENCE_MAX */

    hot_rows input, output, nodes;

    /* the current sentence */
    int32_t *words; /* (W2V_SENTENCE_MAX) */
    float **rows;   /* (W2V_SENTENCE_MAX + W + 1) their input rows; those after the sentence are copied but not used */
    int32_t *repeated;  /* (W2V_SENTENCE_MAX) the last position whose word occurs again up to this one, or -1 */
    uint32_t *seen;     /* (SEEN) 1 + the number of words kept when such a word occurred last */
    uint32_t kept;      /* words kept before this sentence */
    int64_t words_left; /* words kept so far */
    size_t length;
    size_t at;      /* next center */
    size_t fetched; /* words whose rows were fetched ahead */
    size_t context; /* -share pair: the next context of the current center, if context <= last */
    size_t last;

    /* the noise */
    float **pool;                /* (plan->pool) output rows */
    uint8_t *pool_class;         /* (plan->pool) with weights: class_of each row's word */
    unsigned pool_bits;          /* log2 of plan->pool */
    size_t pool_next;            /* the row of the pool that is replaced next */
    size_t pool_debt;            /* uses since the last replacement */
    uint64_t draws[DRAWS_AHEAD]; /* random bits of the draws under way */
    size_t draw;                 /* the next of them */

    pending_block blocks[2];
    size_t drawn;                                       /* negatives of a block: K, or K' */
    bool is_weighted;                                   /* K' is below K: blocks have weights */
    float *of_inputs, *of_outputs, *control, *weighted; /* arrays of all blocks' weights */
    float *mean_input;                                  /* (S) of the words at the start of the tokens */
    float shifts[CLASSES];                              /* of each class: alpha K / K' c(y) */
    float *gradients;
    float *shares;
    float *mean;
    float **classes; /* the full softmax: all its outputs */
    float *zeros;    /* (S) the row that makes up an even number */
} pass;

#endif
