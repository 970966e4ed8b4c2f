"""Integrated gradients, and gradient times input, of the small classifiers of tests/golden/architectures, in float64.

    pip install torch transformers numpy
    python3 scripts/golden/attributions.py tests/golden/architectures tests/golden/attributions.json

What is explained is the logit of class 1. The baseline has the padding token in the place of every token but the first and
token 2, the separator. The mean of the gradients on the way is taken at POINTS points of the Gauss-Legendre rule.
"""

import json
import pathlib
import sys

import numpy as np
import torch
import transformers
from transformers import AutoConfig, AutoModelForSequenceClassification

import talking_heads_bert

POINTS, ROWS, CLASS, SPECIAL = 6, 3, 1, (1, 2)


def load(file):
    """The classifier that the recipe of a golden describes."""
    config = dict(file["config"])
    if config["model_type"] == talking_heads_bert.MODEL_TYPE:
        model = talking_heads_bert.Classifier(config).double()
    else:
        model = AutoModelForSequenceClassification.from_config(AutoConfig.for_model(**config)).double().eval()
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for p, entry in enumerate(file["parameters"]):
            i = np.arange(int(np.prod(entry["shape"])), dtype=np.int64)
            u = ((7919 * i * i + 104729 * i + 1299709 * (p + 1)) % 65521).astype(np.float64) / 65521 - 0.5
            values = (entry["offset"] + entry["scale"] * u).astype(np.float32).reshape(entry["shape"])
            parameters[entry["name"]].copy_(torch.from_numpy(values))
    return model.eval()


def attributions(model, embedding, row, pad, has_segments):
    ids = torch.tensor([row["ids"]])
    baseline = torch.tensor([[token if token in SPECIAL else pad for token in row["ids"]]])
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if has_segments:
        second = row.get("second", ids.shape[1])
        inputs["token_type_ids"] = torch.tensor([[0] * second + [1] * (ids.shape[1] - second)])
    end, start = embedding.weight[ids].detach(), embedding.weight[baseline].detach()

    def at(share):
        """The logit, and its gradient, where the embeddings are `share` of the way."""
        x = (start + share * (end - start)).requires_grad_()
        hook = embedding.register_forward_hook(lambda *_: x)
        logit = model(**inputs).logits[0, CLASS]
        hook.remove()
        return logit.item(), torch.autograd.grad(logit, x)[0]

    points, weights = np.polynomial.legendre.leggauss(POINTS)
    mean = sum(weight / 2 * at((point + 1) / 2)[1] for point, weight in zip(points, weights))
    value, gradient = at(1.0)
    return {
        "value": value,
        "baselineValue": at(0.0)[0],
        "integratedGradients": (mean * (end - start)).sum(-1)[0].tolist(),
        "gradientTimesInput": (gradient * end).sum(-1)[0].tolist(),
    }


def main():
    torch.set_num_threads(1)
    folder, output = map(pathlib.Path, sys.argv[1:])
    result = {"made_by": f"scripts/golden/attributions.py, transformers {transformers.__version__}, torch {torch.__version__}", "points": POINTS, "class": CLASS}
    result["architectures"] = {}
    for path in sorted(folder.glob("*.json")):
        file = json.loads(path.read_text(encoding="utf-8"))
        model = load(file)
        embedding = next(module for name, module in model.named_modules() if name.endswith(("word_embeddings", "tok_embeddings")))
        has_segments = any("second" in row for row in file["rows"])
        result["architectures"][path.stem] = [attributions(model, embedding, row, file["config"]["pad_token_id"], has_segments) for row in file["rows"][:ROWS]]
        print(path.stem)
    output.write_text(json.dumps(result, separators=(",", ":")) + "\n", encoding="utf-8")


main()
