/*
 * w2v_train.h - training runs over token ids.
 *
 * Token ids are int32 ranks of the vocabulary; id 0 is a sentence end. Words outside the vocabulary are dropped
 * beforehand. There are two trainers: the original's arithmetic, bit for bit (train_original.c), and the default
 * (train_block.c). Every pointer is borrowed for the duration of the call.
 */
#ifndef W2V_TRAIN_H
#define W2V_TRAIN_H

#include "w2v_kernels.h"
#include "w2v_model.h"
#include "w2v_random.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* A sentence ends at id 0, or when it has this many words after subsampling. Windows do not cross sentence ends. */
#define W2V_SENTENCE_MAX 1000

/* ------------------------------------------------------------------------------------------------------------------
 * -exact 1: the original program at one thread. The sentence that is open at the end of the tokens is discarded.
 */

typedef struct w2v_original_plan {
    w2v_model model;
    w2v_tree tree;                  /* read if model.nodes is not NULL */
    w2v_unigram unigram;            /* read if model.output is not NULL */
    const float *W2V_NULLABLE keep; /* (V) probability of keeping a word; NULL: no subsampling */
    const float *sigmoid;           /* w2v_sigmoid_fill_original's table */
    int64_t train_words;            /* sum of the vocabulary's counts */
    int64_t epochs;
    int64_t window;    /* W >= 1 */
    int64_t negatives; /* K; 0: no negative sampling */
    float alpha;       /* starting learning rate */
    bool cbow;         /* else skip-gram */
} w2v_original_plan;

/* The state of a run: plain data, so that it can be stored and continued. See w2v_original_start. */
typedef struct w2v_original_state {
    uint64_t random;
    int64_t position; /* next token */
    int64_t epochs_left;
    int64_t word_count; /* words of this epoch that were read, before subsampling, including id 0 */
    int64_t last_count; /* word_count at the last change of alpha */
    int64_t done;       /* words of the run at the last change of alpha */
    int64_t kept;       /* words left after subsampling, over all epochs */
    int64_t pairs;      /* predictions, as in w2v_worker */
    float alpha;
} w2v_original_state;

w2v_original_state w2v_original_start(const w2v_original_plan *plan);

/*
 * Whether a plan can run. W2V_EMPTY: no word, no dimension, no window, or with negatives no word beside </s>.
 * W2V_INVALID: negatives without output rows. Pointers and the tree are not followed. O(1).
 */
w2v_status w2v_original_check(const w2v_original_plan *plan);

/*
 * Continues the run until at least `budget` tokens were read and a sentence is complete, or until an epoch has ended.
 * The run has ended when state->epochs_left is 0. `workspace` has 2 x D floats. If the plan cannot run, returns the
 * status of w2v_original_check before anything is read.
 */
w2v_status w2v_original_run(const w2v_original_plan *plan, w2v_original_state *state, const int32_t *tokens,
                            int64_t count, int64_t budget, float *workspace);

/* ------------------------------------------------------------------------------------------------------------------
 * The default trainer: every window becomes a block (w2v_kernels.h), which is one exact step of gradient descent.
 *   skip-gram    inputs: the window's context words; outputs: the center, label 1, and K negatives, label 0, shared by
 *                the window; with a tree also the center's path, label 1 - code
 *   CBOW         one input, the contexts' mean; its error is added to each context undivided, as the original does, or
 *                divided by their number
 * With the full softmax the outputs are all words except </s>, which is never predicted.
 */

/*
 * The noise pool. The row of a newly drawn negative sample is anywhere in the matrix. With a large vocabulary it is a
 * cache miss, which costs more than the arithmetic. So words drawn from the alias table enter a pool of some hundred
 * words, and every negative sample is a random word of the pool. After every `reuse` samples the oldest word of the
 * pool is replaced by a new one. The distribution remains that of the table. A word of the pool is used `reuse` times
 * on average, at centers about pool / K apart, and its row is in the cache. Measured on 17 M words of English text, 3
 * epochs, D = 100, means of 3 seeds (WordSim-353, MEN, analogies): no pool .581 .589 .265; reuse 4 .572 .587 .256; 8
 * .567 .590 .264; 16 .568 .589 .261; the original .546 .570 .254.
 */

/*
 * Hot rows. Workers that write the same row take its cache lines from each other. The rows of the most frequent words,
 * and of the nodes near the root of the tree, are written by every worker in nearly every block. So each worker trains
 * its own copies of these rows. Every `merge_every` blocks, and at the end of its tokens, it adds its changes to the
 * model and reads the changes of the others.
 */

