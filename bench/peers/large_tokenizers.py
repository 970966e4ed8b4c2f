"""Makes tokenizers of the size of XLM-RoBERTa's and RoBERTa's from the words of IMDB, for bench/tokenize.ts.

    pip install tokenizers
    python3 bench/peers/large_tokenizers.py ARCHIVE FOLDER

ARCHIVE is aclImdb_train.tar.gz. FOLDER gets unigram-250k.json, whose scores are the frequencies of words and of pieces of words,
with SentencePiece's table of normalization, and bpe-50k.json, trained by the library.
"""

import base64
import collections
import gzip
import json
import math
import pathlib
import re
import sys
import tarfile

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

ROOT = pathlib.Path(__file__).parents[2]
ROWS, WORDS = 250_000, 150_000
NAMES = ["<s>", "<pad>", "</s>", "<unk>"]
folder = pathlib.Path(sys.argv[2])

texts = []
with tarfile.open(sys.argv[1]) as archive:
    for member in archive:
        if member.isfile() and re.search(r"/(pos|neg)/", member.name):
            texts.append(archive.extractfile(member).read().decode())

words = collections.Counter("▁" + word for text in texts for word in text.split())
parts = collections.Counter()
for word, count in words.items():
    for start in range(1, len(word)):
        for end in range(start + 1, min(len(word), start + 8) + 1):
            parts[word[start:end]] += count
counts = collections.Counter()
for word, count in words.items():
    for character in word:
        counts[character] += count
for word, count in words.most_common(WORDS):
    counts.setdefault(word, 4 * count)
for part, count in parts.most_common():
    if len(counts) == ROWS - len(NAMES):
        break
    counts.setdefault(part, count)
total = sum(counts.values())
vocab = [[name, 0.0] for name in NAMES] + [[piece, math.log(count / total)] for piece, count in counts.most_common()]

flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
charsmap = gzip.decompress((ROOT / "tests/golden/tokenizers/charsmap.gz").read_bytes())
steps = [
    {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap).decode()},
    {"type": "Strip", "strip_left": False, "strip_right": True},
    {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "▁"},
]
unigram = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [{"id": i, "content": name, **flags} for i, name in enumerate(NAMES)],
    "normalizer": {"type": "Sequence", "normalizers": steps},
    "pre_tokenizer": metaspace,
    "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False},
    "decoder": metaspace,
    "model": {"type": "Unigram", "unk_id": 3, "vocab": vocab, "byte_fallback": False},
}  # fmt: skip
(folder / "unigram-250k.json").write_text(json.dumps(unigram, ensure_ascii=False), encoding="utf-8")

bpe = Tokenizer(models.BPE())
bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
bpe.decoder = decoders.ByteLevel()
alphabet = pre_tokenizers.ByteLevel.alphabet()
bpe.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=50_000, special_tokens=NAMES, initial_alphabet=alphabet, show_progress=False))
bpe.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
bpe.save(str(folder / "bpe-50k.json"))
print(len(vocab), bpe.get_vocab_size())
