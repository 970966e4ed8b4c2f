"""Logits of a text that itself holds the padding token, of the small random RoBERTa and MPNet of bert_descendants.py.

transformers gives positions by token ids: a padding token inside of a text has the position of padding, and those behind
it count on as if it were not there. `logits` are with these positions, `counted` with a position for each token, as it has
in the other architectures.

Usage: python scripts/golden/inner_padding.py tests/golden/inner-padding.json
Needs: pip install torch transformers numpy
"""
import json
import sys

import torch
import transformers
from transformers import AutoConfig, AutoModelForSequenceClassification

from bert_descendants import CASES, LABELS, kind, weights

IDS = [0, 7, 9, 1, 12, 8, 1, 1, 15, 2]


def compute(case):
    settings = dict(CASES[case])
    config = AutoConfig.for_model(settings.pop("model_type"), **settings, num_labels=len(LABELS))
    model = AutoModelForSequenceClassification.from_config(config).double().eval()
    with torch.no_grad():
        for p, (name, parameter) in enumerate(model.named_parameters()):
            parameter.copy_(weights(p, tuple(parameter.shape), *kind(name)).double())
        batch = {"input_ids": torch.tensor([IDS]), "attention_mask": torch.ones(1, len(IDS), dtype=torch.long)}
        positions = torch.arange(len(IDS))[None] + config.pad_token_id + 1
        return {"logits": model(**batch).logits[0].tolist(), "counted": model(**batch, position_ids=positions).logits[0].tolist()}


def main():
    transformers.logging.set_verbosity_error()
    result = {"source": f"transformers {transformers.__version__}; scripts/golden/inner_padding.py", "ids": IDS}
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump({**result, "models": {case: compute(case) for case in ["roberta", "mpnet"]}}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
