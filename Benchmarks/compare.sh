#!/usr/bin/env bash
# Trains w2v-c and gensim on the same text in turn, each with one thread on the same core, and prints the ratio of their
# speeds and the scores of both.
#
# usage: Benchmarks/compare.sh CORPUS [DIMENSIONS=100] [CBOW=0] [RUNS=5]
#
# A speed is words of the vocabulary per second of processor time of the training alone; reading the text, making the
# vocabulary and writing the vectors are not in it. The settings of both: -negative 5 -window 5 -sample 1e-3 -min-count 5,
# and the original's learning rate. Run n has the seed n. The environment may set:
#   EPOCHS=1            passes over the text
#   CORE=0              the core that all runs are kept on
#   EVALUATE=COMMAND    scores vectors: called with the name of a file of vectors, in word2vec's binary format, behind
#                       the command's own arguments
#   PYTHON=python3      if it cannot import gensim, gensim is installed in a temporary folder
set -euo pipefail

[ $# -ge 1 ] && [ $# -le 4 ] || { sed -n '5s/^# //p' "$0" >&2; exit 2; }
corpus=$(realpath "$1")
dimensions=${2:-100} cbow=${3:-0} runs=${4:-5}
epochs=${EPOCHS:-1} core=${CORE:-0} python=${PYTHON:-python3}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

swift build -c release --package-path "$here" --product train >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
train=$(swift build -c release --package-path "$here" --show-bin-path)/train

if ! "$python" -c 'import gensim' 2>"$work/import.log"; then
    "$python" -m venv "$work/venv"
    python=$work/venv/bin/python
    "$python" -m pip install --quiet gensim
fi

# One run of a program, which writes PROGRAM.bin: its speed is added to speeds.PROGRAM.
run() { # run PROGRAM NUMBER COMMAND...
    local program=$1 number=$2 speed
    shift 2
    taskset -c "$core" "$@" >"$work/run.out"
    speed=$(sed -n 's/.*words-per-processor-second=\([0-9]*\).*/\1/p' "$work/run.out")
    echo "$speed" >>"$work/speeds.$program"
    printf '%s, run %s: %s words per processor second\n' "$program" "$number" "$speed"
    [ -z "${EVALUATE:-}" ] || $EVALUATE "$work/$program.bin" | sed "s|$work/||"
}

median() { # median FILE
    sort -g "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

echo "D = $dimensions, $([ "$cbow" = 0 ] && echo skip-gram || echo CBOW), epochs: $epochs, runs: $runs"
for number in $(seq "$runs"); do
    run gensim "$number" "$python" "$here/gensim_run.py" "$corpus" "$dimensions" "$cbow" "$epochs" "$number" \
        "$work/gensim.bin"
    run w2v-c "$number" "$train" run -corpus "$corpus" -size "$dimensions" -cbow "$cbow" -epochs "$epochs" \
        -seed "$number" -output "$work/w2v-c.bin"
done

paste "$work/speeds.w2v-c" "$work/speeds.gensim" | awk '{ print $1 / $2 }' >"$work/ratios"
printf '\nmedian of gensim: %s words per processor second\n' "$(median "$work/speeds.gensim")"
printf 'median of w2v-c:  %s words per processor second\n' "$(median "$work/speeds.w2v-c")"
printf 'w2v-c / gensim:   %s (median of the ratios of the runs)\n' "$(median "$work/ratios")"
[ -n "${EVALUATE:-}" ] || echo "no scores: EVALUATE names no program"
