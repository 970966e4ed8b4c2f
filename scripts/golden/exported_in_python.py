"""Writes tests/golden/exported-in-python.json: what Python makes of a folder that Textune exported.

The tokenizer and the labels are read by transformers, the models run by onnxruntime, one text at a time.

    npx tsx scripts/golden/export-folder.ts /tmp/exported-folder
    pip install onnxruntime transformers
    python scripts/golden/exported_in_python.py /tmp/exported-folder

Made with onnxruntime 1.30.0 and transformers 5.18.0.
"""

import json
import pathlib
import re
import sys

import numpy as np
import onnxruntime
from transformers import AutoConfig, AutoTokenizer

folder = pathlib.Path(sys.argv[1])
root = pathlib.Path(__file__).parents[2]
source = (root / "tests" / "support" / "exported-texts.ts").read_text()
texts = json.loads(re.sub(r",\s*\]", "]", re.search(r"EXPORTED_TEXTS = (\[.*?\]);", source, re.S)[1]))
tokenizer = AutoTokenizer.from_pretrained(folder)
labels = AutoConfig.from_pretrained(folder).id2label


def scores(session, text):
    encoded = tokenizer(text, return_tensors="np", truncation=True)
    feeds = {one.name: encoded[one.name].astype(np.int64) for one in session.get_inputs()}
    logits = session.run(["logits"], feeds)[0][0].astype(np.float64)
    exponentials = np.exp(logits - logits.max())
    return {labels[i]: round(float(p), 7) for i, p in enumerate(exponentials / exponentials.sum())}


golden = {}
for path in sorted((folder / "onnx").glob("*.onnx")):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    golden[f"onnx/{path.name}"] = [scores(session, text) for text in texts]
target = root / "tests" / "golden" / "exported-in-python.json"
target.write_text(json.dumps(golden, indent=1) + "\n")
print(f"{len(golden)} models, {len(texts)} texts")
