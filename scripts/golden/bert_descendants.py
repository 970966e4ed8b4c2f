"""A small random classifier of each descendant of BERT, computed by transformers and PyTorch in float64.

What architectures.py does for other architectures, in the same form: weights by a formula of integers, inputs with
padding and pairs of texts, hidden states, logits, loss, and the gradient of every parameter as float32 in base64.

Usage: python scripts/golden/bert_descendants.py tests/golden/architectures [CASE…]
Needs: pip install torch transformers numpy
"""
import json
import os
import sys

import numpy as np
import torch
import transformers
from transformers import AutoConfig, AutoModelForSequenceClassification

from architectures import RECIPE, encode

SIZES = {"vocab_size": 40, "hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 20, "max_position_embeddings": 26}
NO_DROPOUT = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
ROBERTA = {**SIZES, **NO_DROPOUT, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2}
ALBERT = {**SIZES, **NO_DROPOUT, "embedding_size": 8, "num_hidden_layers": 3, "classifier_dropout_prob": 0.0}
DISTILBERT = {
    **{"vocab_size": 40, "dim": 12, "n_layers": 2, "n_heads": 3, "hidden_dim": 20, "max_position_embeddings": 26},
    **{"dropout": 0.0, "attention_dropout": 0.0, "seq_classif_dropout": 0.0},
}
CASES = {
    "bert-silu": {"model_type": "bert", **SIZES, **NO_DROPOUT, "num_hidden_layers": 1, "hidden_act": "silu"},
    "bert-relu": {"model_type": "bert", **SIZES, **NO_DROPOUT, "num_hidden_layers": 1, "hidden_act": "relu"},
    "distilbert": {"model_type": "distilbert", **DISTILBERT},
    "roberta": {"model_type": "roberta", **ROBERTA},
    "xlm-roberta": {"model_type": "xlm-roberta", **ROBERTA, "vocab_size": 60, "hidden_act": "gelu_pytorch_tanh"},
    "electra": {"model_type": "electra", **SIZES, **NO_DROPOUT, "embedding_size": 8},
    "electra-as-wide": {"model_type": "electra", **SIZES, **NO_DROPOUT, "embedding_size": 12, "num_hidden_layers": 1},
    "albert-v1": {"model_type": "albert", **ALBERT, "hidden_act": "gelu"},
    "albert-v2": {"model_type": "albert", **ALBERT, "hidden_act": "gelu_new"},
    "albert-groups": {"model_type": "albert", **ALBERT, "num_hidden_layers": 4, "num_hidden_groups": 2, "inner_group_num": 2},
    "mpnet": {"model_type": "mpnet", **SIZES, **NO_DROPOUT, "layer_norm_eps": 1e-5, "relative_attention_num_buckets": 32, "pad_token_id": 1},
}
LABELS = ["red", "green", "blue"]
# Lengths of the texts of the batch; every second one is a pair.
LENGTHS = [9, 20, 4, 13]


def kind(name):
    """Offset and scale of a parameter: scales of normalisations around one, biases around nothing, weights wide enough to matter."""
    if "norm" in name.lower():
        return (1.0, 0.5) if name.endswith("weight") else (0.0, 0.4)
    return (0.0, 0.4) if name.endswith("bias") else (0.0, 1.1)


def weights(p, shape, offset, scale):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    u = ((7919 * i * i + 104729 * i + 1299709 * (p + 1)) % 65521).astype(np.float64) / 65521 - 0.5
    return torch.from_numpy((offset + scale * u).astype(np.float32).reshape(shape))


def make_row(number, length, config):
    """Words from id 5 on between the special tokens of the architecture's own tokenizer."""
    rng = np.random.default_rng(100 + number)
    words = (5 + rng.integers(config.vocab_size - 12, size=length)).tolist()
    pairs = number % 2 == 1
    # RoBERTa's kind: <s> a </s></s> b </s>, and all of one segment. BERT's: [CLS] a [SEP] b [SEP].
    first, last, between = (0, 2, 2) if config.pad_token_id == 1 else (2, 3, 1)
    cut = length // 2
    words[0], words[-1] = first, last
    if pairs:
        words[cut : cut + between] = [last] * between
    start = cut + between if pairs and between == 1 else length
    return {"ids": words, "types": [0] * start + [1] * (length - start), "label": int(rng.integers(len(LABELS)))}


def make_batch(rows, pad, with_types):
    longest = max(len(row["ids"]) for row in rows)
    fill = lambda key, value: torch.tensor([row[key] + [value] * (longest - len(row[key])) for row in rows])
    mask = torch.tensor([[1] * len(row["ids"]) + [0] * (longest - len(row["ids"])) for row in rows])
    return {"input_ids": fill("ids", pad), "attention_mask": mask, **({"token_type_ids": fill("types", 0)} if with_types else {})}


def compute(case):
    settings = dict(CASES[case])
    config = AutoConfig.for_model(settings.pop("model_type"), **settings, num_labels=len(LABELS))
    config._attn_implementation = "eager"
    model = AutoModelForSequenceClassification.from_config(config).double().train()
    named = list(model.named_parameters())
    with torch.no_grad():
        for p, (name, parameter) in enumerate(named):
            parameter.copy_(weights(p, tuple(parameter.shape), *kind(name)).double())
    rows = [make_row(number, length, config) for number, length in enumerate(LENGTHS)]
    has_types = config.pad_token_id != 1 and config.model_type != "distilbert"
    batch = make_batch(rows, config.pad_token_id, has_types)
    output = model(**batch, labels=torch.tensor([row["label"] for row in rows]), output_hidden_states=True)
    output.loss.backward()
    real = batch["attention_mask"].bool()
    return {
        "source": f"transformers {transformers.__version__}, torch {torch.__version__}; scripts/golden/bert_descendants.py",
        "recipe": RECIPE,
        # What transformers itself writes.
        "config": {key: value for key, value in config.to_dict().items() if value is not None and key != "transformers_version"},
        "parameters": [{"name": n, "shape": list(q.shape), "offset": kind(n)[0], "scale": kind(n)[1]} for n, q in named],
        "rows": [listed(row) for row in rows],
        "hidden": encode(output.hidden_states[-1][real]),
        "logits": encode(output.logits),
        "loss": output.loss.item(),
        "gradients": {n: encode(q.grad) for n, q in named},
    }


def listed(row):
    """A row with where its second segment starts, where it has one."""
    second = {"second": row["types"].index(1)} if 1 in row["types"] else {}
    return {"ids": row["ids"], "label": row["label"], **second}


def main():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    folder, *wanted = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for case in wanted or CASES:
        golden = compute(case)
        with open(os.path.join(folder, f"{case}.json"), "w", encoding="utf-8") as file:
            json.dump(golden, file, separators=(",", ":"))
            file.write("\n")
        print(case, "loss", golden["loss"], "parameters", len(golden["parameters"]))


if __name__ == "__main__":
    main()
