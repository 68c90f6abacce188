/*
 * w2v.h - the C core of w2v-c: word2vec over flat float arrays.
 *
 * The core holds every hot loop. It allocates nothing, does no I/O, reads no errno and keeps no state of its own: the
 * caller passes every byte, and whatever is written is written to the caller's memory. An element count of zero is
 * legal: the function does nothing, or returns W2V_EMPTY. Where one element at least is required, the function's
 * comment says so. A plan for training is checked before anything is read (w2v_block_check, w2v_original_check).
 *
 * Letters, everywhere:
 *   V  words in the vocabulary        D  dimensions of a vector
 *   S  row stride in floats: D rounded up to a multiple of 16; the floats from D to S are zero and stay zero
 *   K  negative samples               W  window: the most words taken on either side of a centre
 *   T  threads
 */
#ifndef W2V_H
#define W2V_H

#include "w2v_base.h"
#include "w2v_cluster.h"
#include "w2v_hash.h"
#include "w2v_json.h"
#include "w2v_kernels.h"
#include "w2v_linear.h"
#include "w2v_loss.h"
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
