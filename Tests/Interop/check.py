#!/usr/bin/env python3
"""Files written by w2v-c are read by gensim, safetensors and NumPy with equal words and values, and theirs by w2v-c.

usage: check.py W2V-C TEXT

Needs gensim and safetensors; .ci/run installs them in a temporary folder.
"""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

program, text = sys.argv[1:3]
work = tempfile.TemporaryDirectory()
folder = Path(work.name)
checks = 0


def run(*arguments):
    result = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    assert result.returncode == 0, f"{arguments}: {result.stderr}"
    return result.stdout


def export(source, target, *flags):
    run("export", source, "-output", target, *flags)
    return target


def check(what, words, values, expected_words, expected_values):
    global checks
    assert list(words) == list(expected_words), f"{what}: other words"
    assert values.shape == expected_values.shape, f"{what}: {values.shape}, not {expected_values.shape}"
    assert np.array_equal(values.astype("<f4").view("<u4"), expected_values.astype("<f4").view("<u4")), f"{what}: other values"
    checks += 1
    print(f"ok: {what}, {values.shape[0]} x {values.shape[1]}")


def unescaped(word):
    """A word of the metadata: \\s is a space, \\\\ a backslash, \\xHH a byte that is not UTF-8."""
    def one(match):
        escape = match[1]
        return b" " if escape == b"s" else b"\\" if escape == b"\\" else bytes([int(escape[1:], 16)])
    return re.sub(rb"\\(s|\\|x[0-9a-f]{2})", one, word.encode()).decode("utf-8", "surrogateescape")


def read_native(path):
    with safe_open(str(path), framework="numpy") as file:
        names = list(file.keys())
        name = names[0] if len(names) == 1 else "vectors"
        words = [unescaped(word) for word in file.metadata()["words"].split(" ")]
        return words, file.get_tensor(name)


def read_numpy(path):
    words = path.with_suffix(".words").read_bytes().decode("utf-8", "surrogateescape").split("\n")
    assert words.pop() == ""
    return words, np.load(path)


# What w2v-c writes, the others read.
run("train", "-train", text, "-output", folder / "v.bin", "-size", 33, "-iter", 1, "-min-count", 3, "-debug", 0,
    "-checkpoint", folder / "run.checkpoint")
mine = KeyedVectors.load_word2vec_format(folder / "v.bin", binary=True)
words, values = mine.index_to_key, mine.vectors
assert len(words) > 1000 and np.isfinite(values).all()

read = KeyedVectors.load_word2vec_format(export(folder / "v.bin", folder / "v.txt"), binary=False)
check("gensim reads text", read.index_to_key, read.vectors, words, values)
read = KeyedVectors.load_word2vec_format(
    export(folder / "v.bin", folder / "v.glove", "-format", "glove"), binary=False, no_header=True)
check("gensim reads GloVe", read.index_to_key, read.vectors, words, values)
read = KeyedVectors.load_word2vec_format(
    export(folder / "v.txt", folder / "w.bin"), binary=True)
check("gensim reads binary that was text", read.index_to_key, read.vectors, words, values)
check("safetensors reads the native format", *read_native(export(folder / "v.bin", folder / "v.safetensors")), words, values)
check("NumPy reads .npy", *read_numpy(export(folder / "v.safetensors", folder / "v.npy")), words, values)
halves = export(folder / "v.bin", folder / "h.safetensors", "-precision", "f16")
check("safetensors reads half precision", *read_native(halves), words, values.astype("<f2"))
check("NumPy reads half precision",
      *read_numpy(export(folder / "v.bin", folder / "h.npy", "-precision", "f16")), words, values.astype("<f2"))

check("safetensors reads checkpoints", *read_native(folder / "run.checkpoint"), words, values)
with safe_open(str(folder / "run.checkpoint"), framework="numpy") as file:
    counts = dict(zip(words, file.get_tensor("counts").tolist()))
    assert file.get_tensor("output").shape == values.shape and counts["</s>"] == len(Path(text).read_text().splitlines())
    assert json.loads(file.metadata()["checkpoint"])["options"]["dimensions"] == 33
