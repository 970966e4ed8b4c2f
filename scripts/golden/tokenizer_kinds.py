"""Trains small tokenizers of each kind and writes what they make of a Unicode fuzz.

    pip install tokenizers transformers sentencepiece protobuf
    python3 scripts/golden/tokenizer_kinds.py tests/golden/tokenizers [TEXTS]

For each kind a folder with the files that a model of this kind comes with, and in kinds.json ids of some texts and
hashes over the ids of all TEXTS texts (100,000 by default) and of the first of them, by the Rust tokenizers. The texts
come from a generator that the test has too (tests/support/fuzz-texts.ts). The vocabularies are learned from
examples/data and the corpus of tokenizer.py. SentencePiece's table of normalization is the same in all its models, and
stands in charsmap.gz once.
"""

import csv
import gzip
import hashlib
import io
import json
import pathlib
import sys
import types

import sentencepiece
import tokenizers
import transformers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
import transformers.convert_slow_tokenizer as convert

ROOT = pathlib.Path(__file__).parents[2]
OUT = pathlib.Path(sys.argv[1]).resolve()
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
FIRST = 5_000
SHOWN = 40

corpus = json.loads((ROOT / "tests/golden/tokenizer-corpus.json").read_text())["texts"]
corpus = [text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for text in corpus]
with open(ROOT / "examples/data/support-tickets.csv", encoding="utf-8") as file:
    tickets = [row["text"] for row in csv.DictReader(file)]
learned_from = tickets + [text for text in corpus if len(text) < 500] * 3


class Random:
    """Marsaglia's xorshift of 32 bits, as in tests/support/fuzz-texts.ts."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        x = self.state
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
        self.state = x
        return x % limit


BLOCKS = [
    (0x20, 0x7F), (0x20, 0x7F), (0x20, 0x7F), (0x61, 0x7B), (0x61, 0x7B), (0, 0x20), (0x80, 0x250), (0x250, 0x370), (0x300, 0x370),
    (0x370, 0x590), (0x590, 0x900), (0x900, 0xE00), (0xE00, 0x1200), (0x1200, 0x2000), (0x1E00, 0x2000), (0x2000, 0x2070),
    (0x2000, 0x2070), (0x2070, 0x3000), (0x3000, 0x3400), (0x3400, 0xA000), (0xA000, 0xAC00), (0xAC00, 0xD7B0), (0xE000, 0xF900),
    (0xF900, 0x10000), (0xFF00, 0xFFF0), (0x10000, 0x20000), (0x1F300, 0x1FB00), (0x20000, 0x32000), (0xE0000, 0xE0200), (0x110, 0x10FFFF),
]  # fmt: skip
PIECES = [
    "the", "ing", " ", " ", " ", "  ", ",", "'s", "'ll", "don't", "1,000", "2,", "``", "''", "\n", "\t", "\r\n", "\u0301", "\u0323", "\u0345", "\u05b0",
    "Σ", "İ", "가", "\u1100", "\u1161", "\u11a8", "\u094d", "क", "\u200d", "\u00a9", "\u2122", "\ufe0f", "\u00a0", "\u3000", "▁", "<mask>", "</s>", "[SEP]",
    "ﬁ", "①", "Å", "é", "e\u0301", "ü", "ß", "中", "文", "😀", "👨\u200d👩", "\u0600", "\U000110bd",
]  # fmt: skip


def fuzz_texts():
    """Words, blocks of characters, single neighbourhoods where marks meet their letters."""
    random = Random(20_250_101)

    def char(low, high):
        code = low + random.below(high - low)
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)

    for _ in range(COUNT):
        kind = random.below(3)
        low, high = BLOCKS[random.below(len(BLOCKS))]
        start = low + random.below(high - low)
        text = ""
        for _ in range(random.below(24)):
            choice = random.below(10)
            if choice < 3:
                text += PIECES[random.below(len(PIECES))]
            elif kind == 0:
                text += char(start, min(start + 48, 0x110000))
            else:
                block = BLOCKS[random.below(len(BLOCKS))]
                text += char(*block)
        yield text


def save(name, tokenizer, config, **files):
    """Writes the files; those of SentencePiece without their table."""
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer_config.json").write_text(json.dumps(config) + "\n")
    for file, content in files.items():
        if file.endswith("__model"):
            proto = sentencepiece_model_pb2.ModelProto.FromString(content)
            (OUT / "charsmap.gz").write_bytes(gzip.compress(proto.normalizer_spec.precompiled_charsmap, mtime=0))
            proto.normalizer_spec.precompiled_charsmap = b""
            content = proto.SerializeToString()
        (folder / file.replace("__", ".")).write_bytes(content)
    return tokenizer


def written(tokenizer):
    return json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")).encode()


def sentence_piece(vocab_size, **options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(learned_from), model_writer=model, vocab_size=vocab_size, model_type="unigram",
        character_coverage=0.999, minloglevel=2, hard_vocab_limit=False, **options,
    )  # fmt: skip
    return model.getvalue()


def converted(converter, model, **settings):
    """The tokenizer that transformers' converter makes of a SentencePiece model."""
    path = OUT / "spm.tmp"
    path.write_bytes(model)
    original = types.SimpleNamespace(vocab_file=str(path), **settings)
    vocabulary = converter(original).vocab(converter(original).proto)
    ids = {piece: i for i, (piece, _) in enumerate(vocabulary)}
    original.convert_tokens_to_ids = lambda token: ids[token]
    tokenizer = converter(original).converted()
    path.unlink()
    return tokenizer


