/*
 * w2v_train.h - training runs over token ids.
 *
 * Token ids are Int32 rows of the vocabulary; id 0 ends a sentence. Words outside the vocabulary are not in the stream.
 * Two runs share the model: the original's arithmetic, bit for bit (train_original.c), and the default trainer
 * (train_block.c). Every pointer is borrowed for the call.
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

/* A sentence ends at id 0 or when it holds this many kept words; windows do not cross it. */
#define W2V_SENTENCE_MAX 1000

/* ------------------------------------------------------------------------------------------------------------------
 * -exact 1: the original program at one thread. The sentence that is open at the end of the tokens is discarded.
 */

typedef struct w2v_original_plan {
    w2v_model model;
    w2v_tree tree;                  /* read if model.nodes is not NULL */
    w2v_unigram unigram;            /* read if model.output is not NULL */
    const float *W2V_NULLABLE keep; /* (V) probability to keep a word; NULL switches subsampling off */
    const float *sigmoid;           /* w2v_sigmoid_fill_original's table */
    int64_t train_words;            /* sum of the vocabulary's counts */
    int64_t epochs;
    int64_t window;    /* W >= 1 */
    int64_t negatives; /* K; 0 switches negative sampling off */
    float alpha;       /* starting learning rate */
    bool cbow;         /* else skip-gram */
} w2v_original_plan;

/* Where a run stands; plain data, so that it can be kept and gone on with. Start: w2v_original_start. */
typedef struct w2v_original_state {
    uint64_t random;
    int64_t position; /* next token */
    int64_t epochs_left;
    int64_t word_count; /* words of this epoch read, before subsampling, id 0 counted */
    int64_t last_count; /* word_count at the last change of alpha */
    int64_t done;       /* words of the run at the last change of alpha */
    int64_t kept;       /* words that subsampling has left, over all epochs */
    int64_t pairs;      /* predictions trained, as in w2v_worker */
    float alpha;
} w2v_original_state;

w2v_original_state w2v_original_start(const w2v_original_plan *plan);

/*
 * Whether a plan can run. W2V_EMPTY: no word, no dimension, no window, or with negatives no word beside </s>.
 * W2V_INVALID: negatives without output rows. Pointers and the tree are not followed. O(1).
 */
w2v_status w2v_original_check(const w2v_original_plan *plan);

/*
 * Goes on with the run until at least `budget` tokens were read and a sentence is complete, or an epoch has ended; with the
 * last of them the run has (state->epochs_left is 0). `workspace` holds 2 x D floats. A plan that cannot run is refused
 * with the status of w2v_original_check, before anything is read.
 */
w2v_status w2v_original_run(const w2v_original_plan *plan, w2v_original_state *state, const int32_t *tokens,
                            int64_t count, int64_t budget, float *workspace);

/* ------------------------------------------------------------------------------------------------------------------
 * The default trainer: every window becomes a block (w2v_kernels.h), which is one exact step of gradient descent.
 *   skip-gram    inputs: the window's context words; outputs: the center, label 1, and K negatives, label 0, shared by
 *                the window; with a tree also the center's path, label 1 - code
 *   CBOW         one input, the contexts' mean; its error is added to each context undivided, as the original does, or
 *                divided by their number
 * With the full softmax the outputs are all words but </s>, which is never predicted.
 */

/*
 * The noise pool. A negative that is drawn anew is a row from anywhere in the matrix: for a large vocabulary a cache miss,
 * which costs more than the row's arithmetic. So the words drawn from the alias table enter a pool of some hundred, and
 * every negative is one of the pool, picked at random; after each `reuse` picks the pool's oldest word gives way to a new
 * one. The distribution is that of the table; a word of the pool is used `reuse` times on average, at centers that lie
 * about pool / K apart, and is read from the cache. Measured on 17 M words of English text, 3 epochs, D = 100, means
 * of 3 seeds (WordSim-353, MEN, analogies): anew .581 .589 .265; reuse 4 .572 .587 .256; 8 .567 .590 .264;
 * 16 .568 .589 .261; the original .546 .570 .254.
 */