/* Which pairs share their negatives. */
typedef enum w2v_share {
    W2V_SHARE_WINDOW = 0, /* all pairs of a window */
    W2V_SHARE_PAIR = 1    /* none: each pair has its own, as in the original */
} w2v_share;

typedef struct w2v_block_plan {
    w2v_model model;
    w2v_tree tree;                         /* read if model.nodes is not NULL */
    const w2v_alias *W2V_NULLABLE unigram; /* (V - 1) alias table over the words 1 ... V - 1 */
    const uint32_t *W2V_NULLABLE keep;     /* (V) a word is kept if 32 random bits are <= this; NULL: keep all */
    const w2v_sigmoid_table *sigmoid;      /* w2v_sigmoid_fill's table */
    const w2v_kernels *kernels;
    size_t longest_code; /* length of the longest code; 0 without a tree */
    size_t window;       /* W >= 1; larger values than W2V_SENTENCE_MAX have the same effect as that */
    size_t negatives;    /* K */
    size_t drawn;        /* K' of w2v_block_weights, at most K; 0: K, without weights. Else a pool is required */
    size_t updated;      /* M, from 1 to K' */
    size_t pool;         /* words of the noise pool: a power of two up to 2^16; 0: none */
    size_t reuse;        /* uses of a word of the pool, on average; at least 1 */
    size_t hot_words;    /* the most frequent words, of whose rows each worker has copies; 0: none. With the full
                            softmax, which writes all outputs: copies of all outputs */
    size_t hot_nodes;    /* the same for the inner nodes nearest to the root */
    size_t merge_every;  /* blocks between two merges of the copies; at least 1 if there are copies */
    w2v_share share;
    bool cbow;
    bool cbow_divided; /* CBOW: the true gradient of the mean */
    bool softmax;      /* the full softmax over the words 1 ... V - 1; then K = 0, and there is no tree */
} w2v_block_plan;

/* The state of one worker. Workers do not share workspaces. */
typedef struct w2v_worker {
    void *workspace; /* w2v_block_workspace(plan) bytes, 64-byte aligned */
    uint64_t random; /* state of w2v_random_next */
    int64_t words;   /* the words left after subsampling are added */
    int64_t pairs;   /* the predictions are added: one per context in skip-gram, one per center in CBOW */
} w2v_worker;

/*
 * Whether a plan can run. W2V_EMPTY: no word, no dimension, no window, or with negatives or the full softmax no word
 * beside </s>. W2V_INVALID: negatives or the full softmax without what they read (output rows, the alias table); the
 * full softmax together with negatives or a tree; fewer negatives drawn than K with a tree, without a pool, with none
 * or more of them updated, or with W2V_SHARE_PAIR; a pool that is not a power of two or larger than 2^16, or has a
 * `reuse` of 0; copies of rows that are never merged. Pointers and the tree are not followed. O(1).
 */
w2v_status w2v_block_check(const w2v_block_plan *plan);

/*
 * Sets the values of a plan that affect its speed: pool, hot_words, hot_nodes and merge_every. All other values must be
 * set before.
 *
 *   threads   the number of workers that will train at the same time
 *   tokens    of an epoch
 *   largest   the count of the most frequent word beside </s>
 */
void w2v_block_plan_default(w2v_block_plan *plan, size_t threads, int64_t tokens, int64_t largest);

/*
 * Sets drawn and updated of a plan with K negatives: about two thirds of K are drawn, and all of these updated. Updating
 * half of them was no faster in whole runs, and lowered analogies by .003 at a learning rate of .05.
 *
 * The control variate comes from the rows themselves, at the start of each call of w2v_block_train: the mean input from
 * the first words; c(y), for words whose ranks have as many bits, from the sigmoids of its products with the rows of the
 * pool; the mean of c(y) y from the pool.
 */
void w2v_block_plan_reduce_variance(w2v_block_plan *plan);

/* The number of tokens in a chunk, which a worker trains at one learning rate. It is small enough that the learning
 * rate decreases smoothly on a small corpus. */
int64_t w2v_block_chunk(int64_t tokens);

/* Bytes of workspace that a worker needs; 0 for a plan that cannot run. */
size_t w2v_block_workspace(const w2v_block_plan *plan);

/*
 * Trains once on tokens[0 ..< count] at the learning rate alpha. The end of the tokens ends the last sentence. If the
 * plan cannot run, returns the status of w2v_block_check before anything is read. Several workers may train the same
 * model at the same time (W2V_HOGWILD).
 */
w2v_status w2v_block_train(const w2v_block_plan *plan, w2v_worker *worker, const int32_t *tokens, int64_t count,
                           float alpha);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