def special(*tokens, **flags):
    return [AddedToken(token, special=True, normalized=False, **flags) for token in tokens]


def bert(cased):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=not cased)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(learned_from, trainers.WordPieceTrainer(vocab_size=1200, special_tokens=names, show_progress=False))
    # The order of pieces as often as each other differs from run to run; the set does not.
    tokens = names + sorted(set(tokenizer.get_vocab()) - set(names))
    tokenizer.model = models.WordPiece({token: i for i, token in enumerate(tokens)}, unk_token="[UNK]")
    tokenizer.add_special_tokens(special(*names))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    config = {"tokenizer_class": "BertTokenizer", "do_lower_case": not cased}
    return save("bert-cased" if cased else "bert", tokenizer, config, vocab__txt="".join(f"{token}\n" for token in tokens).encode())


def roberta():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    names = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.BpeTrainer(vocab_size=1200, special_tokens=names, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(learned_from, trainer)
    tokenizer.add_special_tokens(special("<mask>", lstrip=True))
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    sections = json.loads(tokenizer.to_str())["model"]
    merges = "#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in sections["merges"])
    return save("roberta", tokenizer, {"tokenizer_class": "RobertaTokenizer"}, tokenizer__json=written(tokenizer), vocab__json=json.dumps(sections["vocab"], ensure_ascii=False).encode(), merges__txt=merges.encode())


def modernbert():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    names = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]
    trainer = trainers.BpeTrainer(vocab_size=1000, special_tokens=names, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(learned_from, trainer)
    tokenizer.add_tokens([AddedToken("  " * n, normalized=True) for n in (1, 2, 4)] + [AddedToken("|||EMAIL|||", normalized=False)])
    tokenizer.add_special_tokens(special("[MASK]", lstrip=True))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:0 [SEP]:0", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return save("modernbert", tokenizer, {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]"}, tokenizer__json=written(tokenizer))


def albert(keep_accents, do_lower_case):
    model = sentence_piece(900, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1, control_symbols="[CLS],[SEP],[MASK]", pad_piece="<pad>", normalization_rule_name="nmt_nfkc")
    tokenizer = converted(convert.AlbertConverter, model, keep_accents=keep_accents, do_lower_case=do_lower_case)
    tokenizer.add_special_tokens(special("<pad>", "<unk>", "[CLS]", "[SEP]") + special("[MASK]", lstrip=True))
    config = {"tokenizer_class": "AlbertTokenizer", "keep_accents": keep_accents, "do_lower_case": do_lower_case}
    return save("albert-cased" if keep_accents else "albert", tokenizer, config, spiece__model=model)


def xlm_roberta():
    model = sentence_piece(1100, unk_id=0, bos_id=1, eos_id=2, normalization_rule_name="nmt_nfkc")
    tokenizer = converted(convert.XLMRobertaConverter, model)
    tokenizer.add_special_tokens(special("<s>", "<pad>", "</s>", "<unk>") + special("<mask>", lstrip=True))
    return save("xlm-roberta", tokenizer, {"tokenizer_class": "XLMRobertaTokenizer"}, sentencepiece__bpe__model=model)


