"""Writes tests/golden/tokenizer-pairs.json: ids and segments of pairs of texts by the Rust tokenizers.

    python3 scripts/golden/tokenizer_pairs.py

The texts and the vocabulary are those of tests/golden/tokenizer-corpus.json, a pair being two neighbours. The small
vocabulary is loaded as transformers' BertTokenizer loads it; for RoBERTa's template its post-processor is replaced.
A pair that cannot be cut as asked for is null. The texts are given as lists, as for training: given by themselves,
transformers takes an empty second text for none.
"""

import json
import pathlib
import tempfile

import tokenizers
import transformers
from tokenizers.processors import BertProcessing, RobertaProcessing, TemplateProcessing
from transformers import BertTokenizer, PreTrainedTokenizerFast

ROOT = pathlib.Path(__file__).parents[2]
corpus = json.loads((ROOT / "tests/golden/tokenizer-corpus.json").read_text())
texts = [text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for text in corpus["texts"]]
pairs = list(zip(texts, texts[1:] + texts[:1]))
LENGTHS = [6, 13, 60]
STRATEGIES = ["longest_first", "only_first", "only_second"]


def processors(cls_id, sep_id):
    cls, sep = ("[CLS]", cls_id), ("[SEP]", sep_id)
    yield "as transformers builds it", None
    yield "BertProcessing", BertProcessing(sep, cls)
    yield "RobertaProcessing", RobertaProcessing(sep, cls)
    yield "its template, two segments", TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] [SEP] $B:1 [SEP]:1", special_tokens=[cls, sep]
    )


def encode(tokenizer, pair, length, strategy):
    try:
        encoding = tokenizer(
            [pair[0]], [pair[1]], truncation=strategy, max_length=length, return_token_type_ids=True
        )
    except BaseException as error:  # the library's own error, "Sequence to truncate too short"
        assert "too short" in str(error), error
        return None
    return {"ids": encoding["input_ids"][0], "ones": sum(encoding["token_type_ids"][0])}


def digest(encodings):
    """Every encoding as [ones, ...ids]: the segments are zeros and then ones, which the assertion below holds."""
    return [None if one is None else [one["ones"], *one["ids"]] for one in encodings]


result = {
    "made_by": f"scripts/golden/tokenizer_pairs.py, tokenizers {tokenizers.__version__}, transformers {transformers.__version__}",
    "lengths": LENGTHS,
    "cases": [],
}
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "vocab.txt").write_text("".join(f"{token}\n" for token in corpus["vocabulary"]), encoding="utf-8")
    bert = BertTokenizer.from_pretrained(folder)
    for label, processor in processors(bert.cls_token_id, bert.sep_token_id):
        for side in ["right", "left"]:
            backend = tokenizers.Tokenizer.from_str(bert.backend_tokenizer.to_str())
            if processor is not None:
                backend.post_processor = processor
            section = json.loads(backend.to_str())["post_processor"]
            tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, truncation_side=side)
            some = pairs if processor is None else pairs[:12]
            case = {"name": label, "side": side, "post_processor": section, "pairs": len(some), "encodings": {}}
            for strategy in STRATEGIES:
                encodings = []
                for length in LENGTHS:
                    # The longest length is looked at for one strategy alone: it is mostly the whole pair.
                    if length == LENGTHS[-1] and (strategy != "longest_first" or side == "left"):
                        continue
                    encodings.append(digest([encode(tokenizer, pair, length, strategy) for pair in some]))
                case["encodings"][strategy] = encodings
            for pair in some:
                types = tokenizer([pair[0]], [pair[1]], return_token_type_ids=True)["token_type_ids"][0]
                assert types == sorted(types)
            result["cases"].append(case)

out = ROOT / "tests/golden/tokenizer-pairs.json"
out.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(out.stat().st_size, "bytes")
