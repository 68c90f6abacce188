/*
 * w2v_phrases.h - words that stand together more often than chance become one word: a b -> a_b.
 *
 * The score of a pair is (count(a b) - minimum) / (count(a) count(b)) * words (Mikolov et al. 2013b, eq. 6, with the
 * factor of the original's word2phrase); pairs above a threshold are joined, from left to right, and a pair that was joined
 * is not joined with the word behind it. Tokens are entries of a w2v_dictionary whose entry 0 is "</s>", the line end.
 */
#ifndef W2V_PHRASES_H
#define W2V_PHRASES_H

#include "w2v_tokens.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* ---- pairs of words, by their entries ---- */

typedef struct w2v_pair {
    uint64_t key;  /* first entry << 32 | second entry; 0: empty, as no pair has a line end */
    int64_t count;
} w2v_pair;

/* Pairs in open addressing. The caller's memory: a power of two of slots, zeroed, at least one of four empty. */
typedef struct w2v_pairs {
    w2v_pair *slots;
    size_t mask;      /* number of slots - 1 */
    size_t count;     /* pairs in use */
    w2v_hash_key key; /* set before the first call, and never changed */
} w2v_pairs;

/* No word stands before: at the head of a line, and behind a word that joins nothing more. */
#define W2V_LINE_HEAD (-1)
#define W2V_NO_PARTNER 0

/* The slot of a pair, entered with count 0 if it is new. */
w2v_pair *w2v_pairs_enter(w2v_pairs *pairs, uint32_t first, uint32_t second);

/* Moves on to other slots, zeroed: mask + 1 of them. */
void w2v_pairs_move(w2v_pairs *pairs, w2v_pair *slots, size_t mask);

/*
 * Counts the pairs of words that stand side by side on a line, both with a count of `minimum` or above. *previous is the
 * word before, at first W2V_LINE_HEAD. Room needed: n pairs more. O(n).
 */
void w2v_pairs_count(w2v_pairs *pairs, const int32_t *ids, size_t n, const int64_t *counts /* by entry */,
                     int64_t minimum, int32_t *previous);

/*
 * Writes a text's words: '_' between two of `joined`, which is counted there, else a space; a newline for each line end.
 * Returns the bytes written. Room needed: those of the words, and one for each token. O(bytes).
 */
size_t w2v_pairs_join(w2v_pairs *joined, const w2v_dictionary *words, const int32_t *ids, size_t n, int32_t *previous,
                      uint8_t *text);

/* ---- the original's word2phrase, to the letter ---- */

/* Bytes of a joined word that are kept: with a word of at most 58 before it, at most 58 + 1 + 58 are made. */
#define W2V_PHRASE_LONGEST 59
#define W2V_PHRASE_WORD 58

/* One dictionary has words and joined words, so that a_b of the text and the pair a b count together. */
typedef struct w2v_phrases_original {
    const w2v_dictionary *words; /* of the tokens; words of at most W2V_PHRASE_WORD bytes */
    w2v_dictionary *joint;       /* words and joined words in order of appearance; entry 0 is "</s>" */
    uint32_t *joint_of;          /* (known) the joint entry of each word; W2V_NO_WORD: not met yet */
    uint32_t known;              /* words that joint_of tells of */
    int64_t *counts;             /* joining: (joint entries) -1: not in the dictionary any more */
    int64_t minimum;
    int64_t total;               /* words, line ends left out */
    float threshold;
    int32_t last;                /* state: the word before, across lines when counting; -1 at first */
    int64_t pa, pb, pab, li;     /* state of joining: the original's variables; 0, 0, 0, -1 at first */
} w2v_phrases_original;

/* A pair that was joined, by its joint entry. */
typedef struct w2v_join {
    uint32_t entry;
    float score;
} w2v_join;

/*
 * Counts words and joined words. `joint_of` tells of all words. Room needed in `joint`: 2 n entries and
 * (W2V_PHRASE_LONGEST + W2V_PHRASE_WORD) n bytes more. O(n).
 */
void w2v_phrases_original_count(w2v_phrases_original *phrases, const int32_t *ids, size_t n);

/*
 * Writes the text as word2phrase does, each word with a space or '_' before it, and the joins to `joins` (n). Returns the
 * bytes written; their number is at most those of the words and one for each token. O(n).
 */
size_t w2v_phrases_original_join(w2v_phrases_original *phrases, const int32_t *ids, size_t n, uint8_t *text,
                                 w2v_join *joins, size_t *join_count);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
