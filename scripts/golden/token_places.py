"""Writes which part of a text the Rust tokenizers take each of its tokens for.

    pip install tokenizers
    npx tsx scripts/golden/save-tokenizers.ts FOLDER
    python3 scripts/golden/token_places.py FOLDER tests/golden/token-places.json

Places are in UTF-16 units. White space at the ends of a part is left out, as some tokenizers keep it in and others do not; a
part that is nothing else, or the bare mark of a space, is null.
"""

import json
import pathlib
import sys

import tokenizers

TEXTS = [
    "A wonderful little film.",
    "  It wasn't   worth\tthe 1,000 words,\nreally! ",
    "Déjà vu: naïve cafés, ÅNGSTRÖM and straße",
    "电影很好看 in 2024年",
    "Great 😀👨‍👩‍👧 movie!!! 5★",
    "Ｆｕｌｌ ｗｉｄｔｈ ﬁne ① Ⅷ ½",
    "see [MASK] and <mask> inside",
    "antidisestablishmentarianism",
    "",
]


def places(tokenizer, text):
    units = [0]
    for char in text:
        units.append(units[-1] + len(char.encode("utf-16-le")) // 2)
    encoding = tokenizer.encode(text, add_special_tokens=False)
    found = []
    for token, (start, end) in zip(encoding.tokens, encoding.offsets):
        part = text[start:end]
        if part.strip() == "" or token == "▁":
            found.append(None)
            continue
        start, end = start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
        found.append([units[start], units[end]])
    return found


def main():
    folder, output = map(pathlib.Path, sys.argv[1:])
    result = {"made_by": f"scripts/golden/token_places.py, tokenizers {tokenizers.__version__}", "texts": TEXTS, "places": {}}
    for file in sorted(folder.glob("*.json")):
        tokenizer = tokenizers.Tokenizer.from_file(str(file))
        result["places"][file.stem] = [places(tokenizer, text) for text in TEXTS]
    output.write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


main()
