"""Makes tests/golden/optimizers.json: ten steps of every optimizer over groups with their own rate and decay.

SGD, Adam and AdamW are torch.optim's; Adafactor is transformers' with the arguments that its Trainer gives it
(scale_parameter and relative_step off); Lion is the code of the paper (google/automl, lion/lion_pytorch.py), written
out below.

Run: python3 scripts/golden/optimizers.py
"""

import json
from pathlib import Path

import torch
import transformers
from transformers.optimization import Adafactor

STEPS, MAX_NORM = 10, 1.0
# name, shape, group; odd sizes, so that vectors of four do not end with a row.
TENSORS = [("table", (5, 3), 0), ("weight", (3, 7), 0), ("bias", (7,), 1), ("head", (2, 9), 2), ("last", (6,), 2)]
GROUPS = [{"weightDecay": 0.1, "rateScale": 1.0}, {"weightDecay": 0.0, "rateScale": 1.0}, {"weightDecay": 0.02, "rateScale": 2.5}]
LEARNING_RATE = 1e-3


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                p.data.mul_(1 - group["lr"] * group["weight_decay"])
                grad, state = p.grad, self.state[p]
                if len(state) == 0:
                    state["exp_avg"] = torch.zeros_like(p)
                exp_avg = state["exp_avg"]
                beta1, beta2 = group["betas"]
                update = exp_avg * beta1 + grad * (1 - beta1)
                p.add_(update.sign_(), alpha=-group["lr"])
                exp_avg.mul_(beta2).add_(grad, alpha=1 - beta2)


CASES = [
    ("sgd", {"momentum": 0.9, "nesterov": False}, lambda g: torch.optim.SGD(g, lr=1, momentum=0.9)),
    ("sgd", {"momentum": 0.8, "nesterov": True}, lambda g: torch.optim.SGD(g, lr=1, momentum=0.8, nesterov=True)),
    ("sgd", {"momentum": 0, "nesterov": False}, lambda g: torch.optim.SGD(g, lr=1)),
    ("adam", {"adamBeta1": 0.85, "adamBeta2": 0.98, "adamEpsilon": 1e-7}, lambda g: torch.optim.Adam(g, lr=1, betas=(0.85, 0.98), eps=1e-7)),
    ("adamw", {}, lambda g: torch.optim.AdamW(g, lr=1)),
    ("adafactor", {}, lambda g: Adafactor(g, lr=1, scale_parameter=False, relative_step=False)),
    ("lion", {"lionBeta1": 0.9, "lionBeta2": 0.95}, lambda g: Lion(g, betas=(0.9, 0.95))),
]

torch.manual_seed(11)
shapes = [torch.Size(shape) for _, shape, _ in TENSORS]
initial = [torch.randn(shape) * 0.05 for shape in shapes]
gradients = []
for step in range(STEPS):
    # From 1e-6 to 1, with exact zeros, and a row of the table that never has a gradient.
    one = [torch.randn(s) * 10.0 ** -torch.randint(0, 7, s) * (0.1 if step % 3 == 0 else 1.0) for s in shapes]
    for g in one:
        g.view(-1)[1::6] = 0
    one[0][2] = 0
    gradients.append(one)
flat = lambda tensors: [float(f"{v:.9g}") for t in tensors for v in t.detach().reshape(-1).tolist()]
rates = [LEARNING_RATE * (1 + step) / 4 for step in range(STEPS)]

cases = []
for name, options, make in CASES:
    parameters = [torch.nn.Parameter(t.clone()) for t in initial]
    optimizer = make(
        [
            {"params": [p for p, (_, _, g) in zip(parameters, TENSORS) if g == index], "weight_decay": group["weightDecay"]}
            for index, group in enumerate(GROUPS)
        ]
    )
    kept = {}
    for step in range(STEPS):
        for group, own in zip(optimizer.param_groups, GROUPS):
            group["lr"] = rates[step] * own["rateScale"]
        for p, g in zip(parameters, gradients[step]):
            p.grad = g.clone()
        torch.nn.utils.clip_grad_norm_(parameters, MAX_NORM)
        optimizer.step()
        if step + 1 in (1, 2, 5, 10):
            kept[step + 1] = flat(parameters)
    cases.append({"name": name, "options": options, "parameters": kept})

golden = {
    "torch": torch.__version__,
    "transformers": transformers.__version__,
    "maxNorm": MAX_NORM,
    "tensors": [{"name": name, "shape": shape, "group": group} for name, shape, group in TENSORS],
    "groups": GROUPS,
    "learningRates": rates,
    "initial": flat(initial),
    "gradients": [flat(one) for one in gradients],
    "cases": cases,
}
path = Path(__file__).parents[2] / "tests" / "golden" / "optimizers.json"
path.write_text(json.dumps(golden) + "\n")
print(path, path.stat().st_size, "bytes")
