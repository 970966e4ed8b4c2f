"""Makes tests/golden/adamw.json: ten steps of torch.optim.AdamW with clipping, from random gradients.

Run: python3 scripts/golden/adamw.py
"""

import json
from pathlib import Path

import torch

torch.manual_seed(7)
BETAS, EPSILON, MAX_NORM, STEPS = (0.9, 0.999), 1e-8, 1.0, 10
# name, length, weight decay; odd lengths, so that vectors of four do not end with a parameter.
PARAMETERS = [("weight", 37, 0.1), ("bias", 6, 0.0), ("second.weight", 22, 0.01), ("norm", 5, 0.0)]

parameters = [torch.nn.Parameter(torch.randn(n) * 0.05) for _, n, _ in PARAMETERS]
optimizer = torch.optim.AdamW(
    [{"params": [p], "weight_decay": wd} for p, (_, _, wd) in zip(parameters, PARAMETERS)],
    lr=1e-3,
    betas=BETAS,
    eps=EPSILON,
)
flat = lambda tensors: torch.cat([t.detach().reshape(-1) for t in tensors]).tolist()
golden = {
    "torch": torch.__version__,
    "betas": BETAS,
    "epsilon": EPSILON,
    "maxNorm": MAX_NORM,
    "groups": [{"name": name, "length": n, "weightDecay": wd} for name, n, wd in PARAMETERS],
    "initial": flat(parameters),
    "steps": [],
}
# From 1e-9 (beside which epsilon counts) to 1: every parameter has some of each, and some exact zeros.
magnitudes = [10.0 ** -(i % 10) for i in range(sum(n for _, n, _ in PARAMETERS))]
for step in range(STEPS):
    learning_rate = 1e-3 * (1 + step) / 4
    for group in optimizer.param_groups:
        group["lr"] = learning_rate
    gradients = torch.randn(len(magnitudes)) * torch.tensor(magnitudes) * (0.1 if step % 3 == 0 else 1.0)
    gradients[3::17] = 0
    offset = 0
    for p in parameters:
        p.grad = gradients[offset : offset + p.numel()].clone()
        offset += p.numel()
    norm = torch.nn.utils.clip_grad_norm_(parameters, MAX_NORM)
    optimizer.step()
    golden["steps"].append(
        {
            "learningRate": learning_rate,
            "gradients": gradients.tolist(),
            "norm": norm.item(),
            "parameters": flat(parameters),
            "firstMoment": flat(optimizer.state[p]["exp_avg"] for p in parameters),
            "secondMoment": flat(optimizer.state[p]["exp_avg_sq"] for p in parameters),
        }
    )
path = Path(__file__).parents[2] / "tests" / "golden" / "adamw.json"
path.write_text(json.dumps(golden) + "\n")
print(path, path.stat().st_size, "bytes, norms", [s["norm"] for s in golden["steps"]])
