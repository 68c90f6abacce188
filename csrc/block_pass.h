/* block_pass.h - what a worker of train_block.c keeps while it trains its tokens. */
#ifndef BLOCK_PASS_H
#define BLOCK_PASS_H

#include "hot_rows.h"
#include "w2v_train.h"

/* Draws of one negative before it is given up: with a word that is nearly all of the corpus as center, the others are
 * almost never drawn, and the run must not hang. */
#define DRAWS_MAX 64

/* Draws of noise words under way: their entries of the alias table are fetched while others are used. A power of two. */
#define DRAWS_AHEAD 8

/* Steps from the root of the tree whose nodes, 2^12 - 1 rows at most, are used so often that the caches have them: fetching
 * them ahead from the 8th step on cost more than it gave (D = 100, V = 48,936). */
#define HOT_STEPS 12

/* Context rows that are fetched ahead for one block, at most. */
#define FETCH_MAX 16

/* Outputs of a block that are compared with each other, at most: beyond it they count as if a row stood there twice. */
#define COMPARED_MAX 24

/* Words whose last place in a sentence is remembered, by the last bits of their number. A power of two. */
#define SEEN 1024

/* Centers that the paths of the tree are fetched ahead. */
#define PATHS_AHEAD 2

/* Tokens that the subsampling looks ahead. */
#define KEEP_AHEAD 16

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* One block in the making. Sizes: ni = most inputs of a block, no = most outputs. */
typedef struct pending_block {
    w2v_block block;
    float **inputs;  /* (2 W) */
    float **outputs; /* (no) */
    float *labels;   /* (w2v_block_labels(no)) */
    /* (2 no + FETCH_MAX + W2V_BLOCK_FETCH) rows that this or a later block will use and that may not be in the cache, then the
     * row of zeros, which makes whole fetches */
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
    float **rows; /* (W2V_SENTENCE_MAX + W + 1) their input rows; what lies behind the sentence is copied, never used */
    int32_t *repeated;  /* (W2V_SENTENCE_MAX) the last place whose word stands again at or before this one, or -1 */
    uint32_t *seen;     /* (SEEN) 1 + how many words had been kept when a word like this was the last time */
    uint32_t kept;      /* words kept before this sentence */
    int64_t words_left; /* words kept so far */
    size_t length;
    size_t at;      /* next center */
    size_t fetched; /* words whose rows were fetched ahead */
    size_t context; /* -share pair: the next context of the current center, if context <= last */
    size_t last;

    /* the noise */
    float **pool;                /* (plan->pool) output rows */
    unsigned pool_bits;          /* log2 of plan->pool */
    size_t pool_next;            /* the row of the pool that is replaced next */
    size_t pool_debt;            /* uses since the last replacement */
    uint64_t draws[DRAWS_AHEAD]; /* random bits of the draws under way */
    size_t draw;                 /* the next of them */

    pending_block blocks[2];
    float *gradients;
    float *shares;
    float *mean;
    float **classes; /* the full softmax: all its outputs */
    float *zeros;    /* (S) the row that makes up an even number */
} pass;

#endif