check("and so are they by w2v-c", *read_numpy(export(folder / "run.checkpoint", folder / "run.npy")), words, values)

# Words that need an escape somewhere; what gensim cannot write, it is not asked to.
odd = ['"', "\\", "\\s", "\\x41", "naïve", "日本語", "😀", "a\u0301", "\x7f", "x" * 3000, "1e5", "</s>"]
spaced = [" ", "a b", " c", "tab\there", ""]
random = np.random.default_rng(1).standard_normal((len(odd) + len(spaced), 7)).astype("<f4")
np.save(folder / "odd.npy", random)
(folder / "odd.words").write_text("\n".join(odd + spaced) + "\n")
check("odd words go to the native format",
      *read_native(export(folder / "odd.npy", folder / "odd.safetensors")), odd + spaced, random)
check("and come back", *read_numpy(export(folder / "odd.safetensors", folder / "back.npy")), odd + spaced, random)

# What the others write, w2v-c reads.
theirs = KeyedVectors(7)
theirs.add_vectors(odd, random[: len(odd)])
for binary in (True, False):
    path = folder / f"gensim-{binary}"
    theirs.save_word2vec_format(path, binary=binary)
    # gensim sorts nothing here; its text is repr's digits.
    expected = KeyedVectors.load_word2vec_format(path, binary=binary)
    check(f"w2v-c reads gensim's {'binary' if binary else 'text'}",
          *read_numpy(export(path, folder / f"gensim-{binary}.npy")), expected.index_to_key, expected.vectors)
theirs.save_word2vec_format(folder / "no-header", binary=False, write_header=False)
check("w2v-c reads gensim's text without a header",
      *read_numpy(export(folder / "no-header", folder / "no-header.npy")), odd, random[: len(odd)])

tensors = load_file(folder / "v.safetensors")
with safe_open(str(folder / "v.safetensors"), framework="numpy") as file:
    metadata = file.metadata()
save_file({"embedding": tensors["vectors"]}, folder / "again.safetensors", metadata={**metadata, "more": "é"})
check("w2v-c reads what safetensors wrote", *read_numpy(export(folder / "again.safetensors", folder / "again.npy")), words, values)
save_file({"embedding": random.astype("<f2")}, folder / "half.safetensors")
check("w2v-c reads half precision, with words beside",
      *read_numpy(export(folder / "half.safetensors", folder / "half.npy", "-words", folder / "odd.words")),
      odd + spaced, random.astype("<f2").astype("<f4"))
np.save(folder / "double.npy", random.astype("<f8"))
(folder / "double.words").write_text("\n".join(odd + spaced) + "\n")
check("w2v-c reads NumPy's doubles", *read_native(export(folder / "double.npy", folder / "double.safetensors")), odd + spaced, random)
for name, array in [("columns", np.asfortranarray(random)), ("big", random.astype(">f4")),
                    ("big-columns", np.asfortranarray(random.astype(">f8")))]:
    np.save(folder / f"{name}.npy", array)
    (folder / f"{name}.words").write_text("\n".join(odd + spaced) + "\n")
    check(f"w2v-c reads NumPy's array '{name}'",
          *read_native(export(folder / f"{name}.npy", folder / f"{name}.safetensors")), odd + spaced, random)

info = json.loads(run("info", folder / "v.safetensors", "-json"))
lengths = np.linalg.norm(values.astype("f8"), axis=1)
assert info["words"] == len(words) and abs(info["lengths"]["mean"] - lengths.mean()) < 1e-6, info
assert abs(info["lengths"]["greatest"] - lengths.max()) < 1e-6 and info["duplicateWords"] == 0
print(f"{checks} checks, all well")
