#!/usr/bin/env bash
# Reads the same file of vectors with w2v-c and gensim in turn, and prints the ratio of their times, of the wall and of the
# processor; then opens a file of the native format.
#
# usage: Benchmarks/load.sh [RUNS=5]
#
# The files are made first, with random values: vectors.bin of 400,000 x 50, and 1,000,000 x 300 in the native format (1.2
# GB). They are in the system's cache when they are read. The environment may set:
#   FOLDER=FOLDER       where the files are made, and kept; by default a temporary folder
#   CORE=0              the core that all runs are kept on; by default they may use all
#   PYTHON=python3      if it cannot import gensim, gensim is installed in a temporary folder
set -euo pipefail

runs=${1:-5}
core=${CORE:-} python=${PYTHON:-python3}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=${FOLDER:-$work}

swift build -c release --package-path "$here" --product load >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
load=$(swift build -c release --package-path "$here" --show-bin-path)/load

if ! "$python" -c 'import gensim' 2>"$work/import.log"; then
    "$python" -m venv "$work/venv"
    python=$work/venv/bin/python
    "$python" -m pip install --quiet gensim
fi

on_core() { # on_core COMMAND...
    if [ -n "$core" ]; then taskset -c "$core" "$@"; else "$@"; fi
}
field() { # field NAME FILE
    sed -n "s/.*\<$1=\([0-9.]*\).*/\1/p" "$2"
}
median() { # median FILE
    sort -g "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

[ -e "$folder/vectors.bin" ] || "$load" make -output "$folder/vectors.bin" -words 400000 -size 50
[ -e "$folder/native.safetensors" ] || "$load" make -output "$folder/native.safetensors" -words 1000000 -size 300

for number in $(seq "$runs"); do
    on_core "$python" "$here/gensim_load.py" "$folder/vectors.bin" >"$work/gensim"
    on_core "$load" time "$folder/vectors.bin" -repeat 5 >"$work/w2v-c"
    for time in open-ms processor-ms; do
        gensim=$(field "$time" "$work/gensim") ours=$(field "$time" "$work/w2v-c")
        awk -v a="$gensim" -v b="$ours" 'BEGIN { print a / b }' >>"$work/ratios.$time"
        printf 'run %s, %s: gensim %s, w2v-c %s\n' "$number" "$time" "$gensim" "$ours"
    done
done
printf '\nvectors.bin, 400,000 x 50: gensim / w2v-c: %s of wall time, %s of processor time (medians of the ratios of the runs)\n' \
    "$(median "$work/ratios.open-ms")" "$(median "$work/ratios.processor-ms")"
echo "native format:"
on_core "$load" time "$folder/native.safetensors" -repeat 15
