"""LoRA adapters as PEFT writes them, with their logits and gradients, and what PEFT says of those that Textune saved.

Each stands beside the model "float32" of tests/golden/transformers-checkpoints.json. Textune opens it and saves it again
(scripts/golden/save-adapter.ts), and PEFT reads that; `saved` ties the golden to the very bytes that PEFT read.

Usage: python scripts/golden/peft_adapter.py tests/golden/peft-adapter.json
Needs: npm ci; pip install torch transformers peft
"""
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import peft
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForSequenceClassification, AutoTokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
CONFIGS = {
    "query and value": {"r": 3, "lora_alpha": 6},
    "all layers, stabilized": {"r": 2, "lora_alpha": 5, "target_modules": "all-linear", "use_rslora": True, "lora_dropout": 0.1},
    "a pattern, a choice of layers": {"r": 2, "lora_alpha": 2, "target_modules": r".*layer\.1\.(.*)\.(key|dense)"},
}
LABEL_IDS = [0, 1, 2, 2, 1, 0]


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def logits_of(model, batch):
    with torch.no_grad():
        return model.eval()(**batch).logits


def golden_of(name, options, place, batch):
    torch.manual_seed(7)
    base = AutoModelForSequenceClassification.from_pretrained(os.path.join(place, "base"), dtype=torch.float32)
    model = get_peft_model(base, LoraConfig(task_type="SEQ_CLS", **options))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.normal_(0, 0.3)
    model.peft_config["default"].base_model_name_or_path = "../base"
    folder = os.path.join(place, name)
    model.save_pretrained(folder)
    model.eval()
    model.zero_grad()
    model(**batch, labels=torch.tensor(LABEL_IDS)).loss.backward()
    strip = lambda key: key.removeprefix("base_model.model.").replace(".default", "").replace("modules_to_save.", "")
    gradients = {strip(key): value.grad.flatten().tolist() for key, value in model.named_parameters() if value.requires_grad}
    logits = logits_of(model, batch)

    ours = os.path.join(place, f"{name} by Textune")
    subprocess.run(["npx", "tsx", os.path.join(HERE, "save-adapter.ts"), folder, ours], cwd=ROOT, check=True)
    again = PeftModel.from_pretrained(AutoModelForSequenceClassification.from_pretrained(os.path.join(place, "base"), dtype=torch.float32), ours)
    assert torch.equal(logits_of(again, batch), logits), name
    trainable = PeftModel.from_pretrained(AutoModelForSequenceClassification.from_pretrained(os.path.join(place, "base")), ours, is_trainable=True)
    assert any(value.requires_grad for value in trainable.parameters())
    config = read_json(os.path.join(ours, "adapter_config.json"))
    del config["base_model_name_or_path"]
    with open(os.path.join(ours, "adapter_model.safetensors"), "rb") as file:
        saved = {"sha256": hashlib.sha256(file.read()).hexdigest(), "config": config}
    files = {file: base64.b64encode(open(os.path.join(folder, file), "rb").read()).decode() for file in ["adapter_config.json", "adapter_model.safetensors"]}
    return {"name": name, "files": files, "logits": logits.tolist(), "gradients": gradients, "saved": saved}


def main():
    checkpoints = read_json(os.path.join(ROOT, "tests", "golden", "transformers-checkpoints.json"))
    variant = next(one for one in checkpoints["variants"] if one["name"] == "float32")
    with tempfile.TemporaryDirectory() as place:
        os.mkdir(os.path.join(place, "base"))
        for name, content in {**checkpoints["tokenizerFiles"], **variant["files"]}.items():
            with open(os.path.join(place, "base", name), "wb") as file:
                file.write(base64.b64decode(content))
        tokenizer = AutoTokenizer.from_pretrained(os.path.join(place, "base"))
        batch = tokenizer(checkpoints["texts"], padding=True, truncation=True, max_length=24, return_tensors="pt")
        adapters = [golden_of(name, options, place, batch) for name, options in CONFIGS.items()]
    golden = {"about": "Written by scripts/golden/peft_adapter.py.", "peft": peft.__version__, "torch": torch.__version__, "labelIds": LABEL_IDS, "adapters": adapters}
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(golden, file, ensure_ascii=False, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
