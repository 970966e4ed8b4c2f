"""Makes tests/golden/analysis.json: thresholds, temperatures, curves and doubted labels by scikit-learn, scipy and numpy.

Run: python3 scripts/golden/analysis.py
Needs: pip install scikit-learn scipy
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax
from sklearn import metrics as sk

rng = np.random.default_rng(41)


def rounded(x):
    return np.round(x, 3).astype(np.float32).astype(np.float64)


def outputs(family, classes, rows, skill, rates=None, digits=3):
    if family == "multi-label":
        truth = (rng.random((rows, classes)) < (rates or 0.3)).astype(int)
        logits = rng.normal(size=truth.shape) * 2 + skill * (truth - 0.5)
    else:
        truth = rng.choice(classes, size=rows, p=rates)
        logits = rng.normal(size=(rows, classes)) * 1.5
        logits[np.arange(rows), truth] += skill
        if family == "binary":
            logits = logits[:, 1:] - logits[:, :1]
    return truth, rounded(np.round(logits, digits))


def best_threshold(truth, probability):
    """By trying the middle between every two scores, and beyond both ends."""
    scores = np.unique(probability)
    candidates = np.concatenate([[scores[0] / 2], (scores[1:] + scores[:-1]) / 2, [(1 + scores[-1]) / 2]])
    answers = [(t, (probability >= t).astype(int)) for t in candidates[::-1]]
    best = lambda score: max(score(a) for _, a in answers)
    precision, recall, _ = sk.precision_recall_curve(truth, probability)
    return {
        "f1": best(lambda a: sk.f1_score(truth, a, zero_division=0)),
        "macroF1": best(lambda a: sk.f1_score(truth, a, average="macro", zero_division=0)),
        "matthews": best(lambda a: sk.matthews_corrcoef(truth, a)),
        "fBeta@0.5": best(lambda a: sk.fbeta_score(truth, a, beta=0.5, zero_division=0)),
        "precision=0.8": recall[:-1][precision[:-1] >= 0.8].max(initial=0),
        "recall=0.7": precision[:-1][recall[:-1] >= 0.7].max(initial=0),
        "cost=1:5": min(((a == 1) & (truth == 0)).sum() + 5 * ((a == 0) & (truth == 1)).sum() for _, a in answers),
    }


def temperature(family, truth, logits):
    def loss(log_t):
        x = logits / np.exp(log_t)
        if family == "multi-label":
            return np.logaddexp(0, np.where(truth == 1, -x, x)).sum()
        x = np.hstack([np.zeros_like(x), x]) if family == "binary" else x
        return -log_softmax(x, -1)[np.arange(len(truth)), truth].sum()

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 4), method="bounded", options={"xatol": 1e-10}).x))


def doubted(truth, p):
    """arXiv:1911.00068: thresholds are mean self-confidences; a row is counted where the likeliest confident class is another."""
    least = np.array([p[truth == c, c].mean() if (truth == c).any() else np.inf for c in range(p.shape[1])])
    found = []
    for row, given in enumerate(truth):
        confident = [c for c in range(p.shape[1]) if p[row, c] >= least[c]]
        if not confident:
            continue
        suggested = max(confident, key=lambda c: (p[row, c], -c))
        if suggested != given:
            found.append({"row": row, "suggested": int(suggested), "confidence": float(p[row, given])})
    return sorted(found, key=lambda one: (one["confidence"], one["row"]))


def case(name, family, classes, rows, skill, rates=None, digits=3, flip=0):
    truth, logits = outputs(family, classes, rows, skill, rates, digits)
    for row in rng.choice(rows, size=flip, replace=False):
        truth[row] = (truth[row] + 1) % classes
    one = {
        "name": name,
        "family": family,
        "labels": [f"label {c}" for c in range(classes)],
        "rows": rows,
        "targets": truth.ravel().tolist(),
        "logits": logits.ravel().tolist(),
        "temperature": temperature(family, truth, logits),
    }
    if family == "multi-label":
        p = expit(logits)
        one["thresholds"] = [best_threshold(truth[:, c], p[:, c]) for c in range(classes)]
        return one
    full = np.hstack([np.zeros_like(logits), logits]) if family == "binary" else logits
    p = np.exp(log_softmax(full, -1))
    one["doubted"] = doubted(truth, p)
    if classes == 2:
        p1 = expit(full[:, 1] - full[:, 0])
        one["thresholds"] = [best_threshold(truth, p1)]
        fpr, tpr, _ = sk.roc_curve(truth, p1.astype(np.float32), drop_intermediate=False)
        precision, recall, _ = sk.precision_recall_curve(truth, p1.astype(np.float32))
        one["roc"] = {"falsePositiveRate": fpr.tolist(), "truePositiveRate": tpr.tolist()}
        one["precisionRecall"] = {"precision": precision[:-1][::-1].tolist(), "recall": recall[:-1][::-1].tolist()}
    return one


plain = lambda value: float(value) if isinstance(value, (np.floating, np.integer)) else str(value)
golden = {
    "source": f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, numpy {np.__version__}; scripts/golden/analysis.py",
    "cases": [
        case("two classes", "single-label", 2, 80, 1.5, flip=4),
        case("two classes, one rare, ties", "single-label", 2, 90, 2.0, [0.85, 0.15], digits=0),
        case("one unit", "binary", 2, 70, 1.0, [0.6, 0.4]),
        case("four classes", "single-label", 4, 120, 3.0, flip=6),
        case("three labels", "multi-label", 3, 60, 2.0),
    ],
}
path = Path(__file__).parents[2] / "tests" / "golden" / "analysis.json"
path.write_text(json.dumps(golden, default=plain, separators=(",", ":")) + "\n")
print(path, path.stat().st_size, "bytes")
for c in golden["cases"]:
    print(c["name"], round(c["temperature"], 4), c.get("thresholds"), len(c.get("doubted", [])))