def deberta(split_by_punct):
    model = sentence_piece(1000, pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]", bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]", normalization_rule_name="nmt_nfkc", user_defined_symbols="<n>" if split_by_punct else "")
    tokenizer = converted(convert.DebertaV2Converter, model, do_lower_case=False, split_by_punct=split_by_punct)
    tokenizer.add_special_tokens(special("[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"))
    config = {"tokenizer_class": "DebertaV2Tokenizer", "do_lower_case": False, "split_by_punct": split_by_punct}
    return save("deberta-punctuation" if split_by_punct else "deberta", tokenizer, config, spm__model=model)


def pipelines():
    """Steps that the others do not have, before one and the same model; they are kept as sections alone."""
    split, steps = pre_tokenizers.Split, normalizers
    meta = pre_tokenizers.Metaspace
    return {
        "forms": (steps.Sequence([steps.NFKC(), steps.NFD(), steps.StripAccents(), steps.Strip(True, False)]), pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), meta()])),
        "forms back": (steps.Sequence([steps.NFKD(), steps.Lowercase(), steps.NFC()]), pre_tokenizers.Sequence([pre_tokenizers.Punctuation("merged_with_previous"), meta(prepend_scheme="never")])),
        "prepend": (steps.Sequence([steps.Replace(Regex(r"\s+"), " "), steps.Prepend("▁"), steps.Replace(" ", "▁")]), split("▁", "merged_with_next")),
        "first": (None, meta(prepend_scheme="first")),
        "whole": (None, meta(split=False)),
        "numbers": (None, pre_tokenizers.Sequence([split(Regex(r"\p{N}{1,3}|[^\s\p{L}\p{N}]+"), "isolated"), split(Regex(r"[^\p{L}\p{M}]"), "contiguous", invert=True), meta()])),
        "removed": (steps.BertNormalizer(), pre_tokenizers.Sequence([pre_tokenizers.BertPreTokenizer(), split(Regex(r"\s|\d"), "removed"), meta()])),
    }  # fmt: skip


def main():
    transformers.logging.set_verbosity_error()
    OUT.mkdir(parents=True, exist_ok=True)
    kinds = {"bert": bert(False), "bert-cased": bert(True), "roberta": roberta(), "modernbert": modernbert(), "xlm-roberta": xlm_roberta()}
    kinds |= {"albert": albert(False, True), "albert-cased": albert(True, False), "deberta": deberta(False), "deberta-punctuation": deberta(True)}
    texts = list(fuzz_texts())
    sections = {}
    for name, (normalizer, pre_tokenizer) in pipelines().items():
        tokenizer = Tokenizer.from_str(kinds["xlm-roberta"].to_str())
        content = json.loads(tokenizer.to_str())
        content["normalizer"] = normalizer and json.loads(f"[{normalizer.__getstate__().decode()}]")[0]
        content["pre_tokenizer"] = json.loads(pre_tokenizer.__getstate__().decode())
        kinds[name] = Tokenizer.from_str(json.dumps(content))
        sections[name] = {"normalizer": content["normalizer"], "pre_tokenizer": content["pre_tokenizer"]}
    result = {
        "made_by": f"scripts/golden/tokenizer_kinds.py, tokenizers {tokenizers.__version__}, transformers {transformers.__version__}, sentencepiece {sentencepiece.__version__}",
        "texts": COUNT,
        "first": FIRST,
        "text_hash": hashlib.sha256("\n".join(texts).encode()).hexdigest(),
        "kinds": {},
    }
    for name, tokenizer in kinds.items():
        ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
        lines = [" ".join(map(str, one)) + "\n" for one in ids]
        result["kinds"][name] = {
            "hash": hashlib.sha256("".join(lines).encode()).hexdigest(),
            "first_hash": hashlib.sha256("".join(lines[:FIRST]).encode()).hexdigest(),
            "ids": ids[:SHOWN],
            **({"sections": sections[name]} if name in sections else {}),
        }
    (OUT / "kinds.json").write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(sum(path.stat().st_size for path in OUT.rglob("*") if path.is_file()), "bytes")


main()
