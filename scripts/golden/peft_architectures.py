"""LoRA beside layers of other architectures than BERT, as PEFT computes it: logits, and the gradients of all that is trained.

The models are those of architectures.py; the adapters' weights follow from the same formula, numbered after those of the
model. Everything is computed in float64 and stored as float32, in base64.

Usage: python scripts/golden/peft_architectures.py tests/golden/peft-architectures.json
Needs: pip install torch transformers peft numpy
"""
import json
import sys

import peft
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoConfig, AutoModelForSequenceClassification

from architectures import ARCHITECTURES, LENGTHS, PAD, encode, rows, weights

# By the name of the architecture's golden: the targets, PEFT's own where there are none.
CASES = [("deberta-v3", None), ("deberta-v3", "all-linear"), ("modernbert", ["Wqkv"]), ("modernbert", "all-linear"), ("modernbert-mean", ["Wo", "Wi"])]


def golden(name, targets):
    config, _ = ARCHITECTURES[name]
    base = AutoModelForSequenceClassification.from_config(AutoConfig.for_model(**config)).double().eval()
    count = 0
    with torch.no_grad():
        for count, (parameter_name, parameter) in enumerate(base.named_parameters(), start=1):
            parameter.copy_(torch.from_numpy(weights(count - 1, parameter_name, tuple(parameter.shape))[0]))
    model = get_peft_model(base, LoraConfig(task_type="SEQ_CLS", r=2, lora_alpha=5, target_modules=targets)).double().eval()
    strip = lambda key: key.removeprefix("base_model.model.").replace(".default", "").replace("modules_to_save.", "")
    trained = [(strip(key), value) for key, value in model.named_parameters() if value.requires_grad]
    adapters = [(key, value) for key, value in trained if ".lora_" in key]
    listed = []
    with torch.no_grad():
        for p, (key, value) in enumerate(adapters, start=count):
            values, entry = weights(p, key, tuple(value.shape))
            value.copy_(torch.from_numpy(values))
            listed.append(entry)
    batch = rows(False)
    padded = lambda fill, of: torch.tensor([of(row) + [fill] * (max(LENGTHS) - len(row["ids"])) for row in batch])
    inputs = {"input_ids": padded(PAD, lambda row: row["ids"]), "attention_mask": padded(0, lambda row: [1] * len(row["ids"]))}
    output = model(**inputs, labels=torch.tensor([row["label"] for row in batch]))
    output.loss.backward()
    found = model.peft_config["default"]
    return {
        "architecture": name,
        "lora": {"rank": found.r, "alpha": found.lora_alpha, "dropout": 0, "targets": sorted(found.target_modules), "modulesToSave": sorted(found.modules_to_save), "rankStabilized": False},
        "adapters": listed,
        "logits": encode(output.logits),
        "gradients": {key: encode(value.grad) for key, value in trained},
    }


def main():
    torch.set_num_threads(1)
    about = f"peft {peft.__version__}, torch {torch.__version__}; scripts/golden/peft_architectures.py"
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump({"source": about, "cases": [golden(*case) for case in CASES]}, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
