#!/usr/bin/env python3
"""Trains gensim's Word2Vec once, with one worker and compare.sh's settings, and writes the vectors.

usage: gensim_run.py CORPUS DIMENSIONS CBOW EPOCHS SEED OUTPUT

Prints words-per-processor-second=N: words of the vocabulary over the processor time of the training alone, all threads of
the process together. That is what `train run` prints for w2v-c.
"""
import sys
import time

from gensim.models import Word2Vec

corpus, output = sys.argv[1], sys.argv[6]
dimensions, cbow, epochs, seed = map(int, sys.argv[2:6])

model = Word2Vec(
    vector_size=dimensions, sg=1 - cbow, hs=0, negative=5, window=5, sample=1e-3, min_count=5,
    alpha=0.05 if cbow else 0.025, min_alpha=1e-6, workers=1, seed=seed)
model.build_vocab(corpus_file=corpus)

start = time.process_time()
model.train(corpus_file=corpus, total_words=model.corpus_total_words, total_examples=model.corpus_count, epochs=epochs)
seconds = time.process_time() - start

words = epochs * sum(model.wv.get_vecattr(word, "count") for word in model.wv.index_to_key)
print(f"words={words} processor-seconds={seconds:.3f} words-per-processor-second={words / seconds:.0f}")
model.wv.save_word2vec_format(output, binary=True)
