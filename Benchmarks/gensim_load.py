#!/usr/bin/env python3
"""Reads a file of vectors in word2vec's binary format with gensim, and prints open-ms=N in wall and processor time.

usage: gensim_load.py VECTORS
"""
import sys
import time

from gensim.models import KeyedVectors

start, used = time.perf_counter(), time.process_time()
vectors = KeyedVectors.load_word2vec_format(sys.argv[1], binary=True)
seconds, processor = time.perf_counter() - start, time.process_time() - used
print(f"{len(vectors)} x {vectors.vector_size}")
print(f"open-ms={1000 * seconds:.2f} processor-ms={1000 * processor:.2f}")
