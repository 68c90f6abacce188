/*
 * w2v.h - the C core of w2v-c: word2vec over flat float arrays.
 *
 * The core has every hot loop. It allocates nothing, does no I/O, does not read errno and has no state: all memory is
 * the caller's. An element count of zero is legal: the function does nothing, or returns W2V_EMPTY. Where one element
 * at least is required, the function's comment says so. A plan for training is checked before anything is read
 * (w2v_block_check, w2v_original_check).
 *
 * A program (Examples/c/train.c is one of 60 lines):
 *
 *   1. w2v_encode reads the text and fills a w2v_dictionary with its words and their counts. w2v_dictionary_prune drops
 *      rare words. A second pass returns the token ids. See w2v_tokens.h and w2v_dictionary.h.
 *   2. w2v_noise_weights and w2v_alias_fill make the noise distribution, w2v_keep_thresholds the subsampling table, and
 *      w2v_huffman_build and w2v_huffman_codes the tree of hierarchical softmax. See w2v_vocabulary.h.
 *   3. A w2v_block_plan has the parameters (w2v_initialize_input), the tables (w2v_sigmoid_fill), the kernels for this
 *      processor (w2v_kernels_best) and the objective. w2v_block_plan_default sets the rest. See w2v_model.h and
 *      w2v_train.h.
 *   4. w2v_block_train trains one chunk after another at a decreasing learning rate, on any number of threads, each
 *      with its own w2v_worker.
 *   5. w2v_similarity compares two vectors. w2v_search_one and w2v_search_many find the nearest ones. See w2v_search.h.
 *
 * Required: a compiler of GNU C (clang or gcc), which has vector instructions by function attributes. -std=c11 and
 * -std=gnu11 give the same bytes with -ffp-contract=off. The kernels for AVX2 and AVX-512 also use PREFETCHW, which
 * every 64-bit x86 processor executes, though on some it has no effect.
 *
 * Letters, everywhere:
 *   V  words in the vocabulary        D  dimensions of a vector
 *   S  row stride in floats: D rounded up to a multiple of 16; the floats from D to S are zero and stay zero
 *   K  negative samples               W  window: the most words taken on either side of a center
 *   T  threads
 */
#ifndef W2V_H
#define W2V_H

#include "w2v_base.h"
#include "w2v_block.h"
#include "w2v_cluster.h"
#include "w2v_dictionary.h"
#include "w2v_hash.h"
#include "w2v_json.h"
#include "w2v_kernels.h"
#include "w2v_linear.h"
#include "w2v_loss.h"
#include "w2v_model.h"
#include "w2v_network.h"
#include "w2v_normalize.h"
#include "w2v_objective.h"
#include "w2v_phrases.h"
#include "w2v_random.h"
#include "w2v_search.h"
#include "w2v_sigmoid.h"
#include "w2v_tokens.h"
#include "w2v_train.h"
#include "w2v_vocabulary.h"

#endif
