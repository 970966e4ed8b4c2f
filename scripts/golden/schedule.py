"""Makes tests/golden/schedule.json: learning rates of transformers.get_scheduler at every step.

Run: python3 scripts/golden/schedule.py
"""

import json
from pathlib import Path

import torch
import transformers

LEARNING_RATE = 2e-3
golden = {"transformers": transformers.__version__, "learningRate": LEARNING_RATE, "cases": []}
KWARGS = {
    "cosine": [{}, {"num_cycles": 1.5}],
    "cosine_with_restarts": [{}, {"num_cycles": 3}],
    "polynomial": [{}, {"power": 2.0, "lr_end": 1e-4}],
}
OURS = {"num_cycles": "cycles", "power": "power", "lr_end": "end"}
names = ["linear", "cosine", "cosine_with_restarts", "polynomial", "constant", "constant_with_warmup", "inverse_sqrt"]
for name in names:
    for warmup_steps, total_steps, kwargs in [
        (w, t, k) for k in KWARGS.get(name, [{}]) for w, t in [(0, 7), (3, 12)]
    ]:
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LEARNING_RATE)
        scheduler = transformers.get_scheduler(name, optimizer, warmup_steps, total_steps, kwargs)
        rates = []
        # Two steps beyond the end, where the formulas stay within their range.
        for _ in range(total_steps + 2):
            rates.append(scheduler.get_last_lr()[0])
            optimizer.step()
            scheduler.step()
        case = {"name": name, "warmupSteps": warmup_steps, "totalSteps": total_steps}
        golden["cases"].append({**case, **{OURS[key]: value for key, value in kwargs.items()}, "rates": rates})

# Better, the same, a little better (less than the threshold), worse, and down to where a change is too small.
VALUES = [1.0, 0.8, 0.8, 0.79999, 0.9, 0.7, 0.7, 0.71, 0.72, 0.7, 0.6] + [0.65] * 24
golden["plateaus"] = []
for mode, factor, patience in [("min", 0.5, 1), ("max", 0.3, 2), ("min", 0.1, 0)]:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LEARNING_RATE)
    scheduler = transformers.get_scheduler(
        "reduce_lr_on_plateau", optimizer, scheduler_specific_kwargs={"mode": mode, "factor": factor, "patience": patience}
    )
    values = [value if mode == "min" else 1.1 - value for value in VALUES]
    rates = []
    for value in values:
        scheduler.step(value)
        rates.append(scheduler.get_last_lr()[0])
    golden["plateaus"].append({"mode": mode, "factor": factor, "patience": patience, "values": values, "rates": rates})
path = Path(__file__).parents[2] / "tests" / "golden" / "schedule.json"
path.write_text(json.dumps(golden, indent=1) + "\n")
print(path, path.stat().st_size, "bytes")
