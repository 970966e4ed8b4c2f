"""Makes tests/golden/schedule.json: learning rates of transformers.get_scheduler at every step.

Run: python3 scripts/golden/schedule.py
"""

import json
from pathlib import Path

import torch
import transformers

LEARNING_RATE = 2e-3
golden = {"transformers": transformers.__version__, "learningRate": LEARNING_RATE, "cases": []}
names = ["linear", "cosine", "cosine_with_restarts", "polynomial", "constant", "constant_with_warmup", "inverse_sqrt"]
for name in names:
    for warmup_steps, total_steps in [(0, 7), (3, 12)]:
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LEARNING_RATE)
        scheduler = transformers.get_scheduler(name, optimizer, warmup_steps, total_steps)
        rates = []
        # Two steps beyond the end, where the formulas stay within their range.
        for _ in range(total_steps + 2):
            rates.append(scheduler.get_last_lr()[0])
            optimizer.step()
            scheduler.step()
        golden["cases"].append({"name": name, "warmupSteps": warmup_steps, "totalSteps": total_steps, "rates": rates})
path = Path(__file__).parents[2] / "tests" / "golden" / "schedule.json"
path.write_text(json.dumps(golden, indent=1) + "\n")
print(path, path.stat().st_size, "bytes")
