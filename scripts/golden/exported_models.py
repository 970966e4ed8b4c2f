"""Writes tests/golden/exported-models.json: what the packages onnx and numpy make of Textune's exported models.

Every model passes the ONNX checker with shape inference. Those of the standard's operators alone are computed by onnx's
reference evaluator, which is written in numpy and shares nothing with onnxruntime.

    npx tsx scripts/golden/export-models.ts /tmp/exported-models
    pip install onnx numpy
    python scripts/golden/exported_models.py /tmp/exported-models

Made with onnx 1.23.1.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

folder = pathlib.Path(sys.argv[1])
ids = np.array(json.loads((folder / "ids.json").read_text()), dtype=np.int64)
feeds = {"input_ids": ids, "attention_mask": (ids != 0).astype(np.int64), "token_type_ids": np.zeros_like(ids)}
golden = {}
for path in sorted(folder.glob("*.onnx")):
    data = path.read_bytes()
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    entry = {"sha256": hashlib.sha256(data).hexdigest()}
    domains = {node.domain for node in model.graph.node}
    if path.stem.endswith(" standard"):
        assert domains == {""}, domains
        try:
            entry["logits"] = ReferenceEvaluator(model).run(None, feeds)[0].astype(float).round(6).tolist()
        except Exception as error:  # the evaluator does not have every operator in every type
            print(path.stem, "is checked and not computed:", str(error).splitlines()[0][:200])
    golden[path.stem] = entry
target = pathlib.Path(__file__).parents[2] / "tests" / "golden" / "exported-models.json"
target.write_text(json.dumps(golden, indent=1) + "\n")
print(len(golden), "models checked,", sum("logits" in entry for entry in golden.values()), "computed")
