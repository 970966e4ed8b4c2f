"""Classification metrics of scikit-learn: what src/metrics must give for the same labels and logits.

Usage: python scripts/golden/classification_metrics.py tests/golden/classification-metrics.json
Needs: pip install scikit-learn
"""
import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics as sk
from sklearn.dummy import DummyClassifier

warnings.filterwarnings("ignore")


def averages(truth, predicted, classes, average):
    p, r, f, _ = sk.precision_recall_fscore_support(truth, predicted, labels=range(classes), average=average)
    return {"precision": float(p), "recall": float(r), "f1": float(f)}


def case(name, classes, truth, logits):
    """`logits` are rounded to 4 digits, so that float32 holds them to within the test's tolerance."""
    truth, logits = np.asarray(truth), np.round(np.asarray(logits, dtype=np.float64), 4)
    logits = logits.astype(np.float32).astype(np.float64)
    predicted = logits.argmax(-1)
    log_softmax = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    loss = float(-log_softmax[np.arange(len(truth)), truth].mean())
    # log_loss takes probabilities and clips them at 2.2e-16, so it agrees only where no logit is that far off.
    if log_softmax.min() > -30:
        assert abs(loss - sk.log_loss(truth, np.exp(log_softmax), labels=list(range(classes)))) < 1e-12
    p, r, f, s = sk.precision_recall_fscore_support(truth, predicted, labels=range(classes), average=None)
    x = np.zeros((len(truth), 1))
    report = {
        "examples": len(truth),
        "loss": loss,
        "accuracy": float(sk.accuracy_score(truth, predicted)),
        "majorityAccuracy": float(DummyClassifier(strategy="most_frequent").fit(x, truth).score(x, truth)),
        "balancedAccuracy": float(sk.balanced_accuracy_score(truth, predicted)),
        "matthews": float(sk.matthews_corrcoef(truth, predicted)),
        **{a: averages(truth, predicted, classes, a) for a in ("macro", "micro", "weighted")},
        "perClass": [
            {"label": f"class {k}", "precision": float(p[k]), "recall": float(r[k]), "f1": float(f[k]), "support": int(s[k])}
            for k in range(classes)
        ],
        "confusion": sk.confusion_matrix(truth, predicted, labels=range(classes)).tolist(),
    }
    return {"name": name, "classes": classes, "labelIds": truth.tolist(), "logits": np.round(logits, 4).ravel().tolist(), "report": report}


def random_case(name, classes, rows, skill, seed, weights=None):
    rng = np.random.default_rng(seed)
    truth = rng.choice(classes, size=rows, p=weights)
    logits = rng.normal(size=(rows, classes)) * 2
    logits[np.arange(rows), truth] += skill
    return case(name, classes, truth, logits)


cases = [
    random_case("two balanced classes", 2, 60, 2.0, 1),
    random_case("two classes, one rare", 2, 80, 1.5, 2, [0.9, 0.1]),
    random_case("six classes", 6, 120, 2.5, 3),
    random_case("five classes of which one has no row", 5, 60, 1.5, 4, [0.5, 0.3, 0.2, 0.0, 0.0]),
    case("a class never predicted", 3, [0, 1, 2, 2, 0, 1], [[3, 1, 0], [0, 2, 1], [2, 1, 0], [0, 1, -1], [1, 0, 0.5], [0.2, 0.1, 0]]),
    case("one class answered always", 2, [0, 1, 1, 0, 1], [[0, 1]] * 5),
    case("everything right", 3, [0, 1, 2, 1], [[4, 0, 0], [0, 4, 0], [0, 0, 4], [0, 1, 0]]),
    case("everything wrong", 2, [0, 1, 1], [[0, 1], [1, 0], [2, -2]]),
    case("one row", 2, [1], [[0.5, 0.25]]),
    case("equal logits", 3, [0, 1, 2], [[0, 0, 0], [1, 1, 0], [0, 2, 2]]),
    case("large logits", 2, [0, 1, 0], [[900, -900], [-600, 600], [-50, 50]]),
]
out = {
    "source": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}; scripts/golden/classification_metrics.py",
    "note": "predicted class = first largest logit; labels = all classes; zero_division at its default, 0; balanced accuracy leaves out classes without rows; loss = mean of -log softmax(logits)[label], checked against log_loss where that does not clip",
    "cases": cases,
}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(out, file, separators=(",", ":"))
    file.write("\n")
for c in cases:
    print(c["name"], {k: v for k, v in c["report"].items() if isinstance(v, float)})
