"""Writes src/tokenizers/unicode/bert-characters.ts: how the Rust tokenizers treat each code point.

The tables are read off the library itself (python `tokenizers`), not off a Unicode release: its crates
carry Unicode data of different ages, and what counts here is what the library does.

    python3 scripts/golden/tokenizer_characters.py
"""

import pathlib
import unicodedata

import tokenizers
from tokenizers import normalizers, pre_tokenizers

OUT = pathlib.Path(__file__).parents[2] / "src/tokenizers/unicode/bert-characters.ts"
ALL = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]

cleaner = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
chinese = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False)
stripper = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
lower = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=True)
nfd = normalizers.NFD()
split = pre_tokenizers.BertPreTokenizer()


def ranges(code_points):
    """Sorted code points as base-36 text: gap to the range's start, then its length if it is not 1."""
    out, end, i = [], 0, 0
    points = sorted(code_points)
    while i < len(points):
        j = i
        while j + 1 < len(points) and points[j + 1] == points[j] + 1:
            j += 1
        gap, length = points[i] - end, points[j] - points[i] + 1
        out.append(base36(gap) + ("" if length == 1 else ":" + base36(length)))
        end, i = points[j] + 1, j + 1
    return ",".join(out)


def base36(n):
    digits = ""
    while True:
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36] + digits
        n //= 36
        if n == 0:
            return digits


def main():
    dropped, space, ideographs, marks, decomposed, lowered, punctuation, gap = ([] for _ in range(8))
    for c in ALL:
        char = chr(c)
        cleaned = cleaner.normalize_str(f"a{char}a")
        if cleaned == "aa":
            dropped.append(c)
        elif cleaned == "a a" and c != 32:
            space.append(c)
        else:
            assert cleaned == f"a{char}a", hex(c)
        spaced = chinese.normalize_str(char)
        if spaced != char:
            assert spaced == f" {char} ", hex(c)
            ideographs.append(c)
        if nfd.normalize_str(char) != char:
            decomposed.append(c)
        elif stripper.normalize_str(char) == "":
            marks.append(c)
        if lower.normalize_str(char) != char:
            lowered.append(c)
        words = [w for w, _ in split.pre_tokenize_str(f"a{char}a")]
        if words == ["a", char, "a"]:
            punctuation.append(c)
        elif words == ["a", "a"]:
            gap.append(c)
        else:
            assert words == [f"a{char}a"], hex(c)

    # Canonical combining classes: a mark moves before one of a higher class.
    # The samples must be known to the library, whose tables are older than Python's; U+0345 has the highest class.
    highest = "\u0345"

    def moves(first, second):
        return first != second and nfd.normalize_str(first + second) != first + second

    sample = {}
    for c in ALL:
        kind, char = unicodedata.combining(chr(c)), chr(c)
        if kind and kind not in sample and nfd.normalize_str(char) == char and (char == highest or moves(highest, char)):
            sample[kind] = char
    kinds = sorted(sample)
    assert kinds[-1] == unicodedata.combining(highest)
    classes = {}
    for c in ALL:
        char = chr(c)
        if nfd.normalize_str(char) != char or (char != highest and not moves(highest, char)):
            continue
        stays = [kind for kind in kinds if not moves(sample[kind], char)]
        classes.setdefault(stays[-1], []).append(c)

    strip_all = set(marks)
    for c in decomposed:
        expected = "".join(x for x in nfd.normalize_str(chr(c)) if ord(x) not in strip_all)
        assert stripper.normalize_str(chr(c)) == expected, hex(c)

    def constant(name, doc, value):
        return f"/** {doc} */\nexport const {name} =\n  {value};\n"

    parts = [
        "/**\n"
        " * How the Rust tokenizers (crate tokenizers "
        f"{tokenizers.__version__}) treat each code point, read off the library by\n"
        " * scripts/golden/tokenizer_characters.py. Do not edit.\n"
        " *\n"
        " * A table is a list of ranges in base 36: the gap since the last range's end, then `:` and the length unless it is 1.\n"
        " */\n",
        constant("DROPPED", "What cleaning removes: U+0000, U+FFFD and the category Other.", f'"{ranges(dropped)}"'),
        constant("SPACE", "What cleaning turns into a space.", f'"{ranges(space)}"'),
        constant("IDEOGRAPH", "What gets a space on either side.", f'"{ranges(ideographs)}"'),
        constant("MARK", "Nonspacing marks, which stripping accents removes.", f'"{ranges(marks)}"'),
        constant("DECOMPOSED", "What NFD changes.", f'"{ranges(decomposed)}"'),
        constant("LOWERED", "What lower-casing changes.", f'"{ranges(lowered)}"'),
        constant("PUNCTUATION", "What stands alone as a word.", f'"{ranges(punctuation)}"'),
        constant("GAP", "What separates words and is no part of any.", f'"{ranges(gap)}"'),
        constant(
            "COMBINING",
            "Code points by canonical combining class, all but class 0.",
            "{\n" + "".join(f'    {k}: "{ranges(v)}",\n' for k, v in sorted(classes.items())) + "  }",
        ),
    ]
    OUT.write_text("\n".join(parts), encoding="utf-8")
    for name, table in (("dropped", dropped), ("space", space), ("ideographs", ideographs), ("marks", marks), ("decomposed", decomposed), ("lowered", lowered), ("punctuation", punctuation), ("gap", gap)):
        print(name, len(table))
    print("classes", {k: len(v) for k, v in classes.items()})


main()
