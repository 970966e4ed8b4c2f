"""Writes FOLDER/onnx/model.onnx beside the classifier of FOLDER: what transformers.js reads.

Usage: python bench/peers/torch_export.py FOLDER    (pip install onnx onnxscript)
"""
import os
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
from torch_bert import pretrained_bert

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def main():
    folder = sys.argv[1]
    # Composed attention: onnxruntime fuses more of what it is exported as than of the one operator.
    model, _ = pretrained_bert(folder, attention="eager")
    model.eval()
    ids = torch.tensor([[101, 2023, 102], [101, 2003, 102]])
    example = dict(zip(INPUTS, (ids, torch.ones_like(ids), torch.zeros_like(ids))))
    os.makedirs(f"{folder}/onnx", exist_ok=True)
    torch.onnx.export(
        model, (), f"{folder}/onnx/model.onnx", kwargs=example, input_names=INPUTS, output_names=["logits"],
        dynamic_shapes={name: {0: "batch", 1: "tokens"} for name in INPUTS}, dynamo=True, external_data=False, verbose=False,
    )


if __name__ == "__main__":
    main()