/*
 * Hot rows. Two workers that write the same row take its cache lines from each other, and the rows of the most
 * frequent words, and of the nodes near the root, are written by every worker in nearly every block. So each worker has
 * copies of the hottest rows, and trains those. Every `merge_every` blocks, and at the end of its tokens, it adds what it
 * changed to the model and takes over what the others added.
 */

/* Which pairs share their negatives. */
typedef enum w2v_share {
    W2V_SHARE_WINDOW = 0, /* all pairs of a window: a block of its own shape */
    W2V_SHARE_PAIR = 1    /* none: every pair draws its own, as the original does */
} w2v_share;

typedef struct w2v_block_plan {
    w2v_model model;
    w2v_tree tree;                         /* read if model.nodes is not NULL */
    const w2v_alias *W2V_NULLABLE unigram; /* (V - 1) alias table over the words 1 ... V - 1 */
    const uint32_t *W2V_NULLABLE keep;     /* (V) a word is kept if 32 random bits are <= this; NULL: keep all */
    const w2v_sigmoid_table *sigmoid;      /* w2v_sigmoid_fill's table */
    const w2v_kernels *kernels;
    size_t longest_code; /* longest path of the tree; 0 without one */
    size_t window;       /* W >= 1; more than W2V_SENTENCE_MAX is the same as that */
    size_t negatives;    /* K */
    size_t pool;         /* words of the noise pool: a power of two up to 2^16; 0: none */
    size_t reuse;        /* uses of a word of the pool, on average; at least 1 */
    size_t hot_words;    /* the most frequent words, of whose rows each worker has copies; 0: none. With the full
                            softmax, which writes all outputs: copies of all outputs */
    size_t hot_nodes;    /* hottest nodes of the tree, likewise */
    size_t merge_every;  /* blocks between two mergers of the copies; at least 1 if there are any */
    w2v_share share;
    bool cbow;
    bool cbow_divided; /* CBOW: the true gradient of the mean */
    bool softmax;      /* the full softmax over the words 1 ... V - 1, and nothing else: K = 0, no tree */
} w2v_block_plan;

/* What one worker keeps. The workspace belongs to the worker alone. */
typedef struct w2v_worker {
    void *workspace; /* w2v_block_workspace(plan) bytes, 64-byte aligned */
    uint64_t random; /* state of w2v_random_next */
    int64_t words;   /* grows by the words that subsampling has left */
    int64_t pairs;   /* grows by the predictions: skip-gram one for each context of a center, CBOW one for a center */
} w2v_worker;

/*
 * Whether a plan can run. W2V_EMPTY: no word, no dimension, no window, or with negatives or the full softmax no word
 * beside </s>. W2V_INVALID: negatives or the full softmax without what they read (output rows, the alias table); the full
 * softmax together with negatives or a tree; a pool that is no power of two, is above 2^16 words or has a `reuse` of 0;
 * copies of rows that are never merged. Pointers and the tree are not followed. O(1).
 */
w2v_status w2v_block_check(const w2v_block_plan *plan);

/*
 * Sets the values of a plan that are a matter of speed: pool, hot_words, hot_nodes and merge_every. The rest is set already.
 *
 *   threads   workers that will train at once
 *   tokens    of an epoch
 *   largest   the count of the most frequent word beside </s>
 */
void w2v_block_plan_default(w2v_block_plan *plan, size_t threads, int64_t tokens, int64_t largest);

/* Tokens of a chunk that a worker trains at one learning rate: small enough for one that falls smoothly on a small corpus. */
int64_t w2v_block_chunk(int64_t tokens);

/* Bytes of workspace that a worker needs; 0 for a plan that cannot run. */
size_t w2v_block_workspace(const w2v_block_plan *plan);

/*
 * Trains once over tokens[0 ..< count] at the learning rate alpha. The end of the tokens ends the last sentence. A plan
 * that cannot run is refused with the status of w2v_block_check, before anything is read.
 * Several workers may train the same model at once (W2V_HOGWILD).
 */
w2v_status w2v_block_train(const w2v_block_plan *plan, w2v_worker *worker, const int32_t *tokens, int64_t count,
                           float alpha);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
