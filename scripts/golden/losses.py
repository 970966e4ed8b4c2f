"""Makes tests/golden/losses.json: losses and their gradients of PyTorch in float64, with mean reduction.

Run: python3 scripts/golden/losses.py
Needs: pip install torch scikit-learn
"""

import json
from pathlib import Path

import numpy as np
import sklearn
import torch
import torch.nn.functional as F
from sklearn.utils.class_weight import compute_class_weight

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
cases = []


def add(name, loss, kind, options, logits, targets, reference):
    """`reference` maps logits to the mean loss; logits are numbers of float32, so that both sides read the same."""
    logits = logits.float().double().requires_grad_()
    value = reference(logits)
    value.backward()
    assert torch.isfinite(value) and torch.isfinite(logits.grad).all(), name
    cases.append(
        {
            "name": name,
            "loss": loss,
            "targetKind": kind,
            "options": options,
            "outputs": logits.shape[1],
            "logits": logits.detach().flatten().tolist(),
            "targets": targets.flatten().tolist(),
            "value": value.item(),
            "gradient": logits.grad.flatten().tolist(),
        }
    )


extreme = torch.tensor([[1e4, -1e4, 0.0], [-1e4, 1e4, 9999.0], [1e4, 1e4, -1e4], [-1e4, 0.0, 3.0]])
classes = {"some": (torch.randn(6, 3) * 2, torch.tensor([0, 2, 1, 1, 0, 0])), "extreme": (extreme, torch.tensor([0, 2, 2, 1]))}
weights = [0.5, 2.0, 1.25]
w = torch.tensor(weights)
for which, (logits, y) in classes.items():
    ce = lambda x, **kw: F.cross_entropy(x, y, **kw)
    add(f"{which}: classes", "cross_entropy", "class", {}, logits, y, ce)
    add(f"{which}: smoothed", "cross_entropy", "class", {"labelSmoothing": 0.1}, logits, y, lambda x: ce(x, label_smoothing=0.1))
    add(f"{which}: weighted", "cross_entropy", "class", {"classWeights": weights}, logits, y, lambda x: ce(x, weight=w))
    both = {"labelSmoothing": 0.2, "classWeights": weights}
    add(f"{which}: smoothed, weighted", "cross_entropy", "class", both, logits, y, lambda x: ce(x, weight=w, label_smoothing=0.2))
    without = {"labelSmoothing": 0.2, "classWeights": [0.0, 2.0, 1.0]}
    add(f"{which}: a class of weight 0", "cross_entropy", "class", without, logits, y, lambda x: ce(x, weight=torch.tensor([0.0, 2.0, 1.0]), label_smoothing=0.2))

    q = torch.softmax(torch.randn(len(y), 3), -1).float().double()
    soft = lambda x, **kw: F.cross_entropy(x, q, **kw)
    add(f"{which}: distributions", "cross_entropy", "distribution", {}, logits, q, soft)
    add(f"{which}: distributions, smoothed, weighted", "cross_entropy", "distribution", both, logits, q, lambda x: soft(x, weight=w, label_smoothing=0.2))

    yes = (torch.arange(logits.numel()).reshape(logits.shape) * 7 % 5 < 2).double()
    bce = lambda x, **kw: F.binary_cross_entropy_with_logits(x, yes, **kw)
    add(f"{which}: labels", "binary_cross_entropy", "labels", {}, logits, yes, bce)
    add(f"{which}: labels, positive weights", "binary_cross_entropy", "labels", {"positiveWeights": weights}, logits, yes, lambda x: bce(x, pos_weight=w))
    # Keras' smoothing: t (1 - e) + e / 2.
    add(f"{which}: labels, smoothed, positive weights", "binary_cross_entropy", "labels", {"labelSmoothing": 0.1, "positiveWeights": weights}, logits, yes,
        lambda x: F.binary_cross_entropy_with_logits(x, yes * 0.9 + 0.05, pos_weight=w))
    one, t = logits[:, :1], yes[:, :1]
    # One unit with logit x says what two classes with logits 0 and x say.
    two = lambda x, **kw: F.cross_entropy(torch.cat([torch.zeros_like(x), x], 1), t[:, 0].long(), **kw)
    add(f"{which}: one unit", "binary_cross_entropy", "labels", {}, one, t, two)
    pair = {"labelSmoothing": 0.1, "classWeights": [0.5, 3.0]}
    add(f"{which}: one unit, smoothed, weighted", "binary_cross_entropy", "labels", pair, one, t, lambda x: two(x, label_smoothing=0.1, weight=torch.tensor([0.5, 3.0])))

    def focal(x, gamma, weight=None):
        loss = F.cross_entropy(x, y, reduction="none")
        loss = (1 - torch.exp(-loss)) ** gamma * loss
        return loss.mean() if weight is None else (loss * weight[y]).sum() / weight[y].sum()

    def sigmoid_focal(x, gamma, alpha=None):
        """torchvision.ops.sigmoid_focal_loss, reduction mean"""
        p = torch.sigmoid(x)
        p_t = p * yes + (1 - p) * (1 - yes)
        loss = F.binary_cross_entropy_with_logits(x, yes, reduction="none") * (1 - p_t) ** gamma
        return (loss if alpha is None else (alpha * yes + (1 - alpha) * (1 - yes)) * loss).mean()

    add(f"{which}: focal", "focal", "class", {}, logits, y, lambda x: focal(x, 2.0))
    add(f"{which}: focal, gamma 0, weighted", "focal", "class", {"gamma": 0, "classWeights": weights}, logits, y, lambda x: ce(x, weight=w))
    add(f"{which}: focal, gamma 3, weighted", "focal", "class", {"gamma": 3, "classWeights": weights}, logits, y, lambda x: focal(x, 3.0, w))
    add(f"{which}: focal labels", "focal", "labels", {}, logits, yes, lambda x: sigmoid_focal(x, 2.0))
    add(f"{which}: focal labels, alpha", "focal", "labels", {"gamma": 1.5, "alpha": 0.25}, logits, yes, lambda x: sigmoid_focal(x, 1.5, 0.25))
    if which == "some":  # At p = 1 a power below 1 has no derivative in PyTorch.
        add(f"{which}: focal, gamma 0.5", "focal", "class", {"gamma": 0.5}, logits, y, lambda x: focal(x, 0.5))

numbers = torch.randn(5, 2).float().double()
add("numbers", "mse", "numbers", {}, torch.randn(5, 2), numbers, lambda x: F.mse_loss(x, numbers))
add("large numbers", "mse", "numbers", {}, torch.randn(5, 2) * 1e4, numbers, lambda x: F.mse_loss(x, numbers))

counts = [50, 3, 7]
rows = [k for k, n in enumerate(counts) for _ in range(n)]
golden = {
    "torch": torch.__version__,
    "sklearn": sklearn.__version__,
    "cases": cases,
    "balanced": {"counts": counts, "weights": compute_class_weight("balanced", classes=np.arange(3), y=rows).tolist()},
}
path = Path(__file__).parents[2] / "tests" / "golden" / "losses.json"
path.write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")
print(path, path.stat().st_size, "bytes,", len(cases), "cases")
