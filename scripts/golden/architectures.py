"""A very small random classifier of each architecture in Hugging Face transformers + PyTorch (talking heads, which it lacks, are
written out in talking_heads_bert.py): hidden states, logits, loss and
the gradient of every parameter, for a batch with texts of several lengths and pairs.

The weights follow from a formula of integers, so that no weight file is needed (`recipe` below). Everything is computed in
float64 and stored as float32, in base64.

Usage: python scripts/golden/architectures.py tests/golden/architectures [NAME...]
Needs: pip install torch transformers numpy
"""
import base64
import json
import os
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
import transformers
from transformers import AutoConfig, AutoModelForSequenceClassification

import talking_heads_bert

VOCABULARY, PAD = 40, 0
RECIPE = (
    "Parameters are numbered p = 0, 1, ... in the order of `parameters`, their elements i = 0, 1, ... row by row. "
    "u = ((7919*i*i + 104729*i + 1299709*(p+1)) mod 65521) / 65521 - 0.5 (the numerator is an exact integer below 2^53); "
    "element = float32(offset + scale*u) computed in float64 and rounded once. `hidden` is the last hidden state of all tokens "
    "that are no padding, row by row; the loss is the mean cross-entropy over the rows; dropout is off. "
    "Numbers are float32 in base64, little-endian, computed in float64."
)
SMALL = {"vocab_size": VOCABULARY, "hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 12, "pad_token_id": PAD, "num_labels": 3}

# By name: the configuration, and whether the architecture knows segments.
ARCHITECTURES = {
    # More tokens than buckets, so that distances share one; of two directions.
    "deberta-v3": ({"model_type": "deberta-v2", **SMALL, "num_hidden_layers": 3, "max_position_embeddings": 32, "relative_attention": True, "position_buckets": 8,
                    "norm_rel_ebd": "layer_norm", "share_att_key": True, "pos_att_type": "p2c|c2p", "position_biased_input": False, "type_vocab_size": 0}, False),
    # Two kinds of layers, and windows that hide something.
    "modernbert": ({"model_type": "modernbert", **SMALL, "num_hidden_layers": 4, "max_position_embeddings": 64, "local_attention": 8, "classifier_pooling": "cls",
                    "bos_token_id": 1, "cls_token_id": 1, "eos_token_id": 2, "sep_token_id": 2}, False),
    "modernbert-mean": ({"model_type": "modernbert", **SMALL, "num_hidden_layers": 3, "max_position_embeddings": 64, "local_attention": 6, "classifier_pooling": "mean",
                         "classifier_activation": "silu", "bos_token_id": 1, "cls_token_id": 1, "eos_token_id": 2, "sep_token_id": 2}, False),
    "talking-heads-bert": ({"model_type": "talking_heads_bert", **SMALL, "num_hidden_layers": 2, "max_position_embeddings": 32, "type_vocab_size": 2,
                            "hidden_act": "gelu_new", "layer_norm_eps": 1e-12}, True),
}
LENGTHS = [21, 3, 12, 17, 2]


def weights(p, name, shape):
    """The values of parameter number p."""
    is_norm = "norm" in name.lower() and name.endswith("weight") and len(shape) == 1
    offset, scale = (1.0, 0.5) if is_norm else (0.0, 0.5 if name.endswith("bias") else 1.0)
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    u = ((7919 * i * i + 104729 * i + 1299709 * (p + 1)) % 65521).astype(np.float64) / 65521 - 0.5
    return (offset + scale * u).astype(np.float32).reshape(shape), {"name": name, "shape": list(shape), "offset": offset, "scale": scale}


def rows(has_segments):
    """Rows of random tokens; every other one is a pair."""
    rng = np.random.default_rng(7)
    result = []
    for number, length in enumerate(LENGTHS):
        ids = [1, *rng.integers(3, VOCABULARY - 5, size=length - 2).tolist(), 2]
        second = length // 2 if number % 2 == 0 and length > 4 else length
        if second < length:
            ids[second - 1] = 2
        row = {"ids": ids, "label": int(rng.integers(3))}
        result.append({**row, "second": second} if has_segments and second < length else row)
    return result


def encode(values):
    return base64.b64encode(values.detach().to(torch.float32).numpy().astype("<f4").tobytes()).decode()


def golden(config, has_segments):
    if config["model_type"] == talking_heads_bert.MODEL_TYPE:
        model = talking_heads_bert.Classifier(config).double()
    else:
        model = AutoModelForSequenceClassification.from_config(AutoConfig.for_model(**config)).double().eval()
        config = json.loads(model.config.to_json_string(use_diff=False))
    named = list(model.named_parameters())
    listed = []
    with torch.no_grad():
        for p, (name, parameter) in enumerate(named):
            values, entry = weights(p, name, tuple(parameter.shape))
            parameter.copy_(torch.from_numpy(values))
            listed.append(entry)
    batch = rows(has_segments)
    longest = max(LENGTHS)
    padded = lambda fill, of: torch.tensor([of(row) + [fill] * (longest - len(row["ids"])) for row in batch])
    inputs = {"input_ids": padded(PAD, lambda row: row["ids"]), "attention_mask": padded(0, lambda row: [1] * len(row["ids"]))}
    if has_segments:
        second = lambda row: row.get("second", len(row["ids"]))
        inputs["token_type_ids"] = padded(0, lambda row: [0] * second(row) + [1] * (len(row["ids"]) - second(row)))
    labels = torch.tensor([row["label"] for row in batch])
    output = model(**inputs, labels=labels)
    hidden = getattr(model, model.base_model_prefix)(**inputs)[0]
    output.loss.backward()
    real = inputs["attention_mask"].bool()
    # A row alone gives the same: padding must not matter. Some models go through float32 in places.
    for i, row in enumerate(batch):
        alone = {name: values[i : i + 1, : len(row["ids"])] for name, values in inputs.items()}
        assert (model(**alone).logits - output.logits[i]).abs().max() < 1e-6, i
    missing = [name for name, parameter in named if parameter.grad is None]
    assert missing == [], missing
    return {
        "source": f"transformers {transformers.__version__}, torch {torch.__version__}; scripts/golden/architectures.py",
        "recipe": RECIPE,
        "config": config,
        "parameters": listed,
        "rows": batch,
        "hidden": encode(hidden[real]),
        "logits": encode(output.logits),
        "loss": output.loss.item(),
        "gradients": {name: encode(parameter.grad) for name, parameter in named},
    }


def main():
    torch.set_num_threads(1)
    folder, *names = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for name in names or ARCHITECTURES:
        result = golden(*ARCHITECTURES[name])
        with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
            json.dump(result, file, separators=(",", ":"))
            file.write("\n")
        print(name, "loss", result["loss"], "parameters", len(result["parameters"]))


if __name__ == "__main__":
    main()
