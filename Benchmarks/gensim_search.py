#!/usr/bin/env python3
"""Times searches by gensim, numpy and w2v-c in turn, over the same vectors; search.sh runs it.

usage: gensim_search.py queries SEARCH FOLDER RUNS
       gensim_search.py analogies SEARCH FOLDER RUNS QUESTIONS

SEARCH is the benchmarks' program of that name, which answers questions and tells its times. Every ratio is one of times
of the same run, and what is printed are medians over the runs.
"""
import os
import subprocess
import sys
import time
from statistics import median

import numpy as np
from gensim.models import KeyedVectors

WORD = "w%07d"


def clustered(rows, dimensions, seed):
    """Vectors around 2000 centers, of lengths from 1/3 to 3 times the usual."""
    random = np.random.default_rng(seed)
    centers = random.standard_normal((2000, dimensions), dtype=np.float32)
    vectors = random.standard_normal((rows, dimensions), dtype=np.float32)
    for start in range(0, rows, 100_000):
        part = vectors[start:start + 100_000]
        part += centers[random.integers(0, len(centers), len(part))]
        part *= np.exp(random.uniform(-1.1, 1.1, (len(part), 1))).astype(np.float32)
    return vectors


def write(path, words, vectors):
    """In word2vec's binary format, without the newlines behind rows."""
    longest = max(map(len, words))
    if min(map(len, words)) == longest:
        records = np.empty(len(words), dtype=[("word", "S%d" % (longest + 1)), ("vector", "<f4", vectors.shape[1])])
        records["word"] = [word.encode() + b" " for word in words]
        records["vector"] = vectors
        body = records.tobytes()
    else:
        body = b"".join(word.encode() + b" " + row.tobytes() for word, row in zip(words, vectors))
    with open(path, "wb") as file:
        file.write(b"%d %d\n" % vectors.shape)
        file.write(body)


class Search:
    """The program, with some vectors."""

    def __init__(self, program, vectors):
        self.process = subprocess.Popen([program, vectors], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.first = self.fields()

    def fields(self):
        return dict(field.split("=", 1) for field in self.process.stdout.readline().split())

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.fields()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def pairs(found):
    return [(word, float(value)) for word, value in (pair.rsplit(":", 1) for pair in found.split(","))]


def agree(ours, theirs):
    """The same words at the same cosines, but for the order of those that differ by rounding."""
    return all(abs(a - b) < 2e-6 for (_, a), (_, b) in zip(ours, theirs)) and \
        {word for word, value in ours if value > theirs[-1][1] + 2e-6} <= {word for word, _ in theirs}


def timed(work):
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def report(title, theirs, ours, more=""):
    ratios = [a / b for a, b in zip(theirs, ours)]
    print(f"{title}: {1e3 * median(theirs):.2f} ms, w2v-c {1e3 * median(ours):.2f} ms (best {1e3 * min(theirs):.2f}, "
          f"{1e3 * min(ours):.2f}); ratio {median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f}){more}",
          flush=True)


def queries(program, folder, runs):
    for rows, dimensions in ((400_000, 50), (1_000_000, 300)):
        words = [WORD % n for n in range(rows)]
        vectors = clustered(rows, dimensions, rows)
        path = os.path.join(folder, "vectors.bin")
        write(path, words, vectors)
        gensim = KeyedVectors(dimensions, count=0)
        gensim.add_vectors(words, vectors)
        gensim.fill_norms()
        search = Search(program, path)
        os.remove(path)
        print(f"\n{rows} x {dimensions}; the first query, which makes the int8 copy: {float(search.first['wall']):.2f} s")

        random = np.random.default_rng(1)
        theirs, ours, shares, same = [], [], [], 0
        for run in range(runs + 1):
            word = WORD % random.integers(0, rows)
            seconds, expected = timed(lambda: gensim.most_similar(word, topn=10))
            answer = search.ask("neighbors", 10, word)
            read = float(search.ask("read")["processor"])
            if run == 0:  # to warm up
                continue
            theirs.append(seconds)
            ours.append(float(answer["processor"]))
            shares.append(read / ours[-1])
            same += agree(pairs(answer["found"]), expected)
        report("one query, gensim", theirs, ours,
               f"; {100 * median(shares):.0f}% of the rate at which memory is read in order; {same} of {runs} answers agree")
        if dimensions < 300:
            search.close()
            continue

        units = vectors / gensim.norms[:, None]
        del gensim
        theirs, ours, same = [], [], 0
        for run in range(runs + 1):
            asked = random.integers(0, rows, 64)

            def product():
                scores = units[asked] @ units.T
                best = np.argpartition(scores, rows - 11, axis=1)[:, -11:]
                return [sorted(((float(scores[q, n]), int(n)) for n in best[q]), reverse=True) for q in range(64)]

            seconds, expected = timed(product)
            answer = search.ask("batch", 10, *(WORD % n for n in asked))
            if run == 0:
                continue
            theirs.append(seconds)
            ours.append(float(answer["processor"]))
            same += sum(
                agree(pairs(found), [(WORD % n, value) for value, n in best if n != word][:10])
                for found, best, word in zip(answer["found"].split(";"), expected, asked))
        report("64 queries in one call, numpy", theirs, ours, f"; {same} of {64 * runs} answers agree")
        search.close()


def analogies(program, folder, runs, questions):
    rows, dimensions = 30_000, 100
    asked = dict.fromkeys(
        word for line in open(questions, encoding="utf-8") if not line.startswith(":") for word in line.split())
    words = list(asked) + [WORD % n for n in range(rows - len(asked))]
    path = os.path.join(folder, "analogies.bin")
    write(path, words, clustered(rows, dimensions, 3))
    search = Search(program, path)
    os.remove(path)
    print(f"\nanalogies, {rows} x {dimensions}, {os.cpu_count()} cores, with the reading of the questions")
    for method in ("add", "multiply"):
        answers = [search.ask("accuracy", questions, rows, method) for _ in range(runs)]
        walls = [float(answer["wall"]) for answer in answers]
        print(f"{method}: {answers[0]['asked']} analogies in {median(walls):.3f} s (from {min(walls):.3f} to {max(walls):.3f}), "
              f"{median(float(answer['processor']) for answer in answers):.3f} s of processor time")
    search.close()


if sys.argv[1] == "queries":
    queries(sys.argv[2], sys.argv[3], int(sys.argv[4]))
else:
    analogies(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
