/*
 * w2v_phrases.h - joins pairs of words that occur together more often than by chance: a b -> a_b.
 *
 * The score of a pair is (count(a b) - minimum) / (count(a) count(b)) * words (Mikolov et al. 2013b, eq. 6, times the
 * number of words as in the original word2phrase). Pairs with a score above a threshold are joined, from left to right.
 * A joined pair is not joined with the next word. Tokens are entries of a w2v_dictionary whose entry 0 is "</s>", the
 * line end.
 */
#ifndef W2V_PHRASES_H
#define W2V_PHRASES_H

#include "w2v_dictionary.h"

#ifdef __cplusplus
extern "C" {
#endif
W2V_ASSUME_NONNULL_BEGIN

/* ---- a hash table of pairs of words ---- */

typedef struct w2v_pair {
    uint64_t key; /* first entry << 32 | second entry; 0: an empty slot, because no pair contains the line end */
    int64_t count;
} w2v_pair;

/*
 * A hash table with open addressing, in the caller's memory. The number of slots is a power of two. They are zero at
 * first, and at least a quarter of them stays empty.
 */
typedef struct w2v_pairs {
    w2v_pair *slots;
    size_t mask;      /* number of slots - 1 */
    size_t count;     /* pairs in use */
    w2v_hash_key key; /* set before the first call, and then not changed */
} w2v_pairs;

/*
 * Values of *previous without a preceding word: at the start of a line, and after a word that cannot be joined any
 * more.
 */
#define W2V_LINE_HEAD (-1)
#define W2V_NO_PARTNER 0

/* Returns the slot of a pair. A new pair is inserted with count 0. */
w2v_pair *w2v_pairs_enter(w2v_pairs *pairs, uint32_t first, uint32_t second);

/* Moves all pairs to new slots: mask + 1 of them, all zero. */
void w2v_pairs_move(w2v_pairs *pairs, w2v_pair *slots, size_t mask);

/*
 * Counts the pairs of adjacent words on a line, if both words have a count of `minimum` or above. *previous is the
 * preceding word, and initially W2V_LINE_HEAD. The table needs room for n more pairs. O(n).
 */
void w2v_pairs_count(w2v_pairs *pairs, const int32_t *ids, size_t n, const int64_t *counts /* by entry */,
                     int64_t minimum, int32_t *previous);

/*
 * Writes the words of a text, with '_' between the two words of a pair in `joined`, a space between other words, and a
 * newline for each line end. Each join is counted in `joined`. Returns the number of bytes written. `text` needs room
 * for the bytes of the words plus one byte per token. O(bytes).
 */
size_t w2v_pairs_join(w2v_pairs *joined, const w2v_dictionary *words, const int32_t *ids, size_t n, int32_t *previous,
                      uint8_t *text);

/* ---- the original word2phrase, reproduced exactly ---- */

/* A joined word is truncated to 59 bytes. Before that it has at most 58 + 1 + 58 bytes. */
#define W2V_PHRASE_LONGEST 59
/* A single word has at most 58 bytes. */
#define W2V_PHRASE_WORD 58

/* A single dictionary has words and joined words, so that the word a_b of the text and the pair a b share one count. */
typedef struct w2v_phrases_original {
    const w2v_dictionary *words; /* the words of the tokens, at most W2V_PHRASE_WORD bytes each */
    w2v_dictionary *joint;       /* words and joined words in order of first occurrence; entry 0 is "</s>" */
    uint32_t *joint_of;          /* (known) the entry of each word in `joint`; W2V_NO_WORD: no occurrence so far */
    uint32_t known;              /* number of words in joint_of */
    int64_t *counts;             /* used for joining: (entries of `joint`); -1: removed from the dictionary */
    int64_t minimum;
    int64_t total; /* number of words, without line ends */
    float threshold;
    int32_t last;            /* state: the preceding token; counting skips line ends; -1 at first */
    int64_t pa, pb, pab, li; /* state of joining: the variables of the original; 0, 0, 0, -1 at first */
} w2v_phrases_original;

/* A pair that was joined: its entry in `joint`, and its score. */
typedef struct w2v_join {
    uint32_t entry;
    float score;
} w2v_join;

/*
 * Counts words and joined words. `joint_of` needs an element for every word of the tokens. `joint` needs room for 2 n
 * more entries and (W2V_PHRASE_LONGEST + W2V_PHRASE_WORD) n more bytes. O(n).
 */
void w2v_phrases_original_count(w2v_phrases_original *phrases, const int32_t *ids, size_t n);

/*
 * Writes the text as word2phrase does: each word has a space or '_' before it. Writes the joins to `joins` (n). Returns
 * the number of bytes written, which is at most the bytes of the words plus one byte per token. O(n).
 */
size_t w2v_phrases_original_join(w2v_phrases_original *phrases, const int32_t *ids, size_t n, uint8_t *text,
                                 w2v_join *joins, size_t *join_count);

W2V_ASSUME_NONNULL_END
#ifdef __cplusplus
}
#endif

#endif
