#!/usr/bin/env bash
# Asks w2v-c and gensim (or numpy) the same questions in turn, each with one thread on the same core, and prints the ratios
# of their times: one query of 400,000 x 50 and of 1,000,000 x 300 vectors, 64 queries in one call, and the time of all
# analogies. The answers are compared.
#
# usage: Benchmarks/search.sh [RUNS=15]
#
# The vectors are random, in clusters, of all lengths. Times are of the processor, for the analogies of the wall. The
# environment may set:
#   QUESTIONS=FILE      questions-words.txt; without it no analogies are asked
#   CORE=0              the core that single-threaded runs are kept on
#   FOLDER=FOLDER       where the vectors are made (1.3 GB); by default a temporary folder
#   PYTHON=python3      if it cannot import gensim, gensim is installed in a temporary folder
set -euo pipefail

[ $# -le 1 ] || { sed -n '6s/^# //p' "$0" >&2; exit 2; }
runs=${1:-15} core=${CORE:-0} python=${PYTHON:-python3} questions=${QUESTIONS:-}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=${FOLDER:-$work}

swift build -c release --package-path "$here" --product search >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
search=$(swift build -c release --package-path "$here" --show-bin-path)/search

if ! "$python" -c 'import gensim' 2>"$work/import.log"; then
    "$python" -m venv "$work/venv"
    python=$work/venv/bin/python
    "$python" -m pip install --quiet gensim
fi

export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
taskset -c "$core" "$python" "$here/gensim_search.py" queries "$search" "$folder" "$runs"
[ -z "$questions" ] || "$python" "$here/gensim_search.py" analogies "$search" "$folder" "$runs" "$(realpath "$questions")"
