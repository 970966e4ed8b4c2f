"""Writes src/tokenizers/unicode/unicode-characters.ts: what the Rust tokenizers take code points for, apart from BERT's steps.

    pip install tokenizers sentencepiece protobuf
    python3 scripts/golden/tokenizer_unicode.py

Like tokenizer_characters.py, it reads the tables off the library itself, whose crates carry Unicode data of different ages.
Graphemes show in what a Precompiled normalizer does: it replaces a grapheme of less than six bytes by what its first
characters stand for, so that the rest of it vanishes.
"""

import io
import pathlib
import tempfile
import unicodedata

import sentencepiece
import tokenizers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, normalizers, pre_tokenizers

OUT = pathlib.Path(__file__).parents[2] / "src/tokenizers/unicode/unicode-characters.ts"
ALL = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
MARK = "\u0301"


def base36(n):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[n] if n < 36 else base36(n // 36) + digits[n % 36]


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


def precompiled(rules):
    """A Precompiled normalizer that replaces characters by `rules`; sentencepiece makes its table."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rules.tsv"
        path.write_text("".join(f"{ord(a):X}\t{ord(b):X}\n" for a, b in rules.items()))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter([f"some text to train with {i}" for i in range(100)]),
            model_writer=model, vocab_size=40, normalization_rule_tsv=str(path), minloglevel=2,
        )  # fmt: skip
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap).normalize_str


def graphemes():
    normalize = precompiled({"X": "Y", "©": "Y", "क": "Y", "\u0341": "Y"})
    joining = [c for c in ALL if normalize("X" + chr(c)) == "Y" and c != ord("X")]
    others = sorted(set(ALL) - set(joining))
    extending = [c for c in joining if normalize(f"©{chr(c)}\u200d©{MARK}").endswith(MARK)]
    linking = [c for c in joining if normalize(f"क{chr(c)}क{MARK}").endswith(MARK)]
    prepending = [c for c in others if normalize(f"{chr(c)}X{MARK}").endswith(MARK)]
    pictures = [c for c in others if normalize(f"{chr(c)}\u200d©{MARK}").endswith(MARK)]
    # A mark behind one of these is a grapheme with the next mark, which then vanishes.
    breaking = [c for c in others if not normalize(f"{chr(c)}\u0341{MARK}").endswith(MARK)]
    consonants = [c for c in others if normalize(f"{chr(c)}\u094dक{MARK}").endswith(MARK)]
    return joining, extending, linking, prepending, pictures, breaking, consonants


def unknown_to_normalization():
    """What the library does not know to decompose, combine or compose, and Python does or does not know either."""
    nfd, nfkd, nfc = (form().normalize_str for form in (normalizers.NFD, normalizers.NFKD, normalizers.NFC))
    below, acute = "\u0323", "\u0301"
    unknown = []
    for c in ALL:
        char = chr(c)
        if unicodedata.category(char) == "Cn":
            unknown.append(c)
            continue
        same = nfd(char) == unicodedata.normalize("NFD", char) and nfkd(char) == unicodedata.normalize("NFKD", char)
        samples = [f"a{char}{below}", f"a{acute}{char}{below}"]
        if not same or any(nfc(one) != unicodedata.normalize("NFC", one) or nfd(one) != unicodedata.normalize("NFD", one) for one in samples):
            assert nfkd(char) == char, hex(c)
            unknown.append(c)
    return unknown


def members(pattern):
    split = pre_tokenizers.Split(Regex(pattern), behavior="removed")
    return [c for c in ALL if split.pre_tokenize_str(chr(c)) == []]


def main():
    joining, extending, linking, prepending, pictures, breaking, consonants = graphemes()
    strip = normalizers.StripAccents().normalize_str
    isolated = pre_tokenizers.Punctuation(behavior="removed")
    word = pre_tokenizers.Whitespace()
    tables = {
        "UNNORMALIZED": ("What the Unicode normal forms leave alone, whatever newer versions do with it.", unknown_to_normalization()),
        "ACCENT": ("What StripAccents removes.", [c for c in ALL if strip(chr(c)) == ""]),
        "LETTER": ("`\\\\p{L}` in a regular expression.", members(r"\p{L}")),
        "NUMBER": ("`\\\\p{N}` in a regular expression.", members(r"\p{N}")),
        "DIGIT": ("`\\\\d` in a regular expression.", members(r"\d")),
        "WHITE": ("`\\\\s` in a regular expression.", members(r"\s")),
        "MARKS": ("`\\\\p{M}` in a regular expression.", members(r"\p{M}")),
        "PUNCTUATION": ("What the pre-tokenizer Punctuation takes for it.", [c for c in ALL if isolated.pre_tokenize_str(chr(c)) == []]),
        "WORD": ("`\\\\w` in the pre-tokenizer Whitespace.", [c for c in ALL if len(word.pre_tokenize_str(f"a{chr(c)}a")) == 1]),
        "JOINING": ("What never begins a grapheme: Extend, SpacingMark and U+200D.", joining),
        "EXTENDING": ("Of these, Extend.", extending),
        "LINKING": ("Of these, what links two consonants.", linking),
        "PREPENDING": ("What never ends a grapheme but before a break.", prepending),
        "PICTURE": ("What U+200D joins: Extended_Pictographic.", pictures),
        "BREAKING": ("Controls, which are graphemes by themselves.", breaking),
        "CONSONANT": ("What linking ones join.", consonants),
    }  # fmt: skip
    parts = [
        "/**\n"
        f" * What the Rust tokenizers (crate tokenizers {tokenizers.__version__}) take code points for, read off the library by\n"
        " * scripts/golden/tokenizer_unicode.py. Do not edit. bert-characters.ts says how a table is written.\n"
        " */\n"
    ]
    for name, (doc, table) in tables.items():
        value = f'"{ranges(table)}";'
        gap = " " if len(f"export const {name} = {value}") <= 120 else "\n  "
        parts.append(f"/** {doc.replace(chr(92) * 2, chr(92))} */\nexport const {name} ={gap}{value}\n")
        print(name, len(table), len(ranges(table)))
    OUT.write_text("\n".join(parts), encoding="utf-8")


main()
